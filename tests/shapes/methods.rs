//! Methods, by every kind of `self`, and blocks of them.

/// `&self`
mod by_reference {
    use vigil::audited;

    struct Service(u8);

    impl Service {
        #[audited(category = "DATA", fields(self.0))]
        fn by_reference(&self, a: u8) -> u8 {
            self.0 + a
        }
    }

    pub(super) fn run() {
        assert_eq!(Service(1).by_reference(1), 2);
    }

    pub(super) const EVENTS: crate::Events =
        &[("by_reference", "SUCCESS", r#"{"a":1,"self.0":1}"#)];
}

/// `&mut self`, `&mut` out of it
mod by_mut {
    use vigil::audited;

    #[derive(Debug)]
    struct Service(u8);

    impl Service {
        #[audited(category = "DATA")]
        fn by_mut(&mut self, a: u8) -> &mut u8 {
            self.0 += a;
            &mut self.0
        }
    }

    pub(super) fn run() {
        assert_eq!(*Service(1).by_mut(1), 2);
    }

    pub(super) const EVENTS: crate::Events = &[("by_mut", "SUCCESS", r#"{"a":1}"#)];
}

/// `self`
mod by_value {
    use vigil::audited;

    #[derive(Debug)]
    struct Service(String);

    impl Service {
        #[audited(category = "DATA")]
        fn by_value(self) -> String {
            self.0
        }
    }

    pub(super) fn run() {
        assert_eq!(Service("a".to_owned()).by_value(), "a");
    }

    pub(super) const EVENTS: crate::Events = &[("by_value", "SUCCESS", "{}")];
}

/// `mut self`, `async`
mod by_mut_value {
    use crate::support::complete;
    use vigil::audited;

    #[derive(Debug)]
    struct Service(u8);

    impl Service {
        #[audited(category = "DATA")]
        async fn by_mut_value(mut self) -> u8 {
            self.0 += std::future::ready(1).await;
            self.0
        }
    }

    pub(super) fn run() {
        assert_eq!(complete(Service(1).by_mut_value()), 2);
    }

    pub(super) const EVENTS: crate::Events = &[("by_mut_value", "SUCCESS", "{}")];
}

/// `self: Box<Self>`
mod boxed_self {
    use vigil::audited;

    #[derive(Debug)]
    struct Service(String);

    impl Service {
        #[audited(category = "DATA")]
        fn boxed_self(self: Box<Self>) -> String {
            self.0
        }
    }

    pub(super) fn run() {
        assert_eq!(Box::new(Service("a".to_owned())).boxed_self(), "a");
    }

    pub(super) const EVENTS: crate::Events = &[("boxed_self", "SUCCESS", "{}")];
}

/// `self: Arc<Self>`, `async`
mod shared_self {
    use crate::support::{complete, sent};
    use std::sync::Arc;
    use vigil::audited;

    #[derive(Debug)]
    struct Service(u8);

    impl Service {
        #[audited(category = "DATA")]
        async fn shared_self(self: Arc<Self>) -> u8 {
            std::future::ready(self.0).await
        }
    }

    pub(super) fn run() {
        assert_eq!(complete(sent(Arc::new(Service(1)).shared_self())), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("shared_self", "SUCCESS", "{}")];
}

/// `self: Pin<&mut Self>`
mod pinned_self {
    use std::pin::Pin;
    use vigil::audited;

    #[derive(Debug)]
    struct Service(u8);

    impl Service {
        #[audited(category = "DATA")]
        fn pinned_self(mut self: Pin<&mut Self>, a: u8) -> u8 {
            self.0 += a;
            self.0
        }
    }

    pub(super) fn run() {
        assert_eq!(Pin::new(&mut Service(1)).pinned_self(1), 2);
    }

    pub(super) const EVENTS: crate::Events = &[("pinned_self", "SUCCESS", r#"{"a":1}"#)];
}

/// associated function
mod associated {
    use vigil::audited;

    #[derive(Debug, PartialEq)]
    struct Service(u8);

    impl Service {
        #[audited(category = "DATA")]
        fn associated(a: u8) -> Self {
            Self(a)
        }
    }

    pub(super) fn run() {
        assert_eq!(Service::associated(1), Service(1));
    }

    pub(super) const EVENTS: crate::Events = &[("associated", "SUCCESS", r#"{"a":1}"#)];
}

/// method of a generic type
mod of_generic_type {
    use vigil::{Sanitize, audited};

    #[derive(Debug)]
    struct Store<T, const N: usize>([T; N]);

    impl<T: Sanitize + std::fmt::Debug + Copy, const N: usize> Store<T, N> {
        #[audited(category = "DATA")]
        fn of_generic_type<U: Into<T> + Sanitize + std::fmt::Debug>(
            &mut self,
            at: usize,
            value: U,
        ) -> Option<T> {
            let place = self.0.get_mut(at)?;
            *place = value.into();
            Some(*place)
        }
    }

    pub(super) fn run() {
        assert_eq!(Store([1_u16, 2]).of_generic_type(0, 7_u8), Some(7));
    }

    pub(super) const EVENTS: crate::Events =
        &[("of_generic_type", "SUCCESS", r#"{"at":0,"value":7}"#)];
}

/// method of a trait, in an `impl`
mod trait_impl {
    use vigil::audited;

    trait Store {
        fn get(&self, key: u8) -> Option<u8>;
    }

    #[derive(Debug)]
    struct Memory;

    impl Store for Memory {
        #[audited(category = "DATA")]
        fn get(&self, key: u8) -> Option<u8> {
            key.checked_sub(1)
        }
    }

    pub(super) fn run() {
        assert_eq!(Memory.get(1), Some(0));
    }

    pub(super) const EVENTS: crate::Events = &[("get", "SUCCESS", r#"{"key":1}"#)];
}

/// method of a trait, body in the trait
mod trait_default {
    use vigil::{Sanitize, audited};

    trait Store: std::fmt::Debug {
        type Item: Sanitize + std::fmt::Debug + Copy;

        #[audited(category = "DATA")]
        fn get(&self, item: Self::Item) -> Self::Item {
            item
        }
    }

    #[derive(Debug)]
    struct Memory;

    impl Store for Memory {
        type Item = u8;
    }

    pub(super) fn run() {
        assert_eq!(Memory.get(1), 1);
    }

    pub(super) const EVENTS: crate::Events = &[("get", "SUCCESS", r#"{"item":1}"#)];
}

/// on an `impl` block
mod block {
    use vigil::audited;

    #[derive(Debug)]
    pub(crate) struct Ledger(u8);

    #[audited(category = "DATA")]
    impl Ledger {
        pub(crate) fn open(total: u8) -> Self {
            Self(total)
        }

        pub(crate) async fn add(&mut self, a: u8) -> u8 {
            self.0 += self.check(std::future::ready(a).await);
            self.0
        }

        fn check(&self, a: u8) -> u8 {
            a.min(self.0)
        }
    }

    pub(super) fn run() {
        assert_eq!(crate::support::complete(Ledger::open(2).add(1)), 3);
    }

    pub(super) const EVENTS: crate::Events = &[
        ("Ledger::open", "SUCCESS", r#"{"total":2}"#),
        ("Ledger::add", "SUCCESS", r#"{"a":1}"#),
    ];
}

/// on an `impl` block of a trait
mod block_of_trait {
    use vigil::audited;

    trait Store {
        fn get(&self, key: u8) -> u8;
        fn put(&mut self, key: u8);
    }

    #[derive(Debug)]
    struct Memory(u8);

    #[audited(category = "DATA")]
    impl Store for Memory {
        fn get(&self, key: u8) -> u8 {
            self.0 + key
        }

        fn put(&mut self, key: u8) {
            self.0 = key;
        }
    }

    pub(super) fn run() {
        let mut memory = Memory(0);
        memory.put(1);
        assert_eq!(memory.get(1), 2);
    }

    pub(super) const EVENTS: crate::Events = &[
        ("Memory::put", "SUCCESS", r#"{"key":1}"#),
        ("Memory::get", "SUCCESS", r#"{"key":1}"#),
    ];
}

pub(crate) const ALL: &[crate::Shape] = shapes![
    by_reference,
    by_mut,
    by_value,
    by_mut_value,
    boxed_self,
    shared_self,
    pinned_self,
    associated,
    of_generic_type,
    trait_impl,
    trait_default,
    block,
    block_of_trait,
];
