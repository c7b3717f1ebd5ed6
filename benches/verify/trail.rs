//! The trail that is checked, and the files in which its lines lie.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// Bytes of a line of [`execute_query`], roughly: so many segments does a trail get.
const LINE: u64 = 700;
const SEGMENTS: u64 = 3;

#[vigil::audited(category = "DATABASE", type = "QUERY")]
fn execute_query(sql: &str, user_id: u64, password: &str) -> Result<usize, std::fmt::Error> {
    std::hint::black_box((sql, user_id, password));
    Ok(usize::try_from(user_id % 97).unwrap_or(0))
}

pub(crate) fn write(dir: &Path, events: u64) -> Result<(), Box<dyn Error>> {
    let vigil = vigil::builder()
        .config_text("")
        .service("bench")
        .trail(dir)
        .max_size(events.div_ceil(SEGMENTS) * LINE)
        .init()?;
    for number in 0..events {
        let sql = format!(
            "SELECT id, plan FROM accounts WHERE region = {} LIMIT 10",
            number % 50
        );
        let _ = execute_query(&sql, number * 7_919 % 100_003, "hunter2");
    }
    vigil.shutdown()?;
    Ok(())
}

pub(crate) fn files(dir: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            found.push(entry.path());
        }
    }
    Ok(found)
}
