//! Notes for the trail, from programs that do not write it.
//!
//! Whoever reads a trail, takes old segments away or forgets a person belongs into the trail with that, and is as a rule
//! another process than the one that has it open. Such a program leaves a note: a small file in `.vigil/inbox`. Whoever
//! has the trail open makes an event of it.
//!
//! Each note becomes an event once, whenever one of the two is killed:
//!
//! 1. `<id>.json` appears as a whole: a temporary name, `fsync`, a rename. The id is that of the event to be.
//! 2. Before the event is handed over, the note is renamed to `<id>.<seq>.taken`, and the directory synced. The trail has
//!    `seq` events at that moment, so the event cannot stand before that number.
//! 3. When the event is safe on disk, the note is removed.
//! 4. Who finds a note that was taken, at its start, looks for the id in the trail from that number on. There, the note is
//!    removed; not there, the event is written, with the same id.
//!
//! Only who may write into `.vigil` can leave one, and even that one is not trusted: a note is a regular file of at most
//! 32 KiB, and what stands in it passes the sanitizer. What is none is moved to `.vigil/inbox/refused`.

mod file;
mod found;
#[cfg(fuzzing)]
pub(super) mod fuzzing;
mod note;
mod operator;
#[cfg(test)]
mod tests;

pub(crate) use file::Said;
pub(crate) use found::{Inbox, Taken};
pub use note::{Left, Note, NoteKind};
pub(crate) use operator::Operator;
