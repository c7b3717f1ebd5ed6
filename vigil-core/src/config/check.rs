//! What a value must be besides being of the right kind: the same for the file, for a variable and for the builder.

use std::time::Duration;

use super::settings::{Config, DiskSection, PROFILES};
use super::text::{Expected, duration, is_category, is_off, rate, shown, size};
use crate::Error;
use crate::retention::{AGE_EXPECTED, Age, Keep, RetentionProfile};
use crate::sanitize::{
    Detector, Generalize, Mask, Treatment, Validator, check_validator, pattern_regex,
};
use crate::sink::{check_batch_bytes, check_batch_events, check_interval, check_sink_name};
use crate::trail::anchor::{TARGETS, check_name, is_target};
use crate::trail::check_trail_name;
use crate::trail::checkpoint::check_origin;
use crate::trail::packing::check_recipient;

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

pub(super) fn recipient(text: &str) -> Result<(), Expected> {
    check_recipient(text)
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
        .ok_or_else(|| "default, gdpr, hipaa, pci or allow-list".into())
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
    pattern_regex(regex)
        .map(drop)
        .map_err(|reason| format!("a regular expression ({reason})"))
}

pub(super) fn detector(name: &str) -> Result<Detector, Expected> {
    name.parse()
        .map_err(|()| format!("one of {}", Detector::NAMES.join(", ")))
}

pub(super) fn zip_area(area: &str) -> Result<(), Expected> {
    if area.len() == 3 && area.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err("the first three digits of a ZIP code such as 036".into())
}

/// `luhn`, `mod97`, `entropy 3.5`, `length 8-12`
pub(super) fn validator(text: &str) -> Result<Validator, Expected> {
    let (word, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    let rest = rest.trim();
    let validator = match (word, rest) {
        ("luhn", "") => Some(Validator::Luhn),
        ("mod97", "") => Some(Validator::Mod97),
        ("entropy", bits) => bits.parse().ok().map(Validator::Entropy),
        ("length", range) => {
            let (least, most) = range.split_once('-').unwrap_or((range, range));
            let number = |text: &str| text.trim().parse().ok();
            number(least)
                .zip(number(most))
                .map(|(least, most)| Validator::Length(least, most))
        }
        _ => None,
    };
    validator
        .filter(|validator| check_validator(Some(*validator)).is_ok())
        .ok_or_else(|| "luhn, mod97, entropy with bits such as \"entropy 3.5\", or length with characters such as \"length 8-12\"".into())
}

/// `redact`, `mask`, `mask 2 4`, `hash`, `truncate 8`, `drop`, `tokenize`, `year`, `bucket 100`
pub(super) fn method(text: &str) -> Result<Treatment, Expected> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = |text: &str| text.parse().ok();
    let method = match words.as_slice() {
        ["redact"] => Some(Treatment::Redact),
        ["mask"] => Some(Treatment::Mask(Mask::default())),
        ["mask", first, last] => number(first)
            .zip(number(last))
            .map(|(first, last)| Treatment::Mask(Mask::new(first, last, '*'))),
        ["hash"] => Some(Treatment::Hash),
        ["truncate", chars] => number(chars).map(Treatment::Truncate),
        ["drop"] => Some(Treatment::Drop),
        ["tokenize"] => Some(Treatment::Tokenize),
        ["bucket", width] => width
            .parse()
            .ok()
            .map(|width| Treatment::Generalize(Generalize::Bucket(width))),
        [name] => Generalize::from_name(name).map(Treatment::Generalize),
        _ => None,
    };
    method.ok_or_else(|| {
        let names = Generalize::NAMES.join(", ");
        format!("redact, mask, \"mask 2 4\", hash, \"truncate 8\", drop, tokenize, {names} or \"bucket 100\"")
    })
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

pub(super) fn anchor_name(name: &str) -> Result<(), Expected> {
    check_name(name).map_err(|expected| format!("the name of an anchor ({expected})"))
}

pub(super) fn anchor_target(text: &str) -> Result<(), Expected> {
    if is_target(text) {
        Ok(())
    } else {
        Err(TARGETS.into())
    }
}

pub(super) fn anchor_interval(every: Duration) -> Result<(), Expected> {
    if every < Duration::from_secs(1) || every > Duration::from_secs(7 * 86_400) {
        return Err("a time from 1s to 168h".into());
    }
    Ok(())
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

pub(super) fn origin(origin: &str) -> Result<(), Expected> {
    check_origin(origin).map_err(|why| format!("a name such as shop.example/audit ({why})"))
}

/// Each checkpoint is a sync and a signature.
pub(super) fn checkpoint_interval(interval: Duration) -> Result<(), Expected> {
    if (Duration::from_millis(10)..=Duration::from_secs(3600)).contains(&interval) {
        Ok(())
    } else {
        Err("10ms to 1h".into())
    }
}

pub(super) fn checkpoint_every(events: u64) -> Result<(), Expected> {
    if (100..=1_000_000_000).contains(&events) {
        Ok(())
    } else {
        Err("a number of events from 100 to 1000000000".into())
    }
}

/// How long there may be no event; `None` for `off`.
pub(super) fn heartbeat(text: &str) -> Result<Option<Duration>, Expected> {
    if is_off(text) {
        return Ok(None);
    }
    let heartbeat = duration(text)?;
    heartbeat_length(heartbeat)?;
    Ok(Some(heartbeat))
}

fn heartbeat_length(heartbeat: Duration) -> Result<(), Expected> {
    if (Duration::from_millis(100)..=Duration::from_secs(7 * 24 * 3600)).contains(&heartbeat) {
        Ok(())
    } else {
        Err("100ms to 7d, or off".into())
    }
}

/// `None` for `off`.
pub(super) fn retention_profile(text: &str) -> Result<Option<RetentionProfile>, Expected> {
    if is_off(text) {
        return Ok(None);
    }
    RetentionProfile::from_name(text)
        .map(Some)
        .ok_or_else(|| format!("{}, or off", RetentionProfile::NAMES))
}

/// `None` for `off`.
pub(super) fn age_or_off(text: &str) -> Result<Option<Age>, Expected> {
    if is_off(text) {
        return Ok(None);
    }
    let age = text.parse().map(Some);
    age.map_err(|_| format!("{AGE_EXPECTED}, or off"))
}

/// How long a category is kept: a time, a profile, or for ever.
pub(super) fn keep(text: &str) -> Result<Keep, Expected> {
    if let Some(profile) = RetentionProfile::from_name(text) {
        return Ok(Keep::As(profile));
    }
    let keep = age_or_off(text).map(|age| age.map_or(Keep::Forever, Keep::For));
    keep.map_err(|_| format!("{AGE_EXPECTED}, pci, hipaa, fedramp, or off"))
}

/// How often the engine looks; `None` for `off`.
pub(super) fn retention_interval(text: &str) -> Result<Option<Duration>, Expected> {
    if is_off(text) {
        return Ok(None);
    }
    let interval = duration(text)?;
    retention_interval_length(interval)?;
    Ok(Some(interval))
}

/// Each look reads all seals.
fn retention_interval_length(interval: Duration) -> Result<(), Expected> {
    if (Duration::from_secs(1)..=Duration::from_secs(7 * 24 * 3600)).contains(&interval) {
        Ok(())
    } else {
        Err("1s to 168h, or off".into())
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
        let integrity = &self.trail.integrity;
        if let Some(found) = &integrity.origin {
            check("trail.integrity.origin", found, origin(found));
        }
        let interval = integrity.checkpoint_interval;
        let key = "trail.integrity.checkpoint_interval";
        check(key, &format!("{interval:?}"), checkpoint_interval(interval));
        let every = integrity.checkpoint_every;
        let key = "trail.integrity.checkpoint_every";
        check(key, &every.to_string(), checkpoint_every(every));
        if let Some(heartbeat) = integrity.heartbeat {
            let found = format!("{heartbeat:?}");
            check(
                "trail.integrity.heartbeat",
                &found,
                heartbeat_length(heartbeat),
            );
        }
        for found in &self.packing.recipients {
            check("trail.encryption.recipients", found, recipient(found));
        }
        let retention = &self.retention;
        for name in retention.categories.keys() {
            check("trail.retention.categories", name, category(name));
        }
        let size = retention.max_size;
        let found = size.map(|size| size.to_string()).unwrap_or_default();
        check("trail.retention.max_size", &found, max_size(size));
        if let Some(interval) = retention.interval {
            let found = format!("{interval:?}");
            let key = "trail.retention.interval";
            check(key, &found, retention_interval_length(interval));
        }
        for (name, anchor) in &self.anchors {
            let key = format!("trail.anchors.{name}.to");
            check(&key, &anchor.to, anchor_target(&anchor.to));
        }
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
        let names = [
            &self.sanitize.keys,
            &self.sanitize.exempt_keys,
            &self.sanitize.allow,
        ];
        for text in names.into_iter().flatten() {
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
        problems.extend(retention.problems());
        if !self.packing.is_off() && !integrity.enabled {
            problems.push(
                "trail.compression, trail.encryption: expected neither where trail.integrity.enabled is false: only what is \
                 sealed is compressed or encrypted, and then held against its seal"
                    .to_owned(),
            );
        }
        if !self.anchors.is_empty() && !integrity.enabled {
            problems.push(
                "trail.anchors: expected none where trail.integrity.enabled is false: there are no checkpoints to hand over"
                    .to_owned(),
            );
        }
        if retention.removes() && !integrity.enabled {
            problems.push(
                "trail.retention: expected nothing to be removed where trail.integrity.enabled is false: without seals nobody \
                 could tell what retention has removed from what somebody has stolen"
                    .to_owned(),
            );
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::config(problems.join("\n")))
        }
    }
}
