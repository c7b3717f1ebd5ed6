//! The pages whose tables come from here.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

const BEGIN: &str = "<!-- table: begin -->\n";
const END: &str = "<!-- table: end -->";

/// Prints a table, and with `--write` on the command line puts it into the page `name` of vigil/docs.
pub fn put(name: &str, table: &str) -> Result<(), Box<dyn Error>> {
    println!("{table}");
    if env::args().any(|argument| argument == "--write") {
        let page = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../vigil/docs")
            .join(name);
        let text = fs::read_to_string(&page)?;
        let begin = text.find(BEGIN).ok_or("no begin of the table")? + BEGIN.len();
        let end = text.find(END).ok_or("no end of the table")?;
        fs::write(&page, [&text[..begin], table, &text[end..]].concat())?;
    }
    Ok(())
}
