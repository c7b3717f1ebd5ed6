//! What an attribute costs the compiler's front end, and how much larger it makes a future. Writes the tables of
//! vigil/docs/cost.md.
//!
//! ```sh
//! cargo run --manifest-path tests/compare/Cargo.toml --bin cost            # prints the tables
//! cargo run --manifest-path tests/compare/Cargo.toml --bin cost -- --write # and puts them into the page
//! ```
//!
//! CPU time, so that other work on the machine counts little; the least of several rounds, in which the attributes take
//! turns. It ends with an error where Vigil is over its budget. Linux only: the time is read from `/proc`.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use compare::compiler::Compiler;
use compare::page;

const FUNCTIONS: usize = 500;
const ROUNDS: usize = 5;

/// Seconds over the same functions without an attribute.
const BUDGET_SECONDS: f64 = 1.5;
/// Bytes over the raw future and the fields that are captured.
const BUDGET_BYTES: usize = 128;

/// An attribute by its name in the tables.
struct Attribute {
    name: &'static str,
    written: &'static str,
}

const ATTRIBUTES: [Attribute; 6] = [
    Attribute {
        name: "none",
        written: "",
    },
    Attribute {
        name: "vigil `#[audited]`",
        written: "#[::vigil::audited(category = \"DATABASE\")]",
    },
    Attribute {
        name: "tracing `#[instrument(skip_all)]`",
        written: "#[::tracing::instrument(skip_all)]",
    },
    Attribute {
        name: "tracing `#[instrument(err, ret)]`",
        written: "#[::tracing::instrument(err, ret)]",
    },
    Attribute {
        name: "fastrace `#[trace]`",
        written: "#[::fastrace::trace]",
    },
    Attribute {
        name: "emit `#[span]`",
        written: "#[::emit::span(\"run\")]",
    },
];
const BARE: usize = 0;
const VIGIL: usize = 1;
const TRACING: usize = 2;
const DESUGARED: &str = "#[::vigil::audited(category = \"DATABASE\", future = \"desugar\")]";

fn main() -> Result<(), Box<dyn Error>> {
    let compiler = Compiler::new(Path::new(env!("CARGO_MANIFEST_DIR")))?;
    let (front_end, over) = front_end(&compiler)?;
    let (sizes, too_large) = sizes(&compiler)?;
    page::put("cost.md", &format!("{front_end}\n{sizes}"))?;
    if over.is_some() || too_large.is_some() {
        let found: Vec<String> = over.into_iter().chain(too_large).collect();
        return Err(found.join("; ").into());
    }
    Ok(())
}

/// The table of CPU seconds, and what is over budget.
fn front_end(compiler: &Compiler) -> Result<(String, Option<String>), Box<dyn Error>> {
    let mut out = format!(
        "| {FUNCTIONS} functions, CPU seconds of the front end | sync | over none | `async` | over none |\n|---|---|---|---|---|\n"
    );
    let sync = seconds(compiler, "pub fn")?;
    let later = seconds(compiler, "pub async fn")?;
    for ((attribute, sync_seconds), later_seconds) in ATTRIBUTES.iter().zip(&sync).zip(&later) {
        writeln!(
            out,
            "| {} | {sync_seconds:.2} | {:.2} | {later_seconds:.2} | {:.2} |",
            attribute.name,
            sync_seconds - sync[BARE],
            later_seconds - later[BARE],
        )?;
    }
    let own = sync[VIGIL] - sync[BARE];
    let over = if own > BUDGET_SECONDS {
        Some(format!(
            "the front end takes {own:.2} s, budget {BUDGET_SECONDS} s"
        ))
    } else if sync[VIGIL] > sync[TRACING] {
        Some(format!(
            "the front end takes {:.2} s, with tracing {:.2} s",
            sync[VIGIL], sync[TRACING]
        ))
    } else {
        None
    };
    Ok((out, over))
}

/// The least time for each attribute.
fn seconds(compiler: &Compiler, head: &str) -> Result<Vec<f64>, Box<dyn Error>> {
    let codes: Vec<String> = ATTRIBUTES
        .iter()
        .map(|attribute| functions(head, attribute))
        .collect();
    let mut least = vec![f64::MAX; codes.len()];
    for _ in 0..ROUNDS {
        for (least, code) in least.iter_mut().zip(&codes) {
            let before = children()?;
            let compiled = compiler.compile(code, "2024")?;
            if !compiled.succeeded {
                return Err(format!("does not compile: {}", &code[..200]).into());
            }
            *least = least.min(children()? - before);
        }
    }
    Ok(least)
}

fn functions(head: &str, attribute: &Attribute) -> String {
    let mut code = String::new();
    for n in 0..FUNCTIONS {
        // Writing into a string does not fail.
        let _ = write!(
            code,
            "{}\n{head} run_{n}(sql: &str, user: u64, limit: usize) -> Result<usize, std::num::ParseIntError> {{\n    \
             let rows: usize = sql.parse()?;\n    if user == {n} {{\n        return Ok(0);\n    }}\n    \
             Ok(rows.min(limit))\n}}\n",
            attribute.written
        );
    }
    code
}

/// CPU seconds of the processes that have been waited for.
fn children() -> Result<f64, Box<dyn Error>> {
    // Of the kernel's interface, whatever the frequency of its timer.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat")?;
    // Behind the name of the program, which may hold blanks.
    let (_, fields) = stat.rsplit_once(')').ok_or("no name in /proc/self/stat")?;
    let mut fields = fields.split_whitespace().skip(13);
    let mut ticks = || -> Result<f64, Box<dyn Error>> {
        Ok(fields.next().ok_or("a short /proc/self/stat")?.parse()?)
    };
    Ok((ticks()? + ticks()?) / TICKS_PER_SECOND)
}

/// The table of sizes, and what is over budget.
fn sizes(compiler: &Compiler) -> Result<(String, Option<String>), Box<dyn Error>> {
    /// Head of the column, parameters, arguments, bytes that are captured.
    const FUTURES: [(&str, &str, &str, usize); 3] = [
        ("`(k: u64)`", "k: u64", "1", 8),
        (
            "`(a: [u8; 1024], k: u64)`",
            "a: [u8; 1024], k: u64",
            "[0; 1024], 1",
            1032,
        ),
        (
            "`(a: &str, b: String)`",
            "a: &str, b: String",
            "\"\", String::new()",
            40,
        ),
    ];
    let desugared = Attribute {
        name: "vigil, `future = \"desugar\"`",
        written: DESUGARED,
    };
    let mut out = String::from("| size of the future of an `async fn`, bytes |");
    for (name, ..) in FUTURES {
        write!(out, " {name} |")?;
    }
    write!(out, "\n|---|{}\n", "---|".repeat(FUTURES.len()))?;
    let mut raw = Vec::new();
    let mut over = None;
    let mut attributes: Vec<&Attribute> = ATTRIBUTES.iter().collect();
    attributes.insert(VIGIL + 1, &desugared);
    for attribute in attributes {
        let code = program(
            attribute,
            &FUTURES.map(|(_, parameters, arguments, _)| (parameters, arguments)),
        );
        let printed = compiler.run(&code)?;
        let sizes = printed
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<Vec<usize>, _>>()?;
        if attribute.written.is_empty() {
            raw.clone_from(&sizes);
        }
        write!(out, "| {} |", attribute.name)?;
        for ((size, raw), (name, .., captured)) in sizes.iter().zip(&raw).zip(FUTURES) {
            write!(out, " {size} |")?;
            if attribute.written.contains("vigil") && *size > raw + captured + BUDGET_BYTES {
                over = Some(format!("the future of {name} is {size} bytes, raw {raw}"));
            }
        }
        out.push('\n');
    }
    Ok((out, over))
}

/// A program that prints the sizes; each future awaits once, and then uses what it was given.
fn program(attribute: &Attribute, futures: &[(&str, &str)]) -> String {
    let mut code = String::new();
    let mut main = String::new();
    for (n, (parameters, arguments)) in futures.iter().enumerate() {
        let names = parameters
            .split(", ")
            .filter_map(|parameter| parameter.split_once(": "))
            .map(|(name, _)| format!("drop({name});"))
            .collect::<String>();
        // Writing into a string does not fail.
        let _ = write!(
            code,
            "{}\nasync fn future_{n}({parameters}) -> Result<usize, std::fmt::Error> {{\n    \
             std::future::ready(()).await;\n    {names}\n    Ok(1)\n}}\n",
            attribute.written
        );
        let _ = writeln!(
            main,
            "    println!(\"{{}}\", size_of_val(&future_{n}({arguments})));"
        );
    }
    format!("#![allow(dropping_copy_types, dropping_references)]\n{code}fn main() {{\n{main}}}\n")
}
