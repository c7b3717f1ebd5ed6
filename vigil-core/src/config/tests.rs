use super::*;
use crate::trail::{Daily, TrailConfig};
use proptest::prelude::*;
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
journal: {capacity: 128 MiB, overflow_timeout: 2s}
stdout: yes
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
    assert_eq!(config.journal.overflow_timeout, Duration::from_secs(2));
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
fn an_unknown_key_names_the_nearest_and_all_valid_ones() {
    assert_eq!(
        message("enabled: true\n\nsamplng:\n  rate: 1\n"),
        "vigil.yaml:3: unknown key \"samplng\" in the top level; did you mean \"sampling\"? valid keys: enabled, \
         service, trail, categories, sampling, slow_threshold, sanitize, journal, stdout"
    );
    assert_eq!(
        message("trail:\n  rotation:\n    max_sise: 1 MiB\n"),
        "vigil.yaml:3: unknown key \"max_sise\" in trail.rotation; did you mean \"max_size\"? valid keys: daily, max_size"
    );
    assert_eq!(
        message("sanitize:\n  patterns:\n    - {name: a, regex: a, zzzzzzzzzz: 1}\n"),
        "vigil.yaml:3: unknown key \"zzzzzzzzzz\" in sanitize.patterns[0]; valid keys: name, regex, replacement"
    );
    assert!(message("trail.dir: x\n").contains("unknown key \"trail.dir\" in the top level"));
}

#[test]
fn a_value_of_the_wrong_kind_says_what_was_expected() {
    for (text, expected) in [
        (
            "trail:\n  rotation:\n    max_size: many\n",
            "vigil.yaml:3: trail.rotation.max_size: expected a size such as \"64 MiB\", found \"many\"",
        ),
        (
            "trail: {rotation: {max_size: 10}}",
            "vigil.yaml:1: trail.rotation.max_size: expected at least 1 MiB, or off, found \"10\"",
        ),
        (
            "enabled: [true]",
            "vigil.yaml:1: enabled: expected true or false, found a list",
        ),
        (
            "enabled:",
            "vigil.yaml:1: enabled: expected true or false, found nothing; remove the key to get its default",
        ),
        (
            "sampling: {rate: 7}",
            "vigil.yaml:1: sampling.rate: expected a number from 0 to 1 such as 0.25, found \"7\"",
        ),
        (
            "sampling: {categories: {API: lots}}",
            "vigil.yaml:1: sampling.categories.API: expected a number from 0 to 1 such as 0.25, found \"lots\"",
        ),
        (
            "slow_threshold: 5",
            "vigil.yaml:1: slow_threshold: expected a time such as \"250ms\" or \"1s\", found \"5\"",
        ),
        (
            "categories: {database: true}",
            "vigil.yaml:1: categories: expected the name of a category such as DATABASE, found \"database\"",
        ),
        (
            "categories: [A]",
            "vigil.yaml:1: categories: expected names of categories with a value each, found a list",
        ),
        (
            "trail: logs",
            "vigil.yaml:1: trail: expected the keys dir, name, rotation, found a text",
        ),
        (
            "trail: {name: ../x}",
            "vigil.yaml:1: trail.name: expected 1 to 64 characters of a-z, 0-9, _ and -, found \"../x\"",
        ),
        (
            "trail: {rotation: {daily: weekly}}",
            "vigil.yaml:1: trail.rotation.daily: expected utc, local or off, found \"weekly\"",
        ),
        (
            "sanitize: {profile: GDPR}",
            "vigil.yaml:1: sanitize.profile: expected default, gdpr, hipaa or pci, found \"GDPR\"",
        ),
        (
            "sanitize:\n  keys:\n    - a\n    - ''\n",
            "vigil.yaml:4: sanitize.keys[1]: expected a word, found \"\"",
        ),
        (
            "sanitize:\n  patterns:\n    - name: a\n      regex: '(('\n",
            "vigil.yaml:4: sanitize.patterns[0].regex: expected a regular expression (unclosed group), found \"((\"",
        ),
        (
            "sanitize:\n  patterns:\n    - name: a\n",
            "vigil.yaml:3: sanitize.patterns[0]: the key \"regex\" is missing",
        ),
        (
            "- enabled",
            "vigil.yaml:1: expected keys such as \"enabled: true\", found a list",
        ),
        (
            "service: {a: b}",
            "vigil.yaml:1: service: expected a name of 1 to 128 bytes, found a mapping",
        ),
        (
            "stdout: true\nenabled: true\nstdout: false",
            "vigil.yaml:3: duplicate key \"stdout\" in the top level; it stands on line 1 already",
        ),
        (
            "service: \"\\n\"",
            "vigil.yaml:1: service: expected a name of 1 to 128 bytes, found \"\\n\"",
        ),
    ] {
        assert_eq!(message(text), expected);
    }
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_file() {
    let error = read_with(
        "enabled: perhaps\nservice: ${SHOP_NAME}\nlog: x\n",
        &[("VIGIL_STDOUT", "maybe")],
    )
    .unwrap_err();
    assert!(error.is_config());
    let lines: Vec<String> = error.to_string().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 4, "{lines:#?}");
    assert_eq!(
        lines[0],
        "vigil.yaml:1: enabled: expected true or false, found \"perhaps\""
    );
    assert_eq!(
        lines[1],
        "vigil.yaml:2: service: environment variable SHOP_NAME is not set; set it or give a default with ${SHOP_NAME:-value}"
    );
    assert!(lines[2].starts_with("vigil.yaml:3: unknown key \"log\""));
    assert_eq!(
        lines[3],
        "VIGIL_STDOUT: expected true or false, found \"maybe\""
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
    assert!(Config::load_in(&environment).unwrap().enabled);
    std::fs::write(dir.path().join("vigil.yaml"), "enabled: no\n").unwrap();
    assert!(!Config::load_in(&environment).unwrap().enabled);

    environment
        .variables
        .insert("VIGIL_CONFIG".into(), "other.yaml".into());
    let missing = Config::load_in(&environment).unwrap_err().to_string();
    assert!(
        missing.starts_with("cannot read the configuration other.yaml: "),
        "{missing}"
    );
    std::fs::write(dir.path().join("other.yaml"), "service: other\nx: 1\n").unwrap();
    let error = Config::load_in(&environment).unwrap_err().to_string();
    assert!(
        error.starts_with("other.yaml:2: unknown key \"x\""),
        "{error}"
    );

    std::fs::write(dir.path().join("other.yaml"), b"a: 1\nb: \xff\n").unwrap();
    let error = Config::load_in(&environment).unwrap_err().to_string();
    assert_eq!(error, "other.yaml:2: not UTF-8");
    std::fs::remove_file(dir.path().join("other.yaml")).unwrap();
    std::fs::create_dir(dir.path().join("other.yaml")).unwrap();
    assert!(Config::load_in(&environment).unwrap_err().is_config());
}

#[test]
fn what_the_builder_set_is_checked_as_well() {
    let mut config = Config::default();
    config.service.clear();
    config.trail.name = "../x".to_owned();
    config.sampling.rate = f64::NAN;
    config.sanitize.pseudonym_key = Some(Secret::new("hunter2"));
    let error = config.validate().unwrap_err().to_string();
    assert_eq!(error.lines().count(), 4, "{error}");
    assert!(error.starts_with("service: expected a name of 1 to 128 bytes, found \"\"\n"));
    assert!(!error.contains("hunter2"));
}

/// The example ships with the documentation; every key stands in it, and says its default.
#[test]
fn the_example_file_has_every_key_with_its_default() {
    let text = include_str!("../../../vigil/docs/vigil.example.yaml");
    assert_eq!(read(text).unwrap(), Config::default());
    // A key without a default stands behind a "#" with no blank after it.
    let all: String = text
        .lines()
        .map(|line| match line.trim_start().strip_prefix('#') {
            Some(rest) if rest.starts_with(|c: char| c != ' ') => {
                let indent = &line[..line.len() - rest.len() - 1];
                format!("{indent}{rest}\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    let variables = [("SHOP_PSEUDONYM_KEY", "0123456789abcdef")];
    read_with(&all, &variables).unwrap();
    let mut found = Vec::new();
    collect("", &yaml::parse(&all).unwrap(), &mut found);
    let expected: Vec<&str> = keys::KEYS.iter().map(|entry| entry.path).collect();
    assert_eq!(found, expected);

    let page = include_str!("../../../vigil/docs/configuration.md");
    for entry in keys::KEYS {
        let path = entry.path;
        assert!(
            page.contains(&format!("`{path}`")),
            "configuration.md: {path}"
        );
        let variable = keys::variable(path);
        assert!(page.contains(&variable), "configuration.md: {variable}");
    }
}

fn collect(path: &str, node: &yaml::Node, found: &mut Vec<String>) {
    let yaml::Value::Map(members) = &node.value else {
        return found.push(path.to_owned());
    };
    if keys::find(path).is_some() {
        return found.push(path.to_owned());
    }
    for (key, node) in members {
        let path = if path.is_empty() {
            key.text.clone()
        } else {
            format!("{path}.{}", key.text)
        };
        collect(&path, node, found);
    }
}

/// Texts that are nearly a configuration, to get past the parser.
fn nearly() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "enabled",
        "trail",
        "rotation",
        "max_size",
        "sanitize",
        "patterns",
        "categories",
        "keys",
        "name",
        "regex",
        ":",
        ": ",
        "\n",
        "\n  ",
        "\n    ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "\"",
        "'",
        "|",
        ">",
        "&a",
        "*a",
        "!!x",
        "?",
        "#",
        "---",
        "...",
        "${",
        "}",
        "$$",
        "${A}",
        "${A:-b}",
        "off",
        "1 MiB",
        "0.5",
        "\t",
        "%",
        "\u{feff}",
        "é",
        "~",
        "<<",
        "\r\n",
        "\0",
        "\\",
        "@",
        "`",
    ]);
    prop::collection::vec(words, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_makes_the_parser_panic(text in prop_oneof![nearly(), any::<String>()]) {
        if let Err(error) = read(&text) {
            prop_assert!(error.to_string().lines().all(|line| line.starts_with("vigil.yaml:")), "{}", error);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_of_files_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(text) = String::from_utf8(bytes) {
            let _ = read(&text);
        }
    }

    #[test]
    fn no_variable_makes_it_panic(name in "VIGIL_[A-Z_]{0,30}", value in any::<String>()) {
        let _ = read_with("", &[(&name, &value.replace('\0', ""))]);
    }
}
