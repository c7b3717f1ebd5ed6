//! Vigil answers who did what, to what, when, from where and with what outcome: put one attribute on a function, and
//! every call of it stands in an audit trail, timed, with its outcome and without a secret.
//!
//! ```
//! use vigil::{Actor, Context, Sanitize, audited};
//!
//! #[derive(Sanitize)]
//! struct Registration {
//!     email: String,    // stands in the trail as j***@***.***
//!     password: String, // as ***REDACTED***, because of its name
//!     plan: String,
//! }
//!
//! #[audited(category = "AUTH", type = "CREATE", result)]
//! fn register_user(form: Registration) -> Result<u64, String> {
//!     if form.plan.is_empty() {
//!         return Err("no plan chosen".to_owned());
//!     }
//!     Ok(42)
//! }
//!
//! fn main() -> Result<(), vigil::Error> {
//! # let dir = tempfile::tempdir().unwrap();
//! # let dir = dir.path();
//!     // Without arguments: vigil::init(). The engine runs until the guard is dropped.
//!     let vigil = vigil::builder().service("shop").trail(dir).init()?;
//!
//!     Context::current().actor(Actor::user("u-17")).run(|| {
//!         let _ = register_user(Registration {
//!             email: "jane.smith@example.com".to_owned(),
//!             password: "correct horse".to_owned(),
//!             plan: "basic".to_owned(),
//!         });
//!     });
//!
//!     let stats = vigil.shutdown()?;
//!     assert_eq!(stats.total.written, 1);
//! #   let line = std::fs::read_dir(dir).unwrap().filter_map(Result::ok).map(|e| e.path())
//! #       .find(|p| p.extension().is_some_and(|e| e == "log")).map(|p| std::fs::read_to_string(p).unwrap()).unwrap();
//! #   assert!(line.contains(r#""status":"SUCCESS","value":42"#) && !line.contains("jane.smith@") && !line.contains("horse"), "{line}");
//!     Ok(())
//! }
//! ```
//!
//! The trail is a file of JSON lines for each day, `logs/audit/audit_audit_2026-11-23.log` by default.
//!
//! # Where to look
//!
//! - [`macro@audited`] audits functions and methods, [`audit!`] records a single event, [`scope!`] a stretch of code.
//! - [`macro@audited`] on an `impl` block, [`macro@audit_scope`] and [`macro@not_audited`] see to it that no public
//!   function is forgotten.
//! - [`Handle`] lets the body of a function add to its event: fields, outcome, checkpoints, changes.
//! - [`derive@Sanitize`] and [`sanitize`] say how values stand in the trail.
//! - [`categories!`] and [`action_types!`] add words of your own, checked by the compiler.
//! - [`Context`] says who acts, in which request; it follows tasks and nests.
//! - [`catalogue`](mod@catalogue) lists every audited place of the program, and guards it in a test.
//! - [`testing`] shows a test the events of the code it runs, and proves that no secret is in them.
//! - [`sink`] says where else events go: standard output, memory, a database of your own.
//! - [`init`] and [`builder()`] start the engine; [`stats()`] tells what became of the events, [`health()`] how the engine
//!   is doing; [`reload`] reads the configuration again.
//!
//! # Features
//!
//! - `anchors-http`: checkpoints of the trail go to witnesses and time-stamping authorities, by HTTP; see [`trail::Anchor`].
//! - `uuid`: [`trait@Sanitize`] for the types of the `uuid` crate.
//! - `time`: [`trait@Sanitize`] for the types of the `time` crate.

#![forbid(unsafe_code)]

pub use vigil_core::{
    ActionType, Actor, Builder, Category, CategoryStats, Clock, Context, Daily, Delivery,
    DurableScope, Entered, Error, Event, EventId, Guard, Handle, Health, Id, OnDamage, Overflow,
    ParseEventError, ParseEventIdError, RecoverOptions, Recovery, Reloaded, Resource, Sanitize,
    Scope, SignError, Signer, Sink, Stats, Status, SystemClock, WithContext, builder, catalogue,
    flush, health, init, is_enabled, leave_note, read, recover, reload, rotate_key, rotate_key_of,
    sanitize, set_enabled, sink, stats, testing, trail,
};
pub use vigil_macros::{
    Sanitize, action_types, audit, audit_scope, audited, categories, not_audited, scope,
};

#[doc(hidden)]
pub use vigil_core::__private;
