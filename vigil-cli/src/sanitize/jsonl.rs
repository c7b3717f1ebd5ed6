//! JSON objects, one a line.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vigil_core::sanitize::{Finding, Sanitized, Sanitizer};

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
    explain: bool,
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
        let (key, text) = (request.key.as_deref(), &request.text);
        sanitizer.sanitize(key, text, &mut sanitized);
        let findings = explain.then(|| sanitizer.explain(key, text));
        answer(request.id, &sanitized, findings.as_deref(), out)
            .map_err(|error| Failure::writing(&error))?;
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

fn answer(
    id: Option<&RawValue>,
    sanitized: &Sanitized,
    findings: Option<&[Finding]>,
    out: &mut impl Write,
) -> io::Result<()> {
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
    out.write_all(b"}")?;
    if let Some(findings) = findings {
        let findings: Vec<_> = findings.iter().map(Explanation::of).collect();
        out.write_all(b",\"explain\":")?;
        serde_json::to_writer(&mut *out, &findings)?;
    }
    out.write_all(b"}\n")
}

/// A finding as it is written.
#[derive(Serialize)]
struct Explanation<'f> {
    rule: &'f str,
    start: usize,
    end: usize,
    reason: &'f str,
}

impl<'f> Explanation<'f> {
    fn of(finding: &'f Finding) -> Self {
        Self {
            rule: &finding.rule,
            start: finding.range.start,
            end: finding.range.end,
            reason: &finding.reason,
        }
    }
}
