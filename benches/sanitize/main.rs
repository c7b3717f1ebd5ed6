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

/// What is done with a text by hand.
type Way = fn(&ByHand, &str);

const FINDS: Way = |peer, text| {
    black_box(peer.finds(black_box(text)));
};
const HITS: Way = |peer, text| {
    black_box(peer.replaced_by_hits(black_box(text)));
};
const EACH: Way = |peer, text| {
    black_box(peer.replaced(black_box(text)));
};

/// Vigil, what only looks, and what replaces one after another.
const IF_CLEAN: [(&str, Way); 2] = [("RegexSet", FINDS), ("each replaced", EACH)];
/// What has found something has to replace it.
const IF_DENSE: [(&str, Way); 2] = [("RegexSet, hits replaced", HITS), ("each replaced", EACH)];

/// The cases of one text: Vigil, and each way by hand with each set of rules.
fn cases<'c>(
    name: &str,
    text: &'c str,
    ways: [(&str, Way); 2],
    peers: [&'c ByHand; 2],
) -> Vec<Case<'c>> {
    let mut cases = vec![vigil_case(name, text)];
    for (place, (way, run)) in ways.into_iter().enumerate() {
        for peer in peers {
            let name = format!("{name}: {way}, {}", peer.len());
            let case = Case::new(name, text.len(), move || run(peer, text));
            cases.push(if place == 0 { case } else { case.slow() });
        }
    }
    cases
}

fn texts(title: &str, texts: &[(&str, &str)], ways: [(&str, Way); 2], peers: [&ByHand; 2]) {
    println!("\n{title}");
    let all = texts
        .iter()
        .flat_map(|(name, text)| cases(name, text, ways, peers));
    let medians = measure(all.collect());
    print!("\n| {title} | instructions | ns |");
    for (way, _) in ways {
        for peer in peers {
            print!(" / {way}, {} |", peer.len());
        }
    }
    println!("\n|---|--:|--:|--:|--:|--:|--:|");
    for ((name, text), of) in texts.iter().zip(medians.chunks(5)) {
        let counted = instructions(text).map_or(String::new(), |counted| counted.to_string());
        print!(
            "| {name}, {} bytes | {counted} | {:.0} |",
            text.len(),
            of[0]
        );
        for peer in &of[1..] {
            print!(" {:.4} |", of[0] / peer);
        }
        println!();
    }
}

/// Many texts one after another, as a program writes them.
fn throughput(peers: [&ByHand; 2]) {
    println!("\nthroughput");
    let dense = DENSE.map(|(_, text)| text);
    let mut cases = Vec::new();
    for (name, texts) in [("log lines", &LINES[..]), ("dense texts", &dense[..])] {
        let bytes = texts.iter().map(|text| text.len()).sum();
        let mut recording = Recording::default();
        cases.push(Case::new(format!("{name}: vigil"), bytes, move || {
            for text in texts {
                recording.clear();
                recording.text(black_box(text));
                black_box(recording.json());
            }
        }));
        for (way, run) in [("RegexSet", FINDS), ("RegexSet, hits replaced", HITS)] {
            for peer in peers {
                let name = format!("{name}: {way}, {}", peer.len());
                cases.push(Case::new(name, bytes, move || {
                    for text in texts {
                        run(peer, text);
                    }
                }));
            }
        }
    }
    let medians = measure(cases);
    for (name, of) in ["log lines", "dense texts"].iter().zip(medians.chunks(5)) {
        let ratios: Vec<String> = of[1..]
            .iter()
            .map(|peer| format!("{:.2}", peer / of[0]))
            .collect();
        println!(
            "{name}: vigil is as quick as these {} times",
            ratios.join(", ")
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
    texts("clean texts", &CLEAN, IF_CLEAN, peers);
    texts("texts with something to hide", &DENSE, IF_DENSE, peers);
    for line in LINES {
        for peer in peers {
            if peer.finds(line) {
                println!(
                    "{} rules take this for something to hide: {line}",
                    peer.len()
                );
            }
        }
    }
    throughput(peers);
    members();
    adversarial();
}
