//! `vigil anchor`, `vigil keys init` and `vigil keys rotate`, and what `vigil verify` makes of them.

#![allow(
    clippy::unwrap_used,
    reason = "an unwrap that fails is a test that fails"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use vigil_tests::authority::{Answering, Authority, Certificates, Stamper, openssl_is_there};
use vigil_tests::isolated;

/// The exit code and all that was printed.
fn vigil(dir: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_vigil"))
        .args(arguments)
        .current_dir(dir)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(printed).unwrap(),
    )
}

#[test]
fn a_trail_is_anchored_from_its_key_on() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let origin = "shop.example/audit";
    let (code, key) = vigil(dir, &["keys", "init", "trail", "--origin", origin]);
    assert!(code == 0 && key.starts_with("shop.example/audit+"), "{key}");
    let (code, again) = vigil(dir, &["keys", "init", "trail", "--origin", origin]);
    assert!(code == 2 && again.contains("is there already"), "{again}");

    let engine = vigil_tests::start(&dir.join("trail"));
    vigil_tests::of_the_library("jane@example.com");
    let (code, said) = vigil(dir, &["keys", "rotate", "trail"]);
    assert!(code == 2 && said.contains("vigil::rotate_key()"), "{said}");
    engine.shutdown().unwrap();

    let to = ["anchor", "trail", "--to", "copy:kept"];
    let (code, said) = vigil(dir, &to);
    assert!(
        code == 1 && said.contains("there is no directory kept"),
        "{said}"
    );
    fs::create_dir(dir.join("kept")).unwrap();
    let (code, said) = vigil(dir, &to);
    assert!(
        code == 0 && said.contains("the first 3 events of shop.example/audit"),
        "{said}"
    );
    for (arguments, what) in [
        (
            &["--to", "pigeon:home"][..],
            "expected copy:DIRECTORY, witness:URL or timestamp:URL",
        ),
        (
            &["--to", "witness:https://w.example"],
            "the key of the witness is missing",
        ),
        (
            &["--to", "witness:here", "--witness", "w+1+x"],
            "the witness key has",
        ),
        (
            &["--to", "copy:kept", "--witness", "w+1+x"],
            "no witness:URL for this key",
        ),
        (
            &["--to", "timestamp:http://tsa.example"],
            "the file of the certificates is missing",
        ),
        (
            &["--to", "timestamp:here", "--timestamp-ca", "shop.pem"],
            "cannot read the certificates in shop.pem",
        ),
        (
            &["--to", "copy:kept", "--timestamp-ca", "shop.pem"],
            "--timestamp-ca shop.pem: there is no timestamp:URL",
        ),
        (&["--to", "copy:kept", "--name", "../up"], "1 to 64 letters"),
    ] {
        let arguments = [&["anchor", "trail"], arguments].concat();
        let (code, said) = vigil(dir, &arguments);
        assert!(code == 2 && said.contains(what), "{arguments:?}: {said}");
    }
    let (code, said) = vigil(dir, &["anchor", "kept", "--to", "copy:kept"]);
    assert!(code == 2 && said.contains("no signed checkpoint"), "{said}");

    fs::write(dir.join("shop.vkey"), &key).unwrap();
    let verify = |more: &[&str]| {
        let usual = ["verify", "trail", "--no-audit", "--key", "shop.vkey"];
        vigil(dir, &[&usual, more].concat())
    };
    let (code, said) = verify(&["--kept", "kept", "--anchored-within", "24h"]);
    assert!(
        code == 0 && said.contains("anchored     3 events, since 2"),
        "{said}"
    );
    assert!(said.contains("receipts of copy: 3 events"), "{said}");
    let (code, said) = verify(&["--anchored-within", "24h"]);
    assert!(
        code == 3 && said.contains("by nothing that was given"),
        "{said}"
    );
    let (code, said) = verify(&["--anchored-within", "soon"]);
    assert!(code == 2 && said.contains("10m"), "{said}");

    let (code, new) = vigil(dir, &["keys", "rotate", "trail"]);
    assert!(
        code == 0 && new.starts_with("shop.example/audit+") && new != key,
        "{new}"
    );
    let (_, keys) = vigil(dir, &["keys", "list", "trail"]);
    assert_eq!(keys, format!("{key}{new}"));
    let (code, said) = verify(&["--kept", "kept", "--anchored-within", "0"]);
    assert!(
        code == 3,
        "the event of the new key is not anchored: {said}"
    );
    assert_eq!(vigil(dir, &to).0, 0);
    let (code, report) = verify(&["--kept", "kept", "--anchored-within", "0", "--json"]);
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(
        (code, &report["anchored"]),
        (0, &Value::from(4)),
        "{report:#}"
    );
    assert_eq!(report["anchors"][0]["kind"], "given", "{report:#}");
    assert!(report["anchored_at"].is_string());
}

isolated! {
    fn a_trail_is_stamped_and_the_stamps_count_by_the_certificates_that_are_given(dir) {
        if !openssl_is_there() {
            return;
        }
        let certificates = Certificates::new(&dir.join("certificates"));
        certificates.root("root");
        certificates.stamper("Authority of the tests", "root", "rsa:2048");
        certificates.root("other");
        let stamper = Stamper::new(&certificates, "Authority of the tests", "sha256");
        let authority = Authority::start(Answering::Good(stamper));
        let engine = vigil_tests::start(&dir.join("trail"));
        vigil_tests::of_the_library("jane@example.com");
        engine.shutdown().unwrap();

        let to = format!("timestamp:{}", authority.url());
        let anchor = |ca: &str| {
            let arguments = ["anchor", "trail", "--to", &to, "--timestamp-ca", ca];
            vigil(dir, &arguments)
        };
        let (code, said) = anchor("certificates/other.pem");
        let refused = said.contains(
            "has answered no time stamp: its certificate does not lead to one that is trusted",
        );
        assert!(code == 1 && refused, "{said}");
        let (code, said) = anchor("certificates/root.key");
        assert!(
            code == 2 && said.contains("-----BEGIN CERTIFICATE-----"),
            "{said}"
        );
        let (code, said) = anchor("certificates/root.pem");
        assert!(code == 0 && said.contains("the first 3 events"), "{said}");

        let verify = |more: &[&str]| {
            let usual = ["verify", "trail", "--no-audit", "--anchored-within", "24h"];
            vigil(dir, &[&usual, more].concat())
        };
        let (code, said) = verify(&["--timestamp-ca", "certificates/root.pem"]);
        assert!(
            code == 0 && said.contains("anchored     3 events, since 2"),
            "{said}"
        );
        let whose =
            "time stamps of Authority of the tests: 3 events, 1 checkpoints agree, the newest of 2";
        assert!(said.contains(whose), "{said}");
        let (code, said) = verify(&[]);
        let why = "(not checked, and count for nothing: no certificates were given to check it by)";
        assert!(
            code == 3 && said.contains(whose) && said.contains(why),
            "{said}"
        );
        let (code, said) = verify(&["--timestamp-ca", "certificates/other.pem"]);
        assert!(
            code == 3 && said.contains("does not lead to one that is trusted"),
            "{said}"
        );
        let (code, said) = verify(&["--timestamp-ca", "nowhere.pem"]);
        assert!(code == 2 && said.contains("nowhere.pem"), "{said}");
        let (_, report) = verify(&["--timestamp-ca", "certificates/root.pem", "--json"]);
        let report: Value = serde_json::from_str(&report).unwrap();
        assert_eq!(report["anchors"][0]["kind"], "timestamp", "{report:#}");
        // Copied elsewhere they are checkpoints as others are.
        fs::rename(
            dir.join("trail/.vigil/anchors/timestamp/timestamps"),
            dir.join("copied"),
        )
        .unwrap();
        let (code, said) = verify(&["--kept", "copied"]);
        assert!(code == 0 && said.contains("given: 3 events"), "{said}");
        assert!(!said.contains("time stamps of"), "{said}");
        let (code, said) = verify(&[
            "--kept",
            "copied",
            "--timestamp-ca",
            "certificates/root.pem",
        ]);
        assert!(
            code == 0 && said.contains(whose) && !said.contains("not checked"),
            "{said}"
        );
        // Who has kept it believes it himself, whatever the stamp is worth.
        let (code, said) = verify(&[
            "--kept",
            "copied",
            "--timestamp-ca",
            "certificates/other.pem",
        ]);
        assert!(
            code == 0 && said.contains(whose) && said.contains("not checked"),
            "{said}"
        );
    }
}
