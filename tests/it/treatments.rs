//! What the words of `#[audit(...)]` do to a field.

use std::sync::Mutex;

use vigil::sanitize::{SanitizeConfig, Sanitizer, Scope, Substitute, Vault, to_json};
use vigil::{Context, Sanitize, audited, testing};

#[derive(Sanitize)]
struct Patient {
    #[audit(generalize = "birth_year")]
    born: String,
    #[audit(generalize = "age")]
    age: u8,
    #[audit(generalize = "zip3")]
    zip: String,
    #[audit(bucket = 1000)]
    income: u32,
    #[audit(generalize = "network")]
    from: std::net::IpAddr,
    #[audit(drop)]
    scan: std::cell::Cell<u8>,
    #[audit(class = "personal")]
    nickname: String,
    #[audit(class = "public")]
    token_name_of_ward: String,
    #[audit(tokenize)]
    member: String,
    #[audit(encrypt)]
    letter: String,
}

#[test]
fn each_word_does_what_it_says() {
    let patient = Patient {
        born: "1984-05-17".to_owned(),
        age: 93,
        zip: "94107".to_owned(),
        income: 41_200,
        from: [203, 0, 113, 7].into(),
        scan: std::cell::Cell::new(7),
        nickname: "Jay".to_owned(),
        token_name_of_ward: "north".to_owned(),
        member: "M-1".to_owned(),
        letter: "dear".to_owned(),
    };
    let _ = patient.scan.get();
    assert_eq!(
        to_json(&patient),
        concat!(
            r#"{"born":"1984","age":"90+","zip":"941","income":"41000-41999","from":"203.0.113.0","#,
            r#""nickname":"***REDACTED***","token_name_of_ward":"north","#,
            // Without a vault there is nothing that could stand for these.
            r#""member":"***REDACTED***","letter":"***REDACTED***"}"#
        )
    );
}

#[audited(category = "DATA")]
fn look_up(
    #[audit(hash)] email: &str,
    #[audit(hash = "person")] buyer: &str,
    #[audit(hash = "person")] payer: &str,
) {
}

fn recorded(tenant: Option<&str>) -> [String; 3] {
    let context = match tenant {
        Some(tenant) => Context::current().tenant(tenant),
        None => Context::current(),
    };
    let captured = testing::capture(|| context.run(|| look_up("jane", "jane", "jane")));
    let parameters = &captured.events()[0].action.parameters;
    ["email", "buyer", "payer"].map(|name| parameters[name].as_str().unwrap().to_owned())
}

#[test]
fn pseudonyms_are_equal_within_kind_and_tenant_only() {
    let [email, buyer, payer] = recorded(Some("acme"));
    assert_eq!(buyer, payer);
    assert_ne!(email, buyer);
    assert_eq!(
        recorded(Some("acme")),
        [email.clone(), buyer.clone(), payer]
    );
    assert_ne!(recorded(Some("other"))[0], email);
    assert_ne!(recorded(None)[0], email);
}

struct Careless;

impl Vault for Careless {
    fn replace(&self, scope: Scope<'_>, value: &str) -> Option<String> {
        match value {
            "panic" => panic!("no vault today"),
            "shown" => Some(format!("<{value}>")),
            "none" => None,
            _ => Some(format!("{}:\"quoted\"\n", scope.kind)),
        }
    }
}

/// Whatever a vault does, the value is not shown, the host does not panic, and the line stays JSON.
#[test]
fn a_vault_that_fails_leaves_nothing_open() {
    static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let mut rule = vigil::sanitize::Pattern::new("word", r"panic|shown|none|right");
    rule.method = vigil::sanitize::Treatment::Tokenize;
    let config = SanitizeConfig {
        patterns: vec![rule],
        tokenizer: Some(Substitute::new(Careless)),
        ..SanitizeConfig::default()
    };
    let sanitizer = Sanitizer::new(&config).unwrap();
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| SEEN.lock().unwrap().push(String::new())));
    let out = ["a panic b", "a shown b", "a none b", "a right b"]
        .map(|text| sanitizer.text(text).json().to_owned());
    std::panic::set_hook(hook);
    for out in &out[..3] {
        assert_eq!(out, "\"a ***REDACTED*** b\"");
    }
    assert_eq!(out[3], r#""a word:\"quoted\"\n b""#);
}
