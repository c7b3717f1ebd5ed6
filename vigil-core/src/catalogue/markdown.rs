//! The catalogue as a table for people: for a review, a wiki, an auditor's file.

use std::fmt::Write;

use super::{Argument, Catalogue, Entry};

impl Catalogue {
    /// The catalogue as a Markdown table, one row for each audited place.
    ///
    /// # Examples
    ///
    /// ```
    /// # use vigil::audited;
    /// #[audited(category = "PAYMENT", type = "CREATE")]
    /// fn charge(card: &str, #[audit(hash)] customer: u64) {}
    ///
    /// let table = vigil::catalogue().to_markdown();
    /// assert!(table.contains("| PAYMENT | CREATE | `charge` |"));
    /// assert!(table.contains("`customer`: `u64`, public, hash"));
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut table =
            "| category | type | operation | delivery | arguments | result | where | schema |\n\
                         |---|---|---|---|---|---|---|---|\n"
                .to_owned();
        for entry in &self.entries {
            let arguments: Vec<_> = entry
                .arguments
                .iter()
                .map(|argument| format!("{}: {}", code(&argument.name), cell(argument)))
                .collect();
            // Writing into a string does not fail.
            let _ = writeln!(
                table,
                "| {} | {} | {} | {} | {} | {} | {} {}:{} | `{}` |",
                entry.category,
                entry.kind,
                code(&entry.operation),
                delivery(entry),
                arguments.join("<br>"),
                entry.result.as_ref().map(cell).unwrap_or_default(),
                code(&entry.module),
                entry.file,
                entry.line,
                entry.schema,
            );
        }
        table
    }
}

/// All that is known of how safe the events are; where the code says nothing, nothing.
fn delivery(entry: &Entry) -> String {
    let words = [
        entry.mandatory.then(|| "mandatory".to_owned()),
        entry.delivery.map(|delivery| delivery.to_string()),
        entry
            .overflow
            .map(|overflow| format!("overflow {overflow}")),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn cell(argument: &Argument) -> String {
    format!(
        "{}, {}, {}",
        code(&argument.written()),
        argument.class,
        argument.handling().replace('|', "\\|"),
    )
}

/// Source code in a cell: a bar would end the cell, a backtick the code.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}
