//! What a writer promises whatever is written: one line of valid JSON, within the limits, without the secrets.

use std::fmt::{self, Display};

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::sanitize::{Limits, Mask, Pii, PseudonymKey, SanitizeConfig, Scope};

fn written_by(rules: &Rules, treatment: Treatment, value: &dyn Sanitize) -> (String, Counts) {
    let (mut json, mut counts) = (Vec::new(), Counts::default());
    Writer::new(&mut json, rules, &mut counts).value(treatment, value);
    (String::from_utf8(json).unwrap(), counts)
}

fn written(value: &dyn Sanitize) -> String {
    written_by(&Rules::built_in(), Treatment::Default, value).0
}

fn treated(treatment: Treatment, value: &dyn Sanitize) -> String {
    written_by(&Rules::built_in(), treatment, value).0
}

/// The text that a string value has become.
fn text(value: &str) -> String {
    serde_json::from_str(&written(&value)).unwrap()
}

/// A text or number is written by a way of its own; it must be the way of all others in all that can be seen.
#[test]
fn a_leaf_is_written_as_any_value_is() {
    static KEYS: [Key; 6] = [
        Key::new("note"),
        Key::new("password"),
        Key::new("email"),
        Key::new("ip"),
        Key::new("user_id"),
        Key::new("name"),
    ];
    let values: [&dyn Sanitize; 10] = [
        &"",
        &"jane@example.com",
        &"${PASSWORD}",
        &"***REDACTED***",
        &"plain\n",
        &"10.1.2.3",
        &String::from("hunter2"),
        &0_u64,
        &Box::new(4_539_148_803_436_467_u64),
        &-1_i32,
    ];
    for profile in Profile::NAMES {
        let config = SanitizeConfig {
            profile: profile.parse().unwrap(),
            ..SanitizeConfig::default()
        };
        let rules = Rules::new(&config).unwrap();
        for key in &KEYS {
            for value in values {
                let written = [true, false].map(|by_leaf| {
                    let (mut json, mut counts) = (b"#".to_vec(), Counts::default());
                    let mut out = Writer::members(&mut json, 1, &rules, &mut counts);
                    for _ in 0..2 {
                        let leaf = value.leaf().filter(|_| by_leaf);
                        if !leaf.is_some_and(|leaf| out.leaf_member(key, leaf)) {
                            out.member(key, Treatment::Default, value);
                        }
                    }
                    (String::from_utf8(json).unwrap(), counts)
                });
                assert_eq!(written[0], written[1], "{profile}");
            }
        }
    }
}

#[test]
fn members_are_appended_with_commas_and_counted() {
    static EMAIL: Key = Key::new("email");
    static PASSWORD: Key = Key::new("password");
    let rules = Rules::built_in();
    let (mut json, mut counts) = (Vec::new(), Counts::default());
    let mut out = Writer::new(&mut json, &rules, &mut counts);
    out.member(&EMAIL, Treatment::Default, &"jane@example.com");
    out.member(&PASSWORD, Treatment::Default, &"hunter2");
    out.entry("x-api-key", &"k");
    out.entry("a\"b", &1);
    assert_eq!(
        String::from_utf8(json).unwrap(),
        r#""email":"j***@***.***","password":"***REDACTED***","x-api-key":"***REDACTED***","a\"b":1"#
    );
    let mut members = Vec::new();
    counts.write_members(&mut members);
    assert_eq!(members, br#""key":2,"email":1"#);
}

#[test]
fn each_treatment_does_what_it_says() {
    let card = "4539148803436467";
    assert_eq!(treated(Treatment::Redact, &card), r#""***REDACTED***""#);
    assert_eq!(
        treated(Treatment::Redact, &None::<u8>),
        r#""***REDACTED***""#
    );
    assert_eq!(treated(Treatment::RedactAs("gone"), &card), r#""gone""#);
    assert_eq!(treated(Treatment::Keep, &card), r#""4539148803436467""#);
    assert_eq!(
        treated(Treatment::Truncate(3), &"äöüß"),
        "\"äöü…$truncated(+2 bytes)\""
    );
    assert_eq!(treated(Treatment::Truncate(3), &12345), "12345");
    let mask = Treatment::Mask(Mask::default());
    assert_eq!(treated(mask, &card), r#""************6467""#);
    assert_eq!(treated(mask, &"12345678901"), r#""***********""#);
    assert_eq!(treated(mask, &123_456_789_012_u64), r#""********9012""#);
    assert_eq!(treated(mask, &vec![Some("abc"), None]), r#"["***",null]"#);
    let mask = Treatment::Mask(Mask::new(1, 1, '•'));
    assert_eq!(treated(mask, &"äbcdeß"), r#""ä••••ß""#);
    assert_eq!(
        treated(Treatment::Pii(Pii::Email), &"jane@example.com"),
        r#""j***@***.***""#
    );
    assert_eq!(
        treated(Treatment::Pii(Pii::Email), &"nonsense"),
        r#""***REDACTED***""#
    );
    assert_eq!(
        treated(Treatment::Pii(Pii::Card), &4_539_148_803_436_467_u64),
        r#""****-****-****-6467""#
    );
}

#[test]
fn a_pseudonym_is_the_same_for_the_same_value() {
    let rules = Rules::new(&SanitizeConfig {
        pseudonym_key: Some(PseudonymKey::new("Jefe")),
        ..SanitizeConfig::default()
    })
    .unwrap();
    let hash = |value: &dyn Sanitize| written_by(&rules, Treatment::Hash, value).0;
    let key = PseudonymKey::new("Jefe");
    let wanted = key.pseudonym(Scope::new("value"), "what do ya want for nothing?");
    assert_eq!(hash(&"what do ya want for nothing?"), format!("{wanted:?}"));
    assert_eq!(hash(&7), hash(&"7"));
    assert_ne!(hash(&"x".repeat(1 << 17)), hash(&"x".repeat((1 << 17) + 1)));
}

#[test]
fn profiles_differ_by_class() {
    let value =
        json!({"email": "jane@example.com", "first_name": "Jane", "phone": "1", "password": "x"});
    let under = |profile| {
        let config = SanitizeConfig {
            profile,
            ..SanitizeConfig::default()
        };
        let (json, _) = written_by(&Rules::new(&config).unwrap(), Treatment::Default, &value);
        serde_json::from_str::<Value>(&json).unwrap()
    };
    assert_eq!(
        under(Profile::Default),
        json!({"email": "j***@***.***", "first_name": "Jane", "phone": REDACTED, "password": REDACTED})
    );
    assert_eq!(
        under(Profile::Hipaa),
        json!({"email": REDACTED, "first_name": REDACTED, "phone": REDACTED, "password": REDACTED})
    );
    let gdpr = under(Profile::Gdpr);
    assert_eq!(gdpr["password"], REDACTED);
    for key in ["email", "first_name", "phone"] {
        assert!(
            gdpr[key].as_str().unwrap().starts_with("hmac:process-"),
            "{key}"
        );
    }
    assert_eq!(under(Profile::Pci)["first_name"], REDACTED);
}

#[test]
fn the_key_rule_holds_inside_a_treatment_but_not_inside_keep() {
    let value = json!({"password": "abcdefghijklmno", "note": "abcdefghijklmno"});
    assert_eq!(
        treated(Treatment::Mask(Mask::default()), &value),
        r#"{"note":"***********lmno","password":"***REDACTED***"}"#
    );
    assert_eq!(treated(Treatment::Keep, &value), value.to_string());
}

#[test]
fn long_strings_are_cut_and_no_half_of_a_secret_stays() {
    let long = "x".repeat(10_000_000);
    assert_eq!(
        text(&long),
        format!("{}…$truncated(+9995904 bytes)", "x".repeat(4096))
    );
    // The card lies across the cut.
    let across = format!(
        "{} 4539148803436467 {}",
        "x".repeat(4090),
        "y".repeat(5_000)
    );
    let kept = text(&across);
    assert!(!kept.contains("4539"), "{}", &kept[4080..]);
    assert!(kept.contains("****-****-****-6467…$truncated(+"));
    // Characters stay whole.
    assert!(text(&"€".repeat(5_000)).starts_with(&"€".repeat(1365)));
    // What was cut is not cut again.
    assert_eq!(text(&kept), kept);
}

#[test]
fn control_characters_cannot_make_a_value_longer_than_its_limit() {
    let strings = vec!["\u{1}".repeat(4096); 100];
    let json = written(&strings);
    assert!(json.len() < 17 * 1024, "{}", json.len());
    assert!(serde_json::from_str::<Value>(&json).is_ok());
}

struct Endless;

impl Display for Endless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        loop {
            f.write_str("password=hunter2 ")?;
        }
    }
}

struct Failing(bool);

impl Display for Failing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a@example.com ")?;
        if self.0 {
            std::panic::resume_unwind(Box::new(()));
        }
        Err(fmt::Error)
    }
}

struct Panics;

impl Sanitize for Panics {
    fn sanitize(&self, out: &mut Writer<'_>) {
        let mut object = out.object();
        object.entry("a", &1);
        std::panic::resume_unwind(Box::new(()));
    }
}

struct Careless;

impl Sanitize for Careless {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.array().element(&1);
        out.object().entry("a", &1);
        out.str("two");
    }
}

struct Silent;

impl Sanitize for Silent {
    fn sanitize(&self, _: &mut Writer<'_>) {}
}

#[test]
fn code_of_the_users_that_misbehaves_does_no_harm() {
    let endless = written(&crate::sanitize::Displayed(&Endless));
    assert!(!endless.contains("hunter2"));
    assert!(endless.ends_with("…$truncated(+? bytes)\""));
    assert!(endless.len() < 6_000);
    for panics in [false, true] {
        let failing = written(&crate::sanitize::Displayed(&Failing(panics)));
        assert_eq!(failing, "\"a***@***.*** …$failed\"");
    }
    let (json, counts) = written_by(&Rules::built_in(), Treatment::Default, &Panics);
    assert_eq!(json, r#""***REDACTED***""#);
    assert_eq!(counts.of(Rule::Unreadable), 1);
    assert_eq!(written(&(Careless, Silent, Silent)), "[[1],null,null]");
}

#[test]
fn json_inside_strings_is_sanitized_as_json() {
    assert_eq!(
        text(r#" {"user": "jane", "password": "x\u0040", "n": [1.50]} "#),
        r#" {"user": "jane", "password": "***REDACTED***", "n": [1.50]} "#
    );
    assert_eq!(
        text(r#"[["Cookie", "a"], {"value": [1], "name": "TOKEN"}, {"jane@example.com": 1}]"#),
        r#"[["Cookie", "***REDACTED***"], {"value": "***REDACTED***", "name": "TOKEN"}, {"j***@***.***": 1}]"#
    );
    let clean = r#"{ "b": 1,  "a": [1.50] }"#;
    assert_eq!(text(clean), clean);
    // What is no number any more is a string, also where something else is found.
    assert_eq!(
        text(r#"[4539148803436467, 1.50, "jane@example.com"]"#),
        r#"["****-****-****-6467", 1.50, "j***@***.***"]"#
    );
    assert_eq!(text("[4539148803436467]"), r#"["****-****-****-6467"]"#);
    let inner = json!({"token": "canary"}).to_string();
    let outer = json!({"body": json!({"body": inner}).to_string()}).to_string();
    assert!(!text(&outer).contains("canary"));
    // The later of two members of one name does not bring the first one back.
    assert!(!text(r#"{"password":"canary","password":null}"#).contains("canary"));
}

/// Any JSON value.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        Just(Value::from(4_539_148_803_436_467_u64)),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        fragments().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

/// Text made of what the detectors look for.
fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        prop::sample::select(vec![
            "jane@example.com",
            "4539148803436467",
            "4539 1488 0343 6467",
            "123-45-6789",
            "password",
            "token",
            "=",
            ":",
            ": ",
            "\"",
            "'",
            "\\",
            "\\\"",
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            ",",
            ";",
            "&",
            " ",
            "\n",
            "://",
            "@",
            ".",
            "Bearer ",
            "Basic amFuZTpodW50ZXIy",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIi",
            "AKIAIOSFODNN7EXAMPLE",
            "-",
            "-----BEGIN PRIVATE KEY-----",
            "-----END PRIVATE KEY-----",
            "MIIEvQIBADANBgkqhkiG9w0B",
            "ssn ",
            "hunter2",
            "***REDACTED***",
            "…$truncated(+7 bytes)",
            "DE89370400440532013000",
            "é",
            "card number",
            "%40",
            "null",
            "authorization",
            "x",
            "7",
            "j***@***.***",
            "****-****-****-6467",
            "***-**-6789",
            "*",
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,6}",
    ];
    prop::collection::vec(fragment, 0..12).prop_map(|parts| parts.concat())
}

/// A value with the canary under a sensitive key, wrapped up in other values.
fn hidden(depth: u32) -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "password",
        "apiKey",
        "X-Auth-Token",
        "card_number",
        "user_ssn",
        "cookie",
    ]);
    let leaf = key.prop_map(|key| json!({key: "canary7"}));
    leaf.prop_recursive(depth, 32, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|value| json!({"inner": value})),
            inner.clone().prop_map(|value| json!([1, value, "x"])),
            inner
                .clone()
                .prop_map(|value| json!({"body": value.to_string()})),
            inner.prop_map(|value| json!({"tokens": value})),
            Just(json!([["Authorization", "canary7"]])),
            Just(json!([{"name": "DB_PASSWORD", "value": "canary7"}])),
        ]
    })
}

/// Found by fuzzing: a name that its mask had made longer than names may be was cut the second time.
#[test]
fn what_a_mask_has_made_longer_is_not_cut_for_it() {
    let sanitizer = crate::sanitize::Sanitizer::new(&SanitizeConfig::default()).unwrap();
    for secrets in ["pw=a ".repeat(5), "a@b.cd ".repeat(5)] {
        for len in [240_usize, 250, 256, 257, 400] {
            let name = secrets.clone() + &"v".repeat(len - secrets.len());
            let once = sanitizer
                .text(&format!(r#"{{"{name}":0}}"#))
                .text()
                .into_owned();
            assert_eq!(sanitizer.text(&once).text(), once, "{len}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(256),
        // The failing value is printed; it becomes a case of its own above.
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_value_becomes_one_line_of_valid_json(value in value()) {
        let json = written(&value);
        prop_assert!(!json.contains('\n'));
        prop_assert!(serde_json::from_str::<Value>(&json).is_ok(), "{json}");
    }

    #[test]
    fn any_text_becomes_one_line_of_valid_json(value in prop_oneof![any::<String>(), fragments()]) {
        for profile in [Profile::Default, Profile::Gdpr, Profile::Hipaa] {
            let config = SanitizeConfig {
                profile,
                limits: Limits { string_bytes: 32, value_bytes: 64, ..Limits::default() },
                ..SanitizeConfig::default()
            };
            let (json, _) = written_by(&Rules::new(&config).unwrap(), Treatment::Default, &value);
            prop_assert!(!json.contains('\n'));
            prop_assert!(serde_json::from_str::<String>(&json).is_ok(), "{json}");
        }
    }

    #[test]
    fn sanitizing_again_changes_nothing_more(value in prop_oneof![any::<String>(), fragments()]) {
        let once = text(&value);
        prop_assert_eq!(text(&once), once);
    }

    #[test]
    fn a_canary_under_a_sensitive_key_never_survives(value in hidden(6)) {
        let json = written(&value);
        prop_assert!(!json.contains("canary7"), "{json}");
        let json = written(&value.to_string());
        prop_assert!(!json.contains("canary7"), "{json}");
        // In the midst of other text a list of pairs cannot be told from a list.
        if !value.to_string().contains("DB_PASSWORD") && !value.to_string().contains("Authorization") {
            let json = written(&format!("got {value} from there"));
            prop_assert!(!json.contains("canary7"), "{json}");
        }
    }
}
