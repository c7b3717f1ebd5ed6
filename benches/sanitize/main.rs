//! What it costs to write a text so that no secret is in it, beside what one would do by hand: `cargo bench -p
//! vigil-benches --bench sanitize`. The tables stand in `vigil/docs/performance.md`.
//!
//! By hand means regular expressions, ten of the usual kind and those of all of Vigil's rules; none of them escapes what it
//! leaves, as Vigil does. Cases take turns in short rounds, so that all see the same machine; quote medians and ratios, not
//! single times.

mod measure;
mod peers;
mod texts;

use std::hint::black_box;

use measure::{Case, instructions, measure};
use peers::ByHand;
use texts::{ADVERSARIAL, CLEAN, DENSE, LINES};
use vigil::sanitize::{Key, Recording, Sanitize, Treatment};

fn vigil_case<'c>(name: &str, text: &'c str) -> Case<'c> {
    let mut recording = Recording::default();
    Case::new(format!("{name}: vigil"), text.len(), move || {
        recording.clear();
        recording.text(black_box(text));
        black_box(recording.json());
    })
}

/// The cases of one text: Vigil, and what one would do by hand.
fn cases<'c>(name: &str, text: &'c str, peers: [&'c ByHand; 2]) -> Vec<Case<'c>> {
    let mut cases = vec![vigil_case(name, text)];
    for peer in peers {
        let rules = peer.len();
        cases.push(Case::new(
            format!("{name}: RegexSet of {rules}"),
            text.len(),
            || {
                black_box(peer.finds(black_box(text)));
            },
        ));
    }
    for peer in peers {
        let rules = peer.len();
        let case = Case::new(format!("{name}: {rules} replace_all"), text.len(), || {
            black_box(peer.replaced(black_box(text)));
        });
        cases.push(case.slow());
    }
    cases
}

fn texts(title: &str, texts: &[(&str, &str)], peers: [&ByHand; 2]) {
    println!("\n{title}");
    let all = texts
        .iter()
        .flat_map(|(name, text)| cases(name, text, peers));
    let medians = measure(all.collect());
    println!(
        "\n| {title} | instructions | ns | / RegexSet of {ten} | / RegexSet of {same} | / {ten} replace_all | / {same} replace_all |",
        ten = peers[0].len(),
        same = peers[1].len()
    );
    println!("|---|--:|--:|--:|--:|--:|--:|");
    for ((name, text), of) in texts.iter().zip(medians.chunks(5)) {
        let counted = instructions(text).map_or(String::new(), |counted| counted.to_string());
        println!(
            "| {name}, {} bytes | {counted} | {:.0} | {:.2} | {:.2} | {:.3} | {:.4} |",
            text.len(),
            of[0],
            of[0] / of[1],
            of[0] / of[2],
            of[0] / of[3],
            of[0] / of[4]
        );
    }
}

/// Many lines one after another, as a program writes them.
fn lines(peers: [&ByHand; 2]) {
    println!("\nlog lines");
    let bytes = LINES.iter().map(|line| line.len()).sum();
    let mut recording = Recording::default();
    let mut cases = vec![Case::new("log lines: vigil", bytes, move || {
        for line in LINES {
            recording.clear();
            recording.text(black_box(line));
            black_box(recording.json());
        }
    })];
    for peer in peers {
        let name = format!("log lines: RegexSet of {}", peer.len());
        cases.push(Case::new(name, bytes, || {
            for line in LINES {
                black_box(peer.finds(black_box(line)));
            }
        }));
    }
    let dense: usize = DENSE.iter().map(|(_, text)| text.len()).sum();
    let mut recording = Recording::default();
    cases.push(Case::new("dense texts: vigil", dense, move || {
        for (_, text) in DENSE {
            recording.clear();
            recording.text(black_box(text));
            black_box(recording.json());
        }
    }));
    let medians = measure(cases);
    for (peer, of) in peers.iter().zip(&medians[1..]) {
        println!(
            "log lines: {:.1} times RegexSet of {}",
            of / medians[0],
            peer.len()
        );
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
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [child, times, text] = arguments.as_slice()
        && child == measure::CHILD
    {
        let mut recording = Recording::default();
        for _ in 0..times.parse().unwrap_or(0) {
            recording.clear();
            recording.text(black_box(text));
            black_box(recording.json());
        }
        return;
    }
    // `cargo test` runs benchmarks too, and would measure a debug build.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let (usual, same) = (ByHand::usual(), ByHand::same_rules());
    let peers = [&usual, &same];
    texts("clean texts", &CLEAN, peers);
    texts("texts with something to hide", &DENSE, peers);
    lines(peers);
    members();
    adversarial();
}
