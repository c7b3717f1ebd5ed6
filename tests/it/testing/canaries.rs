//! Types that make canaries of themselves: every protected place of theirs is tried.

use std::collections::BTreeMap;

use vigil::testing::{assert_no_leak_of, capture};
use vigil::{Sanitize, audited};

use super::message;

#[derive(Sanitize)]
#[audit(canary)]
struct Form<T> {
    title: String,
    password: String,
    #[audit(mask)]
    account: u64,
    #[audit(skip)]
    raw: T,
    #[audit(class = "sensitive")]
    diagnosis: Option<Vec<String>>,
    secrets: BTreeMap<String, String>,
    choice: Choice,
}

#[derive(Sanitize)]
#[audit(canary, rename_all = "snake_case")]
enum Choice {
    Nothing,
    Token(String),
    Address {
        #[audit(hash)]
        street: String,
    },
}

#[audited(category = "DATA")]
fn submit(form: &Form<String>) {
    let _ = (&form.raw, &form.diagnosis, &form.title, form.account);
}

#[test]
fn every_protected_place_is_tried_in_every_variant() {
    let mut seen = Vec::new();
    let captured = assert_no_leak_of(|form: Form<String>| {
        assert_ne!(form.password, form.raw);
        assert_eq!(form.title, "nothing of note");
        seen.push(match &form.choice {
            Choice::Nothing => "nothing",
            Choice::Token(_) => "token",
            Choice::Address { street: _ } => "address",
        });
        submit(&form);
    });
    let _ = captured.only("submit");
    assert_eq!(seen, ["nothing", "token", "address"]);
}

#[test]
fn what_leaks_on_the_way_is_found() {
    #[audited(category = "DATA")]
    fn chatty(form: &Form<String>) -> Result<(), String> {
        match &form.choice {
            Choice::Address { street } => Err(format!("no such street: {street}")),
            _ => Ok(()),
        }
    }
    let text = message(|| {
        assert_no_leak_of(|form: Form<String>| chatty(&form));
    });
    assert!(text.contains("in `chatty` at error.message"), "{text}");
}

#[test]
fn a_type_without_secrets_proves_nothing() {
    #[derive(Sanitize)]
    #[audit(canary)]
    struct Plain {
        title: String,
    }
    let text = message(|| {
        assert_no_leak_of(|plain: Plain| {
            capture(|| drop(plain.title));
        });
    });
    assert!(
        text.contains("no field of `") && text.contains("Plain` is protected"),
        "{text}"
    );
}
