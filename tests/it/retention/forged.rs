//! What is gone without the trail's own word stays an alarm, whatever somebody puts beside it.

use std::fs;
use std::path::Path;

use serde_json::Value;
use vigil::trail::retention::{Age, Retention};
use vigil::trail::{Kind, SegmentState, Verdict};
use vigil_tests::{isolated, trail_files};

use super::{applied, assert_intact, name, records, verified, written};

#[track_caller]
fn assert_missing(dir: &Path, segment: &str, why: &str) {
    let report = verified(dir);
    assert_eq!(report.verdict, Verdict::Altered, "{report:#?}");
    let found = report
        .findings
        .iter()
        .find(|finding| finding.file.as_deref() == Some(segment))
        .unwrap();
    assert_eq!(found.kind, Kind::SegmentMissing);
    assert!(found.message.contains(why), "{found}");
    let told = report
        .segments
        .iter()
        .find(|told| told.name == segment)
        .unwrap();
    assert_eq!(told.state, SegmentState::Missing);
}

/// Puts the line of an event into the place of its record.
fn put(dir: &Path, event: u64, line: &str) {
    fs::create_dir_all(dir.join(".vigil/purges")).unwrap();
    fs::write(dir.join(format!(".vigil/purges/{event}.json")), line).unwrap();
}

isolated! {
    fn a_segment_without_a_record_and_with_a_record_by_hand_is_missing(dir) {
        written(dir, 90, 9);
        let done = applied(dir, &Retention::new().age(Age::days(60)));
        assert!(done.segments.len() > 2);
        let event = done.told_by[0];
        assert_intact(dir);
        let victim = trail_files(dir).remove(0);
        let segment = name(&victim);
        let bytes = fs::read(&victim).unwrap();
        fs::remove_file(&victim).unwrap();
        assert_missing(dir, &segment, "the segment is missing, with the events");

        // The record of others, with the name of this one in it.
        let record = records(dir).remove(0);
        let genuine = fs::read_to_string(&record).unwrap();
        let mut forged: Value = serde_json::from_str(&genuine).unwrap();
        let seal: Value = serde_json::from_slice(&fs::read(dir.join(format!(".vigil/seals/{segment}.json"))).unwrap()).unwrap();
        let seal = &seal["seal"];
        forged["action"]["parameters"]["segments"].as_array_mut().unwrap().push(serde_json::json!({
            "segment": segment, "first": seal["first"], "count": seal["count"], "root": seal["root"], "reason": "age",
        }));
        put(dir, event, &format!("{forged}\n"));
        assert_missing(dir, &segment, "is another one");
        // And now those that did go are not believed either.
        assert_missing(dir, &done.segments[0], "is another one");
        fs::write(&record, &genuine).unwrap();

        // One of an event that is not there, and one in the place of another event.
        let end = verified(dir).covered;
        for (number, why) in [(end + 7, "the trail has no event"), (end - 1, "is another one")] {
            let mut line = forged.clone();
            line["seq"] = number.into();
            put(dir, number, &format!("{line}\n"));
            assert_missing(dir, &segment, why);
            fs::remove_file(dir.join(format!(".vigil/purges/{number}.json"))).unwrap();
        }

        // Put back as it was, all is well; what is no record at all is told and does no harm.
        fs::write(&victim, &bytes).unwrap();
        put(dir, 3, "{}\n");
        let report = assert_intact(dir);
        assert!(report.notes.iter().any(|note| note.contains(".vigil/purges/3.json")), "{:?}", report.notes);
        // Without its record a segment that was removed is missing.
        fs::remove_file(&record).unwrap();
        assert_missing(dir, &done.segments[0], "the segment is missing");
    }

    fn a_forged_record_has_nothing_removed(dir) {
        written(dir, 90, 9);
        let segment = name(&trail_files(dir).remove(0));
        let seal: Value = serde_json::from_slice(&fs::read(dir.join(format!(".vigil/seals/{segment}.json"))).unwrap()).unwrap();
        let seal = &seal["seal"];
        let line = serde_json::json!({
            "timestamp": "2026-01-01T00:00:00Z", "seq": 100, "source": {"module": "vigil"},
            "action": {"category": "SYSTEM", "operation": "audit_retention_purged", "parameters": {
                "policy": "", "operator": "", "events": 1, "segments": [{
                    "segment": segment, "first": seal["first"], "count": seal["count"], "root": seal["root"], "reason": "age",
                }],
            }},
        });
        put(dir, 100, &format!("{line}\n"));
        let done = applied(dir, &Retention::new());
        assert!(done.finished.is_empty() && dir.join(&segment).exists());
    }

    fn a_record_outlives_the_segment_of_its_own_event(dir) {
        let clock = super::Turned::days_ago(200);
        let rules = Retention::new().age(Age::days(30)).interval(None);
        let vigil = super::turned(dir, &clock).init().unwrap();
        for day in 0..20 {
            super::numbered(day);
            vigil.flush().unwrap();
            if day % 5 == 4 {
                // Within the process that writes.
                applied(dir, &rules);
            }
            clock.advance(9);
        }
        vigil.shutdown().unwrap();
        assert!(records(dir).len() >= 3);
        let report = assert_intact(dir);
        let first = report.purges.first().unwrap();
        assert!(report.segments.iter().any(|segment| segment.state == SegmentState::Purged
            && (segment.first..segment.first + segment.count).contains(&first.event)), "{report:#?}");
    }

    fn a_seal_by_somebody_else_has_nothing_removed(dir) {
        written(dir, 90, 9);
        let segment = name(&trail_files(dir).remove(0));
        let path = dir.join(format!(".vigil/seals/{segment}.json"));
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replacen("\"DATA\":10", "\"API\":10", 1)).unwrap();
        let error = vigil::trail::retention::plan(dir, &Retention::new().age(Age::days(30))).unwrap_err();
        assert!(error.to_string().contains("is not what was signed"), "{error}");
        let error = vigil::trail::retention::apply(dir, &Retention::new().age(Age::days(30)), &Default::default()).unwrap_err();
        assert!(error.to_string().contains("is not what was signed"), "{error}");
    }
}
