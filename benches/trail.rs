//! A trail for those who measure what becomes of one.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// Calls between two looks whether there are enough.
const CALLS: u64 = 1_000;

#[vigil::audited(category = "DATABASE", type = "QUERY")]
fn execute_query(sql: &str, user_id: u64, password: &str) -> Result<usize, std::fmt::Error> {
    std::hint::black_box((sql, user_id, password));
    Ok(usize::try_from(user_id % 97).unwrap_or(0))
}

/// Writes the trail of one audited function whose arguments differ from call to call, in segments of this size, until there
/// are enough events.
///
/// # Errors
///
/// If it cannot be written, or `is_enough` fails.
pub fn write(
    dir: &Path,
    max_size: u64,
    mut is_enough: impl FnMut(u64) -> Result<bool, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let vigil = vigil::builder()
        .config_text("")
        .service("bench")
        .trail(dir)
        .max_size(max_size)
        .init()?;
    let mut written = 0;
    while !is_enough(written)? {
        for number in written..written + CALLS {
            let sql = format!(
                "SELECT id, plan FROM accounts WHERE region = {} LIMIT 10",
                number % 50
            );
            let _ = execute_query(&sql, number * 7_919 % 100_003, "hunter2");
        }
        vigil.flush()?;
        written += CALLS;
    }
    vigil.shutdown()?;
    Ok(())
}

/// The files in which its lines are.
///
/// # Errors
///
/// If the directory cannot be read.
pub fn files(dir: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            found.push(entry.path());
        }
    }
    Ok(found)
}
