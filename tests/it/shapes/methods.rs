//! Methods, by every kind of `self`.

use std::pin::Pin;
use std::sync::Arc;

use vigil::{Sanitize, audited};

use super::run;

struct Service {
    id: u8,
}

impl Service {
    #[audited(category = "DATA")]
    fn by_ref(&self, a: u8) -> u8 {
        self.id + a
    }

    #[audited(category = "DATA", only(self, a))]
    fn by_mut(&mut self, a: u8, b: u8) -> &mut u8 {
        self.id += a + b;
        &mut self.id
    }

    #[audited(category = "DATA", fields(self.id))]
    fn by_value(mut self) -> u8 {
        self.id += 1;
        self.id
    }

    #[audited(category = "DATA")]
    fn boxed(self: Box<Self>) -> u8 {
        self.id
    }

    #[audited(category = "DATA")]
    async fn shared(self: Arc<Self>) -> u8 {
        self.id
    }

    #[audited(category = "DATA")]
    fn pinned(self: Pin<&mut Self>) -> u8 {
        self.id
    }

    #[audited(category = "DATA")]
    fn associated() -> Self {
        Self { id: 1 }
    }
}

impl Sanitize for Service {
    fn sanitize(&self, out: &mut vigil::sanitize::Writer<'_>) {
        out.u64(u64::from(self.id));
    }
}

trait Default_ {
    type Item: Sanitize + Copy;

    #[audited(category = "DATA")]
    fn default_body(&self, item: Self::Item) -> Self::Item {
        item
    }

    async fn native(&self, item: Self::Item) -> Self::Item;
}

impl Default_ for Service {
    type Item = u8;

    #[audited(category = "DATA")]
    async fn native(&self, item: u8) -> u8 {
        item
    }
}

pub(super) fn call_methods() {
    let mut service = Service::associated();
    assert_eq!(service.by_ref(1), 2);
    assert_eq!(*service.by_mut(1, 1), 3);
    assert_eq!(service.default_body(3), 3);
    assert_eq!(run(service.native(4)), 4);
    assert_eq!(Pin::new(&mut service).pinned(), 3);
    assert_eq!(service.by_value(), 4);
    assert_eq!(Box::new(Service { id: 5 }).boxed(), 5);
    assert_eq!(run(Arc::new(Service { id: 6 }).shared()), 6);
}
