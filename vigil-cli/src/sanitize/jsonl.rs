//! JSON objects, one a line.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Deserialize;
use serde_json::value::RawValue;
use vigil_core::sanitize::{Sanitized, Sanitizer};

use crate::failure::Failure;
use crate::input::Lines;

/// What a line holds. Other members are ignored, so that files made for something else can be read.
#[derive(Deserialize)]
struct Request<'a> {
    /// Handed back as it is written.
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    /// The name of the field whose value the text is.
    #[serde(borrow)]
    key: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

pub(super) fn run(
    mut lines: Lines,
    sanitizer: &Sanitizer,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let mut line = Vec::new();
    let mut sanitized = Sanitized::default();
    while {
        line.clear();
        lines.append(&mut line)?
    } {
        let content = line.trim_ascii();
        if content.is_empty() {
            continue;
        }
        let request: Request<'_> =
            serde_json::from_slice(content).map_err(|error| lines.bad(&problem(&error)))?;
        sanitizer.sanitize(request.key.as_deref(), &request.text, &mut sanitized);
        answer(request.id, &sanitized, out).map_err(|error| Failure::writing(&error))?;
    }
    Ok(())
}

/// The parser's message without its own place: the line is ours to tell, and columns count from its begin.
fn problem(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text);
    format!(
        "expected {{\"id\": any, \"key\": optional text, \"text\": text}}: {reason} (column {})",
        error.column()
    )
}

fn answer(id: Option<&RawValue>, sanitized: &Sanitized, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"{")?;
    if let Some(id) = id {
        write!(out, "\"id\":{},", id.get())?;
    }
    write!(out, "\"out\":{},\"redactions\":{{", sanitized.json())?;
    for (index, (rule, count)) in sanitized.redactions().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        serde_json::to_writer(&mut *out, rule)?;
        write!(out, ":{count}")?;
    }
    out.write_all(b"}}\n")
}
