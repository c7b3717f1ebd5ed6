//! What one audited call costs its caller, beside what it would cost with other means, in one run: `cargo bench`.
//!
//! Every case runs `execute_query(sql of 60 bytes, user id, password)` and, but for the first two, puts one JSON line a
//! call into a real file. Cases take turns in bursts with pauses between, so that queues empty and all see the same
//! machine; quote medians and ratios, not single times.

use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const SQL: &str = "SELECT id, name, email FROM users WHERE role = ?1 LIMIT 100;";
const PASSWORD: &str = "correct horse battery staple";

const BURSTS: usize = 120;
const CALLS: usize = 500;
const PAUSE: Duration = Duration::from_millis(4);

type Returned = Result<usize, std::io::Error>;

#[inline(always)]
fn work(sql: &str, user_id: u64, password: &str) -> Returned {
    Ok(black_box(sql.len() + user_id as usize + password.len()))
}

#[inline(never)]
fn bare(sql: &str, user_id: u64, password: &str) -> Returned {
    work(sql, user_id, password)
}

#[vigil::audited(category = "DATABASE", type = "QUERY", operation = "execute_query")]
#[inline(never)]
fn audited(sql: &str, user_id: u64, password: &str) -> Returned {
    work(sql, user_id, password)
}

/// The attribute as one would use it for this: the password left out by hand, the outcome recorded.
#[tracing::instrument(skip(password), err, ret)]
#[inline(never)]
fn instrumented(sql: &str, user_id: u64, password: &str) -> Returned {
    work(sql, user_id, password)
}

/// The quickest use of `tracing`: one event with all fields, written by hand.
#[inline(never)]
fn tracing_event(sql: &str, user_id: u64, password: &str) -> Returned {
    let started = Instant::now();
    let result = work(sql, user_id, password);
    tracing::info!(
        category = "DATABASE",
        action = "QUERY",
        operation = "execute_query",
        sql,
        user_id,
        password = "***REDACTED***",
        status = if result.is_ok() { "SUCCESS" } else { "FAILURE" },
        duration_ms = started.elapsed().as_secs_f64() * 1e3,
    );
    result
}

static NAIVE: OnceLock<Mutex<BufWriter<File>>> = OnceLock::new();

/// What one writes in an afternoon: `serde_json` into a buffered file behind a mutex. Loses what is in the buffer.
#[inline(never)]
fn naive(sql: &str, user_id: u64, password: &str) -> Returned {
    let started = Instant::now();
    let result = work(sql, user_id, password);
    if let Some(file) = NAIVE.get()
        && let Ok(mut file) = file.lock()
    {
        write_naively(&mut file, sql, user_id, result.is_ok(), started.elapsed());
    }
    result
}

fn write_naively(file: &mut BufWriter<File>, sql: &str, user_id: u64, ok: bool, took: Duration) {
    #[derive(serde::Serialize)]
    struct Line<'a> {
        event_id: u128,
        timestamp: f64,
        category: &'a str,
        action: &'a str,
        operation: &'a str,
        parameters: Parameters<'a>,
        status: &'a str,
        duration_ms: f64,
        service: &'a str,
        hostname: &'a str,
        module: &'a str,
        file: &'a str,
        line: u32,
        process_id: u32,
        thread: &'a str,
    }
    #[derive(serde::Serialize)]
    struct Parameters<'a> {
        sql: &'a str,
        user_id: u64,
        password: &'a str,
    }
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let line = Line {
        event_id: now.as_nanos(),
        timestamp: now.as_secs_f64(),
        category: "DATABASE",
        action: "QUERY",
        operation: "execute_query",
        parameters: Parameters {
            sql,
            user_id,
            password: "***REDACTED***",
        },
        status: if ok { "SUCCESS" } else { "FAILURE" },
        duration_ms: took.as_secs_f64() * 1e3,
        service: "bench",
        hostname: "a-host-name-of-usual-length",
        module: module_path!(),
        file: file!(),
        line: line!(),
        process_id: std::process::id(),
        thread: "main",
    };
    if serde_json::to_writer(&mut *file, &line).is_ok() {
        let _ = file.write_all(b"\n");
    }
}

struct Case {
    name: &'static str,
    call: fn(&str, u64, &str) -> Returned,
    vigil_enabled: bool,
    /// Nanoseconds a call, one figure a burst.
    bursts: Vec<f64>,
    /// Nanoseconds of single calls, each with one reading of the clock.
    singles: Vec<u64>,
    allocations: f64,
}

impl Case {
    fn new(name: &'static str, call: fn(&str, u64, &str) -> Returned) -> Self {
        Self {
            name,
            call,
            vigil_enabled: true,
            bursts: Vec::new(),
            singles: Vec::new(),
            allocations: 0.0,
        }
    }

    fn disabled(mut self) -> Self {
        self.vigil_enabled = false;
        self
    }

    fn burst(&mut self, timed_singly: bool) {
        vigil::set_enabled(self.vigil_enabled);
        if timed_singly {
            let mut last = Instant::now();
            for i in 0..CALLS {
                let _ = black_box((self.call)(black_box(SQL), i as u64, black_box(PASSWORD)));
                let now = Instant::now();
                self.singles.push((now - last).as_nanos() as u64);
                last = now;
            }
        } else {
            let started = Instant::now();
            for i in 0..CALLS {
                let _ = black_box((self.call)(black_box(SQL), i as u64, black_box(PASSWORD)));
            }
            self.bursts
                .push(started.elapsed().as_nanos() as f64 / CALLS as f64);
        }
    }

    fn count_allocations(&mut self) {
        vigil::set_enabled(self.vigil_enabled);
        let info = allocation_counter::measure(|| {
            for i in 0..CALLS {
                let _ = black_box((self.call)(black_box(SQL), i as u64, black_box(PASSWORD)));
            }
        });
        self.allocations = info.count_total as f64 / CALLS as f64;
    }

    fn median(&self) -> f64 {
        let mut sorted = self.bursts.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    }

    fn p99(&self) -> u64 {
        let mut sorted = self.singles.clone();
        sorted.sort_unstable();
        sorted[sorted.len() * 99 / 100]
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo test --benches` runs this too; it is no test.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let vigil = start_vigil(dir.path())?;
    let _tracing = start_tracing(dir.path());
    let file = BufWriter::with_capacity(64 * 1024, File::create(dir.path().join("naive.log"))?);
    let _ = NAIVE.set(Mutex::new(file));

    let mut cases = [
        Case::new("bare function", bare),
        Case::new("vigil, disabled", audited).disabled(),
        Case::new("vigil, enabled", audited),
        Case::new("serde_json + BufWriter", naive),
        Case::new("tracing event, JSON", tracing_event),
        Case::new("tracing #[instrument]", instrumented),
    ];
    for burst in 0..BURSTS {
        for case in &mut cases {
            case.burst(burst % 4 == 3);
            std::thread::sleep(PAUSE);
        }
    }
    for case in &mut cases {
        case.count_allocations();
        std::thread::sleep(PAUSE * 10);
    }
    vigil::set_enabled(true);

    let naive = cases
        .iter()
        .find(|case| case.name.starts_with("serde_json"))
        .map_or(1.0, Case::median);
    println!(
        "\n{:<24} {:>10} {:>9} {:>10} {:>12}",
        "one call", "median ns", "/ naive", "p99 ns", "allocations"
    );
    for case in &cases {
        println!(
            "{:<24} {:>10.1} {:>9.3} {:>10} {:>12.1}",
            case.name,
            case.median(),
            case.median() / naive,
            case.p99(),
            case.allocations
        );
    }
    let stats = vigil.shutdown()?;
    println!("vigil: {}, {} errors", stats.total, stats.errors);
    Ok(())
}

fn start_vigil(dir: &Path) -> Result<vigil::Guard, vigil::Error> {
    vigil::builder()
        .config_text("")
        .service("bench")
        .trail(dir.join("audit"))
        .init()
}

/// JSON lines into a file through the non-blocking writer, as its documentation shows.
fn start_tracing(dir: &Path) -> tracing_appender::non_blocking::WorkerGuard {
    use tracing_subscriber::fmt::format::FmtSpan;
    let file = tracing_appender::rolling::daily(dir.join("tracing"), "audit.log");
    let (writer, guard) = tracing_appender::non_blocking(file);
    tracing_subscriber::fmt()
        .json()
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(writer)
        .init();
    guard
}
