//! What only a checkpoint from elsewhere tells: a trail that was rolled back, and one that was rewritten and signed anew
//! by the real key.

use std::fs;

use super::fixture::{Fixture, assert_found};
use crate::trail::verify::{Kind, Verdict, VerifyOptions};

const LAYOUTS: [&[u64]; 8] = [
    &[1],
    &[2],
    &[255],
    &[256],
    &[257],
    &[65_537],
    &[100, 100, 57],
    &[30_000, 30_000, 5_537],
];

#[test]
fn a_kept_checkpoint_that_agrees_anchors_the_trail() {
    for layout in LAYOUTS {
        let fixture = Fixture::new(layout);
        let total = fixture.total();
        let size = total / 2 + 1;
        let options = VerifyOptions::new().kept(fixture.kept(size));
        let report = fixture.verify_by(&options);
        assert_eq!(report.verdict, Verdict::Intact, "{:?}", report.findings);
        assert_eq!(report.anchored, Some(size));
        let report = fixture.verify_by(&options.anchored_within(total - size));
        assert_eq!(report.verdict, Verdict::Intact);
        if total > size {
            let options = VerifyOptions::new().kept(fixture.kept(size));
            let report = fixture.verify_by(&options.anchored_within(total - size - 1));
            assert_eq!(report.verdict, Verdict::NotAnchored);
        }
    }
}

#[test]
fn a_history_that_was_rewritten_and_signed_anew() {
    for layout in LAYOUTS {
        let fixture = Fixture::new(layout);
        let total = fixture.total();
        let (some, most) = (total / 2 + 1, total);
        let kept = [fixture.kept(some), fixture.kept(most)];
        fixture.write("_as_it_should_have_been");
        // Nothing on this machine can tell.
        assert_eq!(fixture.verify().verdict, Verdict::Intact);
        let report = fixture.verify_by(&VerifyOptions::new().kept(&kept[0]).kept(&kept[1]));
        let found = report.first().unwrap();
        assert_found(found, Kind::HistoryRewritten, 0);
        assert_eq!(found.before, Some(some));
    }
}

#[test]
fn a_rewritten_end_is_told_from_the_beginning_that_is_as_it_was() {
    let fixture = Fixture::new(&[100, 100, 57]);
    let (good, bad) = (fixture.kept(130), fixture.forged(240));
    let report = fixture.verify_by(&VerifyOptions::new().kept(bad).kept(good));
    let found = report.first().unwrap();
    assert_found(found, Kind::HistoryRewritten, 130);
    assert_eq!(found.before, Some(240));
    assert_eq!(report.anchored, Some(130));
}

#[test]
fn a_trail_that_was_rolled_back() {
    for layout in LAYOUTS {
        let fixture = Fixture::new(layout);
        let kept = fixture.kept(fixture.total());
        // As it was when its last segment had one event less.
        let mut older = Fixture::new(layout);
        *older.segments.last_mut().unwrap() -= 1;
        older.take_key_of(&fixture);
        older.write("");
        assert_ne!(older.verify().verdict, Verdict::Altered);
        let report = older.verify_by(&VerifyOptions::new().kept(kept));
        assert_found(
            report.first().unwrap(),
            Kind::RolledBack,
            fixture.total() - 1,
        );
    }
}

#[test]
fn checkpoints_that_were_rolled_back() {
    let fixture = Fixture::new(&[100, 57]);
    let kept = fixture.kept(157);
    let text = fs::read_to_string(fixture.places().checkpoints()).unwrap();
    let notes = crate::trail::evidence::split_notes(&text).0;
    let size = |note: &&str| note.contains("\n157\n");
    let older: String = notes
        .iter()
        .filter(|note| !size(note))
        .map(|note| format!("{note}\n"))
        .collect();
    let latest = notes.iter().rev().find(|note| !size(note)).unwrap();
    fs::write(fixture.places().checkpoints(), &older).unwrap();
    fs::write(fixture.places().checkpoint(), latest).unwrap();
    let report = fixture.verify();
    assert_eq!(report.verdict, Verdict::Intact, "{:?}", report.findings);
    assert!(report.uncovered() > 0);
    let report = fixture.verify_by(&VerifyOptions::new().kept(kept));
    assert_found(report.first().unwrap(), Kind::RolledBack, 138);
}

#[test]
fn kept_checkpoints_that_are_none() {
    let fixture = Fixture::new(&[10]);
    let error = |kept: &str| {
        super::super::verify(fixture.dir(), &VerifyOptions::new().kept(kept))
            .unwrap_err()
            .to_string()
    };
    assert!(error("rubbish").contains("the kept checkpoint is none"));
    let changed = fixture.kept(5).replace("\n5\n", "\n6\n");
    assert!(error(&changed).contains("was changed itself"));
    // Of another key: either the checkpoint or the key beside the trail is another.
    let other = Fixture::new(&[10]);
    let report = fixture.verify_by(&VerifyOptions::new().kept(other.kept(5)));
    assert_eq!(report.first().unwrap().kind, Kind::SignedByOthers);
}
