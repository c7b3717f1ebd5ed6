//! What one writes in an afternoon: `serde_json` into a buffered file behind a mutex. It loses what is in the buffer,
//! unless it is flushed for each event; and a power failure takes what is not synced, at least at the end.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::{Peer, Stop};
use crate::work::{ACTION, CATEGORY, HIDDEN, OPERATION, Returned, status, work};

pub(super) const PEER: Peer = Peer {
    name: "serde_json + BufWriter",
    call: |sql, user_id, password| execute_query(sql, user_id, password, false),
    start,
    slow: false,
};

pub(super) const FLUSHED: Peer = Peer {
    name: "the same, flushed",
    call: |sql, user_id, password| execute_query(sql, user_id, password, true),
    start,
    slow: false,
};

pub(super) const SYNCED: Peer = Peer {
    name: "the same, synced at the end",
    call: |sql, user_id, password| execute_query(sql, user_id, password, false),
    start: |dir| {
        let stop = start(dir)?;
        Ok(Box::new(move || {
            stop();
            if let Some(file) = FILE.get() {
                let file = file.lock().unwrap_or_else(PoisonError::into_inner);
                let _ = file.get_ref().sync_data();
            }
        }))
    },
    slow: false,
};

static FILE: OnceLock<Mutex<BufWriter<File>>> = OnceLock::new();
static HOST: OnceLock<String> = OnceLock::new();

/// The members of a line of Vigil's.
#[derive(Serialize)]
struct Line<'a> {
    event_id: String,
    timestamp: String,
    version: &'a str,
    actor: Actor<'a>,
    action: Action<'a>,
    performance: Performance,
    system: System<'a>,
    source: Source<'a>,
    redactions: Redactions,
}

#[derive(Serialize)]
struct Actor<'a> {
    r#type: &'a str,
}

#[derive(Serialize)]
struct Action<'a> {
    r#type: &'a str,
    category: &'a str,
    operation: &'a str,
    parameters: Parameters<'a>,
    result: Outcome<'a>,
}

#[derive(Serialize)]
struct Parameters<'a> {
    sql: &'a str,
    user_id: u64,
    password: &'a str,
}

#[derive(Serialize)]
struct Outcome<'a> {
    status: &'a str,
}

#[derive(Serialize)]
struct Performance {
    duration_ms: f64,
    slow_query: bool,
}

#[derive(Serialize)]
struct System<'a> {
    service: &'a str,
    host: Host<'a>,
    runtime: Runtime<'a>,
}

#[derive(Serialize)]
struct Host<'a> {
    hostname: &'a str,
    os: &'a str,
}

#[derive(Serialize)]
struct Runtime<'a> {
    rust_version: &'a str,
    process_id: u32,
    thread: Option<&'a str>,
}

#[derive(Serialize)]
struct Source<'a> {
    module: &'a str,
    file: &'a str,
    line: u32,
    schema: &'a str,
}

#[derive(Serialize)]
struct Redactions {
    key: u32,
}

#[inline(never)]
fn execute_query(sql: &str, user_id: u64, password: &str, flush: bool) -> Returned {
    let started = Instant::now();
    let result = work(sql, user_id, password);
    record(sql, user_id, &result, started.elapsed(), flush);
    result
}

fn record(sql: &str, user_id: u64, result: &Returned, took: Duration, flush: bool) {
    let Some(file) = FILE.get() else { return };
    let thread = std::thread::current();
    let line = Line {
        event_id: Uuid::new_v4().to_string(),
        timestamp: OffsetDateTime::now_utc()
            .format(&Rfc3339)
            .unwrap_or_default(),
        version: "1.0.0",
        actor: Actor {
            r#type: "anonymous",
        },
        action: Action {
            r#type: ACTION,
            category: CATEGORY,
            operation: OPERATION,
            parameters: Parameters {
                sql,
                user_id,
                password: HIDDEN,
            },
            result: Outcome {
                status: status(result),
            },
        },
        performance: Performance {
            duration_ms: took.as_secs_f64() * 1e3,
            slow_query: took >= Duration::from_secs(1),
        },
        system: System {
            service: "bench",
            host: Host {
                hostname: HOST.get().map_or("", String::as_str),
                os: std::env::consts::OS,
            },
            runtime: Runtime {
                rust_version: "1.95.0",
                process_id: std::process::id(),
                thread: thread.name(),
            },
        },
        source: Source {
            module: module_path!(),
            file: file!(),
            line: line!(),
            schema: "b4bb802622734ce8",
        },
        redactions: Redactions { key: 1 },
    };
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    if serde_json::to_writer(&mut *file, &line).is_ok() {
        let _ = file.write_all(b"\n");
    }
    if flush {
        let _ = file.flush();
    }
}

fn start(dir: &Path) -> Result<Stop, Box<dyn Error>> {
    let file = BufWriter::with_capacity(64 * 1024, File::create(dir.join("audit.log"))?);
    let _ = FILE.set(Mutex::new(file));
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let _ = HOST.set(host.trim().to_owned());
    Ok(Box::new(|| {
        if let Some(file) = FILE.get() {
            let _ = file.lock().unwrap_or_else(PoisonError::into_inner).flush();
        }
    }))
}
