//! The shapes as text: each module of the files beside, and the attribute in it put in the place of another.

use std::error::Error;
use std::fs;
use std::path::Path;

/// A shape by itself.
pub struct Shape {
    pub name: String,
    /// What stands in front of the module.
    pub description: String,
    /// The module.
    code: String,
    /// The module `support`.
    support: String,
}

const FILES: [&str; 6] = [
    "functions",
    "returns",
    "futures",
    "methods",
    "surroundings",
    "lints",
];

/// Reads the shapes in `dir`. The files are formatted, so a module begins and ends at the beginning of a line.
pub fn read(dir: &Path) -> Result<Vec<Shape>, Box<dyn Error>> {
    let support = fs::read_to_string(dir.join("support.rs"))?.replace("//!", "//");
    let mut shapes = Vec::new();
    for file in FILES {
        let text = fs::read_to_string(dir.join(file).with_extension("rs"))?;
        let mut description = String::new();
        let mut open: Option<(String, String)> = None;
        for line in text.lines() {
            if let Some((_, code)) = &mut open {
                code.push_str(line);
                code.push('\n');
                if line == "}"
                    && let Some((name, code)) = open.take()
                {
                    shapes.push(Shape {
                        name,
                        description: std::mem::take(&mut description),
                        code,
                        support: support.clone(),
                    });
                }
            } else if let Some(name) = line
                .strip_prefix("mod ")
                .and_then(|rest| rest.strip_suffix(" {"))
            {
                open = Some((name.to_owned(), format!("pub {line}\n")));
            } else if let Some(text) = line.strip_prefix("/// ") {
                text.clone_into(&mut description);
            }
        }
    }
    Ok(shapes)
}

impl Shape {
    /// A crate of this shape alone, with another attribute in place of ours.
    pub fn with(&self, attribute: Option<&str>) -> String {
        let code = match attribute {
            None => self.code.clone(),
            Some(attribute) => replaced(&self.code, attribute),
        };
        // The import of our attribute is not used then.
        let code = code
            .replace(
                "use vigil::audited;",
                "#[allow(unused_imports)] use vigil::audited;",
            )
            .replace(
                "use vigil::{Sanitize, audited};",
                "#[allow(unused_imports)] use vigil::{Sanitize, audited};",
            )
            .replace("pub(super) fn run", "pub fn run")
            .replace("pub(super) const EVENTS", "pub const EVENTS");
        format!(
            "pub type Events = &'static [(&'static str, &'static str, &'static str)];\n\
             #[allow(dead_code)] mod support {{ {} }}\n{code}",
            self.support
        )
    }
}

/// `code` with every `#[audited(...)]` replaced, and every `#[audit(...)]` taken out.
fn replaced(code: &str, attribute: &str) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("#[audit") {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        if found.starts_with("#[audited") {
            out.push_str(attribute);
        }
        rest = &found[end(found)..];
    }
    out + rest
}

/// Where the brackets end that `text` begins with.
fn end(text: &str) -> usize {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' if depth == 1 => return at + 1,
            ']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}
