//! Compiles every shape of tests/shapes by itself: without an attribute, with Vigil's, and with those of others; in both
//! editions. Writes the table of vigil/docs/shapes.md.
//!
//! ```sh
//! cargo run --manifest-path tests/compare/Cargo.toml --bin shapes            # prints the table
//! cargo run --manifest-path tests/compare/Cargo.toml --bin shapes -- --write # and puts it into the page
//! ```

use std::error::Error;
use std::fmt::Write;
use std::path::Path;

use compare::compiler::{Compiled, Compiler};
use compare::page;
use compare::shapes::{self, Shape};

/// An attribute, as it stands in the head of the table and in the code.
struct Attribute {
    name: &'static str,
    /// The crate that it is of.
    krate: Option<&'static str>,
    /// In place of `#[audited(...)]`; `None` leaves that.
    written: Option<&'static str>,
}

const ATTRIBUTES: [Attribute; 6] = [
    Attribute {
        name: "none",
        krate: None,
        written: Some(""),
    },
    Attribute {
        name: "vigil `#[audited]`",
        krate: Some("vigil"),
        written: None,
    },
    Attribute {
        name: "tracing `#[instrument]`",
        krate: Some("tracing"),
        written: Some("#[::tracing::instrument]"),
    },
    Attribute {
        name: "tracing `#[instrument(skip_all)]`",
        krate: Some("tracing"),
        written: Some("#[::tracing::instrument(skip_all)]"),
    },
    Attribute {
        name: "fastrace `#[trace]`",
        krate: Some("fastrace"),
        written: Some("#[::fastrace::trace]"),
    },
    Attribute {
        name: "emit `#[span]`",
        krate: Some("emit"),
        written: Some("#[::emit::span(\"shape\")]"),
    },
];

const EDITIONS: [&str; 2] = ["2021", "2024"];

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let compiler = Compiler::new(here)?;
    let shapes = shapes::read(&here.join("../shapes"))?;
    let table = table(&compiler, &shapes)?;
    page::put("shapes.md", &table)
}

/// The table in Markdown, with a last row of sums.
fn table(compiler: &Compiler, shapes: &[Shape]) -> Result<String, Box<dyn Error>> {
    let compared = &ATTRIBUTES[1..];
    let mut out = String::from("| shape |");
    for attribute in compared {
        let krate = attribute.krate.unwrap_or_default();
        let version = compiler.version(krate).unwrap_or_default();
        write!(out, " {} {version} |", attribute.name)?;
    }
    write!(out, "\n|---|{}\n", "---|".repeat(compared.len()))?;
    let mut compile = vec![0; compared.len()];
    let mut clean = vec![0; compared.len()];
    let mut all = 0;
    for shape in shapes {
        let bare = of_shape(compiler, shape, &ATTRIBUTES[0])?;
        if bare.iter().any(|compiled| !compiled.succeeded) {
            return Err(format!("{} does not compile without an attribute", shape.name).into());
        }
        all += 1;
        write!(out, "| {} |", shape.description)?;
        for (at, attribute) in compared.iter().enumerate() {
            let with = of_shape(compiler, shape, attribute)?;
            let cell = cell(&bare, &with);
            compile[at] += u32::from(cell != "fails");
            clean[at] += u32::from(cell == "ok");
            write!(out, " {cell} |")?;
        }
        out.push('\n');
    }
    for (what, sums) in [
        ("compile", &compile),
        ("without a new or a lost warning", &clean),
    ] {
        write!(out, "| **{what}, of {all}** |")?;
        for sum in sums {
            write!(out, " **{sum}** |")?;
        }
        out.push('\n');
    }
    Ok(out)
}

/// The shape in each edition.
fn of_shape(
    compiler: &Compiler,
    shape: &Shape,
    attribute: &Attribute,
) -> Result<Vec<Compiled>, Box<dyn Error>> {
    let code = shape.with(attribute.written);
    EDITIONS
        .iter()
        .map(|edition| compiler.compile(&code, edition))
        .collect()
}

/// The worse of the two editions.
fn cell(bare: &[Compiled], with: &[Compiled]) -> &'static str {
    let pairs = || bare.iter().zip(with);
    if pairs().any(|(_, with)| !with.succeeded) {
        "fails"
    } else if pairs().any(|(bare, with)| with.warnings > bare.warnings) {
        "warns"
    } else if pairs().any(|(bare, with)| with.warnings < bare.warnings) {
        "loses a lint"
    } else {
        "ok"
    }
}
