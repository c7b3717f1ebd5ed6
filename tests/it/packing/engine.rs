//! An engine that packs what it has written while it goes on writing.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use vigil::Sink;
use vigil::sink::{Batch, SinkError, SinkOptions, Start};
use vigil::trail::{
    Compression, Identities, Kind, PackOptions, Verdict, check_proof, pack, prove, prove_with,
    verifier_keys,
};
use vigil_tests::{builder, identity, isolated};

use super::{
    SMALLEST, assert_intact, assert_tidy, ending, files, lines_by, record, until, verified,
};

/// Takes events where it may, and keeps their lines.
#[derive(Clone, Default)]
struct Gate {
    is_open: Arc<AtomicBool>,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Sink for Gate {
    fn name(&self) -> &str {
        "gate"
    }

    fn deliver(&mut self, batch: &Batch<'_>) -> Result<(), SinkError> {
        if !self.is_open.load(Relaxed) {
            return Err(SinkError::transient("closed"));
        }
        let mut lines = self.lines.lock().unwrap();
        lines.extend(batch.lines().map(|line| line.as_str().to_owned()));
        Ok(())
    }

    fn options(&self) -> SinkOptions {
        SinkOptions::new()
            .start(Start::Beginning)
            .retry(Duration::from_millis(10), Duration::from_millis(50))
    }
}

/// Records until so many files have this ending, and some more at the end; gives back how many events.
fn record_until(dir: &std::path::Path, of: &str, count: usize, from: u64) -> u64 {
    let mut number = from;
    until(&format!("{count} files {of}"), || {
        // No more than it takes: each is read again below.
        if files(dir).len() < count + 2 {
            record(number..number + 100);
            number += 100;
            vigil::flush().unwrap();
        }
        ending(dir, of).len() >= count
    });
    record(number..number + 10);
    number + 10
}

isolated! {
    fn closed_segments_are_compressed_while_events_are_written_and_sinks_read_them(dir) {
        for (compression, of) in [(Compression::Zstd, ".log.zst"), (Compression::Gzip, ".log.gz")] {
            let dir = &dir.join(of);
            let gate = Gate::default();
            let vigil = builder(dir).max_size(SMALLEST).compression(compression).sink(gate.clone()).init().unwrap();
            record(0..500);
            vigil.flush().unwrap();
            let proof = prove(dir, 17).unwrap();
            let recorded = record_until(dir, of, 2, 500);
            // The sink has got nothing so far, and gets it all from compressed files.
            assert!(gate.lines.lock().unwrap().is_empty());
            gate.is_open.store(true, Relaxed);
            vigil.flush().unwrap();
            until("the sink has caught up", || vigil::stats().sinks["gate"].lag == 0);
            assert!(vigil::health().reasons.iter().all(|reason| reason.code != "packing_failed"), "{}", vigil::health());
            assert_intact(dir, &Identities::none());
            vigil.shutdown().unwrap();
            let lines = lines_by(dir, &Identities::none());
            assert_eq!(lines.len() as u64, recorded + 2);
            assert_eq!(*gate.lines.lock().unwrap(), lines);
            assert_tidy(dir);
            let report = assert_intact(dir, &Identities::none());
            assert_eq!((report.events, report.covered), (recorded + 2, recorded + 2));
            // What was proved before is proved still, and can be proved again.
            let keys = verifier_keys(dir).unwrap();
            let again = prove(dir, 17).unwrap();
            assert_eq!(again.event, proof.event);
            for proof in [&proof, &again] {
                assert_eq!(check_proof(&proof.to_string(), &proof.event, &keys).unwrap().index, 17);
            }
        }
    }

    fn what_a_sink_has_not_got_waits_to_be_encrypted_and_nothing_else_does(dir) {
        let (key, recipient) = identity(dir, "auditor.key");
        let (other, _) = identity(dir, "other.key");
        let trail = dir.join("trail");
        let gate = Gate::default();
        let vigil = builder(&trail)
            .max_size(SMALLEST)
            .compression(Compression::Zstd)
            .encryption([recipient])
            .sink(gate.clone())
            .init()
            .unwrap();
        record(0..500);
        vigil.flush().unwrap();
        let proof = prove(&trail, 17).unwrap();
        let recorded = record_until(&trail, ".log.zst", 2, 500);
        assert!(ending(&trail, ".age").is_empty(), "{:?}", files(&trail));
        // Who can read files reads them so far.
        assert!(!lines_by(&trail, &Identities::none()).is_empty());
        gate.is_open.store(true, Relaxed);
        vigil.flush().unwrap();
        until("the sink has caught up", || vigil::stats().sinks["gate"].lag == 0);
        until("what it has got is encrypted", || ending(&trail, ".zst.age").len() >= 2 && ending(&trail, ".log.zst").is_empty());
        vigil.shutdown().unwrap();
        assert_tidy(&trail);

        let identities = Identities::read(&key).unwrap();
        let report = assert_intact(&trail, &identities);
        assert_eq!(report.events, recorded + 2);
        let lines = lines_by(&trail, &identities);
        assert_eq!(*gate.lines.lock().unwrap(), lines);
        let encrypted = ending(&trail, ".age").len();
        for blind in [Identities::none(), Identities::read(&other).unwrap()] {
            let report = verified(&trail, &blind);
            assert_eq!(report.verdict, Verdict::Incomplete);
            // Each by its name, and all that is signed fits.
            let told = report.findings.iter().filter(|finding| finding.kind == Kind::Encrypted).count();
            assert_eq!((told, report.findings.len()), (encrypted, encrypted), "{report:#?}");
            assert_eq!(report.covered, recorded + 2);
            let error = prove_with(&trail, 17, &blind).unwrap_err();
            assert!(error.is_locked(), "{error}");
        }
        let keys = verifier_keys(&trail).unwrap();
        let again = prove_with(&trail, 17, &identities).unwrap();
        for proof in [&proof, &again] {
            assert_eq!(check_proof(&proof.to_string(), &proof.event, &keys).unwrap().index, 17);
        }
        assert!(prove(&trail, recorded).is_ok(), "of what is not encrypted nobody needs the key");
        // The next start needs no key, and the sink goes on where it was.
        let vigil = builder(&trail).max_size(SMALLEST).sink(gate.clone()).init().unwrap();
        record(0..10);
        vigil.shutdown().unwrap();
        assert_eq!(*gate.lines.lock().unwrap(), lines_by(&trail, &identities));
        assert!(!trail.join(".vigil/aside-1").exists());
    }

    fn a_sink_that_comes_late_is_told_what_it_cannot_have(dir) {
        let (key, recipient) = identity(dir, "auditor.key");
        let trail = dir.join("trail");
        super::written(&trail, 2);
        let options = vigil::trail::PackOptions::new().recipient(&recipient).unwrap();
        assert!(vigil::trail::pack(&trail, &options).unwrap().made.len() >= 2);
        let gate = Gate::default();
        gate.is_open.store(true, Relaxed);
        let vigil = builder(&trail).sink(gate.clone()).on_error(|_| {}).init().unwrap();
        record(0..10);
        vigil.shutdown().unwrap();
        // From the beginning of what can be read.
        let all = lines_by(&trail, &Identities::read(&key).unwrap());
        let got = gate.lines.lock().unwrap();
        assert!(got.len() >= 12 && all.ends_with(&got), "{} of {}", got.len(), all.len());
    }

    fn who_reads_while_segments_are_packed_is_not_disturbed(dir) {
        let (key, recipient) = identity(dir, "auditor.key");
        let identities = Identities::read(&key).unwrap();
        let trail = dir.join("trail");
        super::written(&trail, 5);
        let (before, done) = (lines_by(&trail, &identities), AtomicBool::new(false));
        let read = std::thread::scope(|scope| {
            let readers = [0, 1].map(|which| {
                let (trail, identities, before, done) = (&trail, &identities, &before, &done);
                scope.spawn(move || {
                    let mut read = 0;
                    while !done.load(Relaxed) {
                        match which {
                            0 => assert_eq!(assert_intact(trail, identities).events, before.len() as u64),
                            _ => assert!(lines_by(trail, identities) == *before),
                        }
                        read += 1;
                    }
                    read
                })
            });
            let options = PackOptions::new().compression(Compression::Gzip);
            assert!(pack(&trail, &options).unwrap().made.len() >= 5);
            assert!(pack(&trail, &options.recipient(&recipient).unwrap()).unwrap().made.len() >= 5);
            done.store(true, Relaxed);
            readers.map(|reader| reader.join().unwrap())
        });
        assert!(read.iter().all(|read| *read > 0), "{read:?}");
    }
}
