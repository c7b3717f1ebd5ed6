//! What the examples share: showing the end of a trail on the terminal.

use std::fs;
use std::io;
use std::path::Path;

use vigil::Event;

/// Prints the path of the newest file of the trail in `dir` and the program's last `count` events, indented for people.
/// Those that Vigil writes of itself (`audit_started`, `audit_stopped`) are left out.
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
    // Through the typed event, so that the members keep the order they have in the trail.
    let events: Vec<Event> = fs::read_to_string(newest)?
        .lines()
        .map(|line| Event::parse(line).map_err(io::Error::other))
        .collect::<Result<_, _>>()?;
    let own: Vec<&Event> = events.iter().filter(|event| !is_vigils(event)).collect();
    let last = &own[own.len().saturating_sub(count)..];
    println!(
        "Trail: {} ({} events, {} of them Vigil's own); the program's last {}:",
        newest.display(),
        events.len(),
        events.len() - own.len(),
        last.len()
    );
    for event in last {
        println!("{}", serde_json::to_string_pretty(event)?);
    }
    Ok(())
}

fn is_vigils(event: &Event) -> bool {
    event.action.category == "SYSTEM" && event.action.operation.starts_with("audit_")
}
