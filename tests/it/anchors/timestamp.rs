//! Time stamps by an authority that `openssl` plays, and `openssl` as the judge of what is kept.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use vigil::trail::{
    Anchor as _, AnchorKind, Kind, SignedCheckpoint, TimestampAnchor, TimestampCa, Verdict,
    VerifyOptions, VerifyReport, anchor, verify,
};
use vigil_tests::authority::{Answering, Authority, Certificates, Stamper, openssl_is_there};
use vigil_tests::{all_events, builder, isolated};

use super::{copy_all, record, remove, until};

/// A root, an authority by it over another certificate, and another root that nobody has asked.
pub(super) fn usual(dir: &Path) -> Certificates {
    let certificates = Certificates::new(&dir.join("certificates"));
    certificates.root("root");
    certificates.between("between", "root");
    certificates.stamper("Test Authority", "between", "P-256");
    certificates.root("other root");
    certificates
}

pub(super) fn ca(certificates: &Certificates, name: &str) -> TimestampCa {
    TimestampCa::read(certificates.pem(name)).unwrap()
}

pub(super) fn by(certificates: &Certificates, name: &str) -> VerifyOptions<'static> {
    VerifyOptions::new()
        .timestamp_ca(&ca(certificates, name))
        .anchored_within(0)
}

pub(super) fn to(authority: &Authority, ca: TimestampCa) -> TimestampAnchor {
    let anchor = TimestampAnchor::new(authority.url(), ca).unwrap();
    anchor.timeout(Duration::from_secs(60))
}

pub(super) fn stamps(trail: &Path) -> Vec<PathBuf> {
    let Ok(files) = fs::read_dir(trail.join(".vigil/anchors/tsa/timestamps")) else {
        return Vec::new();
    };
    let files = files.map(|file| file.unwrap().path());
    let mut stamps: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|ending| ending == "tsr"))
        .collect();
    stamps.sort();
    stamps
}

/// The only time stamps there are, as a report has them.
#[track_caller]
pub(super) fn told(report: &VerifyReport) -> &vigil::trail::AnchorReport {
    let mut found = report.anchors.iter().filter(|anchor| {
        matches!(
            anchor.kind,
            AnchorKind::Timestamp | AnchorKind::UncheckedTimestamp
        )
    });
    let one = found.next().unwrap();
    assert!(found.next().is_none(), "{report:#?}");
    one
}

/// The command of the auditor's page, run in the directory of a trail.
fn as_the_page_says(trail: &Path) -> std::process::Output {
    let page = include_str!("../../../vigil/docs/verifying.md");
    let script = page
        .split("```sh\n")
        .find(|part| part.contains("openssl ts -verify"))
        .and_then(|part| part.split("```").next())
        .unwrap();
    Command::new("sh")
        .args(["-e", "-c", script])
        .current_dir(trail)
        .output()
        .unwrap()
}

isolated! {
    fn stamps_are_kept_as_openssl_verifies_them_and_count_by_whom_one_trusts(dir) {
        if !openssl_is_there() { return }
        let trail = dir.join("trail");
        let certificates = usual(dir);
        let authority = Authority::start(Answering::Good(Stamper::new(&certificates, "Test Authority", "sha256")));
        let run = |numbers| {
            let yaml = format!(
                "trail: {{anchors: {{tsa: {{to: \"timestamp:{}\", ca: \"{}\", every: 1h}}}}}}",
                authority.url(),
                certificates.pem("root").display()
            );
            let vigil = vigil::builder().config_text(yaml).service("test").trail(&trail).init().unwrap();
            record(numbers);
            vigil.shutdown().unwrap();
        };
        run(0..100);
        run(100..200);
        let asked = authority.asked();
        assert!(asked.len() >= 2 && asked[0][58..66] != asked[1][58..66], "a nonce of its own each time");
        assert_eq!(stamps(&trail).len(), asked.len());

        let events = all_events(&trail).len() as u64;
        let report = verify(&trail, &by(&certificates, "root")).unwrap();
        assert_eq!((report.verdict, report.anchored), (Verdict::Intact, Some(events)), "{report:#?}");
        let stamped = told(&report);
        assert_eq!((stamped.name.as_str(), stamped.kind, stamped.size), ("Test Authority", AnchorKind::Timestamp, Some(events)));
        assert_eq!(stamped.checkpoints, asked.len() as u64);
        assert_eq!(stamped.time, report.anchored_at);
        assert!(stamped.first_size < stamped.size && stamped.first_time <= stamped.time, "{stamped:?}");
        let recent = by(&certificates, "root").anchored_since(Duration::from_secs(3_600));
        assert_eq!(verify(&trail, &recent).unwrap().verdict, Verdict::Intact);

        // Nobody is believed by himself.
        for (options, why) in [
            (VerifyOptions::new().anchored_within(0), "no certificates were given"),
            (by(&certificates, "other root"), "does not lead to one that is trusted"),
        ] {
            let report = verify(&trail, &options).unwrap();
            assert_eq!((report.verdict, report.anchored, report.anchored_at.as_deref()), (Verdict::NotAnchored, None, None));
            let stamped = told(&report);
            assert_eq!((stamped.kind, stamped.size), (AnchorKind::UncheckedTimestamp, Some(events)));
            assert!(stamped.unchecked.as_ref().unwrap().contains(why), "{stamped:?}");
        }
        // One in between is as good as the root, and so are several.
        let both = by(&certificates, "other root").timestamp_ca(&ca(&certificates, "between"));
        assert_eq!(verify(&trail, &both).unwrap().verdict, Verdict::Intact);

        fs::copy(certificates.pem("root"), trail.join("tsa-ca.pem")).unwrap();
        let output = as_the_page_says(&trail);
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{output:?}");
        assert_eq!(printed.matches("Verification: OK").count(), asked.len(), "{output:?}");
        let stamped = stamps(&trail).pop().unwrap().with_extension("checkpoint");
        let note = fs::read_to_string(&stamped).unwrap();
        fs::write(&stamped, note.replacen(&format!("\n{events}\n"), "\n1\n", 1)).unwrap();
        assert!(!as_the_page_says(&trail).status.success());
        let report = verify(&trail, &by(&certificates, "root")).unwrap();
        let finding = report.first().unwrap();
        assert_eq!(finding.kind, Kind::SignatureWrong, "{report:#?}");
        assert!(finding.message.contains("its imprint is that of something else"), "{finding}");
    }

    fn answers_that_are_no_stamps_are_told_and_not_kept(dir) {
        if !openssl_is_there() { return }
        let trail = dir.join("trail");
        let vigil = builder(&trail).init().unwrap();
        record(0..10);
        vigil.shutdown().unwrap();
        let certificates = usual(dir);
        let good = || Stamper::new(&certificates, "Test Authority", "sha256");
        certificates.stamper("Foreign Authority", "other root", "P-256");
        let authority = Authority::start(Answering::Good(good()));
        let newest = SignedCheckpoint::newest(&trail).unwrap();
        let mut tsa = to(&authority, ca(&certificates, "root"));
        let reply = "application/timestamp-reply";
        tsa.anchor(&newest).unwrap();

        let without_nonce = vec![0x01, 0x01, 0xff];
        for (answering, what) in [
            // Another hash, another nonce, none.
            (Answering::Other(good(), 24, [&[7; 32][..], &authority.asked()[0][56..]].concat()), "imprint is that of something else"),
            (Answering::Other(good(), 58, [&[0x55; 8][..], &without_nonce].concat()), "nonce is not the one that was sent"),
            (Answering::Again, "nonce is not the one that was sent"),
            (Answering::Good(good().with("digests = sha512")), "not granted (rejection, bad algorithm)"),
            (Answering::Text(200, reply, b"garbage".to_vec()), "malformed DER"),
            (Answering::Text(200, reply, Vec::new()), "malformed DER"),
            (Answering::Text(200, reply, vec![0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00]), "there is no token"),
            (Answering::Text(200, reply, vec![0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x03]), "not granted (waiting)"),
            (Answering::Cut(good(), 200), "malformed DER"),
            (Answering::Text(200, "text/html", b"<html>it works</html>".to_vec()), "text/html, and not application/timestamp-reply: <html>it works"),
            (Answering::Text(500, "text/plain", b"out of order".to_vec()), "has answered 500: out of order"),
            (Answering::Text(404, reply, Vec::new()), "has answered 404"),
            (Answering::Good(Stamper::new(&certificates, "Foreign Authority", "sha256")), "does not lead to one that is trusted"),
            (Answering::Endless, "does not end"),
            (Answering::Hangs, "timeout"),
        ] {
            let shown = format!("{answering:?}");
            authority.go_on(answering);
            if what == "timeout" {
                tsa = tsa.timeout(Duration::from_millis(300));
            }
            let error = anchor(&trail, "tsa", &mut tsa).unwrap_err().to_string();
            assert!(error.contains(what) && error.contains(authority.url()), "{shown}: {error}");
        }
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut gone = TimestampAnchor::new(&format!("http://{nobody}"), ca(&certificates, "root")).unwrap();
        let error = gone.anchor(&newest).unwrap_err();
        assert!(error.to_string().contains("cannot reach") && !error.is_refused(), "{error}");
        assert!(TimestampAnchor::new("here", ca(&certificates, "root")).is_err());
        // Nothing of that is a receipt.
        assert!(!trail.join(".vigil/anchors").exists());
    }

    fn a_stamp_convicts_a_trail_that_was_rolled_back_or_rewritten(dir) {
        if !openssl_is_there() { return }
        let trail = dir.join("trail");
        let certificates = usual(dir);
        let authority = Authority::start(Answering::Good(Stamper::new(&certificates, "Test Authority", "sha256")));
        let mut tsa = to(&authority, ca(&certificates, "root"));
        let go_on = |numbers| {
            let vigil = builder(&trail).init().unwrap();
            record(numbers);
            vigil.shutdown().unwrap();
        };
        go_on(0..100);
        let older = dir.join("older");
        copy_all(&trail, &older);
        go_on(100..200);
        anchor(&trail, "tsa", &mut tsa).unwrap();
        let (beside, elsewhere) = (".vigil/anchors/tsa/timestamps", dir.join("elsewhere"));
        copy_all(&trail.join(beside), &elsewhere);

        let stamp = stamps(&trail).pop().unwrap();
        let note = fs::read_to_string(stamp.with_extension("checkpoint")).unwrap();
        let stamp = fs::read(stamp).unwrap();
        let found = |trail: &Path, kind: Kind, kept: bool| {
            let mut options = by(&certificates, "root");
            if kept {
                options = options.kept_stamped(&note, &stamp[..]);
            }
            let report = verify(trail, &options).unwrap();
            assert_eq!(report.verdict, Verdict::Altered);
            let finding = report.findings.iter().find(|finding| finding.kind == kind);
            let message = &finding.unwrap_or_else(|| panic!("{report:#?}")).message;
            assert!(message.contains("the checkpoint stamped by Test Authority"), "{message}");
        };
        assert_eq!(verify(&older, &by(&certificates, "root")).unwrap().verdict, Verdict::NotAnchored);
        found(&older, Kind::RolledBack, true);
        let rubbish = by(&certificates, "root").kept_stamped(&note, &stamp[..100]);
        let error = verify(&older, &rubbish).unwrap_err().to_string();
        assert!(error.contains("the time stamp of the kept checkpoint is none of it"), "{error}");
        copy_all(&elsewhere, &older.join(beside));
        found(&older, Kind::RolledBack, false);

        // Written anew from there on by who has the key. The authority stamps that as well, and cannot make it older.
        remove(&older.join(".vigil/anchors"));
        remove(&trail);
        fs::rename(&older, &trail).unwrap();
        go_on(500..600);
        anchor(&trail, "tsa", &mut tsa).unwrap();
        assert_eq!(verify(&trail, &by(&certificates, "root")).unwrap().verdict, Verdict::Intact);
        found(&trail, Kind::HistoryRewritten, true);
        copy_all(&elsewhere, &trail.join(beside));
        found(&trail, Kind::HistoryRewritten, false);
    }

    fn what_is_missing_to_ask_an_authority_is_told_at_the_start(dir) {
        let certificates = dir.join("tsa-ca.pem");
        fs::write(&certificates, "for the audit").unwrap();
        let pem = certificates.display();
        for (anchor, what) in [
            ("{to: \"timestamp:http://tsa.example\"}".to_owned(), "the file of the certificates is missing"),
            ("{to: \"timestamp:http://tsa.example\", ca: nowhere.pem}".to_owned(), "cannot read the certificates in nowhere.pem"),
            (format!("{{to: \"timestamp:http://tsa.example\", ca: \"{pem}\"}}"), "tsa-ca.pem: expected certificates in PEM"),
            (format!("{{to: \"copy:/mnt\", ca: \"{pem}\"}}"), "only a time-stamping authority has certificates"),
            ("{to: \"timestamp:http://tsa.example\", key: w+1+x}".to_owned(), "only a witness has a key"),
            ("{to: \"timestamps:http://tsa.example\"}".to_owned(), "expected copy:DIRECTORY, witness:URL or timestamp:URL"),
        ] {
            let yaml = format!("trail: {{anchors: {{tsa: {anchor}}}}}");
            let error = vigil::builder().config_text(yaml).trail(dir.join("trail")).init().unwrap_err();
            let error = error.to_string();
            assert!(error.contains(what) && error.contains("trail.anchors.tsa"), "{anchor}: {error}");
        }
    }

    fn an_authority_that_fails_is_told_and_gets_what_it_has_missed(dir) {
        if !openssl_is_there() { return }
        let trail = dir.join("trail");
        let certificates = usual(dir);
        let authority = Authority::start(Answering::Text(503, "text/plain", b"closed".to_vec()));
        let vigil = builder(&trail)
            .anchor("tsa", to(&authority, ca(&certificates, "root")), Duration::from_secs(1))
            .on_error(|error| assert!(error.to_string().contains("503: closed"), "{error}"))
            .init()
            .unwrap();
        record(0..10);
        until("the trouble is told", || {
            vigil::health().reasons.iter().any(|reason| reason.code == "not_anchored")
        });
        authority.go_on(Answering::Good(Stamper::new(&certificates, "Test Authority", "sha256")));
        until("it is over", || vigil::health().anchors["tsa"].failures == 0);
        vigil.shutdown().unwrap();
        let troubles: Vec<_> = all_events(&trail)
            .into_iter()
            .map(|event| event["action"]["parameters"].clone())
            .filter(|parameters| parameters["condition"] == "anchor")
            .collect();
        assert!(troubles.len() == 2 && troubles.iter().all(|trouble| trouble["anchor"] == "tsa"), "{troubles:#?}");
        assert!(troubles[0]["error"].as_str().unwrap().contains("503"), "{troubles:#?}");
        assert_eq!((&troubles[0]["phase"], &troubles[1]["phase"]), (&"began".into(), &"ended".into()));
        assert_eq!(verify(&trail, &by(&certificates, "root")).unwrap().verdict, Verdict::Intact);
    }
}
