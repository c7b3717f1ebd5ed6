//! Cells and locks. Reading one must neither block nor panic: what is in use elsewhere is not shown.

use std::cell::{Cell, LazyCell, OnceCell, RefCell};
use std::rc;
use std::sync::{self, LazyLock, Mutex, OnceLock, RwLock, TryLockError};

use crate::sanitize::{Sanitize, Writer};

impl<T: Sanitize + Copy> Sanitize for Cell<T> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        self.get().sanitize(out);
    }
}

impl<T: Sanitize + ?Sized> Sanitize for RefCell<T> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        match self.try_borrow() {
            Ok(value) => out.through_pointer(|out| value.sanitize(out)),
            Err(_) => out.unreadable(),
        }
    }
}

macro_rules! locks {
    ($($type:ident by $method:ident)*) => {$(
        impl<T: Sanitize + ?Sized> Sanitize for $type<T> {
            fn sanitize(&self, out: &mut Writer<'_>) {
                match self.$method() {
                    Ok(value) => out.through_pointer(|out| value.sanitize(out)),
                    // A panic elsewhere does not make the value unreadable here.
                    Err(TryLockError::Poisoned(value)) => {
                        out.through_pointer(|out| value.into_inner().sanitize(out));
                    }
                    Err(TryLockError::WouldBlock) => out.unreadable(),
                }
            }
        }
    )*};
}

locks! { Mutex by try_lock RwLock by try_read }

macro_rules! once {
    ($($type:ident)*) => {$(
        impl<T: Sanitize> Sanitize for $type<T> {
            fn sanitize(&self, out: &mut Writer<'_>) {
                match self.get() {
                    Some(value) => out.through_pointer(|out| value.sanitize(out)),
                    None => out.null(),
                }
            }
        }
    )*};
}

once! { OnceCell OnceLock }

/// Computed now, if it has not been: asking whether it has is not stable yet, and its user would compute it as well.
macro_rules! lazy {
    ($($type:ident)*) => {$(
        impl<T: Sanitize, F: FnOnce() -> T> Sanitize for $type<T, F> {
            fn sanitize(&self, out: &mut Writer<'_>) {
                out.through_pointer(|out| (**self).sanitize(out));
            }
        }
    )*};
}

lazy! { LazyCell LazyLock }

impl<T: Sanitize> Sanitize for rc::Weak<T> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        match self.upgrade() {
            Some(value) => value.sanitize(out),
            None => out.null(),
        }
    }
}

impl<T: Sanitize> Sanitize for sync::Weak<T> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        match self.upgrade() {
            Some(value) => value.sanitize(out),
            None => out.null(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::sanitize::to_json;

    const HIDDEN: &str = r#""***REDACTED***""#;

    #[test]
    fn what_can_be_read_is_and_what_is_in_use_is_not() {
        assert_eq!(to_json(&Cell::new(1)), "1");
        let cell = RefCell::new("x");
        assert_eq!(to_json(&cell), r#""x""#);
        let borrowed = cell.borrow_mut();
        assert_eq!(to_json(&cell), HIDDEN);
        drop(borrowed);

        let mutex = Mutex::new(1);
        assert_eq!(to_json(&mutex), "1");
        let held = mutex.lock().unwrap();
        assert_eq!(to_json(&mutex), HIDDEN);
        drop(held);

        let lock = RwLock::new(1);
        let read = lock.read().unwrap();
        assert_eq!(to_json(&lock), "1");
        drop(read);
        let _write = lock.write().unwrap();
        assert_eq!(to_json(&lock), HIDDEN);
    }

    #[test]
    fn a_poisoned_lock_is_read() {
        let mutex = Mutex::new(1);
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _held = mutex.lock().unwrap();
            std::panic::resume_unwind(Box::new(()));
        }));
        assert!(mutex.is_poisoned());
        assert_eq!(to_json(&mutex), "1");
    }

    #[test]
    fn what_is_set_once_is_null_before() {
        let cell = OnceLock::new();
        assert_eq!(to_json(&cell), "null");
        cell.set(1).unwrap();
        assert_eq!(to_json(&cell), "1");
        assert_eq!(to_json(&LazyLock::new(|| 2)), "2");
        assert_eq!(to_json(&rc::Weak::<i32>::new()), "null");
    }

    /// A ring of pointers through cells.
    struct Ring(RefCell<Option<Rc<Ring>>>);

    impl Sanitize for Ring {
        fn sanitize(&self, out: &mut Writer<'_>) {
            self.0.sanitize(out);
        }
    }

    /// The same with an object each round.
    struct Node(RefCell<Vec<Rc<Node>>>);

    impl Sanitize for Node {
        fn sanitize(&self, out: &mut Writer<'_>) {
            out.object().entry("next", &self.0).end();
        }
    }

    #[test]
    fn a_cycle_ends() {
        let ring = Rc::new(Ring(RefCell::new(None)));
        *ring.0.borrow_mut() = Some(Rc::clone(&ring));
        assert_eq!(to_json(&ring), HIDDEN);
        ring.0.take();

        let node = Rc::new(Node(RefCell::new(Vec::new())));
        node.0
            .borrow_mut()
            .extend([Rc::clone(&node), Rc::clone(&node)]);
        let json = to_json(&node);
        assert!(json.len() < 20 * 1024);
        assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
        node.0.take();
    }
}
