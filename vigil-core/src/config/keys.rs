//! The one table of keys: what the file may say, which variables there are, and what a message lists, all derive from
//! it.

use super::check;
use super::settings::{Config, Secret};
use super::text::{self, Expected};
use crate::trail::{Compression, Daily, OnDamage};

/// A key that takes a value; the sections are what stands before the dots.
pub(super) struct Entry {
    pub(super) path: &'static str,
    pub(super) takes: Takes,
}

/// What may stand behind a key, and where it goes.
pub(super) enum Takes {
    Text(fn(&mut Config, &str) -> Result<(), Expected>),
    /// As `Text`, but what was found is never shown.
    Secret(fn(&mut Config, &str) -> Result<(), Expected>),
    /// A mapping of names of categories, any number of them.
    PerCategory(fn(&mut Config, &str, &str) -> Result<(), Expected>),
    /// A mapping of names of operations, any number of them.
    PerOperation(fn(&mut Config, &str, &str) -> Result<(), Expected>),
    /// A list of texts, or one text; in a variable they are separated by commas. Each is checked, then all are taken.
    Texts(
        fn(&str) -> Result<(), Expected>,
        fn(&mut Config, Vec<String>),
    ),
    /// A list of mappings with the keys of [`PATTERN_KEYS`](super::nested::PATTERN_KEYS).
    Patterns,
    /// A mapping of names of sinks to mappings with the keys of [`SINK_KEYS`](super::nested::SINK_KEYS).
    Sinks,
    /// A mapping of names of anchors to mappings with the keys of [`ANCHOR_KEYS`](super::nested::ANCHOR_KEYS).
    Anchors,
}

impl Takes {
    /// What there is no variable for.
    pub(super) fn is_for_files_only(&self) -> bool {
        matches!(
            self,
            Self::Patterns | Self::Sinks | Self::Anchors | Self::PerOperation(_)
        )
    }
}

const fn entry(path: &'static str, takes: Takes) -> Entry {
    Entry { path, takes }
}

/// In the order of the example file.
pub(super) const KEYS: &[Entry] = &[
    entry(
        "enabled",
        Takes::Text(|config, text| {
            config.enabled = text::switch(text)?;
            Ok(())
        }),
    ),
    entry(
        "service",
        Takes::Text(|config, text| {
            check::service(text)?;
            config.service = text.to_owned();
            Ok(())
        }),
    ),
    entry(
        "trail.dir",
        Takes::Text(|config, text| {
            check::directory(text)?;
            config.trail.dir = text.into();
            Ok(())
        }),
    ),
    entry(
        "trail.name",
        Takes::Text(|config, text| {
            check::trail_name(text)?;
            config.trail.name = text.to_owned();
            Ok(())
        }),
    ),
    entry(
        "trail.subject_keys",
        Takes::Text(|config, text| {
            check::directory(text)?;
            config.subject_keys = Some(text.into());
            Ok(())
        }),
    ),
    entry(
        "trail.rotation.daily",
        Takes::Text(|config, text| {
            config.trail.rotation.daily = match text {
                "utc" => Daily::Utc,
                "local" => Daily::Local,
                "off" => Daily::Off,
                _ => return Err("utc, local or off".into()),
            };
            Ok(())
        }),
    ),
    entry(
        "trail.rotation.max_size",
        Takes::Text(|config, text| {
            let size = text::size_or_off(text)?;
            check::max_size(size)?;
            config.trail.rotation.max_size = size;
            Ok(())
        }),
    ),
    entry(
        "trail.integrity.enabled",
        Takes::Text(|config, text| {
            config.trail.integrity.enabled = text::switch(text)?;
            Ok(())
        }),
    ),
    entry(
        "trail.integrity.origin",
        Takes::Text(|config, text| {
            check::origin(text)?;
            config.trail.integrity.origin = Some(text.to_owned());
            Ok(())
        }),
    ),
    entry(
        "trail.integrity.checkpoint_interval",
        Takes::Text(|config, text| {
            let interval = text::duration(text)?;
            check::checkpoint_interval(interval)?;
            config.trail.integrity.checkpoint_interval = interval;
            Ok(())
        }),
    ),
    entry(
        "trail.integrity.checkpoint_every",
        Takes::Text(|config, text| {
            let events = text.parse().unwrap_or(0);
            check::checkpoint_every(events)?;
            config.trail.integrity.checkpoint_every = events;
            Ok(())
        }),
    ),
    entry(
        "trail.integrity.heartbeat",
        Takes::Text(|config, text| {
            config.trail.integrity.heartbeat = check::heartbeat(text)?;
            Ok(())
        }),
    ),
    entry(
        "trail.integrity.on_damage",
        Takes::Text(|config, text| {
            config.trail.integrity.on_damage = match text {
                "set_aside" => OnDamage::SetAside,
                "refuse" => OnDamage::Refuse,
                _ => return Err("set_aside or refuse".into()),
            };
            Ok(())
        }),
    ),
    entry(
        "trail.compression",
        Takes::Text(|config, text| {
            config.packing.compression = match text {
                "none" => Compression::None,
                "zstd" => Compression::Zstd,
                "gzip" => Compression::Gzip,
                _ => return Err("none, zstd or gzip".into()),
            };
            Ok(())
        }),
    ),
    entry(
        "trail.encryption.recipients",
        Takes::Texts(check::recipient, |config, recipients| {
            config.packing.recipients = recipients;
        }),
    ),
    entry(
        "trail.retention.profile",
        Takes::Text(|config, text| {
            config.retention.profile = check::retention_profile(text)?;
            Ok(())
        }),
    ),
    entry(
        "trail.retention.age",
        Takes::Text(|config, text| {
            config.retention.age = check::age_or_off(text)?;
            Ok(())
        }),
    ),
    entry(
        "trail.retention.max_size",
        Takes::Text(|config, text| {
            let size = text::size_or_off(text)?;
            check::max_size(size)?;
            config.retention.max_size = size;
            Ok(())
        }),
    ),
    entry(
        "trail.retention.categories",
        Takes::PerCategory(|config, name, text| {
            let keep = check::keep(text)?;
            config.retention.categories.insert(name.to_owned(), keep);
            Ok(())
        }),
    ),
    entry(
        "trail.retention.interval",
        Takes::Text(|config, text| {
            config.retention.interval = check::retention_interval(text)?;
            Ok(())
        }),
    ),
    entry("trail.anchors", Takes::Anchors),
    entry(
        "categories",
        Takes::PerCategory(|config, name, text| {
            config
                .categories
                .insert(name.to_owned(), text::switch(text)?);
            Ok(())
        }),
    ),
    entry(
        "sampling.rate",
        Takes::Text(|config, text| {
            config.sampling.rate = text::rate(text)?;
            Ok(())
        }),
    ),
    entry(
        "sampling.categories",
        Takes::PerCategory(|config, name, text| {
            let rate = text::rate(text)?;
            config.sampling.categories.insert(name.to_owned(), rate);
            Ok(())
        }),
    ),
    entry(
        "sampling.operations",
        Takes::PerOperation(|config, name, text| {
            let rate = text::rate(text)?;
            config.sampling.operations.insert(name.to_owned(), rate);
            Ok(())
        }),
    ),
    entry(
        "slow_threshold",
        Takes::Text(|config, text| {
            config.slow_threshold = if text::is_off(text) {
                None
            } else {
                Some(text::duration(text)?)
            };
            Ok(())
        }),
    ),
    entry(
        "sanitize.profile",
        Takes::Text(|config, text| {
            config.sanitize.profile = check::profile(text)?;
            Ok(())
        }),
    ),
    entry(
        "sanitize.keys",
        Takes::Texts(check::word, |config, words| config.sanitize.keys = words),
    ),
    entry(
        "sanitize.exempt_keys",
        Takes::Texts(check::word, |config, words| {
            config.sanitize.exempt_keys = words;
        }),
    ),
    entry(
        "sanitize.detectors",
        Takes::Texts(
            |name| check::detector(name).map(drop),
            |config, names| {
                let detectors = names.iter().flat_map(|name| check::detector(name));
                config.sanitize.detectors = detectors.collect();
            },
        ),
    ),
    entry(
        "sanitize.allow",
        Takes::Texts(check::word, |config, words| config.sanitize.allow = words),
    ),
    entry(
        "sanitize.sparse_zip3",
        Takes::Texts(check::zip_area, |config, areas| {
            config.sanitize.sparse_zip3 = Some(areas);
        }),
    ),
    entry("sanitize.patterns", Takes::Patterns),
    entry(
        "sanitize.pseudonym_key",
        Takes::Secret(|config, text| {
            check::pseudonym_key(text)?;
            config.sanitize.pseudonym_key = Some(Secret::new(text));
            Ok(())
        }),
    ),
    entry(
        "delivery.default",
        Takes::Text(|config, text| {
            config.delivery.default = text::delivery(text)?;
            Ok(())
        }),
    ),
    entry(
        "delivery.categories",
        Takes::PerCategory(|config, name, text| {
            let delivery = text::delivery(text)?;
            config.delivery.categories.insert(name.to_owned(), delivery);
            Ok(())
        }),
    ),
    entry(
        "overflow.default",
        Takes::Text(|config, text| {
            config.overflow.default = text::overflow(text)?;
            Ok(())
        }),
    ),
    entry(
        "overflow.categories",
        Takes::PerCategory(|config, name, text| {
            let overflow = text::overflow(text)?;
            config.overflow.categories.insert(name.to_owned(), overflow);
            Ok(())
        }),
    ),
    entry(
        "dedup.window",
        Takes::Text(|config, text| {
            config.dedup.every = check::window(text)?;
            Ok(())
        }),
    ),
    entry(
        "dedup.categories",
        Takes::PerCategory(|config, name, text| {
            let window = check::window(text)?;
            config.dedup.categories.insert(name.to_owned(), window);
            Ok(())
        }),
    ),
    entry(
        "journal.capacity",
        Takes::Text(|config, text| {
            let capacity = text::size(text)?;
            check::capacity(capacity)?;
            config.journal.capacity = capacity;
            Ok(())
        }),
    ),
    entry(
        "journal.overflow_timeout",
        Takes::Text(|config, text| {
            config.journal.overflow_timeout = text::duration(text)?;
            Ok(())
        }),
    ),
    entry(
        "journal.durable_timeout",
        Takes::Text(|config, text| {
            config.journal.durable_timeout = text::duration(text)?;
            Ok(())
        }),
    ),
    entry(
        "journal.sync_interval",
        Takes::Text(|config, text| {
            config.journal.sync_interval = text::duration(text)?;
            Ok(())
        }),
    ),
    entry(
        "disk.warn_below",
        Takes::Text(|config, text| {
            config.disk.warn_below = text::size_or_off(text)?;
            Ok(())
        }),
    ),
    entry(
        "disk.fail_below",
        Takes::Text(|config, text| {
            config.disk.fail_below = text::size_or_off(text)?;
            Ok(())
        }),
    ),
    entry(
        "stdout",
        Takes::Text(|config, text| {
            config.stdout = text::switch(text)?;
            Ok(())
        }),
    ),
    entry("sinks", Takes::Sinks),
    entry(
        "reload.watch",
        Takes::Text(|config, text| {
            config.reload.watch = text::switch(text)?;
            Ok(())
        }),
    ),
    entry(
        "reload.sighup",
        Takes::Text(|config, text| {
            config.reload.sighup = text::switch(text)?;
            Ok(())
        }),
    ),
    entry(
        "shutdown_timeout",
        Takes::Text(|config, text| {
            config.shutdown_timeout = text::duration(text)?;
            Ok(())
        }),
    ),
];

/// The key of this whole path.
pub(super) fn find(path: &str) -> Option<&'static Entry> {
    KEYS.iter().find(|entry| entry.path == path)
}

/// What may stand directly in the section of this path ("" is the top level); nothing if there is no such section.
pub(super) fn within(section: &str) -> Vec<&'static str> {
    let mut names = Vec::new();
    for entry in KEYS {
        let rest = if section.is_empty() {
            Some(entry.path)
        } else {
            entry
                .path
                .strip_prefix(section)
                .and_then(|rest| rest.strip_prefix('.'))
        };
        if let Some(name) = rest.and_then(|rest| rest.split('.').next())
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// The variable that overrides the key of this path.
pub(super) fn variable(path: &str) -> String {
    format!("VIGIL_{}", path.replace('.', "_").to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_derived_from_the_paths() {
        assert_eq!(
            within("trail"),
            [
                "dir",
                "name",
                "subject_keys",
                "rotation",
                "integrity",
                "compression",
                "encryption",
                "retention",
                "anchors"
            ]
        );
        assert_eq!(within("trail.rotation"), ["daily", "max_size"]);
        assert!(within("trail.dir").is_empty() && within("tra").is_empty());
        assert_eq!(within("")[..3], ["enabled", "service", "trail"]);
    }

    #[test]
    fn no_two_keys_share_a_variable() {
        for entry in KEYS {
            let name = variable(entry.path);
            let same = KEYS.iter().filter(|other| variable(other.path) == name);
            assert_eq!(same.count(), 1, "{name}");
        }
    }
}
