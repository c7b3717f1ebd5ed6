//! The tables of `vigil/docs/sanitizing.md`, run: what the page shows is what happens.

use std::collections::HashSet;

use vigil::sanitize::{Profile, SanitizeConfig, Sanitizer};

const PAGE: &str = include_str!("../../../vigil/docs/sanitizing.md");

/// The rows of the first table after this mark, without head and rule; cells without backticks and [`MARK`](super::case).
fn table(mark: &str) -> Vec<Vec<String>> {
    let (_, after) = PAGE
        .split_once(&format!("<!-- checked: {mark} -->"))
        .unwrap_or_else(|| panic!("no table is marked `{mark}`"));
    let rows: Vec<Vec<String>> = after
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| {
            line.trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().trim_matches('`').replace('‖', ""))
                .collect()
        })
        .collect();
    assert!(rows.len() > 2, "{mark}");
    rows
}

fn sanitizer(profile: Profile) -> Sanitizer {
    let config = SanitizeConfig {
        profile,
        ..SanitizeConfig::default()
    };
    Sanitizer::new(&config).unwrap()
}

#[test]
fn each_kind_comes_out_as_the_page_shows_it() {
    let sanitizer = sanitizer(Profile::Default);
    for row in table("text, profile default") {
        assert_eq!(sanitizer.text(&row[1]).text(), row[2], "{}", row[0]);
    }
    for row in table("harmless") {
        assert_eq!(sanitizer.text(&row[1]).text(), row[1], "{}", row[0]);
    }
}

#[test]
fn the_page_counts_the_kinds_of_tokens_right() {
    let kinds: HashSet<_> = vigil::sanitize::token_patterns()
        .map(|(rule, _)| rule)
        .collect();
    let said = format!(
        "Tokens of {} kinds are known by their prefixes",
        kinds.len()
    );
    assert!(PAGE.contains(&said), "the page does not say: {said}");
}

#[test]
fn each_profile_does_with_a_field_what_the_page_says() {
    let profiles = Profile::NAMES.map(|name| sanitizer(name.parse().unwrap()));
    for row in table("fields") {
        let (field, value) = (&row[0], &row[1]);
        assert_eq!(row.len(), 2 + profiles.len());
        for (sanitizer, wanted) in profiles.iter().zip(&row[2..]) {
            let sanitized = sanitizer.field(field, value);
            let out = sanitized.text();
            match wanted.as_str() {
                "hidden" => assert_eq!(out, "***REDACTED***", "{field}"),
                "kept" => assert_eq!(out, *value, "{field}"),
                "pseudonym" => assert!(out.starts_with("hmac:"), "{field}: {out}"),
                form => assert_eq!(out, form, "{field}"),
            }
        }
    }
}

#[test]
fn the_rules_of_the_page_do_what_it_says() {
    let (_, after) = PAGE.split_once("<!-- checked: rules -->").unwrap();
    let yaml = after
        .split("```yaml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("rules.yaml");
    std::fs::write(&file, yaml).unwrap();
    let sanitizer = Sanitizer::new(&SanitizeConfig::from_file(&file).unwrap()).unwrap();
    for row in table("rules") {
        assert_eq!(sanitizer.text(&row[0]).text(), row[1]);
    }
}
