//! The gate leaves nothing out: what the detectors find where it opens is what they find when they look at every byte.

use proptest::prelude::*;

use super::{Outlook, Scanner, Span};
use crate::sanitize::profile::Profile;
use crate::sanitize::rules::Rules;
use crate::sanitize::{Pattern, SanitizeConfig};

fn found(scanner: Option<Scanner<'_>>) -> Vec<Span> {
    let mut scanner = scanner;
    std::iter::from_fn(|| scanner.as_mut()?.next()).collect()
}

/// Text made of what the detectors look for, whole and cut, in all cases.
fn text() -> impl Strategy<Value = String> {
    let shapes = super::shapes::SHAPES.iter().map(|shape| shape.prefix);
    let known = [
        "jane@example.com",
        "4539148803436467",
        "4539 1488 0343 6467",
        "3782 822463 10005",
        "123-45-6789",
        "123456789",
        "ssn ",
        "DE89370400440532013000",
        "de89 3704 0044 0532 0130 00",
        "eyJhbGciOiJIUzI1NiJ9",
        "eyJzdWIiOiIxIn0.c2ln",
        "Bearer ",
        "basic ",
        "bAsIc amFuZTpodW50ZXIy",
        "-----BEGIN PRIVATE KEY-----",
        "-----END RSA PRIVATE KEY-----",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7",
        "postgres://jane:hunter2@db",
        "AKIAIOSFODNN7EXAMPLE",
        "password",
        "card number",
        "api key",
        "http://",
        "10.1.2.3",
        "2001:db8::1",
        "CASE9",
    ];
    let joints = [
        "=", ":", ": ", "\"", "'", "\\", "\\n", "{", "}", " ", "\n", "@", ".", "-", "_", "/",
        "%40", "é", ",", "?", "&", "a", "7", "x1",
    ];
    let fragments: Vec<&str> = known.into_iter().chain(shapes).collect();
    let fragment = prop_oneof![
        3 => prop::sample::select(fragments).prop_map(str::to_owned),
        4 => prop::sample::select(joints.to_vec()).prop_map(str::to_owned),
        2 => "[a-zA-Z0-9]{1,45}",
        1 => "[0-9]{1,20}",
        1 => "[ -~]{0,8}",
        1 => any::<String>(),
    ];
    prop::collection::vec(fragment, 0..14).prop_map(|parts| parts.concat())
}

/// Texts for which fuzzing found that the gate and the detectors did not agree.
const DISAGREED: [&str; 18] = [
    // A password of one byte at the end of a text.
    "mysql -px",
    // `is` behind something else than a blank.
    "%4%ABpassword]is BT[\u{1}\0b\0\u{3}",
    // In what looks like the host of a URL.
    "es,://(00:1b:44:11:3a:b7:(:>",
    // A name that is another one's end.
    "%\u{5}\u{0}31111Private-Lines:2\n1111111111111111111111111111110",
    // A key with a mark, and without a digit.
    "UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUAPIM",
    // A name that ends with no letter, before quotes.
    "apasswords0 '%+4ATTA0Cm'1",
    "passwords] '%+4ATTA0Cm'1",
    // The end of a key, behind a blank.
    "3---\0\0\0pa:ssw---- END PRIVATE KEY-----ord .",
    // A key of several words, one of which ends with dashes.
    "PRIVATE KEY--- no= wdsa",
    // A flag's name.
    "java -Dpin 'abc12345'",
    // Two blanks behind a name.
    "  '7[[pass  'ss4--::i'+ss",
    // More than one separator and a parenthesis.
    "(212)) 555-0113..",
    "phone (0171)) 5550113",
    // A user whose name holds a brace.
    "Atos\\\n\u{e}10.1.2.3\u{15}\u{e}>1Fhhhhhcurl -u hh{pjane:a:~B@Bostgrse://{pjane:a:~B@",
    // A user behind a sign.
    "curl -u=z001:db8::1:>>>>pscale_tkn>>>>>pscale_tkn_\0:",
    "curl -sSfu=jane:hunter2 x",
    // A word at the edge of what is looked at before a parenthesis.
    "g-----ENphone \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0IVATE KEY-(212) 555-012-",
    // A quoted user as long as any.
    "_Acurl -u \"01p\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0at-:db0::y1$d\0\0\0\0\0\0\0 token:$:",
];

#[test]
fn what_has_disagreed_once_agrees() {
    let rules = Rules::built_in();
    for text in DISAGREED {
        let whole = found(Some(Scanner::without_gate(text, &rules)));
        assert_eq!(found(Scanner::of(text, &rules)), whole, "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(2048),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_gate_opens_wherever_something_is_found(text in text(), before in 0..70_usize) {
        let text = " ".repeat(before) + &text;
        for profile in [Profile::Default, Profile::Gdpr] {
            let mut config = SanitizeConfig { profile, ..SanitizeConfig::default() };
            for patterns in [vec![], vec![Pattern::new("case", r"CASE\w+|\d\d")]] {
                config.patterns = patterns;
                let rules = Rules::new(&config).unwrap();
                let gated = found(Scanner::of(&text, &rules));
                let whole = found(Some(Scanner::without_gate(&text, &rules)));
                prop_assert_eq!(gated, whole);
            }
        }
    }

    #[test]
    fn what_is_clean_needs_no_escape(text in any::<String>()) {
        if let Outlook::Clean = Outlook::of(&text, &Rules::built_in()) {
            let mut json = Vec::new();
            crate::sanitize::writer::json::quoted(&mut json, &text);
            prop_assert_eq!(json, format!("\"{text}\"").into_bytes());
        }
    }
}

/// What may stand before a name, names that say something in one way or another, what may stand between a name and a
/// value, and values: every one with every other.
mod combined {
    pub(super) const BEFORE: [&str; 26] = [
        "", " ", "\n", "\t", "\"", "'", "x ", "x_", "x-", "X", "x.", "-D", " -D", "--", " --", "[",
        "]", "{", "%", "%26", "%5B", "\\n", "é", "1", "?", "=",
    ];
    pub(super) const NAMES: [&str; 57] = [
        "password",
        "Password",
        "PASSWORD",
        "passWord",
        "passwords",
        "dbpassword",
        "pin",
        "pw",
        "pass",
        "token",
        "tokens",
        "secret",
        "api key",
        "apiKey",
        "api_key",
        "API-Key",
        "access  key",
        "key",
        "card number",
        "card",
        "no",
        "id",
        "session id",
        "tax id",
        "iban",
        "ssn",
        "phone",
        "tel",
        "dob",
        "birth date",
        "value",
        "response",
        "sig",
        "signature",
        "name",
        "Private-Lines",
        "by",
        "identified by",
        "IDENTIFIED WITH x BY",
        "cookie",
        "authorization",
        "is",
        "password is",
        "pass phrase",
        "security answer",
        "curl -u jane",
        "http --auth=jane",
        "curl -sSfu jane",
        "account",
        "123456789",
        "sha256",
        "AstraCS",
        "user",
        "name: TOKEN\nvalue",
        "mysql -p",
        "sshpass -p ",
        "password_hash",
    ];
    pub(super) const AFTER: [&str; 34] = [
        "", " ", "  ", "=", " =", "= ", "  =", "\t=", ":", ": ", " : ", ":=", " => ", "==", "::",
        "\"", "\":", "\": ", "'=", "']=", "\"]=", "\\\": ", "]=", "].=", "%3D", "%5D=", "%22%3A",
        ">", " is ", " IS ", " is  ", " '", " \"", "-=",
    ];
    pub(super) const VALUES: [&str; 22] = [
        "hunter2",
        "'abc12345'",
        "\"abc12345\"",
        "abc12345'",
        "abc12345\"",
        "x",
        "4539148803436467",
        "123-45-6789",
        "0171 5550113",
        "(212) 555-0113",
        "(0171)) 5550113",
        "?",
        "?x",
        "$1",
        "|\n  abc1234",
        "\n  abc1234",
        "1:AAabcdefghijklmnopqrstuvwxyz0123456789",
        "&str = \"hunter2\"",
        "\"password\"\n\nhunter2",
        "8\nAAAABBBBCCCCDDDDEEEE1",
        "~0123456789abcdefghijklmnopqrstuvwxyz",
        "</password>",
    ];
}

/// Of all combinations one in so many is tried: all take minutes. It is no divisor of the lists' lengths.
const STEP: usize = 41;

#[test]
fn names_signs_and_values_agree_however_combined() {
    let rules = Rules::built_in();
    let [names, after, values] = [
        combined::NAMES.len(),
        combined::AFTER.len(),
        combined::VALUES.len(),
    ];
    for n in (0..combined::BEFORE.len() * names * after * values).step_by(STEP) {
        let text = [
            combined::BEFORE[n / values / after / names],
            combined::NAMES[n / values / after % names],
            combined::AFTER[n / values % after],
            combined::VALUES[n % values],
        ]
        .concat();
        let whole = found(Some(Scanner::without_gate(&text, &rules)));
        assert_eq!(found(Scanner::of(&text, &rules)), whole, "{text:?}");
    }
}
