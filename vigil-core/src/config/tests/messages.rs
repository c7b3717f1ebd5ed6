//! What is said of a mistake in the file.

use super::*;

#[test]
fn an_unknown_key_names_the_nearest_and_all_valid_ones() {
    assert_eq!(
        message("enabled: true\n\nsamplng:\n  rate: 1\n"),
        "vigil.yaml:3: unknown key \"samplng\" in the top level; did you mean \"sampling\"? valid keys: enabled, \
         service, trail, categories, sampling, slow_threshold, sanitize, delivery, overflow, dedup, \
         journal, disk, stdout, sinks, reload, shutdown_timeout"
    );
    assert_eq!(
        message("trail:\n  rotation:\n    max_sise: 1 MiB\n"),
        "vigil.yaml:3: unknown key \"max_sise\" in trail.rotation; did you mean \"max_size\"? valid keys: daily, max_size"
    );
    assert_eq!(
        message("sanitize:\n  patterns:\n    - {name: a, regex: a, zzzzzzzzzz: 1}\n"),
        "vigil.yaml:3: unknown key \"zzzzzzzzzz\" in sanitize.patterns[0]; valid keys: name, regex, keywords, validator, method, replacement"
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
            "vigil.yaml:1: trail: expected the keys dir, name, subject_keys, rotation, integrity, compression, encryption, retention, anchors, found a text",
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
            "vigil.yaml:1: sanitize.profile: expected default, gdpr, hipaa, pci or allow-list, found \"GDPR\"",
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
            "sanitize:\n  patterns:\n    - name: a\n      regex: 'x*'\n",
            "vigil.yaml:4: sanitize.patterns[0].regex: expected a regular expression (it matches the empty string; make it need a character), found \"x*\"",
        ),
        (
            "sanitize:\n  patterns:\n    - name: a\n      regex: x\n      validator: lun\n",
            "vigil.yaml:5: sanitize.patterns[0].validator: expected luhn, mod97, entropy with bits such as \"entropy 3.5\", or length with characters such as \"length 8-12\", found \"lun\"",
        ),
        (
            "sanitize:\n  patterns:\n    - name: a\n      regex: x\n      method: keep\n",
            "vigil.yaml:5: sanitize.patterns[0].method: expected redact, mask, \"mask 2 4\", hash, \"truncate 8\", drop, tokenize, year, month, birth_year, age, zip3, network or \"bucket 100\", found \"keep\"",
        ),
        (
            "sanitize:\n  sparse_zip3: [036, x]\n",
            "vigil.yaml:2: sanitize.sparse_zip3[1]: expected the first three digits of a ZIP code such as 036, found \"x\"",
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
fn a_file_that_is_something_else_has_an_answer_in_time() {
    let start = std::time::Instant::now();
    let keys: String = (0..18_000).map(|i| format!("key-{i}: 1\n")).collect();
    let error = message(&keys);
    assert_eq!(error.lines().count(), 31);
    assert!(error.ends_with("vigil.yaml: and 17970 more"), "{error}");
    for piece in [
        "a: ", "- ", "? ", "{a: ", "[", "- - {", "&a ", "\"", "#", "\n", "a\n", "|\n ", "x: y\n",
    ] {
        let _ = read(&piece.repeat(200 * 1024 / piece.len()));
    }
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}

#[cfg(feature = "encryption")]
#[test]
fn the_secret_half_of_a_key_is_not_repeated() {
    let key = format!("AGE-SECRET-KEY-1{}", "Q".repeat(58));
    let said = message(&format!("trail: {{encryption: {{recipients: [{key}]}}}}"));
    assert!(
        said.contains("found the secret half of a key") && !said.contains("QQ"),
        "{said}"
    );
}
