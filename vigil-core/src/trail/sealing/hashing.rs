//! The leaves of many lines, by two threads.
//!
//! Flat out, a thread that composes, writes and hashes spends half of its time with SHA-256. A leaf does not depend on
//! its place in the tree, so a second thread takes a part of a large block. Small blocks are hashed where they are: while
//! the machine has little to do, no second thread is woken.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::trail::tree::{self, Hash};

/// From so many bytes on the help is worth its price, a copy and a switch of threads.
const LARGE: usize = 64 * 1024;

/// Hashes lines. The helper is started with the first large block.
#[derive(Debug, Default)]
pub(super) struct Hashing {
    helper: Helper,
    leaves: Vec<Hash>,
}

#[derive(Debug, Default)]
enum Helper {
    #[default]
    NotNeededYet,
    Here {
        lines: SyncSender<Work>,
        leaves: Receiver<Work>,
        /// Comes back each time.
        work: Work,
    },
    /// It could not be started, or is gone.
    Gone,
}

#[derive(Debug, Default)]
struct Work {
    lines: Vec<u8>,
    leaves: Vec<Hash>,
}

impl Hashing {
    /// The leaves of these whole lines, in their order.
    pub(super) fn leaves(&mut self, lines: &[u8]) -> &mut [Hash] {
        self.leaves.clear();
        // Whoever asks for the leaves has to make the nodes above them, a quarter of the work.
        let middle = lines.len() * 2 / 5;
        let own = match memchr::memchr(b'\n', &lines[middle..]) {
            Some(newline) if lines.len() >= LARGE => middle + newline + 1,
            _ => lines.len(),
        };
        let is_helped = own < lines.len() && self.helper.begin(&lines[own..]);
        hash(&lines[..own], &mut self.leaves);
        if is_helped && let Some(leaves) = self.helper.finish() {
            self.leaves.extend_from_slice(leaves);
        } else {
            hash(&lines[own..], &mut self.leaves);
        }
        &mut self.leaves
    }
}

impl Helper {
    /// Whether somebody hashes these lines now.
    fn begin(&mut self, lines: &[u8]) -> bool {
        if let Self::NotNeededYet = self {
            *self = Self::start().unwrap_or(Self::Gone);
        }
        let Self::Here {
            lines: to, work, ..
        } = self
        else {
            return false;
        };
        let mut work = std::mem::take(work);
        work.lines.clear();
        work.lines.extend_from_slice(lines);
        let is_sent = to.send(work).is_ok();
        if !is_sent {
            *self = Self::Gone;
        }
        is_sent
    }

    /// The leaves of the lines that were handed over; `None` if the helper has come to an end.
    fn finish(&mut self) -> Option<&[Hash]> {
        let Self::Here { leaves, work, .. } = self else {
            return None;
        };
        match leaves.recv() {
            Ok(done) => *work = done,
            Err(_) => *self = Self::Gone,
        }
        match self {
            Self::Here { work, .. } => Some(&work.leaves),
            _ => None,
        }
    }

    fn start() -> std::io::Result<Self> {
        let (lines, to_hash) = sync_channel::<Work>(1);
        let (hashed, leaves) = sync_channel(1);
        // It ends when the one who writes lets go of the other end.
        thread::Builder::new()
            .name("vigil-hash".to_owned())
            .spawn(move || {
                for mut work in to_hash {
                    let Work { lines, leaves } = &mut work;
                    leaves.clear();
                    hash(lines, leaves);
                    if hashed.send(work).is_err() {
                        return;
                    }
                }
            })?;
        Ok(Self::Here {
            lines,
            leaves,
            work: Work::default(),
        })
    }
}

fn hash(lines: &[u8], leaves: &mut Vec<Hash>) {
    leaves.extend(tree::leaves(lines).map(|(_, leaf)| leaf));
}
