//! What is found, what is left alone, and what stands beside it.

use super::*;
use crate::sanitize::rules::Rules;
use crate::sanitize::{Pattern, SanitizeConfig};

fn clean_by(rules: &Rules, text: &str) -> String {
    let mut out = Vec::new();
    let mut scanner = Scanner::of(text, rules);
    let mut at = 0;
    while let Some(span) = scanner.as_mut().and_then(Scanner::next) {
        out.extend_from_slice(&text.as_bytes()[at..span.range.start]);
        let found = &text[span.range.clone()];
        match span.replacement {
            Replacement::Custom(index) => {
                out.extend_from_slice(rules.custom().get(index).unwrap().replacement.as_bytes())
            }
            replacement => replacement.write(found, rules.profile(), &mut out),
        }
        at = span.range.end;
    }
    out.extend_from_slice(&text.as_bytes()[at..]);
    String::from_utf8(out).unwrap()
}

fn clean(text: &str) -> String {
    clean_by(&Rules::built_in(), text)
}

#[track_caller]
pub(super) fn becomes(text: &str, wanted: &str) {
    assert_eq!(clean(text), wanted);
}

#[track_caller]
pub(super) fn stays(text: &str) {
    assert_eq!(clean(text), text);
}

#[test]
fn emails() {
    becomes("write to jane.smith@example.com.", "write to j***@***.***.");
    becomes("<jane+tag@mail.example.co.uk>", "<j***@***.***>");
    becomes("to=jane@example.com&x=1", "to=j***@***.***&x=1");
    becomes("q=jane%40example.com&x=1", "q=j***@***.***&x=1");
    becomes("müller@bücher.example", "m***@***.***");
    becomes("a@xn--bcher-kva.example", "a***@***.***");
    becomes("'o'brien@example.com'", "'o***@***.***'");
    becomes("a@example.com,b@example.com", "a***@***.***,b***@***.***");
    becomes("jane@example.com-based", "j***@***.***-based");
    stays("user@localhost");
    stays("@mention and @ alone");
    stays("icon@2x.png");
    stays("git@github.com:owner/repo");
    stays("lodash@4.17.21");
    stays("j***@***.***");
}

#[test]
fn cards() {
    becomes(
        "paid with 4539148803436467 today",
        "paid with ****-****-****-6467 today",
    );
    becomes("4539 1488 0343 6467", "****-****-****-6467");
    becomes("4539-1488-0343-6467.", "****-****-****-6467.");
    becomes("4539 1488 0343 6467 12/27", "****-****-****-6467 12/27");
    becomes("4539 1488 0343 6467 124", "****-****-****-6467 124");
    // What stands before it is hidden itself, so the card is no part of it.
    becomes(
        "DE89370400440532013000-4539148803436467",
        "***REDACTED***-****-****-****-6467",
    );
    // The test numbers that the networks publish.
    for card in [
        "4111111111111111",
        "5555555555554444",
        "2223003122003222",
        "378282246310005",
        "3782 822463 10005",
        "6011111111111117",
        "30569309025904",
        "3530111333300000",
        "6200000000000005",
    ] {
        let last: String = card.chars().filter(char::is_ascii_digit).collect();
        let wanted = format!("x ****-****-****-{} y", &last[last.len() - 4..]);
        becomes(&format!("x {card} y"), &wanted);
    }
    becomes("visa 4222222222222", "visa ****-****-****-2222");
    stays("4222222222222");
    stays("4539148803436468");
    stays("1700000000000 1732392000123");
    stays("id a4539148803436467");
    stays("4539148803436467f0");
    stays("14539148803436467890123");
    stays("4539.1488.0343.6467");
    stays("0.4539148803436467");
    stays("1111111111111111");
    stays("550e8400-e29b-41d4-a716-446655440000");
}

#[test]
fn social_security_numbers() {
    becomes("ssn 123-45-6789", "ssn ***-**-6789");
    becomes("SSN: 123-45-6789", "SSN: ***-**-6789");
    becomes("(123 45 6789)", "(***-**-6789)");
    becomes("078.05.1120", "***-**-1120");
    becomes("his ssn is 123456789.", "his ssn is ***-**-6789.");
    becomes("912-70-1234", "***-**-1234");
    for harmless in [
        "000-45-6789",
        "666-45-6789",
        "912-10-1234",
        "123-00-6789",
        "123-45-0000",
        "123-45 6789",
        "123456789",
        "123-45-67890",
        "1123-45-6789",
        "123-45-6789-1",
        "a123-45-6789",
        "12-345-6789",
    ] {
        stays(harmless);
    }
}

#[test]
fn ibans() {
    becomes("to DE89370400440532013000 now", "to ***REDACTED*** now");
    becomes("DE89 3704 0044 0532 0130 00", "***REDACTED***");
    becomes("gb82west12345698765432", "***REDACTED***");
    becomes("NO9386011117947,", "***REDACTED***,");
    becomes("MT84MALT011000012345MTLCAST001S", "***REDACTED***");
    stays("DE88370400440532013000");
    stays("DE8937040044053201300");
    stays("DE893704004405320130001");
    stays("in de12 and at20");
}

#[test]
fn tokens() {
    for token in [
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "github_pat_11ABCDEFG0abcdefghijkl_0123456789abcdefghijklmnopqrstuvwxyz",
        "glpat-ABCdef12345678901234",
        "xoxb-123456789012-abcdefABCDEF",
        &format!("{}{}", "sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"),
        "AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "sk-ant-api03-abcdefghij0123456789",
        "sk-proj-abcdefghij0123456789ABCDEF",
        "npm_abcdefghijklmnopqrstuvwxyz0123456789",
        "hf_abcdefghijKLMNOPqrstuvwxyz01234567",
        "SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    ] {
        becomes(
            &format!("use {token}, please"),
            "use ***REDACTED***, please",
        );
        becomes(&format!("x\\n{token}\\n"), "x\\n***REDACTED***\\n");
    }
    stays("AKIAIOSFODNN7EXAMPLEX");
    stays("the sk-learn-like-a-professional package");
    stays("ghp_short");
    stays("task-1234567890123456789012");
}

#[test]
fn json_web_tokens() {
    let header = "eyJhbGciOiJIUzI1NiJ9";
    becomes(
        &format!("got {header}.eyJzdWIiOiIxIn0.c2ln!"),
        "got ***REDACTED***!",
    );
    becomes(&format!("{header}.eyJzdWI"), "***REDACTED***");
    becomes(&format!("{header}..a.b.c"), "***REDACTED***");
    stays(header);
    stays("eyJust.kidding");
}

#[test]
fn private_keys() {
    let line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
    let key =
        format!("-----BEGIN PRIVATE KEY-----\n{line}\n{line}\nabc1==\n-----END PRIVATE KEY-----");
    becomes(
        &format!("before {key} after"),
        "before ***REDACTED*** after",
    );
    becomes(&key.replace('\n', "\\n"), "***REDACTED***");
    let cut = format!("-----BEGIN RSA PRIVATE KEY-----\n{line}\nabc1 and so on");
    becomes(&cut, "***REDACTED*** and so on");
    let headless = format!("log {line}\n{line}\n-----END RSA PRIVATE KEY-----");
    becomes(&headless, "log***REDACTED***");
    stays("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----");
}

#[test]
fn credentials() {
    becomes("sent Bearer abc123def456", "sent Bearer ***REDACTED***");
    becomes("Basic amFuZTpodW50ZXIy.", "Basic ***REDACTED***.");
    becomes(
        "Authorization: Bearer abc\nHost: x",
        "Authorization: ***REDACTED***\nHost: x",
    );
    becomes(
        "curl -H 'Authorization: Basic x y' u",
        "curl -H 'Authorization: ***REDACTED***' u",
    );
    stays("the bearer of good news");
    stays("Basic authentication is basic");
}

#[test]
fn passwords_in_urls() {
    becomes(
        "postgres://jane:hunter2@db:5432/shop",
        "postgres://jane:***REDACTED***@db:5432/shop",
    );
    becomes("redis://:s3cret@cache", "redis://:***REDACTED***@cache");
    becomes("amqp://u:p@ss:w0rd@mq/x", "amqp://u:***REDACTED***@mq/x");
    becomes("http://u:pa/ss#w@h/x", "http://u:***REDACTED***@h/x");
    stays("https://example.com:8080/a?b=c");
    stays("http://auth:8080/health");
    stays("http://[::1]:8080/");
    becomes(
        "Server=db;User Id=sa;Password=p,1;X=1",
        "Server=db;User Id=sa;Password=***REDACTED***;X=1",
    );
}

#[test]
fn values_after_sensitive_keys() {
    for (text, wanted) in [
        ("password=hunter2", "password=***REDACTED***"),
        ("?token=abc&user=jane", "?token=***REDACTED***&user=jane"),
        (
            "password: hunter2 and more",
            "password: ***REDACTED*** and more",
        ),
        (
            "password = \"hun ter2\" x",
            "password = \"***REDACTED***\" x",
        ),
        (
            r#"{"password":"hu\"nter","a":1"#,
            r#"{"password":"***REDACTED***","a":1"#,
        ),
        (
            r#"{\"password\":\"hunter2\",\"a\":1"#,
            r#"{\"password\":\"***REDACTED***\",\"a\":1"#,
        ),
        (
            r#"{"pin": 1234, "a": 1"#,
            r#"{"pin": ***REDACTED***, "a": 1"#,
        ),
        (
            r#"{"tokens": ["a","b"], "x": 1"#,
            r#"{"tokens": ***REDACTED***, "x": 1"#,
        ),
        (
            "Login { user: \"j\", password: \"x\" }",
            "Login { user: \"j\", password: \"***REDACTED***\" }",
        ),
        (
            "token: Some(\"x y\"), id: 1",
            "token: ***REDACTED***, id: 1",
        ),
        ("auth: Auth { user: \"a\" }, b", "auth: ***REDACTED***, b"),
        ("password=a,user=b", "password=***REDACTED***,user=b"),
        ("my api key: abc-1", "my api key: ***REDACTED***"),
        ("user[password]=x&a=b", "user[password]=***REDACTED***&a=b"),
        ("'secret' => 'x'", "'secret' => '***REDACTED***'"),
        (
            "card number: 4539 1488 0343 6467",
            "card number: ****-****-****-6467",
        ),
        ("cvv=123", "cvv=***REDACTED***"),
    ] {
        becomes(text, wanted);
    }
    for text in [
        "token_count=5",
        "password: null",
        "password=",
        "token: None",
        "password=true",
        "set password = ? where token = $1",
        "password=${DB_PASSWORD}",
        "invalid token: expected `{`",
        "auth::login",
        "author: Jane",
        "if password == x",
        "password: must be longer",
        "a=b",
        "12:30:45",
        "primary_key=7",
        "address: 1 Main St",
    ] {
        stays(text);
    }
}

#[test]
fn addresses_by_profile() {
    let rules = |profile| {
        Rules::new(&SanitizeConfig {
            profile,
            ..SanitizeConfig::default()
        })
        .unwrap()
    };
    let text = "from 10.1.2.3:80 to 2001:db8:1:2::3, v1.2.3.4.5";
    assert_eq!(clean(text), text);
    assert_eq!(
        clean_by(&rules(Profile::Gdpr), text),
        "from 10.1.2.0:80 to 2001:db8:1::, v1.2.3.4.5"
    );
    assert_eq!(
        clean_by(&rules(Profile::Hipaa), text),
        "from ***REDACTED***:80 to ***REDACTED***, v1.2.3.4.5"
    );
    assert_eq!(
        clean_by(&rules(Profile::Hipaa), "123-45-6789 a@b.org"),
        "***REDACTED*** ***REDACTED***"
    );
}

#[test]
fn patterns_of_the_users_own() {
    let mut badge = Pattern::new("badge", r"B-\d+");
    badge.replacement = Some("B-*".to_owned());
    let config = SanitizeConfig {
        patterns: vec![badge, Pattern::new("case", r"CASE\w+")],
        ..SanitizeConfig::default()
    };
    let rules = Rules::new(&config).unwrap();
    assert_eq!(
        clean_by(&rules, "B-17 has CASE9 and a@example.com B-1"),
        "B-* has ***REDACTED*** and a***@***.*** B-*"
    );
    // Overlaps are hidden as a whole.
    assert_eq!(
        clean_by(&rules, "password=xB-17y"),
        "password=***REDACTED***"
    );
}

#[test]
fn telephone_numbers() {
    for (text, wanted) in [
        ("call +1 212-555-0123 now", "call ***-***-0123 now"),
        ("+4930901820", "***-***-1820"),
        ("+44 20 7946 0958.", "***-***-0958."),
        ("(212) 555-0123", "***-***-0123"),
        (
            "212.555.0123 or 1-212-555-0124",
            "***-***-0123 or ***-***-0124",
        ),
        ("0049 30 901820", "***-***-1820"),
        ("phone 06 12 34 56 78", "phone ***-***-5678"),
        ("tel: 07700 900123", "tel: ***-***-0123"),
        ("q=%2B442079460958&x", "q=***-***-0958&x"),
    ] {
        becomes(text, wanted);
    }
    for text in [
        "2125550123",
        "at +01:00 and +0100",
        "1 + 23456789",
        "tel 2026-11-23",
        "112-555-0123",
        "212-155-0123",
        "order 212-555-01234",
        "v1.212.555.0123",
        "10:11:12.345 20261123",
    ] {
        stays(text);
    }
}

#[test]
fn mac_addresses() {
    becomes("eth0 00:1b:44:11:3a:b7 up", "eth0 ***REDACTED*** up");
    becomes("00-1B-44-11-3A-B7", "***REDACTED***");
    becomes("001b.4411.3ab7,", "***REDACTED***,");
    stays("00:00:00:00:00:00");
    stays("00:1b:44:11:3a");
    stays("00:1b:44:11:3a:b7:01:02");
    stays("12-34-56-78-90-12");
}

#[test]
fn secrets_told_in_words() {
    for (text, wanted) in [
        (
            "run --password hunter2 -v",
            "run --password ***REDACTED*** -v",
        ),
        (
            "the password is hunter2.",
            "the password is ***REDACTED***.",
        ),
        (
            "his PIN is 4711, he says",
            "his PIN is ***REDACTED***, he says",
        ),
        (
            "CREATE USER a IDENTIFIED BY 'hunter2'",
            "CREATE USER a IDENTIFIED BY '***REDACTED***'",
        ),
        (
            "with password \"x y\" set",
            "with password \"***REDACTED***\" set",
        ),
        (
            "curl -u jane:x1 http://h/",
            "curl -u jane:***REDACTED*** http://h/",
        ),
        (
            "<password>x</password>",
            "<password>***REDACTED***</password>",
        ),
        (
            "- name: DB_TOKEN\n  value: abc",
            "- name: DB_TOKEN\n  value: ***REDACTED***",
        ),
        (
            "q%3D1%26password%3Dx1%26a",
            "q%3D1%26password%3D***REDACTED***%26a",
        ),
        ("?sig=abcdefghijklmnopqrstuv&a", "?sig=***REDACTED***&a"),
    ] {
        becomes(text, wanted);
    }
    for text in [
        "the password is wrong",
        "the password is 8 characters long",
        "unexpected token '<' at 1",
        "run --token-file x --password-stdin",
        "docker run -u 1000:1000 x",
        "let token = lexer.next_token();",
        "password: String",
        "Authorization: Bearer $TOKEN",
        "<passwords></passwords>",
    ] {
        stays(text);
    }
}

#[test]
fn keys_of_putty_and_short_lines() {
    becomes(
        "Private-Lines: 2\nAAAAgQCx1abcdefghijk\nAAAAabcdefghijklmnop\nPrivate-MAC: 0",
        "Private-Lines: 2\n***REDACTED***\nPrivate-MAC: 0",
    );
    becomes(
        "-----BEGIN PRIVATE KEY-----\nab\ncd\n-----END PRIVATE KEY----- x",
        "***REDACTED*** x",
    );
    becomes(
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nab\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
        "***REDACTED***",
    );
}

#[test]
fn secrets_without_a_prefix() {
    let hash = "d41d8cd98f00b204e9800998ecf8427e";
    becomes(
        &format!("mailchimp {hash}-us17"),
        "mailchimp ***REDACTED***",
    );
    becomes(&format!("the api key {hash}"), "the api key ***REDACTED***");
    becomes(
        "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1",
        "***REDACTED***",
    );
    becomes("abc8Q~abcdefghijklmnopqrstuvwxyz01234567", "***REDACTED***");
    stays(&format!("commit {hash}"));
    stays(&format!("digest {hash} of token_count"));
}

#[test]
fn the_second_of_a_pair_is_known_by_the_first() {
    for (text, wanted) in [
        (
            r#"[("user", "jane"), ("password", "hunter2")]"#,
            r#"[("user", "jane"), ("password", "***REDACTED***")]"#,
        ),
        (
            "(('password', 'hunter2'),)",
            "(('password', '***REDACTED***'),)",
        ),
        (r#"("api_key","abc")"#, r#"("api_key","***REDACTED***")"#),
        (
            "az login --service-principal -u app -p hunter2 --tenant t",
            "az login --service-principal -u app -p ***REDACTED*** --tenant t",
        ),
    ] {
        becomes(text, wanted);
    }
    for text in [
        r#"label("password", "Your password")"#,
        "WHERE name IN ('password', 'token')",
        r#"fields = ("password", "email")"#,
        r#"[("password", "min", 8)]"#,
        r#"[("plan", "free")]"#,
    ] {
        stays(text);
    }
}

#[test]
fn a_secret_of_an_issuer_that_nobody_knows_is_known_by_its_randomness() {
    for (text, wanted) in [
        (
            "acme_live_8fK2mQx0ZpLr7TyVb3NcWd5HgJ1sA9 x",
            "***REDACTED*** x",
        ),
        (
            "key (xy_8fK2mQx0ZpLr7TyVb3NcWd5HgJ1sA9)",
            "key (***REDACTED***)",
        ),
    ] {
        becomes(text, wanted);
    }
    for text in [
        // Identifiers are shorter, digests are hexadecimal.
        "user_2NNEqL2nrIRdJ194ndJqAHwEfxC",
        "sha1_2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
        "build_9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "styles_container__Ab3dE9f",
        "check_ThatEveryLongNameOfATestStaysAsItIs2",
        "_ZN4core3fmt9Formatter9write_str17h0123456789abcdefE",
        // A part of a path.
        "/assets/app_8fK2mQx0ZpLr7TyVb3NcWd5HgJ1sA9.js",
    ] {
        stays(text);
    }
}
