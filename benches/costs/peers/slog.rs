//! `slog` with `slog-json` behind `slog-async`: with its defaults, which drop what finds no room, and blocking.

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Instant;

use slog::{Drain as _, Logger, o};
use slog_async::{Async, OverflowStrategy};
use slog_json::Json;

use super::{Peer, Stop};
use crate::work::{ACTION, CATEGORY, HIDDEN, OPERATION, Returned, status, work};

pub(super) const DROPPING: Peer = Peer {
    name: "slog-async",
    call: execute_query,
    start: |dir| start(dir, OverflowStrategy::DropAndReport),
    slow: false,
};

pub(super) const BLOCKING: Peer = Peer {
    name: "slog-async, blocking",
    call: execute_query,
    start: |dir| start(dir, OverflowStrategy::Block),
    slow: false,
};

static LOGGER: OnceLock<Logger> = OnceLock::new();

#[inline(never)]
fn execute_query(sql: &str, user_id: u64, password: &str) -> Returned {
    let started = Instant::now();
    let result = work(sql, user_id, password);
    if let Some(logger) = LOGGER.get() {
        slog::info!(logger, "{}", OPERATION;
            "category" => CATEGORY,
            "action" => ACTION,
            "sql" => sql,
            "user_id" => user_id,
            "password" => HIDDEN,
            "status" => status(&result),
            "duration_ms" => started.elapsed().as_secs_f64() * 1e3,
        );
    }
    result
}

fn start(dir: &Path, overflow: OverflowStrategy) -> Result<Stop, Box<dyn Error>> {
    let file = BufWriter::with_capacity(64 * 1024, File::create(dir.join("audit.log"))?);
    let json = Json::new(file).add_default_keys().build().ignore_res();
    let (drain, guard) = Async::new(json)
        .overflow_strategy(overflow)
        .build_with_guard();
    let _ = LOGGER.set(Logger::root(drain.fuse(), o!()));
    Ok(Box::new(move || drop(guard)))
}
