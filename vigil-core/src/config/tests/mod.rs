//! The configuration as a whole: what is read, what is refused and with which words.

mod arbitrary;
mod example;
mod messages;

use super::settings::Secret;
use super::*;
use crate::event::{Delivery, Overflow};
use crate::sink::{SinkOptions, Start};
use crate::trail::{Daily, TrailConfig};
use std::time::Duration;

fn environment(variables: &[(&str, &str)]) -> Environment {
    Environment {
        variables: variables
            .iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect(),
        ..Environment::default()
    }
}

fn read(text: &str) -> Result<Config, Error> {
    read_with(text, &[])
}

fn read_with(text: &str, variables: &[(&str, &str)]) -> Result<Config, Error> {
    Config::from_yaml(text, "vigil.yaml", &environment(variables))
}

fn message(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

fn message_of(variables: &[(&str, &str)]) -> String {
    read_with("", variables).unwrap_err().to_string()
}

#[test]
fn every_key_is_read() {
    let config = read_with(
        r#"
enabled: false
service: ${SHOP:-corner}-shop
trail:
  dir: /var/log/${SHOP_DIR}
  name: orders
  rotation: {daily: local, max_size: 1.5 GiB}
categories: {DATABASE: off, PHI_ACCESS: true}
sampling:
  rate: 0.5
  categories: {API: 0.01}
  operations: {find_users: 0.02}
slow_threshold: 250ms
sanitize:
  profile: pci
  keys: [badge, "locker code"]
  exempt_keys: author
  patterns:
    - name: badge
      regex: 'B-[0-9]{6}$'
      replacement: B-******
    - {name: other, regex: "x+"}
  pseudonym_key: ${KEY}
delivery: {default: durable, categories: {API: journaled}}
overflow: {default: drop, categories: {API: deny}}
dedup: {window: 10s, categories: {API: off}}
journal: {capacity: 128 MiB, overflow_timeout: 2s, durable_timeout: 3s, sync_interval: 4s}
disk: {warn_below: 2 GiB, fail_below: off}
stdout: yes
reload: {watch: no, sighup: yes}
sinks:
  stdout:
  search: {start: end, cursor: no, batch_events: 50, batch_size: 64 KiB, first_retry: 1s, longest_retry: 1m, deadline: 5s}
shutdown_timeout: 9s
"#,
        &[("SHOP_DIR", "audit"), ("KEY", "0123456789abcdef: [")],
    )
    .unwrap();
    assert!(!config.enabled && config.stdout);
    assert_eq!(config.service, "corner-shop");
    assert_eq!(config.trail.dir, Path::new("/var/log/audit"));
    assert_eq!(config.trail.name, "orders");
    assert_eq!(config.trail.rotation.daily, Daily::Local);
    assert_eq!(config.trail.rotation.max_size, Some(3 << 29));
    assert_eq!(
        (
            config.categories["DATABASE"],
            config.categories["PHI_ACCESS"]
        ),
        (false, true)
    );
    assert_eq!(
        (config.sampling.rate, config.sampling.categories["API"]),
        (0.5, 0.01)
    );
    assert_eq!(config.sampling.operations["find_users"], 0.02);
    assert_eq!(config.slow_threshold, Some(Duration::from_millis(250)));
    let sanitize = &config.sanitize;
    assert_eq!(sanitize.profile, "pci");
    assert_eq!(sanitize.keys, ["badge", "locker code"]);
    assert_eq!(sanitize.exempt_keys, ["author"]);
    assert_eq!(sanitize.patterns[0].regex, "B-[0-9]{6}$");
    assert_eq!(
        sanitize.patterns[0].replacement.as_deref(),
        Some("B-******")
    );
    assert_eq!(sanitize.patterns[1].replacement, None);
    assert_eq!(
        sanitize.pseudonym_key.as_ref().unwrap().expose(),
        "0123456789abcdef: ["
    );
    assert_eq!(config.journal.capacity, 128 << 20);
    let section = &config.journal;
    let times = [
        section.overflow_timeout,
        section.durable_timeout,
        section.sync_interval,
    ];
    assert_eq!(times, [2, 3, 4].map(Duration::from_secs));
    assert_eq!(config.delivery.default, Delivery::Durable);
    assert_eq!(config.delivery.categories["API"], Delivery::Journaled);
    assert_eq!(config.overflow.default, Overflow::Drop);
    assert_eq!(config.overflow.categories["API"], Overflow::Deny);
    assert_eq!(config.dedup.of("AUTH"), Some(Duration::from_secs(10)));
    assert_eq!(config.dedup.of("API"), None);
    assert_eq!(
        (config.disk.warn_below, config.disk.fail_below),
        (Some(2 << 30), None)
    );
    assert!(!config.reload.watch && config.reload.sighup);
    assert_eq!(config.sinks["stdout"], SinkOptions::new());
    let expected = SinkOptions::new()
        .start(Start::End)
        .cursor(false)
        .batch(50, 64 << 10)
        .retry(Duration::from_secs(1), Duration::from_secs(60))
        .deadline(Duration::from_secs(5));
    assert_eq!(config.sinks["search"], expected);
    assert_eq!(config.shutdown_timeout, Duration::from_secs(9));
    config.validate().unwrap();
}

#[test]
fn nothing_said_is_the_default() {
    for text in [
        "",
        "# nothing\n",
        "trail:\nsanitize:\n  keys:\ncategories:\n",
        "{}",
    ] {
        assert_eq!(read(text).unwrap(), Config::default(), "{text:?}");
    }
    let config = Config::default();
    config.validate().unwrap();
    assert_eq!(config.trail, TrailConfig::default());
    assert!(
        config.service.starts_with("vigil_core"),
        "{}",
        config.service
    );
}

#[test]
fn a_variable_overrides_its_key() {
    let config = read_with(
        "trail: {dir: a, name: b}\ncategories: {API: true}\nsanitize: {keys: [x]}\n",
        &[
            ("VIGIL_TRAIL_DIR", "from-env"),
            ("VIGIL_ENABLED", "false"),
            ("VIGIL_TRAIL_ROTATION_MAX_SIZE", "off"),
            ("VIGIL_CATEGORIES_API", "no"),
            ("VIGIL_SAMPLING_CATEGORIES_PHI_ACCESS", "0.5"),
            ("VIGIL_SAMPLING_RATE", "0.25"),
            ("VIGIL_SANITIZE_KEYS", "badge, locker"),
            ("VIGIL_SLOW_THRESHOLD", "off"),
            ("VIGIL_RUST_VERSION", "1.95.0"),
            ("VIGILANTE", "not ours"),
        ],
    )
    .unwrap();
    assert_eq!(config.trail.dir, Path::new("from-env"));
    assert_eq!(config.trail.name, "b");
    assert!(!config.enabled && !config.categories["API"]);
    assert_eq!(config.trail.rotation.max_size, None);
    assert_eq!(
        (
            config.sampling.rate,
            config.sampling.categories["PHI_ACCESS"]
        ),
        (0.25, 0.5)
    );
    assert_eq!(config.sanitize.keys, ["badge", "locker"]);
    assert_eq!(config.slow_threshold, None);
}

#[test]
fn a_variable_that_means_nothing_is_an_error() {
    let unknown = message_of(&[("VIGIL_TRIAL_DIR", "x")]);
    assert!(
        unknown.starts_with("unknown environment variable VIGIL_TRIAL_DIR; did you mean VIGIL_TRAIL_DIR? valid variables: VIGIL_ENABLED, "),
        "{unknown}"
    );
    assert!(unknown.contains("VIGIL_CATEGORIES_<CATEGORY>") && unknown.ends_with("VIGIL_CONFIG"));
    assert_eq!(
        message_of(&[("VIGIL_CATEGORIES", "x")]),
        "VIGIL_CATEGORIES: add the name of a category, as in VIGIL_CATEGORIES_DATABASE"
    );
    assert_eq!(
        message_of(&[("VIGIL_CATEGORIES_api", "true")]),
        "VIGIL_CATEGORIES_api: expected the name of a category such as DATABASE behind VIGIL_CATEGORIES_"
    );
    assert_eq!(
        message_of(&[("VIGIL_SANITIZE_PATTERNS", "x")]),
        "VIGIL_SANITIZE_PATTERNS: patterns can only be given in the file"
    );
}

#[test]
fn a_variable_of_any_name_makes_one_line_of_a_message() {
    for name in [
        "VIGIL_A\nall is well\u{1b}[2J",
        "VIGIL_CATEGORIES_\u{1b}[2J\n",
    ] {
        let message = message_of(&[(name, "x")]);
        assert!(!message.contains(char::is_control), "{message:?}");
        assert!(message.contains("\\u{1b}[2J"), "{message}");
    }
}

#[test]
fn a_wrong_option_of_a_sink_is_named() {
    let text = "sinks:\n  search: {dedline: 5s, start: middle, batch_events: 0, batch_size: 1 B}\n  Bad: {}\n  stdout: on\n";
    let text = message(text);
    for problem in [
        "vigil.yaml:2: unknown key \"dedline\" in sinks.search; did you mean \"deadline\"?",
        "vigil.yaml:2: sinks.search.start: expected beginning or end, found \"middle\"",
        "vigil.yaml:2: sinks.search.batch_events: expected 1 to 1000000 events, found \"0\"",
        "vigil.yaml:2: sinks.search.batch_size: expected 1 KiB to 64 MiB, found \"1 B\"",
        "vigil.yaml:3: sinks: expected the name of a sink (1 to 64 characters of a-z, 0-9, _ and -), found \"Bad\"",
        "vigil.yaml:4: sinks.stdout: expected the keys start, cursor, batch_events",
    ] {
        assert!(text.contains(problem), "{problem}\n{text}");
    }
    assert_eq!(
        message_of(&[("VIGIL_SINKS", "x")]),
        "VIGIL_SINKS: sinks can only be given in the file"
    );
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_named() {
    use std::os::unix::ffi::OsStringExt;
    let mut environment = environment(&[]);
    let broken = std::ffi::OsString::from_vec(vec![0xff]);
    environment
        .variables
        .insert("VIGIL_SERVICE".into(), broken.clone());
    environment.variables.insert("SHOP".into(), broken);
    let error = Config::from_yaml("service: ${SHOP}", "vigil.yaml", &environment).unwrap_err();
    assert_eq!(
        error.to_string(),
        "vigil.yaml:1: service: environment variable SHOP is not UTF-8\n\
         environment variable VIGIL_SERVICE is not UTF-8"
    );
}

#[test]
fn what_a_variable_holds_cannot_become_a_key() {
    let config = read_with("service: ${EVIL}", &[("EVIL", "x, enabled: false")]).unwrap();
    assert!(config.enabled);
    assert_eq!(config.service, "x, enabled: false");
}

#[test]
fn no_message_and_no_debug_shows_a_secret() {
    let secret = "hunter2hunter2hunter2";
    let variables = [("PASSWORD", secret)];
    let config = read_with("sanitize: {pseudonym_key: '${PASSWORD}'}", &variables).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
    let short = message("sanitize: {pseudonym_key: hunter2}");
    assert_eq!(
        short,
        "vigil.yaml:1: sanitize.pseudonym_key: expected at least 16 bytes that nobody can guess"
    );
    assert!(!message_of(&[("VIGIL_SANITIZE_PSEUDONYM_KEY", "hunter2")]).contains("hunter2"));
    // In the wrong place it is a value like any other, but one that came from a variable.
    let error = read_with("enabled: ${PASSWORD}", &variables)
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "vigil.yaml:1: enabled: expected true or false, found what \"${PASSWORD}\" stands for"
    );
    let error = read_with(
        "sanitize: {patterns: [{name: a, regex: '((${PASSWORD}'}]}",
        &variables,
    )
    .unwrap_err()
    .to_string();
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn the_file_is_found_where_it_should_be() {
    let dir = tempfile::tempdir().unwrap();
    let mut environment = Environment {
        directory: dir.path().to_owned(),
        ..Environment::default()
    };
    assert!(Source::Surroundings.read(&environment).unwrap().enabled);
    std::fs::write(dir.path().join("vigil.yaml"), "enabled: no\n").unwrap();
    assert!(!Source::Surroundings.read(&environment).unwrap().enabled);

    environment
        .variables
        .insert("VIGIL_CONFIG".into(), "other.yaml".into());
    let missing = Source::Surroundings
        .read(&environment)
        .unwrap_err()
        .to_string();
    assert!(
        missing.starts_with("cannot read the configuration other.yaml: "),
        "{missing}"
    );
    std::fs::write(dir.path().join("other.yaml"), "service: other\nx: 1\n").unwrap();
    let error = Source::Surroundings
        .read(&environment)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("other.yaml:2: unknown key \"x\""),
        "{error}"
    );

    std::fs::write(dir.path().join("other.yaml"), b"a: 1\nb: \xff\n").unwrap();
    let error = Source::Surroundings
        .read(&environment)
        .unwrap_err()
        .to_string();
    assert_eq!(error, "other.yaml:2: not UTF-8");
    std::fs::remove_file(dir.path().join("other.yaml")).unwrap();
    std::fs::create_dir(dir.path().join("other.yaml")).unwrap();
    assert!(
        Source::Surroundings
            .read(&environment)
            .unwrap_err()
            .is_config()
    );
}

#[test]
fn what_the_builder_set_is_checked_as_well() {
    let mut config = Config::default();
    config.service.clear();
    config.trail.name = "../x".to_owned();
    config.sampling.rate = f64::NAN;
    config.dedup.every = Some(Duration::from_secs(7200));
    config.disk.warn_below = Some(1);
    config.sanitize.pseudonym_key = Some(Secret::new("hunter2"));
    let error = config.validate().unwrap_err().to_string();
    assert_eq!(error.lines().count(), 6, "{error}");
    assert!(error.contains("\ndedup.window: expected 10ms to 1h, or off, found \"7200s\""));
    assert!(error.starts_with("service: expected a name of 1 to 128 bytes, found \"\"\n"));
    assert!(!error.contains("hunter2"));
}
