//! The engine of the Vigil audit toolkit: events, sanitizing, capture, journal, trail and configuration.
//!
//! Applications depend on the `vigil` crate, which re-exports what they need of this one together with the macros.
//! Sinks and integrations depend on this crate.
//!
//! An event goes one way only:
//!
//! ```text
//! capture (the calling thread) → journal → trail (the writer thread) → sinks
//! ```
//!
//! # Examples
//!
//! ```
//! # let dir = tempfile::tempdir().unwrap();
//! let vigil = vigil_core::builder().service("shop").trail(dir.path()).init()?;
//! // … audited calls …
//! println!("{}", vigil.shutdown()?);
//! # Ok::<(), vigil_core::Error>(())
//! ```

mod capture;
pub mod catalogue;
mod clock;
mod config;
mod disk;
mod engine;
mod error;
mod event;
mod filter;
#[allow(
    unsafe_code,
    reason = "shared memory; each block has its proof beside it"
)]
mod journal;
mod random;
mod retention;
pub mod sanitize;
pub mod sink;
#[cfg(feature = "subject-keys")]
mod subjects;
mod suggest;
pub mod testing;
pub mod trail;

pub use capture::{Context, DurableScope, Entered, Handle, RequiredScope, Scope, WithContext};
#[doc(inline)]
pub use catalogue::catalogue;
pub use clock::{Clock, SystemClock};
pub use engine::{
    Builder, CategoryStats, Guard, Health, RecoverOptions, Recovery, Reloaded, Stats, builder,
    flush, health, init, is_enabled, leave_note, recover, reload, rotate_key, rotate_key_of,
    set_enabled, stats,
};
pub use error::Error;
pub use event::{
    ActionType, Actor, Category, Delivery, Event, EventId, Id, Overflow, ParseEventError,
    ParseEventIdError, Resource, Status,
};
#[doc(inline)]
pub use sanitize::Sanitize;
#[doc(inline)]
pub use sink::Sink;
pub use trail::{Daily, OnDamage, SignError, Signer};

/// The parts of a [`Health`], which [`health()`] tells.
///
/// # Examples
///
/// ```
/// use vigil::health::HealthState;
///
/// assert!(HealthState::Degraded < HealthState::Failing);
/// ```
pub mod health {
    pub use crate::engine::{AnchorStats, Disk, HealthState, JournalFill, Proof, Reason};
}

/// Reading the trail back: the parts of an [`Event`].
///
/// # Examples
///
/// ```
/// use vigil::{Event, Status, read::Failure};
///
/// fn complaint(event: &Event) -> Option<&Failure> {
///     (event.action.result.status == Status::Failure).then_some(event.error.as_ref()?)
/// }
/// ```
pub mod read {
    pub use crate::event::model::{
        Action, Actor, Change, Checkpoint, Context, Failure, Host, Outcome, Performance, Resource,
        Runtime, Source, System,
    };
}

#[cfg(fuzzing)]
#[doc(hidden)]
pub use config::fuzzing as fuzzing_config;

/// What the macros' expansions use. Not for use by hand: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use ::core;
    pub use ::std;

    pub use crate::__link as link;

    pub use crate::capture::outcome;
    pub use crate::capture::outcome::{Returned, call_once, err_of, type_name_of};
    pub use crate::capture::{
        Active, Audited, Call, Concluded, DurableScope, Inline, Refusable, RequiredScope, Scope,
        admitted, admitted_later, make_future, refused, returned, returned_durably,
    };
    pub use crate::event::{
        ActionType, Argument, Callsite, Category, Delivery, EventId, Overflow, Word,
    };
    pub use crate::sanitize::{
        Class, Debugged, Displayed, Generalize, Key, Mask, Opaque, Pii, Sanitize, Treatment, With,
        Writer, sanitizable,
    };
    pub use crate::testing::{Canary, Nest};

    /// Answers for crates that declare no words of their own; a crate's own modules of these names shadow them.
    pub mod fallback {
        /// The categories of a crate without `categories!`.
        pub mod __vigil_categories {
            use crate::event::Category;

            /// A built-in category, or the compiler's message that there is none of this name.
            #[must_use]
            #[track_caller]
            pub const fn lookup(word: &'static str) -> Category {
                Category::__lookup(word, None)
            }
        }

        /// The action types of a crate without `action_types!`.
        pub mod __vigil_action_types {
            use crate::event::ActionType;

            /// A built-in action type, or the compiler's message that there is none of this name.
            #[must_use]
            #[track_caller]
            pub const fn lookup(word: &'static str) -> ActionType {
                ActionType::__lookup(word, None)
            }
        }
    }
}
