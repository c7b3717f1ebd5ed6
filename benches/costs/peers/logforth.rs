//! `logforth`: its asynchronous appender around its rolling file, with its JSON layout; called through `log`.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use logforth::append::asynchronous::AsyncBuilder;
use logforth::append::file::FileBuilder;
use logforth::bridge::log::LogBridge;
use logforth::layout::JsonLayout;

use super::{Peer, Stop};
use crate::work::{ACTION, CATEGORY, HIDDEN, OPERATION, Returned, status, work};

pub(super) const PEER: Peer = Peer {
    name: "logforth",
    call: execute_query,
    start,
    slow: false,
};

#[inline(never)]
fn execute_query(sql: &str, user_id: u64, password: &str) -> Returned {
    let started = Instant::now();
    let result = work(sql, user_id, password);
    log::info!(
        category = CATEGORY,
        action = ACTION,
        sql = sql,
        user_id = user_id,
        password = HIDDEN,
        status = status(&result),
        duration_ms = started.elapsed().as_secs_f64() * 1e3;
        "{OPERATION}"
    );
    result
}

fn start(dir: &Path) -> Result<Stop, Box<dyn Error>> {
    let file = FileBuilder::new(dir, "audit")
        .layout(JsonLayout::default())
        .build()?;
    let lines = AsyncBuilder::new("logforth").append(file).build();
    let logger = logforth::core::builder()
        .dispatch(|dispatch| dispatch.append(lines))
        .build();
    log::set_boxed_logger(Box::new(LogBridge::new(logger)))?;
    log::set_max_level(log::LevelFilter::Info);
    Ok(Box::new(|| log::logger().flush()))
}
