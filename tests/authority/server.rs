//! The authority as a server, which does as the test says.

use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::{Stamper, body_of, send, send_endlessly};

const REPLY: &str = "application/timestamp-reply";

/// What the authority does with a query.
#[derive(Debug, Clone)]
pub enum Answering {
    /// Stamps it.
    Good(Stamper),
    /// Stamps it after these bytes of the query were changed: at a place, all that follow.
    Other(Stamper, usize, Vec<u8>),
    /// Answers with this body and content type, whatever is asked.
    Text(u16, &'static str, Vec<u8>),
    /// Stamps it, and sends so many bytes of that.
    Cut(Stamper, usize),
    /// Sends the first answer again that was good.
    Again,
    /// Answers without an end.
    Endless,
    /// Answers nothing.
    Hangs,
}

/// A server on loopback.
#[derive(Debug)]
pub struct Authority {
    url: String,
    answering: Arc<Mutex<Answering>>,
    asked: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Authority {
    /// Begins to listen.
    ///
    /// # Panics
    ///
    /// If it cannot.
    #[must_use]
    pub fn start(answering: Answering) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/tsr", listener.local_addr().expect("an address"));
        let authority = Self {
            url,
            answering: Arc::new(Mutex::new(answering)),
            asked: Arc::default(),
        };
        let (answering, asked) = (
            Arc::clone(&authority.answering),
            Arc::clone(&authority.asked),
        );
        thread::spawn(move || {
            let (mut held, mut first) = (Vec::new(), Vec::new());
            for stream in listener.incoming() {
                let stream = stream.expect("a connection");
                let now = answering.lock().unwrap_or_else(PoisonError::into_inner);
                let now = now.clone();
                let Some((header, query)) = body_of(&stream) else {
                    continue;
                };
                assert!(
                    header.contains("content-type: application/timestamp-query"),
                    "{header}"
                );
                let mut all = asked.lock().unwrap_or_else(PoisonError::into_inner);
                all.push(query.clone());
                drop(all);
                held.extend(answer(stream, now, query, &mut first));
            }
        });
        authority
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Does so from now on.
    pub fn go_on(&self, answering: Answering) {
        *self
            .answering
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = answering;
    }

    /// The queries so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Vec<u8>> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Gives the stream back if it is to be held open.
fn answer(
    stream: TcpStream,
    answering: Answering,
    mut query: Vec<u8>,
    first: &mut Vec<u8>,
) -> Option<TcpStream> {
    match answering {
        Answering::Good(stamper) => {
            let reply = stamper.reply(&query);
            if first.is_empty() {
                first.clone_from(&reply);
            }
            send(stream, 200, REPLY, &reply);
        }
        Answering::Other(stamper, at, bytes) => {
            query.truncate(at);
            query.extend(bytes);
            send(stream, 200, REPLY, &stamper.reply(&query));
        }
        Answering::Text(status, content_type, body) => send(stream, status, content_type, &body),
        Answering::Cut(stamper, length) => {
            send(stream, 200, REPLY, &stamper.reply(&query)[..length]);
        }
        Answering::Again => send(stream, 200, REPLY, first),
        Answering::Endless => send_endlessly(stream, REPLY),
        Answering::Hangs => return Some(stream),
    }
    None
}
