//! What the examples share: showing the end of a trail on the terminal.

use std::fs;
use std::io;
use std::path::Path;

/// Prints the path of the newest file of the trail in `dir` and its last `count` events, indented for people.
///
/// # Errors
///
/// The directory or the file cannot be read.
pub fn show_trail(dir: &Path, count: usize) -> io::Result<()> {
    let mut files: Vec<_> = fs::read_dir(dir)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "log"))
        .collect();
    files.sort_by_key(|path| fs::metadata(path).and_then(|file| file.modified()).ok());
    let Some(newest) = files.last() else {
        println!("No trail in {}", dir.display());
        return Ok(());
    };
    let text = fs::read_to_string(newest)?;
    let lines: Vec<&str> = text.lines().collect();
    let last = &lines[lines.len().saturating_sub(count)..];
    println!(
        "Trail: {} ({} events); the last {}:",
        newest.display(),
        lines.len(),
        last.len()
    );
    for line in last {
        // Through the typed event, so that the members keep the order they have in the trail.
        let event = vigil::Event::parse(line).map_err(io::Error::other)?;
        println!("{}", serde_json::to_string_pretty(&event)?);
    }
    Ok(())
}
