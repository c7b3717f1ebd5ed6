//! Promise 6 and the macro surface: every shape of function compiles under the strictest lints, runs, and is recorded.
#![deny(warnings, clippy::pedantic)]
// The shapes are what is under test, not their style.
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
mod functions;
mod futures;
mod methods;
mod oddities;

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

fn caught(f: impl FnOnce() + std::panic::UnwindSafe) {
    assert!(std::panic::catch_unwind(f).is_err());
}

/// Operation, outcome, parameters.
fn expected() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("one_expression", "SUCCESS", json!({"a": 1})),
        ("returns_nothing", "SUCCESS", json!({"a": 1})),
        ("empty", "SUCCESS", json!({})),
        ("asynchronous", "SUCCESS", json!({"a": 1})),
        ("asynchronous_nothing", "SUCCESS", json!({"a": "a"})),
        (
            "generic",
            "SUCCESS",
            json!({"value": 4, "bytes": "<3 bytes>"}),
        ),
        ("lifetimes", "SUCCESS", json!({"a": "", "b": "b"})),
        ("async_lifetimes", "SUCCESS", json!({"a": "a", "b": ""})),
        ("impl_argument", "SUCCESS", json!({"a": "abc"})),
        ("impl_return", "SUCCESS", json!({"a": 3})),
        ("impl_in_result", "SUCCESS", json!({"a": 3})),
        ("async_impl_in_result", "SUCCESS", json!({"a": 3})),
        (
            "destructured",
            "SUCCESS",
            json!({"a": 1, "x": 3, "z": 4, "first": 5, "last": 7}),
        ),
        ("at_pattern", "SUCCESS", json!({"whole": [1, 2], "r": 3})),
        ("mutable", "SUCCESS", json!({"a": 1, "list": "<0 bytes>"})),
        ("mutable_later", "SUCCESS", json!({"a": 1})),
        ("c_call", "SUCCESS", json!({"a": 9})),
        ("never", "PANIC", json!({"a": 1})),
        ("never_later", "PANIC", json!({"a": 1})),
        ("early", "SUCCESS", json!({"a": 1})),
        ("question_mark", "FAILURE", json!({"text": "x"})),
        ("question_mark_later", "FAILURE", json!({"text": "x"})),
        ("option", "FAILURE", json!({"list": "<0 bytes>"})),
        ("exit_code", "FAILURE", json!({"code": 2})),
        ("with_debug", "FAILURE", json!({"a": 0})),
        ("mut_out", "SUCCESS", json!({"list": "<0 bytes>"})),
        ("mut_out_later", "SUCCESS", json!({"list": "<1 bytes>"})),
        ("boxed_trait", "SUCCESS", json!({"a": 1})),
        ("boxed_trait_in_result", "FAILURE", json!({"a": 0})),
        ("boxed_trait_in_result_later", "SUCCESS", json!({"a": 1})),
        ("collected", "SUCCESS", json!({"n": 2})),
        (
            "conditional",
            "SUCCESS",
            json!({"a": 1, "present": 2, "last": 3}),
        ),
        ("match", "SUCCESS", json!({"type": 1})),
        (
            "renamed",
            "SUCCESS",
            json!({"call": 1, "ret": 2, "active": 3, "edge": 4, "error": 5, "value": 6, "body": 7}),
        ),
        (
            "names_of_ours_later",
            "SUCCESS",
            json!({"call": 1, "ret": 2, "active": 3, "edge": 4, "error": 5, "never": 6}),
        ),
        ("inner_attribute", "SUCCESS", json!({"a": 1})),
        ("tracked", "SUCCESS", json!({"a": 1})),
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
        ("associated", "SUCCESS", json!({})),
        ("by_ref", "SUCCESS", json!({"a": 1})),
        ("by_mut", "SUCCESS", json!({"self": 1, "a": 1})),
        ("by_value", "SUCCESS", json!({"self.id": 3})),
        ("boxed", "SUCCESS", json!({})),
        ("shared", "SUCCESS", json!({})),
        ("pinned", "SUCCESS", json!({})),
        ("default_body", "SUCCESS", json!({"item": 3})),
        ("native", "SUCCESS", json!({"item": 4})),
    ]
}

isolated! {
    fn every_shape_runs_and_is_recorded(dir) {
        let vigil = start(dir);
        functions::call_synchronous_functions();
        functions::call_asynchronous_functions();
        blocks::call_functions_of_blocks();
        futures::call_functions_that_return_futures();
        methods::call_methods();
        oddities::call_odd_functions();
        vigil.shutdown().unwrap();
        let events = events(dir);
        let mut wrong = Vec::new();
        let expected = [expected(), blocks::expected(), futures::expected()].concat();
        for (operation, status, parameters) in expected {
            let action = &only(&events, operation)["action"];
            if action["result"]["status"] != status || action["parameters"] != parameters {
                wrong.push(format!("{operation}: {action}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(events.iter().filter(|event| event["action"]["operation"] == "recursive").count(), 3);
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
