//! `spdlog-rs`: its asynchronous pool around its file, with its JSON formatter.

use std::error::Error;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use spdlog::formatter::{Formatter, JsonFormatter};
use spdlog::sink::{AsyncPoolSink, FileSink, Sink, SinkPropAccess};
use spdlog::{ErrorHandler, LevelFilter, Logger, Record};

use super::{Peer, Stop};
use crate::work::{ACTION, CATEGORY, HIDDEN, OPERATION, Returned, status, work};

pub(super) const PEER: Peer = Peer {
    name: "spdlog-rs",
    call: execute_query,
    start,
    slow: false,
};

static LOGGER: OnceLock<Arc<Logger>> = OnceLock::new();

#[inline(never)]
fn execute_query(sql: &str, user_id: u64, password: &str) -> Returned {
    let started = Instant::now();
    let result = work(sql, user_id, password);
    if let Some(logger) = LOGGER.get() {
        spdlog::info!(logger: logger, "{}", OPERATION, kv: {
            category = CATEGORY,
            action = ACTION,
            sql,
            user_id,
            password = HIDDEN,
            status = status(&result),
            duration_ms = started.elapsed().as_secs_f64() * 1e3,
        });
    }
    result
}

fn start(dir: &Path) -> Result<Stop, Box<dyn Error>> {
    let file = FileSink::builder()
        .path(dir.join("audit.log"))
        .capacity(64 * 1024)
        .formatter(JsonFormatter::new())
        .build_arc()?;
    let (written, wait) = sync_channel(1);
    let pool = AsyncPoolSink::builder()
        .sink(file)
        .sink(Arc::new(End(written)))
        .build_arc()?;
    let logger = Logger::builder().sink(pool).build_arc()?;
    let flushed = Arc::clone(&logger);
    let _ = LOGGER.set(logger);
    Ok(Box::new(move || {
        flushed.flush();
        let _ = wait.recv();
    }))
}

/// A flush is a task for the pool like any other; this one, behind the file, says when it is done.
struct End(SyncSender<()>);

impl Sink for End {
    fn log(&self, _: &Record<'_>) -> spdlog::Result<()> {
        Ok(())
    }

    fn flush(&self) -> spdlog::Result<()> {
        let _ = self.0.try_send(());
        Ok(())
    }
}

impl SinkPropAccess for End {
    fn level_filter(&self) -> LevelFilter {
        LevelFilter::All
    }

    fn set_level_filter(&self, _: LevelFilter) {}

    fn set_formatter(&self, _: Box<dyn Formatter>) {}

    fn set_error_handler(&self, _: ErrorHandler) {}
}
