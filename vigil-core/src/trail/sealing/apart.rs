//! The tree of a trail whose lines are hashed by a thread of their own. Hashing takes as long as all else that is done
//! with a line behind its caller, so that beside the writer it is free where there is a processor for it.

use std::io;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use super::growing::{Closed, Growing, Tree};

/// Lines are handed over in blocks of about this size, and with whoever asks how far the tree has grown.
const BLOCK: usize = 256 * 1024;
/// So many blocks wait for the thread at most; then whoever adds lines waits too.
const AHEAD: usize = 4;

/// How far the tree has grown: what can be signed once the lines are safe.
#[derive(Debug)]
pub(crate) struct Grown {
    pub(crate) tree: Tree,
    /// Segments that were closed since last asked, to be sealed.
    pub(crate) closed: Vec<Closed>,
    /// What went wrong since last asked, for the operator.
    pub(crate) trouble: Vec<String>,
}

/// The tree of a trail that is being written, here or in its thread.
#[derive(Debug)]
pub(in crate::trail) enum Sealing {
    Here(Box<Growing>),
    Apart(Apart),
}

impl Sealing {
    /// Gives the tree a thread of its own.
    pub(in crate::trail) fn set_apart(self) -> Result<Self, io::Error> {
        match self {
            Self::Here(growing) => Apart::start(*growing).map(Self::Apart),
            apart @ Self::Apart(_) => Ok(apart),
        }
    }

    /// These whole lines stand in the segment. `tells_losses`: one of them may tell of lost events.
    pub(in crate::trail) fn add(&mut self, lines: &[u8], tells_losses: bool) {
        match self {
            Self::Here(growing) => growing.add(lines, tells_losses),
            Self::Apart(apart) => apart.add(lines, tells_losses),
        }
    }

    /// The segment ends here, and this one begins.
    pub(in crate::trail) fn turn(&mut self, segment: String) {
        match self {
            Self::Here(growing) => growing.turn(segment),
            Self::Apart(apart) => {
                apart.hand_over();
                apart.send(Message::Turn(segment));
            }
        }
    }

    /// How far the tree has grown by all that was added, as soon as that is hashed; nothing ever comes if the thread is
    /// gone.
    pub(in crate::trail) fn grown(&mut self) -> Receiver<Grown> {
        let (sender, grown) = sync_channel(1);
        match self {
            // There is room for it.
            Self::Here(growing) => _ = sender.try_send(growing.grown()),
            Self::Apart(apart) => {
                apart.hand_over();
                apart.send(Message::Tell(sender));
            }
        }
        grown
    }
}

/// What the thread is given, in order.
enum Message {
    Lines { lines: Vec<u8>, tells_losses: bool },
    Turn(String),
    Tell(SyncSender<Grown>),
}

/// Hands lines to the thread, which ends when this is dropped.
#[derive(Debug)]
pub(in crate::trail) struct Apart {
    messages: SyncSender<Message>,
    /// What the thread has done with, for its room.
    done: Receiver<Vec<u8>>,
    lines: Vec<u8>,
    tells_losses: bool,
}

impl Apart {
    fn start(growing: Growing) -> io::Result<Self> {
        let (messages, to_do) = sync_channel(AHEAD);
        let (give_back, done) = channel();
        thread::Builder::new()
            .name("vigil-hash".to_owned())
            .spawn(move || run(growing, &to_do, &give_back))?;
        Ok(Self {
            messages,
            done,
            lines: Vec::new(),
            tells_losses: false,
        })
    }

    fn add(&mut self, lines: &[u8], tells_losses: bool) {
        self.lines.extend_from_slice(lines);
        self.tells_losses |= tells_losses;
        if self.lines.len() >= BLOCK {
            self.hand_over();
        }
    }

    fn hand_over(&mut self) {
        if self.lines.is_empty() {
            return;
        }
        let room = self.done.try_recv().unwrap_or_default();
        let lines = std::mem::replace(&mut self.lines, room);
        let tells_losses = std::mem::take(&mut self.tells_losses);
        self.send(Message::Lines {
            lines,
            tells_losses,
        });
    }

    fn send(&self, message: Message) {
        // If the thread is gone, who waits for how far the tree has grown learns of that.
        _ = self.messages.send(message);
    }
}

fn run(mut growing: Growing, messages: &Receiver<Message>, give_back: &Sender<Vec<u8>>) {
    for message in messages {
        match message {
            Message::Lines {
                mut lines,
                tells_losses,
            } => {
                growing.add(&lines, tells_losses);
                lines.clear();
                _ = give_back.send(lines);
            }
            Message::Turn(segment) => growing.turn(segment),
            Message::Tell(to) => _ = to.send(growing.grown()),
        }
    }
}
