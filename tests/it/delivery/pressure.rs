//! What becomes of calls while the trail cannot be written: they are refused, or wait without blocking an executor.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use vigil::audited;
use vigil_tests::{all_events, attempt_of, builder, events, isolated, only, trail_files};

use super::{DENYING, Outcome, RAN, Refused, Store, each, later, run, sync};

/// A trail that cannot be written: a directory in the place of its file cannot be appended to.
pub(super) struct Broken {
    file: PathBuf,
    kept: PathBuf,
}

impl Broken {
    pub(super) fn trail(dir: &Path) -> Self {
        vigil::flush().unwrap();
        let file = trail_files(dir).remove(0);
        let kept = dir.join("kept");
        fs::rename(&file, &kept).unwrap();
        fs::create_dir(&file).unwrap();
        Self { file, kept }
    }

    pub(super) fn mend(self) {
        fs::remove_dir(&self.file).unwrap();
        fs::rename(&self.kept, &self.file).unwrap();
    }
}

#[audited(category = "DATA")]
fn fills(number: u64) {
    std::hint::black_box(number);
}

fn why(outcome: Outcome<()>) -> String {
    match outcome {
        Err(Refused::ByVigil(error)) if error.is_refused() => error.to_string(),
        other => panic!("{other:?}"),
    }
}

isolated! {
    fn a_call_is_denied_while_the_journal_is_full(dir) {
        let vigil = builder(dir).journal(1 << 20, Duration::from_millis(1)).on_error(|_| {}).init().unwrap();
        let broken = Broken::trail(dir);
        for number in 0.. {
            fills(number);
            if vigil::stats().total.dropped > 0 {
                break;
            }
        }
        for (name, outcome) in each(1) {
            let full = if DENYING.contains(&name) { "nearly full" } else { "full" };
            assert_eq!(
                why(outcome),
                format!(
                    "{name} was refused and has not run, because its audit event cannot be kept: the journal is {full}; \
                     the trail cannot be written fast enough, or at all"
                )
            );
        }
        assert_eq!((RAN.load(Relaxed), vigil::stats().total.refused), (0, 10));
        broken.mend();
        vigil::flush().unwrap();
        for (name, outcome) in each(1) {
            assert!(outcome.is_ok(), "{name}: {outcome:?}");
        }
        assert_eq!(RAN.load(Relaxed), 10);
        let stats = vigil.shutdown().unwrap().total;
        assert_eq!((stats.recorded, stats.refused), (stats.written, 10));

        let events = events(dir);
        assert_eq!(events.len() as u64, stats.written, "nothing of the calls that were refused");
        for (name, _) in each(1) {
            assert_eq!(only(&events, name)["action"]["result"]["status"], "SUCCESS");
        }
        // The trail tells what was lost meanwhile and why, and that it could not be written.
        let all = all_events(dir);
        assert_eq!(only(&all, "audit_events_lost")["action"]["parameters"]["count"], stats.dropped);
        assert_eq!(only(&all, "audit_failure")["action"]["parameters"]["what"], "the trail could not be written");
    }

    fn a_call_whose_attempt_is_not_on_disk_in_time_is_refused(dir) {
        let vigil = vigil::builder()
            .config_text("service: test\njournal:\n  durable_timeout: 50ms\n")
            .trail(dir)
            .on_error(|_| {})
            .init()
            .unwrap();
        let broken = Broken::trail(dir);
        for (name, outcome) in [("sync", sync(1).map(drop)), ("later", run(later(1)).map(drop))] {
            assert_eq!(
                why(outcome),
                format!(
                    "{name} was refused and has not run, because its audit event was not safe on disk in time; see \
                     journal.durable_timeout and what on_error was told"
                )
            );
        }
        assert_eq!(RAN.load(Relaxed), 0);
        // What has run cannot be refused.
        assert_eq!(Store(3).durable(), 3);
        let stats = vigil::stats().total;
        assert_eq!((stats.refused, stats.late, stats.written), (2, 1, 0));
        broken.mend();
        vigil.shutdown().unwrap();

        // The attempts have come to the trail after all, so it has to tell that they did not run.
        let events = events(dir);
        assert_eq!(events.len(), 5);
        for name in ["sync", "later"] {
            let outcome = only(&events, name);
            assert_eq!(outcome["action"]["result"]["status"], "DENIED");
            assert!(attempt_of(&events, outcome)["seq"].as_u64() < outcome["seq"].as_u64());
        }
        assert_eq!(only(&events, "Store::durable")["action"]["result"]["status"], "SUCCESS");
    }

    fn a_future_that_waits_for_the_disk_blocks_no_executor(dir) {
        let vigil = builder(dir).on_error(|_| {}).init().unwrap();
        let broken = Broken::trail(dir);
        let (store, ended) = (Store(3), Cell::new(0));
        let waiting = async {
            assert_eq!(store.durable_later().await, Some(&3));
            ended.set(ended.get() + 1);
        };
        let attempting = async {
            assert_eq!(later(1).await.unwrap(), 1);
            ended.set(ended.get() + 1);
        };
        // On the same thread. Were that blocked, the others would have ended before this one begins.
        let other = async {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            assert_eq!((ended.get(), RAN.load(Relaxed)), (0, 0), "what they wait for cannot have come");
            broken.mend();
        };
        run(async { tokio::join!(waiting, attempting, other) });
        assert_eq!((ended.get(), RAN.load(Relaxed)), (2, 1));
        let stats = vigil.shutdown().unwrap().total;
        assert_eq!((stats.late, stats.refused), (0, 0));
        assert_eq!(events(dir).len(), 3);
    }
}
