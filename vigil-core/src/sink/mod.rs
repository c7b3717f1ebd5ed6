//! Where else the lines of the trail go: standard output, a database, another machine.
//!
//! A sink may be slow, fail, hang or panic, for a day and over restarts, and neither the audited program nor the trail
//! nor another sink may notice. So a sink is no stage that events pass through: it is a cursor in the trail. Each sink
//! has a thread of its own, which reads the files of the trail from where the sink's cursor stands, hands over a batch
//! at a time, and moves the cursor when the batch has been taken. A sink that was down is behind, and catches up; there
//! is no second queue that could overflow, and memory is bounded by the size of one batch.
//!
//! Delivery is *at least once, in the order of the trail*: after a crash, an error or a panic some events come again,
//! with the same [`Line::seq`], `event_id` and bytes.
//!
//! # Examples
//!
//! A sink is a name and [`Sink::deliver`]:
//!
//! ```
//! use vigil::sink::{Batch, Sink, SinkError};
//! # use vigil::audit;
//!
//! struct Console;
//!
//! impl Sink for Console {
//!     fn name(&self) -> &str {
//!         "console"
//!     }
//!
//!     fn deliver(&mut self, batch: &Batch<'_>) -> Result<(), SinkError> {
//!         for event in batch.events().flatten() {
//!             println!("{}: {}", event.action.operation, event.action.result.status);
//!         }
//!         Ok(())
//!     }
//! }
//!
//! # let dir = tempfile::tempdir().unwrap();
//! # let dir = dir.path();
//! let vigil = vigil::builder().trail(dir).sink(Console).init()?;
//! # audit!(category = "DATA", operation = "report");
//! // …
//! let stats = vigil.shutdown()?;
//! assert_eq!(stats.sinks["console"].lag, 0);
//! # assert_eq!(stats.sinks["console"].delivered, 3, "with the start and the end of the engine");
//! # Ok::<(), vigil::Error>(())
//! ```

mod backoff;
mod batch;
mod beginning;
mod bell;
mod call;
mod cursor;
mod error;
mod forwarder;
mod forwarders;
mod memory;
mod options;
mod progress;
mod status;
mod stdout;
mod watch;

pub use batch::{Batch, Line};
pub use cursor::{Cursor, cursors, needed_from};
pub use error::SinkError;
pub use memory::Memory;
pub use options::{SinkOptions, Start};
pub use status::{SinkState, SinkStats};
pub use stdout::Stdout;

pub(crate) use backoff::pause;
pub(crate) use cursor::check_sink_name;
pub(crate) use forwarders::{Forwarders, Registered};
pub(crate) use options::{Feed, check_batch_bytes, check_batch_events, check_interval};
pub(crate) use progress::Progress;

/// Somewhere else that events go.
///
/// All methods but [`Sink::name`] and [`Sink::options`] are called on one thread that belongs to the sink, so a sink may
/// block, and needs no locks. What audited functions it calls there are not recorded, but counted as filtered: their
/// events would come to the sink as well, and so for ever.
///
/// The errors of a sink, its panics and its hanging concern nobody but itself; see [`SinkError`] for what is done about
/// them. They are told to [`Builder::on_error`](crate::Builder::on_error) and are seen in
/// [`Stats::sinks`](crate::Stats::sinks).
///
/// # Examples
///
/// See the [module](self); `examples/custom_sink.rs` writes to a database.
pub trait Sink: Send + 'static {
    /// What the sink is called: in messages, in the configuration, and as the name of its cursor file. 1 to 64
    /// characters of a-z, 0-9, _ and -, no two sinks of a program alike. Asked for once.
    ///
    /// A sink that comes back under another name is a new one, and begins anew.
    fn name(&self) -> &str;

    /// Takes a batch: all of it, or none as far as the next try is concerned.
    ///
    /// Ok means that the events need not be given again, unless a [`Sink::flush`] that follows fails. They may come
    /// again nevertheless, after a crash, so a sink that must not have an event twice goes by
    /// [`Line::seq`] or `event_id`.
    ///
    /// # Errors
    ///
    /// The batch has not been taken. It is given again.
    fn deliver(&mut self, batch: &Batch<'_>) -> Result<(), SinkError>;

    /// Makes safe what has been taken: called when all has been delivered, at least every 250 ms while there is more,
    /// and at the end. The cursor moves only after it.
    ///
    /// # Errors
    ///
    /// What has been taken since the last flush may be lost. It is given again.
    fn flush(&mut self) -> Result<(), SinkError> {
        Ok(())
    }

    /// How the sink wants to be fed, where neither program nor configuration says something else.
    fn options(&self) -> SinkOptions {
        SinkOptions::new()
    }
}
