//! Copies in another directory.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use vigil::trail::{
    Anchor, AnchorError, AnchorKind, CopyAnchor, Kind, Receipt, SignedCheckpoint, Verdict,
    VerifyOptions, anchor, verify,
};
use vigil_tests::{all_events, builder, isolated};

use super::{copy_all, record, remove, until};

pub(super) fn kept(dir: &Path) -> VerifyOptions<'static> {
    let mut options = VerifyOptions::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(
            path.extension().unwrap(),
            "checkpoint",
            "nothing else is left there"
        );
        let time = path.metadata().unwrap().modified().unwrap();
        options = options.kept_at(fs::read_to_string(path).unwrap(), time);
    }
    options
}

/// One that never comes back, and one that panics.
struct Hangs;
struct Panics;

impl Anchor for Hangs {
    fn anchor(&mut self, _: &SignedCheckpoint) -> Result<Receipt, AnchorError> {
        loop {
            std::thread::park();
        }
    }
}

impl Anchor for Panics {
    fn anchor(&mut self, _: &SignedCheckpoint) -> Result<Receipt, AnchorError> {
        panic!("this anchor panics");
    }
}

isolated! {
    fn a_trail_that_is_rolled_back_or_rewritten_is_found_by_a_copy(dir) {
        let (trail, elsewhere) = (dir.join("trail"), dir.join("elsewhere"));
        fs::create_dir(&elsewhere).unwrap();
        let run = |numbers| {
            let yaml = format!("trail: {{anchors: {{offsite: {{to: \"copy:{}\", every: 1h}}}}}}", elsewhere.display());
            let vigil = vigil::builder().config_text(yaml).service("test").trail(&trail).init().unwrap();
            record(numbers);
            vigil.shutdown().unwrap();
        };
        run(0..100);
        let older = dir.join("older");
        copy_all(&trail, &older);
        run(100..200);

        // The last checkpoint of all has got there.
        let events = all_events(&trail).len() as u64;
        let report = verify(&trail, &kept(&elsewhere).anchored_within(0)).unwrap();
        assert_eq!((report.verdict, report.anchored), (Verdict::Intact, Some(events)), "{report:#?}");
        assert!(report.anchored_at.is_some());
        let receipts = report.anchors.iter().find(|anchor| anchor.name == "offsite").unwrap();
        assert_eq!((receipts.kind, receipts.size), (AnchorKind::Receipt, Some(events)));
        // What lies beside the trail is no anchor.
        let report = verify(&trail, &VerifyOptions::new().anchored_within(0)).unwrap();
        assert_eq!((report.verdict, report.anchored), (Verdict::NotAnchored, None));

        // As it was, with all that lay beside it: only the copy tells.
        assert_eq!(verify(&older, &VerifyOptions::new()).unwrap().verdict, Verdict::Intact);
        let report = verify(&older, &kept(&elsewhere)).unwrap();
        assert_eq!(report.verdict, Verdict::Altered);
        assert!(report.findings.iter().any(|finding| finding.kind == Kind::RolledBack), "{report:#?}");

        // Where the receipts are forgotten, they tell it as well.
        let (beside, forgotten) = (".vigil/anchors", dir.join("forgotten"));
        copy_all(&older, &forgotten);
        remove(&forgotten.join(beside));
        copy_all(&trail.join(beside), &forgotten.join(beside));
        let report = verify(&forgotten, &VerifyOptions::new()).unwrap();
        assert!(report.findings.iter().any(|finding| finding.kind == Kind::RolledBack), "{report:#?}");

        // Rewritten from there on by who has the key: as many events, others. The copy is refused, and convicts it.
        remove(&trail);
        fs::rename(&older, &trail).unwrap();
        let vigil = builder(&trail).init().unwrap();
        record(500..600);
        vigil.shutdown().unwrap();
        assert_eq!(all_events(&trail).len() as u64, events);
        let report = verify(&trail, &kept(&elsewhere)).unwrap();
        assert!(report.findings.iter().any(|finding| finding.kind == Kind::HistoryRewritten), "{report:#?}");
        let error = anchor(&trail, "offsite", &mut CopyAnchor::new(&elsewhere)).unwrap_err().to_string();
        assert!(error.contains("says something else"), "{error}");
    }

    fn a_directory_that_is_not_there_is_told_and_gets_what_it_has_missed(dir) {
        let (trail, elsewhere) = (dir.join("trail"), dir.join("elsewhere"));
        let vigil = builder(&trail)
            .anchor("offsite", CopyAnchor::new(&elsewhere), Duration::from_secs(1))
            .on_error(|error| assert!(error.to_string().contains("there is no directory"), "{error}"))
            .init()
            .unwrap();
        record(0..10);
        until("the trouble is told", || {
            vigil::health().reasons.iter().any(|reason| reason.code == "not_anchored")
        });
        fs::create_dir(&elsewhere).unwrap();
        until("it is over", || vigil::health().anchors["offsite"].failures == 0);
        assert!(vigil::health().is_ok());
        vigil.shutdown().unwrap();
        let phases: Vec<_> = all_events(&trail)
            .iter()
            .filter(|event| event["action"]["parameters"]["condition"] == "anchor")
            .map(|event| event["action"]["parameters"]["phase"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(phases, ["began", "ended"]);
        let report = verify(&trail, &kept(&elsewhere).anchored_within(0)).unwrap();
        assert_eq!(report.verdict, Verdict::Intact, "{report:#?}");
    }

    fn one_that_hangs_or_panics_harms_nobody_else(dir) {
        let (trail, elsewhere) = (dir.join("trail"), dir.join("elsewhere"));
        fs::create_dir(&elsewhere).unwrap();
        let vigil = builder(&trail)
            .anchor("hangs", Hangs, Duration::from_secs(1))
            .anchor("panics", Panics, Duration::from_secs(1))
            .anchor("offsite", CopyAnchor::new(&elsewhere), Duration::from_secs(1))
            .shutdown_timeout(Duration::from_millis(300))
            .on_error(|_| {})
            .init()
            .unwrap();
        record(0..10);
        vigil.flush().unwrap();
        until("it is told", || {
            let error = vigil::health().anchors["panics"].last_error.clone();
            error.is_some_and(|error| error.contains("panicked"))
        });
        until("the good one goes on", || vigil::health().anchors["offsite"].size > 10);
        // Would never return.
        vigil.shutdown().unwrap();
        assert_eq!(verify(&trail, &kept(&elsewhere)).unwrap().verdict, Verdict::Intact);
    }

    fn an_anchor_of_long_ago_does_not_do_where_a_recent_one_is_demanded(dir) {
        let vigil = builder(dir).init().unwrap();
        record(0..10);
        vigil.flush().unwrap();
        let checkpoint = SignedCheckpoint::newest(dir).unwrap();
        record(10..20);
        vigil.shutdown().unwrap();
        let day = Duration::from_secs(86_400);
        for (age, verdict) in [(2 * day, Verdict::NotAnchored), (day / 2, Verdict::Intact)] {
            let options = VerifyOptions::new()
                .kept_at(checkpoint.note(), SystemTime::now() - age)
                .anchored_since(day);
            assert_eq!(verify(dir, &options).unwrap().verdict, verdict, "{age:?}");
        }
        let options = VerifyOptions::new().kept(checkpoint.note()).anchored_since(day);
        assert_eq!(verify(dir, &options).unwrap().verdict, Verdict::NotAnchored, "nobody says when");
    }
}
