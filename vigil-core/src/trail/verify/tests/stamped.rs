//! Files of time stamps that nobody has made, or that somebody has been at. Real ones are tried in `tests/it/anchors`.

use std::fs;
use std::path::PathBuf;

use super::fixture::Fixture;
use crate::trail::verify::{AnchorKind, Kind, Verdict, VerifyOptions, VerifyReport};

const NAME: &str = "00000000000000000005.20261201T052954Z";

struct Stamped(Fixture);

impl Stamped {
    /// A checkpoint over five events, and something that is called its stamp.
    fn new() -> Self {
        let stamped = Self(Fixture::new(&[10]));
        fs::create_dir_all(stamped.path("checkpoint").parent().unwrap()).unwrap();
        stamped.put("checkpoint", stamped.0.kept(5).as_bytes());
        stamped.put("tsr", b"rubbish");
        stamped
    }

    fn path(&self, ending: &str) -> PathBuf {
        let dir = self.0.places().anchor("tsa").timestamps_dir();
        dir.join(format!("{NAME}.{ending}"))
    }

    fn put(&self, ending: &str, bytes: &[u8]) {
        fs::write(self.path(ending), bytes).unwrap();
    }

    fn verify(&self) -> VerifyReport {
        self.0.verify_by(&VerifyOptions::new().anchored_within(0))
    }

    #[track_caller]
    fn assert_found(&self, kind: Kind, what: &str) {
        let report = self.verify();
        let [found] = &report.findings[..] else {
            panic!("{report:#?}");
        };
        assert!(
            found.kind == kind && found.message.contains(what),
            "{found}"
        );
        let file = format!(".vigil/anchors/tsa/timestamps/{NAME}.tsr");
        assert_eq!(found.file.as_deref(), Some(file.as_str()));
        assert_eq!(report.anchored, None);
    }
}

#[test]
#[cfg(feature = "anchors-http")]
fn what_is_no_stamp_is_found() {
    use crate::trail::anchor::timestamp::made_up::REPLY;
    let stamped = Stamped::new();
    stamped.assert_found(Kind::SignatureWrong, "malformed DER");
    stamped.put("tsr", REPLY);
    stamped.assert_found(Kind::SignatureWrong, "imprint is that of something else");
    stamped.put("tsr", &vec![b'x'; 70_000]);
    stamped.assert_found(Kind::Unreadable, "longer than anything");
}

/// Who cannot read stamps says so, and holds the trail against what lies beside them all the same.
#[test]
#[cfg(not(feature = "anchors-http"))]
fn stamps_that_this_program_cannot_read_count_for_nothing() {
    let report = Stamped::new().verify();
    assert_eq!(report.verdict, Verdict::NotAnchored, "{report:#?}");
    let [stamps] = &report.anchors[..] else {
        panic!("{report:#?}");
    };
    assert_eq!(
        (stamps.kind, stamps.size),
        (AnchorKind::UncheckedTimestamp, Some(5))
    );
    let why = stamps.unchecked.as_ref().unwrap();
    assert!(why.contains("anchors-http"), "{why}");
}

#[test]
fn what_is_stamped_has_to_be_there_and_a_checkpoint_of_this_trail() {
    let stamped = Stamped::new();
    stamped.put("checkpoint", b"rubbish");
    stamped.assert_found(Kind::SignatureWrong, "no checkpoint");
    fs::remove_file(stamped.path("checkpoint")).unwrap();
    stamped.assert_found(Kind::Unreadable, "is missing");
    // What is left of a crash: it is written first.
    fs::remove_file(stamped.path("tsr")).unwrap();
    stamped.put("checkpoint", stamped.0.kept(5).as_bytes());
    let report = stamped.verify();
    assert_eq!(
        (report.verdict, report.anchors.len()),
        (Verdict::NotAnchored, 0)
    );
    assert!(!AnchorKind::UncheckedTimestamp.is_trusted() && AnchorKind::Timestamp.is_trusted());
}
