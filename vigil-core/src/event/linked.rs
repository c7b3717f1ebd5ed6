//! Every callsite that is linked into the binary, reached or not.
//!
//! Each one enters itself into a list before `main`, by a constructor of its own, as C++ does with its statics. The
//! constructor sets two pointers under a lock that nobody else holds then: it allocates nothing and depends on no order.
//! Where there are no constructors, only the callsites that have been reached are known.

use std::sync::{Mutex, OnceLock, PoisonError};

use super::Callsite;

/// The callsite that came last; the others hang on it.
static LAST: Mutex<Option<&'static Callsite>> = Mutex::new(None);

/// What links a callsite to the one before.
#[derive(Debug)]
pub(super) struct Link(OnceLock<Option<&'static Callsite>>);

impl Link {
    pub(super) const fn new() -> Self {
        Self(OnceLock::new())
    }
}

impl Callsite {
    /// For the macros' constructors.
    #[doc(hidden)]
    pub fn __link(&'static self) {
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if self.link.0.set(*last).is_ok() {
            *last = Some(self);
        }
    }

    /// Every callsite that is linked into this binary, reached or not.
    pub(crate) fn linked() -> Vec<&'static Self> {
        let mut next = *LAST.lock().unwrap_or_else(PoisonError::into_inner);
        let mut linked = Vec::new();
        while let Some(callsite) = next {
            linked.push(callsite);
            next = callsite.link.0.get().copied().flatten();
        }
        // Those without a constructor: of another platform, or of none of the macros.
        for reached in Self::reached() {
            if reached.link.0.get().is_none() && !reached.is_reserved() {
                linked.push(reached);
            }
        }
        linked
    }
}

// `link!` makes the constructor of a callsite, in the section that holds those of the platform. A definition for each
// platform, and not a list of conditions in one: it is expanded once for each callsite, and conditions cost the compiler
// more than all else in it.

#[cfg(any(
    target_os = "android",
    target_os = "dragonfly",
    target_os = "freebsd",
    target_os = "haiku",
    target_os = "illumos",
    target_os = "linux",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "solaris",
    target_family = "wasm",
))]
#[doc(hidden)]
#[macro_export]
macro_rules! __link {
    ($callsite:ident) => {
        #[used]
        #[unsafe(link_section = ".init_array")]
        static __VIGIL_LINK: extern "C" fn() = {
            extern "C" fn link() {
                $callsite.__link();
            }
            link
        };
    };
}

#[cfg(target_vendor = "apple")]
#[doc(hidden)]
#[macro_export]
macro_rules! __link {
    ($callsite:ident) => {
        #[used]
        #[unsafe(link_section = "__DATA,__mod_init_func,mod_init_funcs")]
        static __VIGIL_LINK: extern "C" fn() = {
            extern "C" fn link() {
                $callsite.__link();
            }
            link
        };
    };
}

#[cfg(windows)]
#[doc(hidden)]
#[macro_export]
macro_rules! __link {
    ($callsite:ident) => {
        #[used]
        #[unsafe(link_section = ".CRT$XCU")]
        static __VIGIL_LINK: extern "C" fn() = {
            extern "C" fn link() {
                $callsite.__link();
            }
            link
        };
    };
}

/// There are no constructors here.
#[cfg(not(any(
    target_os = "android",
    target_os = "dragonfly",
    target_os = "freebsd",
    target_os = "haiku",
    target_os = "illumos",
    target_os = "linux",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "solaris",
    target_family = "wasm",
    target_vendor = "apple",
    windows,
)))]
#[doc(hidden)]
#[macro_export]
macro_rules! __link {
    ($callsite:ident) => {};
}
