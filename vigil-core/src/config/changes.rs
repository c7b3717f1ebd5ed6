//! What another configuration changes: which keys, and whether a running engine can follow.

use super::settings::Config;

/// A key and what a change of it asks for.
struct Change {
    path: &'static str,
    when: When,
    is_same: fn(&Config, &Config) -> bool,
    /// Puts what the first one says into the second one.
    keep: fn(&Config, &mut Config),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// It is followed at once.
    Now,
    /// It is followed when the engine is started again.
    AtStart,
}

/// The keys in which two configurations differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) now: Vec<&'static str>,
    pub(crate) at_start: Vec<&'static str>,
}

macro_rules! change {
    ($when:ident, $path:literal, $($field:ident).+) => {
        Change {
            path: $path,
            when: When::$when,
            is_same: |a, b| a.$($field).+ == b.$($field).+,
            keep: |from, to| to.$($field).+.clone_from(&from.$($field).+),
        }
    };
}

/// In the order of the table of keys.
const CHANGES: &[Change] = &[
    change!(Now, "enabled", enabled),
    change!(AtStart, "service", service),
    change!(AtStart, "trail.dir", trail.dir),
    change!(AtStart, "trail.name", trail.name),
    change!(AtStart, "trail.subject_keys", subject_keys),
    change!(AtStart, "trail.rotation.daily", trail.rotation.daily),
    change!(AtStart, "trail.rotation.max_size", trail.rotation.max_size),
    change!(AtStart, "trail.integrity.enabled", trail.integrity.enabled),
    change!(AtStart, "trail.integrity.origin", trail.integrity.origin),
    change!(
        AtStart,
        "trail.integrity.checkpoint_interval",
        trail.integrity.checkpoint_interval
    ),
    change!(
        AtStart,
        "trail.integrity.checkpoint_every",
        trail.integrity.checkpoint_every
    ),
    change!(
        AtStart,
        "trail.integrity.heartbeat",
        trail.integrity.heartbeat
    ),
    change!(
        AtStart,
        "trail.integrity.on_damage",
        trail.integrity.on_damage
    ),
    change!(Now, "trail.compression", packing.compression),
    change!(Now, "trail.encryption.recipients", packing.recipients),
    change!(Now, "trail.retention.profile", retention.profile),
    change!(Now, "trail.retention.age", retention.age),
    change!(Now, "trail.retention.max_size", retention.max_size),
    change!(Now, "trail.retention.categories", retention.categories),
    change!(Now, "trail.retention.interval", retention.interval),
    change!(AtStart, "trail.anchors", anchors),
    change!(Now, "categories", categories),
    change!(Now, "sampling.rate", sampling.rate),
    change!(Now, "sampling.categories", sampling.categories),
    change!(Now, "sampling.operations", sampling.operations),
    change!(Now, "slow_threshold", slow_threshold),
    change!(Now, "sanitize.profile", sanitize.profile),
    change!(Now, "sanitize.keys", sanitize.keys),
    change!(Now, "sanitize.exempt_keys", sanitize.exempt_keys),
    change!(Now, "sanitize.detectors", sanitize.detectors),
    change!(Now, "sanitize.allow", sanitize.allow),
    change!(Now, "sanitize.sparse_zip3", sanitize.sparse_zip3),
    change!(Now, "sanitize.patterns", sanitize.patterns),
    change!(Now, "sanitize.pseudonym_key", sanitize.pseudonym_key),
    change!(Now, "delivery.default", delivery.default),
    change!(Now, "delivery.categories", delivery.categories),
    change!(Now, "overflow.default", overflow.default),
    change!(Now, "overflow.categories", overflow.categories),
    change!(Now, "dedup.window", dedup.every),
    change!(Now, "dedup.categories", dedup.categories),
    change!(AtStart, "journal.capacity", journal.capacity),
    change!(Now, "journal.overflow_timeout", journal.overflow_timeout),
    change!(Now, "journal.durable_timeout", journal.durable_timeout),
    change!(Now, "journal.sync_interval", journal.sync_interval),
    change!(Now, "disk.warn_below", disk.warn_below),
    change!(Now, "disk.fail_below", disk.fail_below),
    change!(AtStart, "stdout", stdout),
    change!(AtStart, "sinks", sinks),
    change!(Now, "reload.watch", reload.watch),
    change!(AtStart, "reload.sighup", reload.sighup),
    change!(Now, "shutdown_timeout", shutdown_timeout),
];

impl Config {
    /// In which keys `next` differs from this one, which is in force. What cannot be followed before the next start is
    /// put back in `next`, so that it says what is in force when it has been followed.
    pub(crate) fn changes(&self, next: &mut Self) -> Changes {
        let mut changes = Changes::default();
        for change in CHANGES {
            if (change.is_same)(self, next) {
                continue;
            }
            match change.when {
                When::Now => changes.now.push(change.path),
                When::AtStart => {
                    changes.at_start.push(change.path);
                    (change.keep)(self, next);
                }
            }
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::super::Environment;
    use super::super::keys::KEYS;
    use super::*;

    #[test]
    fn each_key_is_compared() {
        let paths: Vec<_> = CHANGES.iter().map(|change| change.path).collect();
        let keys: Vec<_> = KEYS.iter().map(|entry| entry.path).collect();
        assert_eq!(paths, keys);
    }

    /// A file in which each key says something else than its default.
    const OTHER: &str = r#"
enabled: false
service: other
trail: {dir: other, name: other, subject_keys: other, rotation: {daily: off, max_size: off}, integrity: {enabled: false, origin: o, checkpoint_interval: 1s, checkpoint_every: 100, heartbeat: off, on_damage: refuse}, compression: gzip, {ENC}retention: {profile: pci, age: 2y, max_size: 1 GiB, categories: {API: hipaa}, interval: off}, anchors: {a: {to: "copy:/mnt"}}}
categories: {API: false}
sampling: {rate: 0.5, categories: {API: 0.5}, operations: {a: 0.5}}
slow_threshold: off
sanitize: {profile: pci, keys: [a], exempt_keys: [b], detectors: [vin], allow: [c], sparse_zip3: ["036"], patterns: [{name: a, regex: a}], pseudonym_key: 0123456789abcdef}
delivery: {default: durable, categories: {API: durable}}
overflow: {default: drop, categories: {API: drop}}
dedup: {window: 1s, categories: {API: 2s}}
journal: {capacity: 1 MiB, overflow_timeout: 9s, durable_timeout: 9s, sync_interval: 9s}
disk: {warn_below: off, fail_below: off}
stdout: true
sinks: {stdout: {cursor: true}}
reload: {watch: false, sighup: true}
shutdown_timeout: 9s
"#;

    #[test]
    fn a_change_of_each_key_is_seen_and_what_needs_a_start_is_put_back() {
        let config = Config::default();
        let mut other = Config::from_yaml(
            &OTHER.replace("{ENC}", ""),
            "vigil.yaml",
            &Environment::default(),
        )
        .unwrap();
        // What a file may say of it depends on what is built in.
        other.packing.recipients = vec!["age1".to_owned()];
        let mut next = other.clone();
        let changes = config.changes(&mut next);
        assert_eq!(changes.now.len() + changes.at_start.len(), KEYS.len());
        for at_start in [
            "service",
            "trail.dir",
            "trail.name",
            "journal.capacity",
            "stdout",
        ] {
            assert!(changes.at_start.contains(&at_start), "{at_start}");
        }
        assert_eq!(next.trail, config.trail);
        assert_eq!(next.sampling, other.sampling);
        // What is in force is what was followed: the rest differs again.
        let mut again = other.clone();
        let rest = next.changes(&mut again);
        assert!(rest.now.is_empty() && rest.at_start == changes.at_start);
        assert_eq!(next.changes(&mut next.clone()), Changes::default());
    }

    #[test]
    fn the_page_says_of_each_key_when_it_is_followed() {
        let page = include_str!("../../../vigil/docs/configuration.md");
        let line = page
            .lines()
            .find(|line| line.starts_with("These keys need a restart: "))
            .expect("the line about restarts");
        for change in CHANGES {
            let named = line.contains(&format!("`{}`", change.path));
            assert_eq!(named, change.when == When::AtStart, "{}", change.path);
        }
    }
}
