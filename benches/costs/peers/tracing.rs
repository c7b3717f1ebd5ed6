//! `tracing` with JSON lines into a rolling file through the non-blocking writer, as its documentation shows.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use tracing_appender::non_blocking::NonBlockingBuilder;
use tracing_subscriber::fmt::format::FmtSpan;

use super::{Peer, Stop};
use crate::work::{ACTION, CATEGORY, HIDDEN, OPERATION, Returned, status, work};

/// The quickest use of it: one event with all fields, written by hand.
pub(super) const EVENT: Peer = Peer {
    name: "tracing event, JSON",
    call: with_event,
    start: |dir| start(dir, true),
    slow: false,
};

/// The attribute as one would use it for this: the password left out by hand, the outcome recorded.
pub(super) const INSTRUMENT: Peer = Peer {
    name: "tracing #[instrument]",
    call: instrumented,
    start: |dir| start(dir, true),
    slow: true,
};

pub(super) const INSTRUMENT_LOSSLESS: Peer = Peer {
    name: "the same, lossless",
    call: instrumented,
    start: |dir| start(dir, false),
    slow: true,
};

#[inline(never)]
fn with_event(sql: &str, user_id: u64, password: &str) -> Returned {
    let started = Instant::now();
    let result = work(sql, user_id, password);
    tracing::info!(
        category = CATEGORY,
        action = ACTION,
        operation = OPERATION,
        sql,
        user_id,
        password = HIDDEN,
        status = status(&result),
        duration_ms = started.elapsed().as_secs_f64() * 1e3,
    );
    result
}

#[tracing::instrument(skip(password), fields(category = CATEGORY, action = ACTION, password = HIDDEN, status, rows))]
#[inline(never)]
fn instrumented(sql: &str, user_id: u64, password: &str) -> Returned {
    let result = work(sql, user_id, password);
    let span = tracing::Span::current();
    span.record("status", status(&result));
    if let Ok(rows) = &result {
        span.record("rows", rows);
    }
    result
}

fn start(dir: &Path, lossy: bool) -> Result<Stop, Box<dyn Error>> {
    let file = tracing_appender::rolling::daily(dir, "audit.log");
    let (writer, guard) = NonBlockingBuilder::default().lossy(lossy).finish(file);
    tracing_subscriber::fmt()
        .json()
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(writer)
        .init();
    Ok(Box::new(move || drop(guard)))
}
