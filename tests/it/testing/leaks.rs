//! A leak is found wherever it is and however it is dressed, and told where.

use vigil::Sanitize;
use vigil::testing::{assert_no_leak, assert_no_leak_async, canary};

use super::*;

#[derive(Sanitize)]
struct Form {
    password: String,
    nested: Vec<Option<Note>>,
}

#[derive(Sanitize)]
enum Note {
    Text(String),
}

#[audited(category = "DATA", result)]
fn fill(
    form: &Form,
    #[audit(debug)] shown: &str,
    #[audit(mask(keep_last = 4))] masked: &str,
) -> Result<(), String> {
    let _ = (form, masked);
    Err(format!("no {shown}"))
}

fn form(text: &str) -> Form {
    Form {
        password: canary(),
        nested: vec![None, Some(Note::Text(text.to_owned()))],
    }
}

#[test]
fn a_leak_is_found_and_told_where() {
    let (secret, masked) = (canary(), canary());
    let form = form("harmless");
    assert_no_leak([&form.password, &masked], || {
        fill(&form, "harmless", &masked)
    });

    let all = || [&form.password, &masked, &secret];
    let found = message(|| drop(assert_no_leak(all(), || fill(&form, &secret, &masked))));
    for part in [
        format!("`{secret}`, as it is, in `fill` at action.parameters.shown:"),
        format!("`{secret}`, as it is, in `fill` at error.message:\n    no {secret}"),
    ] {
        assert!(found.contains(&part), "{found}");
    }
    assert!(
        !found.contains(&form.password) && !found.contains(&masked),
        "{found}"
    );
}

#[test]
fn a_leak_is_found_however_it_is_dressed() {
    let secret = canary();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02X}")).collect();
    let percent: String = secret.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let json = format!("{:?}", format!("{secret:?}"));
    for dressed in [
        &hex,
        &percent,
        &json,
        &secret[..14].to_owned(),
        &secret.to_uppercase(),
    ] {
        let form = form(dressed);
        let found = message(|| drop(assert_no_leak([&secret], || fill(&form, "", ""))));
        assert!(
            found.contains("at action.parameters.form.nested.1"),
            "{dressed}: {found}"
        );
    }
    // Spread over the elements of a list.
    let found = message(|| {
        let bytes: Vec<u16> = secret.bytes().map(u16::from).collect();
        assert_no_leak([&secret], || {
            audit!(category = "DATA", operation = "o", fields(bytes))
        });
    });
    assert!(found.contains("as a list of bytes, in `o`:"), "{found}");
    // As a key, in the context, in a panic.
    for leak in [
        (|secret: &str| {
            let map = std::collections::HashMap::from([(secret.to_owned(), 1)]);
            audit!(category = "DATA", operation = "o", fields(map));
        }) as fn(&str),
        |secret| drop(Context::current().tenant(secret).run(|| read(1))),
        |secret| {
            #[audited(category = "DATA")]
            fn panics(#[audit(skip)] text: &str) {
                panic!("{text}");
            }
            let _ = catch_unwind(|| panics(secret));
        },
    ] {
        assert!(message(|| drop(assert_no_leak([&secret], || leak(&secret)))).contains(&secret));
    }
}

#[tokio::test]
async fn leaks_of_futures_are_found() {
    #[audited(category = "DATA")]
    async fn logs(text: String, #[audit(hash)] id: String) {
        let _ = (text, id);
    }
    let secret = canary();
    assert_no_leak_async([&secret], logs("x".to_owned(), secret.clone())).await;
    let captured = capture_async(logs(secret.clone(), "x".to_owned())).await;
    assert!(message(|| captured.assert_no_leak([&secret])).contains("at action.parameters.text:"));
}

#[test]
fn what_proves_nothing_is_no_proof() {
    let secret = canary();
    assert!(
        message(|| drop(assert_no_leak([&secret], || ())))
            .contains("nothing is proved, because nothing was recorded")
    );
    assert!(message(|| drop(assert_no_leak(["short"], || read(1)))).contains("is too short"));
    assert!(message(|| drop(assert_no_leak([""; 0], || read(1)))).contains("there is no canary"));
}
