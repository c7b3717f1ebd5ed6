//! Our own verifier on trails of the engine: what is written verifies, at any moment, and what is changed is told.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use vigil::trail::{
    Kind, SegmentState, Verdict, VerifyOptions, check_proof, consistency, newest_checkpoint, prove,
    verifier_keys, verify,
};
use vigil_tests::{builder, events, isolated, trail_files};

use super::record;

/// A trail of three segments, which nobody writes to any more.
fn written(dir: &Path) -> Vec<PathBuf> {
    let vigil = builder(dir).max_size(1 << 20).init().unwrap();
    record(0..6_000);
    vigil.shutdown().unwrap();
    let files = trail_files(dir);
    assert!(files.len() >= 3);
    files
}

fn edit(path: &Path, change: impl FnOnce(&mut Vec<String>)) {
    let text = fs::read_to_string(path).unwrap();
    let mut lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
    change(&mut lines);
    fs::write(path, lines.concat()).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// The kind, the event and the line of the first change.
fn first(dir: &Path) -> (Kind, u64, Option<u64>) {
    let report = verify(dir, &VerifyOptions::new()).unwrap();
    assert_eq!(report.verdict, Verdict::Altered, "{report:#?}");
    let first = report.first().unwrap();
    (first.kind, first.index.unwrap(), first.line)
}

isolated! {
    fn a_trail_that_is_being_written_is_intact_up_to_where_it_is(dir) {
        let vigil = builder(dir).max_size(1 << 20).init().unwrap();
        let done = AtomicBool::new(false);
        let mut looked = 0;
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for round in 0..60 {
                    record(round * 500..(round + 1) * 500);
                }
                done.store(true, Relaxed);
            });
            while !done.load(Relaxed) || looked < 5 {
                let report = verify(dir, &VerifyOptions::new()).unwrap();
                let empty = report.covered == 0 && report.verdict == Verdict::Incomplete;
                assert!(report.verdict == Verdict::Intact || empty, "{report:#?}");
                looked += 1;
            }
        });
        vigil.shutdown().unwrap();
        let report = verify(dir, &VerifyOptions::new()).unwrap();
        assert_eq!((report.verdict, report.covered), (Verdict::Intact, 30_002));
        assert!(looked > 4 && report.segments.len() > 10);
    }

    fn each_change_is_told_in_each_segment(dir) {
        let original = dir.join("original");
        let files = written(&original);
        let copied = dir.join("copy");
        let mut begin = 0;
        for (number, file) in files.iter().enumerate() {
            let count = fs::read_to_string(file).unwrap().lines().count() as u64;
            let path = copied.join(file.file_name().unwrap());
            let sealed = number + 1 < files.len();
            let check = |change: &dyn Fn(), kind: Kind, at: Option<u64>| {
                let _ = fs::remove_dir_all(&copied);
                copy(&original, &copied);
                change();
                let index = begin + at.unwrap_or(0);
                assert_eq!(first(&copied), (kind, index, at.map(|at| at + 1)), "{number}");
            };
            let lines = |change: &dyn Fn(&mut Vec<String>)| edit(&path, change);
            check(&|| lines(&|lines| lines[50] = lines[50].replace("SUCCESS", "FAILURE")), Kind::Edited, Some(50));
            check(&|| lines(&|lines| drop(lines.remove(60))), Kind::Deleted, Some(60));
            check(&|| lines(&|lines| lines.insert(70, "{\"seq\":1}\n".to_owned())), Kind::Inserted, Some(70));
            check(&|| lines(&|lines| lines.swap(80, 81)), Kind::Reordered, Some(80));
            check(&|| lines(&|lines| lines.insert(91, lines[90].clone())), Kind::Duplicated, Some(91));
            check(&|| lines(&|lines| lines.truncate(count as usize - 3)), Kind::Cut, Some(count - 3));
            check(&|| drop(fs::copy(&files[(number + 1) % 3], &path)), Kind::SegmentReplaced, Some(0));
            check(&|| fs::remove_file(&path).unwrap(), Kind::SegmentMissing, Some(0));
            let name = file.file_name().unwrap().to_str().unwrap();
            let hashes = copied.join(".vigil/hashes").join(name);
            check(&|| {
                let mut bytes = fs::read(&hashes).unwrap();
                bytes[3] ^= 1;
                fs::write(&hashes, bytes).unwrap();
            }, Kind::HashesAltered, None);
            let seal = copied.join(".vigil/seals").join(format!("{name}.json"));
            if sealed {
                check(&|| fs::remove_file(&seal).unwrap(), Kind::SealMissing, None);
            }
            begin += count;
        }
    }

    fn a_history_signed_anew_and_a_rollback_show_by_a_kept_checkpoint(dir) {
        let (one, two) = (dir.join("one"), dir.join("two"));
        let vigil = builder(&one).origin("shop/audit").init().unwrap();
        record(0..100);
        vigil.shutdown().unwrap();
        let older = dir.join("older");
        copy(&one, &older);
        let vigil = builder(&one).origin("shop/audit").init().unwrap();
        record(100..200);
        vigil.shutdown().unwrap();
        let kept = newest_checkpoint(&one).unwrap();
        let by_kept = |dir: &Path| {
            let options = VerifyOptions::new().kept(&kept);
            let report = verify(dir, &options).unwrap();
            (report.verdict, report.first().map(|first| first.kind))
        };
        assert_eq!(by_kept(&one), (Verdict::Intact, None));
        assert_eq!(verify(&older, &VerifyOptions::new()).unwrap().verdict, Verdict::Intact);
        assert_eq!(by_kept(&older), (Verdict::Altered, Some(Kind::RolledBack)));
        // The thief of the key writes another history with our own engine.
        let keys = two.join(".vigil/keys");
        fs::create_dir_all(&keys).unwrap();
        fs::copy(one.join(".vigil/keys/signing.key"), keys.join("signing.key")).unwrap();
        let vigil = builder(&two).origin("shop/audit").init().unwrap();
        record(1_000..1_300);
        vigil.shutdown().unwrap();
        assert_eq!(verifier_keys(&one).unwrap(), verifier_keys(&two).unwrap());
        assert_eq!(verify(&two, &VerifyOptions::new()).unwrap().verdict, Verdict::Intact);
        assert_eq!(by_kept(&two), (Verdict::Altered, Some(Kind::HistoryRewritten)));
        assert!(!consistency(&two, &kept, &[]).unwrap().holds);
        assert!(consistency(&one, &kept, &[]).unwrap().holds);
    }

    fn who_trusts_the_first_key_trusts_those_it_handed_over_to(dir) {
        let vigil = builder(dir).max_size(1 << 20).init().unwrap();
        record(0..3_000);
        vigil::rotate_key().unwrap();
        record(3_000..6_000);
        vigil::rotate_key().unwrap();
        record(6_000..9_000);
        vigil.shutdown().unwrap();
        let keys = verifier_keys(dir).unwrap();
        assert_eq!(keys.len(), 3);
        let report = verify(dir, &VerifyOptions::new().key(&keys[0]).unwrap()).unwrap();
        assert_eq!(report.verdict, Verdict::Intact, "{report:#?}");
        assert_eq!(report.keys, keys);
        // The later one says nothing of what was signed before it.
        let report = verify(dir, &VerifyOptions::new().key(&keys[2]).unwrap()).unwrap();
        assert_eq!(report.verdict, Verdict::Altered);
        assert!(report.findings.iter().all(|finding| finding.kind == Kind::SignedByOthers));
    }

    fn an_event_is_proved_to_who_has_nothing_else(dir) {
        written(dir);
        let key = verifier_keys(dir).unwrap();
        for event in events(dir).iter().step_by(997) {
            let id: vigil::EventId = event["event_id"].as_str().unwrap().parse().unwrap();
            let proof = prove(dir, id).unwrap();
            assert_eq!(proof.index, event["seq"].as_u64().unwrap());
            let proved = check_proof(&proof.to_string(), &proof.event, &key).unwrap();
            assert_eq!((proved.index, proved.size), (proof.index, 6_002));
            let mut forged = proof.event.clone();
            let at = forged.len() / 2;
            forged[at] ^= 1;
            assert!(check_proof(&proof.to_string(), &forged, &key).is_err());
        }
    }

    fn what_was_lost_and_what_was_not_finished_is_counted(dir) {
        let files = written(dir);
        let report = verify(dir, &VerifyOptions::new()).unwrap();
        assert_eq!((report.lost.len(), report.unfinished), (0, 0));
        assert!(report.segments.iter().all(|segment| segment.state == SegmentState::Intact));
        // In the last segment, behind the last checkpoint, as a crash would leave it.
        let last = files.last().unwrap();
        let mut text = fs::read_to_string(last).unwrap();
        let event = text.lines().next_back().unwrap().to_owned();
        let attempt = "01934f3c-6a1b-7def-8123-456789abcdef";
        let of = |seq: u64, from: &str, to: &str| {
            format!("{}\n", event.replace("\"seq\":6001", &format!("\"seq\":{seq}")).replace(from, to))
        };
        let id = event[13..49].to_owned();
        text += &of(6_002, &id, attempt).replace("\"SUCCESS\"", "\"ATTEMPT\"");
        text += &of(6_003, &id, "01934f3c-6a1b-7def-8123-456789abcdee").replace("\"SUCCESS\"", "\"ATTEMPT\"");
        let context = format!(",\"context\":{{\"attempt_id\":\"{attempt}\"}},\"performance\"");
        text += &of(6_004, ",\"performance\"", &context);
        let losses = "\"parameters\":{\"losses\":[{\"category\":\"AUTH\",\"reason\":\"journal_full\",\"count\":7}]}";
        let lost = of(6_005, "\"audit_stopped\"", "\"audit_events_lost\"");
        let begin = lost.find("\"parameters\":{").unwrap();
        let end = begin + lost[begin..].find("},\"result\"").unwrap();
        text += &format!("{}{}{}", &lost[..begin], losses, &lost[end + 1..]);
        fs::write(last, text).unwrap();
        let report = verify(dir, &VerifyOptions::new()).unwrap();
        assert_eq!(report.verdict, Verdict::Intact, "{report:#?}");
        assert_eq!((report.uncovered(), report.unfinished), (4, 1));
        assert_eq!(report.lost.get("AUTH"), Some(&7));
    }
}
