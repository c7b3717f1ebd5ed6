//! What it costs to write a text so that no secret is in it, beside what one would do by hand: `cargo bench -p vigil
//! --bench sanitize`.
//!
//! By hand means ten regular expressions of the usual kind: in one `RegexSet`, which only says whether there is
//! something to hide, and in ten `replace_all` one after the other, which hide it. Both leave escaping to others. Cases
//! take turns in short rounds, so that all see the same machine; quote medians and ratios, not single times.

use std::hint::black_box;
use std::time::Instant;

use regex::{Regex, RegexSet};
use vigil::sanitize::{Key, Recording, Sanitize, Treatment};

const ROUNDS: usize = 400;
/// Bytes that a case works on in one round.
const BYTES: usize = 1 << 13;

const PATTERNS: [&str; 10] = [
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
    r"(?-u:\b)[0-9]{3}-[0-9]{2}-[0-9]{4}(?-u:\b)",
    r"(?-u:\b)[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{1,7}(?-u:\b)",
    r"(?-u:\b)[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}(?-u:\b)",
    r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*",
    r"(?-u:\b)A[KS]IA[A-Z2-7]{16}(?-u:\b)",
    r"(?-u:\b)gh[pousr]_[A-Za-z0-9]{30,}",
    r"(?i-u:\b(?:password|passwd|secret|token|api[_-]?key)\b[\x22']?[ ]?[:=][ ]?[!-~]+)",
    r"(?-u:\b)(?:Bearer|Basic) [A-Za-z0-9._~+/=-]{6,}",
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
];

const CLEAN: [(&str, &str); 8] = [
    (
        "SQL, lower case",
        "select id, name from users where plan = 'free' order by name",
    ),
    (
        "SQL, upper case",
        "SELECT id, name, email FROM users WHERE role = ?1 LIMIT 100;",
    ),
    (
        "prose",
        "The order was sent to the customer on Monday, all in one box",
    ),
    (
        "path",
        "/srv/shop/releases/current/config/locales/de/orders.yaml",
    ),
    (
        "URL",
        "https://shop.example.com/orders/42?page=2&sort=created_at",
    ),
    ("identifier", "550e8400-e29b-41d4-a716-446655440000"),
    ("word", "pending"),
    (
        "log line",
        "2026-11-23T10:11:12.345Z INFO shop::cart: 3 items, total 129.90 EUR \"ok\"",
    ),
];

const DENSE: [(&str, &str); 5] = [
    (
        "e-mail",
        "the order of jane.smith@example.com was sent to her today",
    ),
    (
        "password",
        "login failed: user=jane password=hunter2 from the web shop",
    ),
    (
        "card",
        "paid with 4539 1488 0343 6467 by the customer on Monday",
    ),
    (
        "URL password",
        "cannot reach postgres://shop:hunter2@db.internal:5432/shop",
    ),
    (
        "all",
        "jane@example.com 123-45-6789 token=abc Bearer abc123def4567",
    ),
];

/// Pieces that make detectors look again and again, repeated to a length.
const ADVERSARIAL: [&str; 14] = [
    "://",
    "a@",
    "password=",
    "token:",
    "eyJ-",
    "sk-ant-",
    "basic-",
    "\"a\":",
    "-----BEGIN PRIVATE KEY-----",
    "4539-",
    "DE89",
    "token={",
    "cookie: ",
    "a.b@c.d",
];

struct Case<'c> {
    name: String,
    bytes: usize,
    run: Box<dyn FnMut() + 'c>,
    rounds: Vec<f64>,
}

impl<'c> Case<'c> {
    fn new(name: impl Into<String>, bytes: usize, run: impl FnMut() + 'c) -> Self {
        Self {
            name: name.into(),
            bytes,
            run: Box::new(run),
            rounds: Vec::with_capacity(ROUNDS),
        }
    }

    fn round(&mut self) {
        let times = (BYTES / self.bytes.max(1)).clamp(1, 128);
        let started = Instant::now();
        for _ in 0..times {
            (self.run)();
        }
        let took = started.elapsed().as_nanos() as f64;
        self.rounds.push(took / times as f64);
    }

    fn median(&mut self) -> f64 {
        self.rounds.sort_by(f64::total_cmp);
        self.rounds[self.rounds.len() / 2]
    }
}

/// Runs the cases in turns and prints each, with allocations a run.
fn measure(cases: Vec<Case<'_>>) -> Vec<f64> {
    let mut cases = cases;
    for _ in 0..ROUNDS {
        for case in &mut cases {
            case.round();
        }
    }
    cases
        .iter_mut()
        .map(|case| {
            let counted = allocation_counter::measure(|| (case.run)());
            let median = case.median();
            let speed = case.bytes as f64 / median * 1e3;
            println!(
                "{:<44} {median:>9.1} ns {speed:>8.0} MB/s {:>4} allocations",
                case.name, counted.count_total
            );
            median
        })
        .collect()
}

fn vigil_case<'c>(name: &str, text: &'c str) -> Case<'c> {
    let mut recording = Recording::default();
    Case::new(format!("{name}: vigil"), text.len(), move || {
        recording.clear();
        recording.text(black_box(text));
        black_box(recording.json());
    })
}

fn texts(title: &str, texts: &[(&str, &str)], set: &RegexSet, all: &[Regex]) {
    println!("\n{title}");
    let mut cases = Vec::new();
    for (name, text) in texts {
        cases.push(vigil_case(name, text));
        cases.push(Case::new(format!("{name}: RegexSet"), text.len(), || {
            black_box(set.is_match(black_box(text)));
        }));
        cases.push(Case::new(
            format!("{name}: ten replace_all"),
            text.len(),
            || {
                let mut clean = std::borrow::Cow::Borrowed(black_box(*text));
                for regex in all {
                    if let std::borrow::Cow::Owned(changed) = regex.replace_all(&clean, "***") {
                        clean = changed.into();
                    }
                }
                black_box(&clean);
            },
        ));
    }
    let medians = measure(cases);
    for ((name, _), of) in texts.iter().zip(medians.chunks(3)) {
        println!("{name:<20} vigil / RegexSet {:.2}", of[0] / of[1]);
    }
}

fn adversarial() {
    println!("\nadversarial texts; 10 times the length should take 10 times as long");
    let sizes: Vec<(String, String)> = ADVERSARIAL
        .iter()
        .map(|piece| {
            (
                piece.repeat(500 / piece.len()),
                piece.repeat(5000 / piece.len()),
            )
        })
        .collect();
    let mut cases = Vec::new();
    for (piece, (short, long)) in ADVERSARIAL.iter().zip(&sizes) {
        cases.push(vigil_case(&format!("{piece:?} 500"), short));
        cases.push(vigil_case(&format!("{piece:?} 5000"), long));
    }
    let medians = measure(cases);
    for (piece, of) in ADVERSARIAL.iter().zip(medians.chunks(2)) {
        println!("{piece:<30} 5000 / 500: {:.1}", of[1] / of[0]);
    }
}

fn members() {
    static PASSWORD: Key = Key::new("password");
    static USER_ID: Key = Key::new("user_id");
    static SQL: Key = Key::new("sql");
    fn case<'c>(name: &str, key: &'static Key, value: &'c dyn Sanitize) -> Case<'c> {
        let mut recording = Recording::default();
        Case::new(name, 64, move || {
            recording.clear();
            recording.member(black_box(key), Treatment::Default, black_box(value));
            black_box(recording.json());
        })
    }
    println!("\nmembers, as a call writes its parameters");
    measure(vec![
        case("a redacted key", &PASSWORD, &"correct horse battery staple"),
        case("an integer", &USER_ID, &4711_u64),
        case("SQL of 60 bytes", &SQL, &CLEAN[1].1),
        case(
            "an object of one string",
            &SQL,
            &Registration { plan: "free" },
        ),
    ]);
}

struct Registration {
    plan: &'static str,
}

impl Sanitize for Registration {
    fn sanitize(&self, out: &mut vigil::sanitize::Writer<'_>) {
        static PLAN: Key = Key::new("plan");
        out.object().field(&PLAN, Treatment::Default, &self.plan);
    }
}

fn main() {
    // `cargo test` runs benchmarks too, and would measure a debug build.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let set = RegexSet::new(PATTERNS).expect("the patterns are valid");
    let all: Vec<Regex> = PATTERNS
        .iter()
        .map(|pattern| Regex::new(pattern).expect("the patterns are valid"))
        .collect();
    texts("clean texts", &CLEAN, &set, &all);
    texts("texts with something to hide", &DENSE, &set, &all);
    members();
    adversarial();
}
