use super::*;

fn kind(name: &str) -> Kind {
    kind_of(name, &ExtraWords::default())
}

#[test]
fn secrets_are_known_by_their_words() {
    for name in [
        "password",
        "Password",
        "PASSWORD",
        "userPassword",
        "user_password",
        "passwd",
        "pwd",
        "passphrase",
        "access_token",
        "accessToken",
        "accesstoken",
        "apiKey",
        "api_key",
        "apikey",
        "APIKey",
        "APIKEY",
        "X-Api-Key",
        "x-api-key",
        "Authorization",
        "Proxy-Authorization",
        "set-cookie",
        "Cookie",
        "client_secret",
        "clientSecret",
        "refresh_token",
        "id_token",
        "private_key",
        "privateKey",
        "aws_secret_access_key",
        "secret",
        "secrets",
        "credentials",
        "credential",
        "session_id",
        "sessionId",
        "JSESSIONID",
        "csrf",
        "xsrf_token",
        "otp",
        "mfa_code",
        "totp",
        "pin",
        "pinCode",
        "dsn",
        "connection_string",
        "connectionString",
        "encryption_key",
        "signing-key",
        "user[password]",
        "form.password",
        "db/password",
        "password2",
        "oauth2_token",
        "secret_id",
        "auth",
        "auth_code",
        "bearer",
        "PassWord",
        "pAssword",
        "authToken",
        "X-Amz-Signature",
        "primary_access_key",
        "tokens",
        "api_keys",
        "passwords",
        "two_factor_code",
        "password_hash",
        "AccountKey",
    ] {
        assert_eq!(kind(name), Kind::Secret, "{name}");
    }
}

#[test]
fn numbers_that_identify_are_known_by_their_words() {
    for (name, is) in [
        ("card_number", Kind::Card),
        ("cardNumber", Kind::Card),
        ("cc_number", Kind::Card),
        ("creditCard", Kind::Card),
        ("credit_card_number", Kind::Card),
        ("cvv", Kind::Card),
        ("cvv2", Kind::Card),
        ("CVC", Kind::Card),
        ("pan", Kind::Card),
        ("iban", Kind::Account),
        ("account_number", Kind::Account),
        ("bankAccount", Kind::Account),
        ("routing_number", Kind::Account),
        ("SSN", Kind::Government),
        ("ssn", Kind::Government),
        ("user_ssn", Kind::Government),
        ("socialSecurityNumber", Kind::Government),
        ("social-security", Kind::Government),
        ("passport", Kind::Government),
        ("passport_number", Kind::Government),
        ("tax_id", Kind::Government),
        ("taxId", Kind::Government),
        ("driversLicense", Kind::Government),
        ("license_number", Kind::Government),
        ("mrn", Kind::Government),
        ("patient_id", Kind::Government),
    ] {
        assert_eq!(kind(name), is, "{name}");
    }
}

#[test]
fn personal_data_is_known_by_its_words() {
    for (name, is) in [
        ("email", Kind::Email),
        ("e-mail", Kind::Email),
        ("user_email", Kind::Email),
        ("emailAddress", Kind::Email),
        ("phone", Kind::Phone),
        ("phone_number", Kind::Phone),
        ("mobileNumber", Kind::Phone),
        ("first_name", Kind::Name),
        ("lastName", Kind::Name),
        ("surname", Kind::Name),
        ("address", Kind::Address),
        ("home_address", Kind::Address),
        ("street", Kind::Address),
        ("zip_code", Kind::Address),
        ("dob", Kind::Birth),
        ("date_of_birth", Kind::Birth),
        ("birthDate", Kind::Birth),
        ("ip_address", Kind::Ip),
        ("ipAddress", Kind::Ip),
    ] {
        assert_eq!(kind(name), is, "{name}");
    }
}

#[test]
fn names_that_only_look_sensitive_pass() {
    for name in [
        "token_count",
        "tokenCount",
        "max_tokens",
        "total_tokens",
        "prompt_tokens",
        "password_length",
        "passwordLength",
        "public_key",
        "publicKey",
        "primary_key",
        "foreign_key",
        "sort_key",
        "partition_key",
        "bucket_key",
        "author",
        "author_id",
        "authors",
        "authenticated",
        "credentials_id",
        "keyboard",
        "monkey",
        "key",
        "id",
        "user_id",
        "name",
        "token_type",
        "token_url",
        "token_endpoint",
        "password_file",
        "secret_name",
        "session",
        "username",
        "password_expires",
        "cookie_policy",
        "cookie_name",
        "auth_method",
        "auth_type",
        "spin",
        "pinned",
        "spanner",
        "expand",
        "company",
        "passenger",
        "compass",
        "tokenizer",
        "secretary",
        "mac_address",
        "bind_address",
        "server_address",
        "file_name",
        "plan",
        "sql",
        "",
        "42",
        "card_type",
        "card_brand",
        "account_id",
        "public_key_token",
        "publicKeyToken",
        "cvv_present",
        "maxTokens",
        "maxtokens",
        "TokenCount",
    ] {
        assert_eq!(kind(name), Kind::None, "{name}");
    }
}

#[test]
fn configuration_adds_words_and_pairs_and_takes_names_out() {
    let extra = ExtraWords {
        sensitive: vec![
            ExtraWords::entry("badge").unwrap(),
            ExtraWords::entry("employee_no").unwrap(),
            ExtraWords::entry("Geheimnis").unwrap(),
        ],
        exempt: vec![ExtraWords::entry("auth").unwrap()],
        ..ExtraWords::default()
    };
    for name in [
        "badge",
        "badgeColour",
        "EmployeeNo",
        "my_employee_no",
        "GEHEIMNIS",
    ] {
        assert_eq!(kind_of(name, &extra), Kind::Secret, "{name}");
    }
    for name in ["employee", "no", "auth", "Auth", "badger"] {
        assert_eq!(kind_of(name, &extra), Kind::None, "{name}");
    }
    assert_eq!(kind_of("auth_token", &extra), Kind::Secret);
    assert!(ExtraWords::entry("--").is_none());
}

/// By its end alone, a name was sensitive only when what was found in it had made it shorter: fuzzing found it.
#[test]
fn a_long_name_is_judged_as_a_whole() {
    let name = format!("password {}", "v".repeat(1000));
    assert_eq!(kind(&name), Kind::Secret);
    let name = format!("{}é.password", "x".repeat(10_000));
    assert_eq!(kind(&name), Kind::Secret);
}

#[test]
fn a_key_asks_again_when_the_rules_change() {
    let key = Key::new("badge");
    let plain = Rules::built_in();
    let config = super::super::SanitizeConfig {
        keys: vec!["badge".to_owned()],
        ..Default::default()
    };
    let strict = Rules::new(&config).unwrap();
    for _ in 0..2 {
        assert_eq!(key.kind(&plain), Kind::None);
        assert_eq!(key.kind(&strict), Kind::Secret);
    }
}

/// Names made of the rule's own words and of others, joined in all ways.
fn names() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let known = table::SINGLES
        .iter()
        .chain(table::ENDINGS)
        .copied()
        .chain(table::PAIRS.iter().flat_map(|pair| [pair.0, pair.1]))
        .collect::<Vec<_>>();
    let word = prop_oneof![
        prop::sample::select(known).prop_map(str::to_owned),
        prop::sample::select(vec![
            "order", "s", "es", "is", "ed", "count", "user", "x", "pw"
        ])
        .prop_map(str::to_owned),
        "[a-z]{1,4}",
    ];
    let joint = prop::sample::select(vec!["", "", "_", "-", " ", "[", "2", "__", "é"]);
    let shape = |word: String, how: u8| match how {
        0 => word.to_uppercase(),
        1 => word[..1].to_uppercase() + &word[1..],
        2 => word.clone() + "s",
        _ => word,
    };
    let part = (word, joint, 0..6_u8).prop_map(move |(word, joint, how)| shape(word, how) + joint);
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(2048),
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn the_gate_lets_through_all_that_the_words_know(name in names()) {
        let extra = ExtraWords::default();
        proptest::prop_assert_eq!(kind_of(&name, &extra), judged(&name, &extra));
    }
}

#[test]
fn the_gate_stays_shut_for_the_commonest_names() {
    for name in [
        "id",
        "name",
        "user",
        "user_id",
        "plan",
        "role",
        "status",
        "type",
        "page",
        "sort",
        "limit",
        "order_id",
        "created_at",
        "orderId",
        "total",
        "code",
        "date",
    ] {
        assert!(!may_be_known(name.as_bytes()), "{name}");
    }
}
