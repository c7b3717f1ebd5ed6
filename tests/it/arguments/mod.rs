//! What the arguments of the attributes ask for is what is recorded. The shapes of functions are in tests/shapes.
#![deny(warnings, clippy::pedantic)]
#![allow(
    clippy::unused_async,
    clippy::unused_self,
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    clippy::extra_unused_lifetimes,
    clippy::needless_lifetimes
)]

mod blocks;
mod derived;
mod recorded;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use serde_json::{Value, json};
use vigil_tests::{events, isolated, only, start};

/// Runs a future that is ready whenever it is asked.
fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            return output;
        }
    }
}

/// Operation, outcome, parameters.
fn expected() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("option", "FAILURE", json!({"list": "<0 bytes>"})),
        ("exit_code", "FAILURE", json!({"code": 2})),
        ("with_debug", "FAILURE", json!({"a": 0})),
        (
            "with_fields",
            "SUCCESS",
            json!({"a": 1, "b": 2, "pool": "<&Sized16>", "total": 3, "user.name": "jane", "pool.size": 16, "kind": "Some(1)", "shown": "1"}),
        ),
        (
            "treated",
            "SUCCESS",
            json!({"iban": "****34", "pool": "gone", "n": "1", "text": "ABC", "long": "abc…$truncated(+3 bytes)", "shown": "***REDACTED***", "token": "kept"}),
        ),
        ("made_by_macro", "SUCCESS", json!({"a": 3, "twice": 6})),
        ("no_prelude", "SUCCESS", json!({"a": 1})),
        ("no_prelude_later", "SUCCESS", json!({"a": 1})),
        ("returns_block", "SUCCESS", json!({"a": 1})),
        ("makes_future", "SUCCESS", json!({"a": 0})),
        ("renamed_below_async_trait", "SUCCESS", json!({"n": 2})),
        (
            "fields_below_async_trait",
            "SUCCESS",
            json!({"key": "k", "password": "***REDACTED***", "self.sum": 1}),
        ),
    ]
}

isolated! {
    fn what_is_asked_for_is_recorded(dir) {
        let vigil = start(dir);
        recorded::call();
        blocks::call_functions_of_blocks();
        vigil.shutdown().unwrap();
        let events = events(dir);
        let mut wrong = Vec::new();
        let expected = [expected(), blocks::expected()].concat();
        for (operation, status, parameters) in expected {
            let action = &only(&events, operation)["action"];
            if action["result"]["status"] != status || action["parameters"] != parameters {
                wrong.push(format!("{operation}: {action}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        for exempt in ["private", "limit", "len"] {
            assert!(!events.iter().any(|event| event["action"]["operation"].as_str().unwrap().ends_with(&format!("::{exempt}"))));
        }
        let total = only(&events, "ledger_total");
        assert_eq!((&total["action"]["type"], &total["action"]["category"]), (&json!("READ"), &json!("PAYMENT")));
        assert_eq!((&total["actor"]["id"], &only(&events, "Ledger::add")["actor"]["id"]), (&json!("auditor"), &json!("jane")));
        assert_eq!(only(&events, "Ledger::open")["actor"]["type"], "anonymous");
        assert_eq!(only(&events, "Ledger::private_but_asked_for")["action"]["category"], "ADMIN");
        assert_eq!(only(&events, "Above::save")["action"]["type"], "UPDATE");
        let line = |operation: &str| only(&events, operation)["source"]["line"].as_u64().unwrap();
        assert_eq!(line("Above::save") - line("Above::load"), 8, "each function has its own line");
        assert_eq!(only(&events, "returns_block")["action"]["result"]["value"], 2);
        assert_eq!(only(&events, "exit_code")["action"]["result"]["value"], true);
        assert_eq!(only(&events, "made_by_macro")["action"]["category"], "API");
    }
}
