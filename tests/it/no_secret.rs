//! Promise 1: no secret leaves the calling thread unsanitized. Arbitrary values go through the whole way, from the
//! attribute to the file, with canaries in what is sensitive.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use vigil::{Context, Sanitize, audit, audited};
use vigil_tests::{all_bytes, builder, events, isolated, lines, start};

const CANARY: &str = "cAnArY7f3c91";

#[derive(Debug, Clone, Sanitize)]
struct Form {
    name: String,
    password: String,
    #[audit(redact)]
    answer: String,
    #[audit(hash)]
    customer: String,
    nested: Option<Box<Form>>,
    by_key: BTreeMap<String, String>,
    json: Value,
    choice: Choice,
}

#[derive(Debug, Clone, Sanitize)]
enum Choice {
    Nothing,
    Token(String),
    Login { user: String, pass_phrase: String },
    Several(Vec<Choice>),
}

#[audited(category = "AUTH", result, fields(api_key = form.password.clone(), note = %form.name))]
fn submit(form: Form, secret: String, text: &str) -> Result<Form, String> {
    if text.len().is_multiple_of(2) {
        Ok(form)
    } else {
        Err(format!("could not log in with password={secret}"))
    }
}

/// Text of any kind, control characters and all.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        any::<String>(),
        Just("line\nbreak\r\n\u{2028}\u{0}\u{7f}\"\\".to_owned()),
        "[a-z]{3,8}@[a-z]{3,8}\\.com",
        "4111 1111 1111 1111",
    ]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..6).prop_map(|map| {
                let mut map: serde_json::Map<_, _> = map.into_iter().collect();
                map.insert("accessToken".to_owned(), CANARY.into());
                let inside = serde_json::json!({"password": CANARY, "map": map}).to_string();
                map.insert("body".to_owned(), inside.into());
                map.into()
            }),
        ]
    })
}

fn choice() -> impl Strategy<Value = Choice> {
    let leaf = prop_oneof![
        Just(Choice::Nothing),
        Just(Choice::Token(CANARY.to_owned())),
        text().prop_map(|user| Choice::Login {
            user,
            pass_phrase: CANARY.to_owned()
        }),
    ];
    leaf.prop_recursive(4, 12, 3, |inner| {
        prop::collection::vec(inner, 0..3).prop_map(Choice::Several)
    })
}

fn form() -> impl Strategy<Value = Form> {
    let flat = (
        text(),
        prop::collection::btree_map(text(), text(), 0..4),
        json(),
        choice(),
    )
        .prop_map(|(name, mut by_key, json, choice)| {
            by_key.insert("x-api-key".to_owned(), CANARY.to_owned());
            by_key.insert(
                "query".to_owned(),
                format!("a=1&client_secret={CANARY}&b=2"),
            );
            Form {
                name,
                password: CANARY.to_owned(),
                answer: CANARY.to_owned(),
                customer: CANARY.to_owned(),
                nested: None,
                by_key,
                json,
                choice,
            }
        });
    flat.prop_recursive(4, 8, 1, |inner| {
        (inner.clone(), inner).prop_map(|(outer, inner)| Form {
            nested: Some(Box::new(inner)),
            ..outer
        })
    })
}

isolated! {
    fn arbitrary_values_give_whole_lines_without_a_canary(dir) {
        let vigil = start(dir);
        let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
        let calls = std::cell::Cell::new(0);
        let finished = runner.run(&(form(), text()), |(form, text)| {
            calls.set(calls.get() + 1);
            let _ = submit(form, CANARY.to_owned(), &text);
            Ok(())
        });
        finished.unwrap();
        vigil.shutdown().unwrap();

        let lines = lines(dir);
        assert_eq!(lines.len(), calls.get());
        for line in &lines {
            let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert_eq!(event["action"]["operation"], "submit");
            assert!(line.len() < 65_536);
        }
        let bytes = all_bytes(dir);
        let found = bytes.windows(CANARY.len()).position(|window| window == CANARY.as_bytes());
        assert!(found.is_none(), "{}", String::from_utf8_lossy(&bytes[found.unwrap().saturating_sub(300)..][..600]));
    }

    fn error_texts_panics_context_and_ids_are_looked_through(dir) {
        #[audited(category = "AUTH", err(debug))]
        fn debugged() -> Result<(), (&'static str, String)> {
            Err(("connect", format!("postgres://app:{CANARY}@db/shop")))
        }
        #[audited(category = "AUTH", actor = "jane.smith@example.com", resource = ("mailbox", "jane.smith@example.com"))]
        fn named() {
            panic!("Authorization: Bearer {CANARY}.{CANARY}")
        }
        let vigil = start(dir);
        let _ = debugged();
        Context::current().custom("session_token", &CANARY).run(|| {
            std::panic::catch_unwind(named).unwrap_err();
        });
        audit!(category = "AUTH", operation = "direct", fields(url = format!("https://u:{CANARY}@example.com/")), outcome = err(format!("password={CANARY}")));
        let mut scope = vigil::scope!("scoped", category = "AUTH", fields(cookie = CANARY));
        scope.field("refresh_token", &CANARY);
        scope.failure(&format!("token: {CANARY}"));
        vigil.shutdown().unwrap();

        assert_eq!(events(dir).len(), 4);
        // The journal is no text, and holds no secret either.
        let bytes = all_bytes(dir);
        let text = String::from_utf8_lossy(&bytes);
        for secret in [CANARY, "jane.smith@"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }

    fn rules_of_the_configuration_hold(dir) {
        let vigil = builder(dir)
            .sensitive_key("locker")
            .pattern("badge", r"BDG-\d{6}")
            .init()
            .unwrap();
        audit!(category = "DATA", operation = "x", fields(locker = "12", blocker = 3, note = "badge BDG-004711 found"));
        vigil.shutdown().unwrap();
        let events = events(dir);
        assert_eq!(
            events[0]["action"]["parameters"],
            serde_json::json!({"locker": "***REDACTED***", "blocker": 3, "note": "badge ***REDACTED*** found"})
        );
        assert_eq!(events[0]["redactions"], serde_json::json!({"key": 1, "badge": 1}));
    }
}
