//! What a value must be besides being of the right kind: the same for the file, for a variable and for the builder.

use std::time::Duration;

use super::settings::{Config, DiskSection, PROFILES};
use super::text::{Expected, duration, is_category, is_off, rate, shown, size};
use crate::Error;
use crate::sink::{check_batch_bytes, check_batch_events, check_interval, check_sink_name};
use crate::trail::check_trail_name;

/// A line has at most 64 KiB; a file that cannot hold a few of them is a mistake in the unit.
const LEAST_MAX_SIZE: u64 = 1 << 20;
const LEAST_CAPACITY: u64 = 1 << 20;
const LARGEST_CAPACITY: u64 = 64 << 30;

pub(super) fn service(name: &str) -> Result<(), Expected> {
    let fits = (1..=128).contains(&name.len());
    if fits && !name.trim().is_empty() && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err("a name of 1 to 128 bytes".into())
    }
}

pub(super) fn directory(path: &str) -> Result<(), Expected> {
    if path.is_empty() || path.contains('\0') {
        return Err("the path of a directory".into());
    }
    Ok(())
}

pub(super) fn trail_name(name: &str) -> Result<(), Expected> {
    check_trail_name(name).map_err(Into::into)
}

pub(super) fn max_size(size: Option<u64>) -> Result<(), Expected> {
    match size {
        Some(size) if size < LEAST_MAX_SIZE => Err("at least 1 MiB, or off".into()),
        _ => Ok(()),
    }
}

pub(super) fn capacity(bytes: u64) -> Result<(), Expected> {
    if (LEAST_CAPACITY..=LARGEST_CAPACITY).contains(&bytes) {
        Ok(())
    } else {
        Err("1 MiB to 64 GiB".into())
    }
}

pub(super) fn profile(name: &str) -> Result<&'static str, Expected> {
    PROFILES
        .into_iter()
        .find(|profile| *profile == name)
        .ok_or_else(|| "default, gdpr, hipaa or pci".into())
}

pub(super) fn word(word: &str) -> Result<(), Expected> {
    if word.trim().is_empty() || word.len() > 128 {
        return Err("a word".into());
    }
    Ok(())
}

pub(super) fn pseudonym_key(key: &str) -> Result<(), Expected> {
    if key.len() < 16 {
        return Err("at least 16 bytes that nobody can guess".into());
    }
    Ok(())
}

pub(super) fn regex(regex: &str) -> Result<(), Expected> {
    match regex::Regex::new(regex) {
        Ok(_) => Ok(()),
        Err(error) => {
            // The message of a syntax error draws the expression over several lines; its last says what is wrong.
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default();
            let reason = reason.strip_prefix("error: ").unwrap_or(reason);
            Err(format!("a regular expression ({reason})"))
        }
    }
}

pub(super) fn category(name: &str) -> Result<(), Expected> {
    if is_category(name) {
        Ok(())
    } else {
        Err("the name of a category such as DATABASE".into())
    }
}

pub(super) fn sink_name(name: &str) -> Result<(), Expected> {
    check_sink_name(name).map_err(|expected| format!("the name of a sink ({expected})"))
}

pub(super) fn batch_events(text: &str) -> Result<usize, Expected> {
    let events = text.parse().unwrap_or(0);
    check_batch_events(events)?;
    Ok(events)
}

pub(super) fn batch_size(text: &str) -> Result<usize, Expected> {
    let bytes = size(text)?;
    check_batch_bytes(bytes)?;
    usize::try_from(bytes).map_err(|_| "a smaller size".into())
}

pub(super) fn interval(text: &str) -> Result<Duration, Expected> {
    let interval = duration(text)?;
    check_interval(interval)?;
    Ok(interval)
}

/// How long events that say the same are folded; `None` for `off`.
pub(super) fn window(text: &str) -> Result<Option<Duration>, Expected> {
    if is_off(text) {
        return Ok(None);
    }
    let window = duration(text)?;
    window_length(window)?;
    Ok(Some(window))
}

/// A longer window would keep events from those who read the trail, and their records in the journal.
fn window_length(window: Duration) -> Result<(), Expected> {
    if (Duration::from_millis(10)..=Duration::from_secs(3600)).contains(&window) {
        Ok(())
    } else {
        Err("10ms to 1h, or off".into())
    }
}

/// Who is warned later than told of the failure is not warned.
fn disk(disk: DiskSection) -> Result<(), Expected> {
    match (disk.warn_below, disk.fail_below) {
        (Some(warn), Some(fail)) if warn < fail => Err("at least disk.fail_below, or off".into()),
        _ => Ok(()),
    }
}

pub(super) fn operation(name: &str) -> Result<(), Expected> {
    if name.trim().is_empty() || name.len() > 1024 {
        return Err("the name of an operation such as find_users".into());
    }
    Ok(())
}

impl Config {
    /// Checks what the builder may have changed after the file and the variables were read.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        let mut problems = Vec::new();
        let mut check = |key: &str, found: &str, result: Result<(), Expected>| {
            if let Err(expected) = result {
                problems.push(format!(
                    "{key}: expected {expected}, found {}",
                    shown(found)
                ));
            }
        };
        check("service", &self.service, service(&self.service));
        let dir = self.trail.dir.to_string_lossy();
        check("trail.dir", &dir, directory(&dir));
        check("trail.name", &self.trail.name, trail_name(&self.trail.name));
        let size = self.trail.rotation.max_size;
        let found = size.map(|size| size.to_string()).unwrap_or_default();
        check("trail.rotation.max_size", &found, max_size(size));
        for name in self.categories.keys() {
            check("categories", name, category(name));
        }
        let found = self.sampling.rate.to_string();
        check("sampling.rate", &found, rate(&found).map(drop));
        for (name, share) in &self.sampling.categories {
            let found = share.to_string();
            check("sampling.categories", name, category(name));
            check("sampling.categories", &found, rate(&found).map(drop));
        }
        for (name, share) in &self.sampling.operations {
            let found = share.to_string();
            check("sampling.operations", name, operation(name));
            check("sampling.operations", &found, rate(&found).map(drop));
        }
        for text in self.sanitize.keys.iter().chain(&self.sanitize.exempt_keys) {
            check("sanitize.keys", text, word(text));
        }
        for pattern in &self.sanitize.patterns {
            check("sanitize.patterns", &pattern.name, word(&pattern.name));
            check("sanitize.patterns", &pattern.regex, regex(&pattern.regex));
        }
        if let Some(key) = &self.sanitize.pseudonym_key {
            check("sanitize.pseudonym_key", "***", pseudonym_key(key.expose()));
        }
        let windows = self.dedup.categories.iter();
        let windows = windows.map(|(name, window)| ("dedup.categories", name.as_str(), *window));
        for (key, name, window) in windows.chain([("dedup.window", "", self.dedup.every)]) {
            if key == "dedup.categories" {
                check(key, name, category(name));
            }
            if let Some(window) = window {
                check(key, &format!("{window:?}"), window_length(window));
            }
        }
        let found = self.disk.warn_below.unwrap_or_default().to_string();
        check("disk.warn_below", &found, disk(self.disk));
        let found = self.journal.capacity.to_string();
        check("journal.capacity", &found, capacity(self.journal.capacity));
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::config(problems.join("\n")))
        }
    }
}
