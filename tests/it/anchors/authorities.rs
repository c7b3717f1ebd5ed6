//! Whose time stamps are believed: keys and digests of all kinds, certificates that are not for stamps, or not then.

use std::fs;
use std::path::Path;

use vigil::trail::{Anchor as _, SignedCheckpoint, Verdict, anchor, verify};
use vigil_tests::authority::{
    Answering, Authority, Certificates, Stamper, openssl, openssl_is_there,
};
use vigil_tests::{builder, isolated};

use super::record;
use super::timestamp::{by, ca, stamps, to, told, usual};

isolated! {
    fn keys_and_digests_of_all_kinds_are_checked(dir) {
        if !openssl_is_there() { return }
        let trail = dir.join("trail");
        let vigil = builder(&trail).init().unwrap();
        record(0..10);
        vigil.shutdown().unwrap();
        let newest = SignedCheckpoint::newest(&trail).unwrap();
        let certificates = usual(dir);
        let authority = Authority::start(Answering::Hangs);
        for key in ["rsa:2048", "rsa:3072", "P-256", "P-384"] {
            certificates.stamper(key, "between", key);
            for digest in ["sha256", "sha384", "sha512"] {
                authority.go_on(Answering::Good(Stamper::new(&certificates, key, digest)));
                to(&authority, ca(&certificates, "root")).anchor(&newest).unwrap();
            }
        }
        // As authorities named certificates before RFC 5816, and without what is optional.
        let old = Stamper::new(&certificates, "P-256", "sha256").with("ess_cert_id_alg = sha1").with("tsa_name = no");
        // And under a policy whose number no machine word holds (ITU-T X.667).
        let old = old.with("default_policy = 2.25.329800735698586629295641978511506172918");
        authority.go_on(Answering::Good(old.with("accuracy = secs:1\nordering = yes")));
        to(&authority, ca(&certificates, "root")).anchor(&newest).unwrap();
        for (key, digest, what) in [
            ("P-256", "sha1", "SHA-1, which is not believed"),
            ("rsa:1024", "sha256", "its signature is not one"),
            ("P-521", "sha512", "a key of another kind"),
        ] {
            certificates.stamper(key, "between", key);
            authority.go_on(Answering::Good(Stamper::new(&certificates, key, digest)));
            let error = to(&authority, ca(&certificates, "root")).anchor(&newest).unwrap_err().to_string();
            assert!(error.contains(what), "{key}, {digest}: {error}");
        }
    }

    fn a_certificate_has_to_be_one_for_stamps_at_that_time(dir) {
        if !openssl_is_there() { return }
        let trail = dir.join("trail");
        let vigil = builder(&trail).init().unwrap();
        record(0..10);
        vigil.shutdown().unwrap();
        let certificates = usual(dir);
        let usage = "keyUsage = critical, digitalSignature\n";
        let purposes = "extendedKeyUsage = critical, timeStamping";
        let bad = [
            ("none", usage.to_owned(), "no extended key usage"),
            ("lax", format!("{usage}extendedKeyUsage = timeStamping"), "not critical"),
            ("both", format!("{usage}{purposes}, codeSigning"), "not timeStamping alone"),
            ("server", format!("{usage}extendedKeyUsage = critical, serverAuth"), "not timeStamping alone"),
            ("encrypts", format!("keyUsage = keyEncipherment\n{purposes}"), "key usage is another"),
            ("authority", format!("basicConstraints = critical, CA:TRUE\n{usage}{purposes}"), "it issues others"),
        ];
        for (name, extensions, _) in &bad {
            certificates.issue(name, "between", "P-256", extensions, &["-days", "3650"]);
        }
        certificates.for_the_time("past", "root", "20200101000000Z", "20210101000000Z");
        certificates.for_the_time("future", "root", "21200101000000Z", "21210101000000Z");

        let authority = Authority::start(Answering::Good(Stamper::new(&certificates, "Test Authority", "sha256")));
        let mut tsa = to(&authority, ca(&certificates, "root"));
        anchor(&trail, "tsa", &mut tsa).unwrap();
        let kept = stamps(&trail).remove(0);
        let of_purpose = bad.iter().map(|(name, _, what)| (*name, *what));
        for (name, what) in of_purpose.chain([("past", "had expired"), ("future", "was not valid yet")]) {
            sign_again(&certificates, &kept, name);
            assert_unchecked(&trail, &certificates, what);
        }
        // That it is made so is not what is wrong with it.
        sign_again(&certificates, &kept, "Test Authority");
        assert_eq!(verify(&trail, &by(&certificates, "root")).unwrap().verdict, Verdict::Intact);
    }
}

/// Signs what a stamp says again, by a certificate that `openssl ts` refuses to use.
fn sign_again(certificates: &Certificates, stamp: &Path, signer: &str) {
    let dir = certificates.dir();
    let stamp_text = stamp.display().to_string();
    openssl(
        dir,
        &[
            "ts",
            "-reply",
            "-in",
            &stamp_text,
            "-token_out",
            "-out",
            "token",
        ],
    );
    openssl(
        dir,
        &[
            "cms",
            "-verify",
            "-noverify",
            "-inform",
            "DER",
            "-in",
            "token",
            "-out",
            "content",
        ],
    );
    let (pem, key) = (format!("{signer}.pem"), format!("{signer}.key"));
    let sign = [
        "cms",
        "-sign",
        "-binary",
        "-nodetach",
        "-cades",
        "-md",
        "sha256",
        "-outform",
        "DER",
    ];
    let of_what = [
        "-econtent_type",
        "1.2.840.113549.1.9.16.1.4",
        "-in",
        "content",
        "-out",
        "token",
    ];
    let by_whom = ["-signer", &pem, "-inkey", &key, "-certfile", "between.pem"];
    openssl(dir, &[&sign[..], &of_what, &by_whom].concat());
    let token = fs::read(dir.join("token")).unwrap();
    let inner = [&[0x30, 0x03, 0x02, 0x01, 0x00][..], &token].concat();
    let length = u16::try_from(inner.len()).unwrap().to_be_bytes();
    fs::write(stamp, [&[0x30, 0x82][..], &length, &inner].concat()).unwrap();
}

#[track_caller]
fn assert_unchecked(trail: &Path, certificates: &Certificates, what: &str) {
    let report = verify(trail, &by(certificates, "root")).unwrap();
    assert_eq!(report.verdict, Verdict::NotAnchored, "{what}: {report:#?}");
    let why = told(&report).unchecked.as_ref().unwrap();
    assert!(why.contains(what), "{what}: {why}");
}
