//! The catalogue as a table for people: for a review, a wiki, an auditor's file.

use std::fmt::Write;

use super::{Argument, Catalogue};

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
        let mut table = "| category | type | operation | arguments | where | schema |\n\
                         |---|---|---|---|---|---|\n"
            .to_owned();
        for entry in &self.entries {
            let arguments: Vec<_> = entry.arguments.iter().map(cell).collect();
            // Writing into a string does not fail.
            let _ = writeln!(
                table,
                "| {} | {} | {} | {} | {} {}:{} | `{}` |",
                entry.category,
                entry.kind,
                code(&entry.operation),
                arguments.join("<br>"),
                code(&entry.module),
                entry.file,
                entry.line,
                entry.schema,
            );
        }
        table
    }
}

fn cell(argument: &Argument) -> String {
    format!(
        "{}: {}, {}, {}",
        code(&argument.name),
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
