//! Sinks are cursors in the trail: whatever becomes of one, it gets each event at least once and in order, and neither
//! the program, nor the trail, nor another sink notices.
//!
//! A sink is given every line, also those that Vigil writes of its own accord. So what it got is compared with the whole
//! trail; which of the program's events are among it is asked by their own numbers, see [`Copy::numbers`].

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use vigil::sink::{
    Batch, Memory, Sink, SinkError, SinkOptions, SinkState, SinkStats, Start, cursors, needed_from,
};
use vigil::{audit, audited};
use vigil_tests::{all_bytes, all_lines, builder, events, isolated, lines, start, trail_files};

const PATIENCE: Duration = Duration::from_secs(60);

/// The first line of each run tells of its start: the program's event `n` of the first run stands at `START + n`.
const START: u64 = 1;
/// The last line of each run tells of its end.
const END: u64 = 1;

/// A sink that does what a test says.
struct Acting<F>(&'static str, F);

impl<F> Sink for Acting<F>
where
    F: FnMut(&Batch<'_>) -> Result<(), SinkError> + Send + 'static,
{
    fn name(&self) -> &str {
        self.0
    }

    fn deliver(&mut self, batch: &Batch<'_>) -> Result<(), SinkError> {
        (self.1)(batch)
    }

    fn options(&self) -> SinkOptions {
        SinkOptions::new().retry(Duration::from_millis(1), Duration::from_millis(20))
    }
}

/// What has been delivered, over several runs of an engine.
#[derive(Clone, Default)]
struct Copy(Arc<Mutex<(Vec<u64>, Vec<u8>)>>);

impl Copy {
    fn sink(&self, name: &'static str) -> impl Sink + use<> {
        let copy = self.clone();
        Acting(name, move |batch: &Batch<'_>| {
            copy.take(batch);
            Ok(())
        })
    }

    fn take(&self, batch: &Batch<'_>) {
        let mut copy = self.0.lock().unwrap();
        copy.0.extend(batch.lines().map(|line| line.seq()));
        copy.1.extend_from_slice(batch.as_bytes());
    }

    /// Where in the trail what came has stood.
    fn seqs(&self) -> Vec<u64> {
        self.0.lock().unwrap().0.clone()
    }

    /// What [`numbered`] was called with, of the events that came.
    fn numbers(&self) -> Vec<u64> {
        let copy = self.0.lock().unwrap();
        let events = copy
            .1
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty());
        let events = events.map(|line| serde_json::from_slice::<serde_json::Value>(line).unwrap());
        events
            .filter(|event| event["action"]["operation"] == "numbered")
            .map(|event| event["action"]["parameters"]["number"].as_u64().unwrap())
            .collect()
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap().0.len()
    }

    /// The copy is the trail, byte by byte.
    fn assert_is(&self, dir: &Path) {
        self.assert_is_from(dir, 0);
    }

    /// The copy is the trail from this line on, byte by byte.
    fn assert_is_from(&self, dir: &Path, first: u64) {
        let trail = all_lines(dir);
        let text: String = trail[first as usize..]
            .iter()
            .map(|line| format!("{line}\n"))
            .collect();
        let copy = self.0.lock().unwrap();
        assert_eq!(copy.0, (first..trail.len() as u64).collect::<Vec<_>>());
        assert!(copy.1 == text.as_bytes());
    }
}

/// What `on_error` was told.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn by(&self, builder: vigil::Builder) -> vigil::Builder {
        let told = self.clone();
        builder.on_error(move |error| {
            assert!(error.is_sink(), "{error}");
            told.0.lock().unwrap().push(error.to_string());
        })
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    fn has(&self, text: &str) -> bool {
        self.all().iter().any(|told| told.contains(text))
    }
}

/// A gate that a sink waits at.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn pass(&self) {
        let open = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(open, |open| !*open).unwrap());
    }

    fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}: {}", vigil::stats());
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn of(name: &str) -> SinkStats {
    vigil::stats().sinks[name].clone()
}

#[audited(category = "DATA")]
fn numbered(number: u64) {
    std::hint::black_box(number);
}

/// A call that must not go unrecorded.
#[audited(category = "DATA", delivery = "required")]
fn insisting() -> Result<(), vigil::Error> {
    Ok(())
}

fn record(numbers: std::ops::Range<u64>) {
    numbers.for_each(numbered);
}

/// Records, and waits until it is in the trail: from then on a sink lags behind.
fn write(numbers: std::ops::Range<u64>) {
    record(numbers);
    vigil::flush().unwrap();
}

isolated! {
    fn a_sink_gets_the_lines_of_the_trail_exactly_as_they_are(dir) {
        let (copy, parsed) = (Copy::default(), Arc::new(AtomicU64::new(0)));
        let count = Arc::clone(&parsed);
        let typed = Acting("typed", move |batch: &Batch<'_>| {
            assert_eq!(batch.lines().count(), batch.len());
            for (seq, event) in (batch.first_seq()..).zip(batch.events()) {
                assert_eq!(event.unwrap().seq, seq);
                count.fetch_add(1, SeqCst);
            }
            Ok(())
        });
        let vigil = builder(dir).max_size(1 << 20).sink(copy.sink("copy")).sink(typed).init().unwrap();
        record(0..10_000);
        let stats = vigil.shutdown().unwrap();
        assert!(trail_files(dir).len() > 3, "rotated on the way");
        copy.assert_is(dir);
        assert_eq!(copy.numbers(), (0..10_000).collect::<Vec<_>>());
        let all = START + 10_000 + END;
        assert_eq!(parsed.load(SeqCst), all);
        assert_eq!(stats.errors, 0);
        let sink = &stats.sinks["copy"];
        assert_eq!((sink.state, sink.delivered, sink.next_seq, sink.lag), (SinkState::Stopped, all, all, 0));
        assert!(stats.to_string().contains("\nsink copy: stopped, 10002 delivered, 0 behind"), "{stats}");
    }

    fn a_sink_goes_on_where_it_was_and_a_new_one_begins_at_the_beginning(dir) {
        let (old, new, ending) = (Copy::default(), Copy::default(), Copy::default());
        let mut from = 0;
        for run in 0..4 {
            let mut builder = builder(dir).max_size(1 << 20).sink(old.sink("old"));
            if run >= 2 {
                builder = builder
                    .sink(new.sink("new"))
                    .sink_with(ending.sink("ending"), SinkOptions::new().start(Start::End));
            }
            let vigil = builder.init().unwrap();
            record(from..from + 3_000);
            from += 3_000;
            vigil.shutdown().unwrap();
        }
        old.assert_is(dir);
        new.assert_is(dir);
        assert_eq!(old.numbers(), (0..12_000).collect::<Vec<_>>());
        assert_eq!(ending.numbers(), (6_000..12_000).collect::<Vec<_>>());
        // It begins behind the line that tells of the start of the third run.
        ending.assert_is_from(dir, 2 * (START + 3_000 + END) + START);
    }

    fn a_sink_that_was_not_there_for_a_while_catches_up(dir) {
        let copy = Copy::default();
        let told = Told::default();
        for run in 0..3_u64 {
            let mut builder = told.by(builder(dir).max_size(1 << 20));
            if run != 1 {
                builder = builder.sink(copy.sink("copy"));
            }
            let vigil = builder.init().unwrap();
            record(run * 4_000..(run + 1) * 4_000);
            vigil.shutdown().unwrap();
            if run == 1 {
                // What is kept for a sink that nobody has any more is said, since it keeps the trail from being purged.
                assert!(told.has("there is a cursor of a sink copy"), "{:?}", told.all());
                let next = START + 4_000 + END;
                assert!(told.has(&format!("all events from {next} on are kept for it")), "{:?}", told.all());
                let found = cursors(dir).unwrap();
                assert_eq!((found.len(), found[0].next_seq, needed_from(&found)), (1, Some(next), Some(next)));
            }
        }
        copy.assert_is(dir);
        assert_eq!(told.all().len(), 1);
    }

    fn a_failing_sink_is_tried_again_and_loses_nothing(dir) {
        let (copy, told, fails) = (Copy::default(), Told::default(), Arc::new(AtomicBool::new(true)));
        let (taken, failing) = (copy.clone(), Arc::clone(&fails));
        let vigil = told.by(builder(dir)).sink(Acting("shaky", move |batch: &Batch<'_>| {
            if failing.load(SeqCst) {
                return Err(SinkError::transient("connection refused"));
            }
            taken.take(batch);
            Ok(())
        })).init().unwrap();
        write(0..500);
        eventually("it fails often", || of("shaky").consecutive_failures >= 20);
        let sink = of("shaky");
        assert_eq!((sink.state, sink.delivered, sink.lag), (SinkState::Retrying, 0, START + 500));
        assert_eq!(sink.last_error.as_deref(), Some("connection refused"));
        // The first failure, the second, the fourth: told less and less often.
        assert!(told.has("sink shaky did not take event") && told.has("connection refused"), "{:?}", told.all());
        let failures = u64::from(of("shaky").consecutive_failures);
        assert!(told.all().len() as u64 <= u64::from(64 - failures.leading_zeros()) + 1, "{:?}", told.all());
        fails.store(false, SeqCst);
        eventually("it gets what it missed", || of("shaky").lag == 0);
        let sink = of("shaky");
        assert_eq!((sink.state, sink.delivered, sink.consecutive_failures), (SinkState::Running, START + 500, 0));
        vigil.shutdown().unwrap();
        copy.assert_is(dir);
    }

    fn a_panicking_sink_is_contained_and_tried_again(dir) {
        std::panic::set_hook(Box::new(|_| {}));
        let (copy, other, told, calls) = (Copy::default(), Copy::default(), Told::default(), Arc::new(AtomicU64::new(0)));
        let (taken, called) = (copy.clone(), Arc::clone(&calls));
        let vigil = told.by(builder(dir)).sink(Acting("jumpy", move |batch: &Batch<'_>| {
            if called.fetch_add(1, SeqCst).is_multiple_of(2) {
                panic!("no connection {}", batch.first_seq());
            }
            taken.take(batch);
            Ok(())
        })).sink(other.sink("calm")).init().unwrap();
        for number in 0..50 {
            numbered(number);
            vigil::flush().unwrap();
        }
        vigil.shutdown().unwrap();
        copy.assert_is(dir);
        other.assert_is(dir);
        assert!(told.has("sink jumpy did not take event") && told.has("it panicked: no connection 0"), "{:?}", told.all());
    }

    fn an_event_that_is_refused_is_named_and_waited_for(dir) {
        let (copy, told, mended) = (Copy::default(), Told::default(), Arc::new(AtomicBool::new(false)));
        let (taken, is_mended) = (copy.clone(), Arc::clone(&mended));
        let vigil = told.by(builder(dir)).sink(Acting("strict", move |batch: &Batch<'_>| {
            if batch.lines().any(|line| line.seq() == 77) && !is_mended.load(SeqCst) {
                return Err(SinkError::permanent("column \"tenant\" does not exist"));
            }
            taken.take(batch);
            Ok(())
        })).init().unwrap();
        write(0..200);
        eventually("all before it is delivered", || of("strict").lag == START + 200 - 77 && of("strict").state == SinkState::Failed);
        assert_eq!(copy.seqs(), (0..77).collect::<Vec<_>>());
        assert_eq!(copy.numbers(), (0..77 - START).collect::<Vec<_>>());
        assert_eq!(
            told.all()[0],
            "sink strict refuses event 77; what comes after it has to wait until that is mended: column \"tenant\" does not exist"
        );
        mended.store(true, SeqCst);
        eventually("the rest is delivered", || of("strict").lag == 0);
        vigil.shutdown().unwrap();
        copy.assert_is(dir);
    }

    fn a_hanging_sink_is_told_and_goes_on_when_it_comes_back(dir) {
        let (copy, other, told, gate) = (Copy::default(), Copy::default(), Told::default(), Gate::default());
        let (taken, shut) = (copy.clone(), gate.clone());
        let hanging = Acting("hung", move |batch: &Batch<'_>| {
            shut.pass();
            taken.take(batch);
            Ok(())
        });
        let vigil = told.by(builder(dir))
            .sink_with(hanging, SinkOptions::new().deadline(Duration::from_millis(50)))
            .sink(other.sink("free"))
            .init()
            .unwrap();
        record(0..100);
        eventually("it hangs", || of("hung").state == SinkState::Hanging);
        eventually("it is told", || told.has("sink hung hangs: a call of it has not come back within 50ms"));
        write(100..200);
        eventually("the other one goes on", || of("free").lag == 0);
        assert_eq!(told.all().len(), 1, "told once a call");
        gate.open();
        eventually("it comes back", || of("hung").lag == 0);
        assert_eq!(of("hung").state, SinkState::Running);
        vigil.shutdown().unwrap();
        copy.assert_is(dir);
        other.assert_is(dir);
    }

    fn a_shutdown_leaves_a_hanging_sink_behind_and_nothing_is_lost(dir) {
        let (told, gate, copy) = (Told::default(), Gate::default(), Copy::default());
        let (first, shut) = (Copy::default(), gate.clone());
        let taken = first.clone();
        let vigil = told.by(builder(dir)).shutdown_timeout(Duration::from_millis(300)).sink(Acting("hung", move |batch: &Batch<'_>| {
            if batch.first_seq() >= START + 10 {
                shut.pass();
            }
            taken.take(batch);
            Ok(())
        })).init().unwrap();
        record(0..10);
        eventually("the first are delivered and saved", || of("hung").next_seq == START + 10);
        record(10..100);
        let stats = vigil.shutdown().unwrap();
        assert_eq!((stats.total.written, stats.sinks["hung"].lag, stats.sinks["hung"].state), (100, 90 + END, SinkState::Hanging));
        assert!(told.has("sink hung has not got the last 91 events, from event 11 on, when the engine stopped"), "{:?}", told.all());
        assert_eq!(lines(dir).len(), 100);

        // The next engine's sink of this name goes on, while the one that was left behind still hangs.
        let vigil = builder(dir).sink(copy.sink("hung")).init().unwrap();
        eventually("it catches up", || of("hung").lag == 0);
        assert_eq!(copy.numbers(), (10..100).collect::<Vec<_>>());
        record(100..110);
        let next = START + 100 + END + START + 10;
        eventually("it goes on", || of("hung").next_seq == next);
        gate.open();
        eventually("the old one comes back", || first.len() > 10);
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!(cursors(dir).unwrap()[0].next_seq, Some(next), "and leaves the cursor alone");
        vigil.shutdown().unwrap();
        copy.assert_is_from(dir, START + 10);
    }

    fn a_shutdown_tries_a_failing_sink_until_its_timeout_and_not_a_refusing_one(dir) {
        let told = Told::default();
        let vigil = told.by(builder(dir))
            .sink(Acting("down", |_: &Batch<'_>| Err(SinkError::transient("down"))))
            .shutdown_timeout(Duration::from_millis(200))
            .init()
            .unwrap();
        record(0..10);
        let stats = vigil.shutdown().unwrap();
        assert_eq!((stats.sinks["down"].lag, stats.sinks["down"].state), (START + 10 + END, SinkState::Stopped));
        assert!(told.has("sink down has not got the last 12 events, from event 0 on, when the engine stopped (down)"), "{:?}", told.all());

        // Would it wait for it, this test would not end.
        let vigil = told.by(builder(dir))
            .sink_with(
                Acting("down", |_: &Batch<'_>| Err(SinkError::permanent("gone"))),
                SinkOptions::new().retry(Duration::from_secs(3600), Duration::from_secs(3600)),
            )
            .shutdown_timeout(Duration::from_secs(3600))
            .init()
            .unwrap();
        vigil.shutdown().unwrap();
        assert!(told.has("(gone)"), "{:?}", told.all());
    }

    fn a_shutdown_wakes_a_sink_that_pauses(dir) {
        let (copy, fails) = (Copy::default(), Arc::new(AtomicBool::new(true)));
        let (taken, failing) = (copy.clone(), Arc::clone(&fails));
        let hour = Duration::from_secs(3600);
        let vigil = builder(dir).on_error(|_| {}).shutdown_timeout(hour).sink_with(
            Acting("pausing", move |batch: &Batch<'_>| {
                if failing.swap(false, SeqCst) {
                    return Err(SinkError::permanent("not now"));
                }
                taken.take(batch);
                Ok(())
            }),
            SinkOptions::new().retry(hour, hour).batch(1, 1024),
        ).init().unwrap();
        record(0..10);
        eventually("it pauses", || of("pausing").state == SinkState::Failed);
        vigil.shutdown().unwrap();
        copy.assert_is(dir);
    }

    fn what_could_not_be_flushed_is_delivered_again(dir) {
        struct Buffering(Copy, Copy, Arc<AtomicU64>);
        impl Sink for Buffering {
            fn name(&self) -> &str {
                "buffering"
            }

            fn deliver(&mut self, batch: &Batch<'_>) -> Result<(), SinkError> {
                self.0.take(batch);
                Ok(())
            }

            fn flush(&mut self) -> Result<(), SinkError> {
                let mut buffer = self.0.0.lock().unwrap();
                let buffer = std::mem::take(&mut *buffer);
                if self.2.fetch_add(1, SeqCst).is_multiple_of(2) {
                    // What was in the buffer is gone.
                    return Err(std::io::Error::other("disk full").into());
                }
                let mut safe = self.1.0.lock().unwrap();
                safe.0.extend(buffer.0);
                safe.1.extend(buffer.1);
                Ok(())
            }

            fn options(&self) -> SinkOptions {
                SinkOptions::new().retry(Duration::from_millis(1), Duration::from_millis(1)).batch(7, 1 << 20)
            }
        }
        let (safe, told) = (Copy::default(), Told::default());
        let vigil = told.by(builder(dir)).sink(Buffering(Copy::default(), safe.clone(), Arc::default())).init().unwrap();
        for round in 0..20 {
            record(round * 10..round * 10 + 10);
            vigil::flush().unwrap();
        }
        let stats = vigil.shutdown().unwrap();
        safe.assert_is(dir);
        assert!(stats.sinks["buffering"].delivered > START + 200 + END);
        assert!(told.has("sink buffering could not flush what it had taken: disk full"), "{:?}", told.all());
    }

    fn two_sinks_of_different_speed_do_not_wait_for_each_other(dir) {
        let (quick, slow, gate) = (Copy::default(), Copy::default(), Gate::default());
        let (taken, shut) = (slow.clone(), gate.clone());
        let vigil = builder(dir).max_size(1 << 20).sink(quick.sink("quick")).sink_with(Acting("slow", move |batch: &Batch<'_>| {
            shut.pass();
            taken.take(batch);
            Ok(())
        }), SinkOptions::new().batch(100, 1 << 20)).init().unwrap();
        write(0..20_000);
        eventually("the quick one has all", || of("quick").lag == 0);
        assert_eq!((of("slow").delivered, of("slow").lag), (0, START + 20_000));
        gate.open();
        vigil.shutdown().unwrap();
        quick.assert_is(dir);
        slow.assert_is(dir);
    }

    fn a_deleted_file_is_a_gap_that_is_told_with_its_numbers(dir) {
        let (copy, told) = (Copy::default(), Told::default());
        let vigil = builder(dir).max_size(1 << 20).init().unwrap();
        record(0..10_000);
        vigil.shutdown().unwrap();
        let files = trail_files(dir);
        let first_of = |file: &Path| -> u64 {
            let text = std::fs::read_to_string(file).unwrap();
            serde_json::from_str::<serde_json::Value>(text.lines().next().unwrap()).unwrap()["seq"].as_u64().unwrap()
        };
        let (from, to) = (first_of(&files[1]), first_of(&files[2]));
        std::fs::remove_file(&files[1]).unwrap();
        let vigil = told.by(builder(dir)).sink(copy.sink("copy")).init().unwrap();
        let stats = vigil.shutdown().unwrap();
        assert_eq!(copy.seqs(), (0..from).chain(to..2 * (START + END) + 10_000).collect::<Vec<_>>());
        assert_eq!((stats.sinks["copy"].missed, stats.sinks["copy"].lag), (to - from, 0));
        assert_eq!(told.all().len(), 1);
        assert!(told.has(&format!("sink copy: events {from} to {} are not in the trail any more", to - 1)), "{:?}", told.all());
    }

    fn a_file_deleted_while_a_sink_is_down_is_told_at_the_latest_when_it_comes_to_it(dir) {
        let (copy, told, gate) = (Copy::default(), Told::default(), Gate::default());
        let (taken, shut) = (copy.clone(), gate.clone());
        let vigil = told.by(builder(dir)).sink_with(Acting("late", move |batch: &Batch<'_>| {
            if batch.first_seq() > 0 {
                shut.pass();
            }
            taken.take(batch);
            Ok(())
        }), SinkOptions::new().batch(1, 1 << 20)).init().unwrap();
        record(0..10);
        vigil::flush().unwrap();
        eventually("it waits", || of("late").delivered == 1);
        // Everything is gone, and nothing comes after it.
        std::fs::remove_dir_all(dir).unwrap();
        std::fs::create_dir(dir).unwrap();
        gate.open();
        let stats = vigil.shutdown().unwrap();
        // What it had in hand or open may still have come.
        let sink = &stats.sinks["late"];
        // Two more tell that the file of the trail and the journal have gone with the rest.
        let all = START + 10 + 2 + END;
        assert_eq!((copy.len() as u64 + sink.missed, sink.lag), (all, 0), "{:?}", told.all());
    }

    fn a_torn_cursor_is_noticed_and_everything_is_given_again(dir) {
        let (copy, told) = (Copy::default(), Told::default());
        for torn in [false, true] {
            let file = dir.join(".vigil/cursors/copy");
            if torn {
                let text = std::fs::read_to_string(&file).unwrap();
                assert!(text.starts_with("vigil cursor 1\nseq 102\n"), "{text}");
                std::fs::write(&file, &text[..text.len() / 2]).unwrap();
                assert_eq!(cursors(dir).unwrap()[0].next_seq, None);
            }
            let vigil = told.by(builder(dir)).sink(copy.sink("copy")).init().unwrap();
            record(0..100);
            vigil.shutdown().unwrap();
        }
        let run = START + 100 + END;
        assert_eq!(copy.seqs(), (0..run).chain(0..2 * run).collect::<Vec<_>>());
        assert_eq!(copy.numbers(), [(); 3].iter().flat_map(|()| 0..100).collect::<Vec<_>>());
        assert!(told.all().len() == 1 && told.has("the cursor of sink copy, ") && told.has("is damaged"), "{:?}", told.all());
    }

    fn a_cursor_beyond_the_end_of_the_trail_is_told(dir) {
        let (copy, told) = (Copy::default(), Told::default());
        // A signed trail that lacks its end is set aside instead, and its cursors with it.
        let vigil = builder(dir).integrity(false).sink(copy.sink("copy")).init().unwrap();
        record(0..100);
        vigil.shutdown().unwrap();
        // As after a power cut that has taken the end of the trail, but not of the copy.
        let file = trail_files(dir).remove(0);
        let text = std::fs::read_to_string(&file).unwrap();
        let kept: String = text.lines().take(60).map(|line| format!("{line}\n")).collect();
        std::fs::write(&file, kept).unwrap();
        let vigil = told.by(builder(dir)).integrity(false).sink(copy.sink("copy")).init().unwrap();
        record(0..10);
        vigil.shutdown().unwrap();
        // The trail goes on with the line of the start, 60.
        assert_eq!(copy.seqs(), (0..START + 100 + END).chain(61..61 + 10 + END).collect::<Vec<_>>());
        assert_eq!(copy.numbers(), (0..100).chain(0..10).collect::<Vec<_>>());
        assert!(told.has("the end of the trail has been lost, and the sink goes on with event 61"), "{:?}", told.all());
    }

    fn a_sink_may_be_audited_itself_and_does_not_feed_itself(dir) {
        let copy = Copy::default();
        let taken = copy.clone();
        let vigil = builder(dir).sink(Acting("audited", move |batch: &Batch<'_>| {
            numbered(batch.first_seq());
            insisting().unwrap();
            taken.take(batch);
            Ok(())
        })).init().unwrap();
        record(0..10);
        let stats = vigil.shutdown().unwrap();
        copy.assert_is(dir);
        assert_eq!(stats.total.written, 10);
        assert!(stats.total.filtered > 0);
    }

    fn a_callback_may_record_that_a_sink_fails(dir) {
        let vigil = builder(dir)
            .on_error(|error| {
                assert!(error.is_sink());
                audit!(category = "SYSTEM", operation = "sink_failed");
            })
            .sink(Acting("down", |_: &Batch<'_>| Err(SinkError::transient("down"))))
            .shutdown_timeout(Duration::from_millis(50))
            .init()
            .unwrap();
        numbered(0);
        eventually("it is recorded", || vigil::stats().categories.get("SYSTEM").is_some_and(|stats| stats.written > 0));
        vigil.shutdown().unwrap();
        assert!(events(dir).iter().any(|event| event["action"]["operation"] == "sink_failed"));
    }

    fn memory_keeps_what_this_run_has_written(dir) {
        for run in 0..2 {
            let memory = Memory::keeping(5);
            let vigil = builder(dir).sink(memory.clone()).init().unwrap();
            record(run * 10..run * 10 + 10);
            assert!(memory.wait_for(10, PATIENCE));
            assert_eq!((memory.taken(), memory.lines()), (10, lines(dir).split_off(run as usize * 10 + 5)));
            assert_eq!(memory.events()[4].action.parameters["number"], run * 10 + 9);
            vigil.shutdown().unwrap();
        }
        assert!(cursors(dir).unwrap().is_empty(), "it keeps no cursor");
    }

    fn the_configuration_feeds_a_sink_and_the_program_goes_before_it(dir) {
        let most = Arc::new(AtomicU64::new(0));
        let sink = || {
            let most = Arc::clone(&most);
            Acting("copy", move |batch: &Batch<'_>| {
                most.fetch_max(batch.len() as u64, SeqCst);
                Ok(())
            })
        };
        let vigil = start(dir);
        record(0..1_000);
        vigil.shutdown().unwrap();
        let yaml = "sinks:\n  copy: {batch_events: 40, cursor: false}\n  stdout: {cursor: true}\n";
        let vigil = vigil::builder().config_text(yaml).trail(dir).sink(sink()).init().unwrap();
        vigil.shutdown().unwrap();
        assert_eq!(most.swap(0, SeqCst), 40);
        let vigil = vigil::builder().config_text(yaml).trail(dir).sink_with(sink(), SinkOptions::new().batch(30, 1 << 20)).init().unwrap();
        vigil.shutdown().unwrap();
        assert_eq!(most.load(SeqCst), 30);
    }

    fn a_sink_that_cannot_be_is_refused_at_the_start(dir) {
        let refuse = |builder: vigil::Builder| {
            let error = builder.trail(dir).init().unwrap_err();
            assert!(error.is_config(), "{error}");
            error.to_string()
        };
        let sink = |name| Acting(name, |_: &Batch<'_>| Ok(()));
        let plain = || vigil::builder().config_text("");
        let text = refuse(plain().sink(sink("../../etc")).sink(sink("twice")).sink(sink("twice")));
        assert_eq!(
            text,
            "a sink is called \"../../etc\": expected 1 to 64 characters of a-z, 0-9, _ and -; correct what its name() gives back\n\
             two sinks are called \"twice\"; give one of them another name"
        );
        let text = refuse(plain().sink_with(sink("odd"), SinkOptions::new().batch(0, 1 << 20)));
        assert_eq!(text, "sinks.odd.batch_events: expected 1 to 1000000 events");
        let text = refuse(vigil::builder().config_text("sinks: {serach: {deadline: 5s}}").sink(sink("search")));
        assert_eq!(text, "sinks.serach: this program has no sink of that name; did you mean \"search\"?");
        assert!(std::fs::read_dir(dir).unwrap().next().is_none(), "nothing is created by a start that fails");
    }

    fn a_cursor_that_cannot_be_saved_is_told_and_costs_only_repetition(dir) {
        let (copy, told) = (Copy::default(), Told::default());
        let vigil = told.by(builder(dir)).sink(copy.sink("copy")).init().unwrap();
        record(0..10);
        eventually("the cursor is there", || of("copy").next_seq == START + 10);
        // A directory in the place of the file that is renamed.
        let temporary = dir.join(".vigil/cursors/copy.tmp");
        std::fs::create_dir(&temporary).unwrap();
        write(10..20);
        eventually("it is told", || told.has("sink copy cannot save its cursor "));
        assert_eq!(of("copy").next_seq, START + 10);
        std::fs::remove_dir(&temporary).unwrap();
        eventually("it is saved", || of("copy").lag == 0);
        vigil.shutdown().unwrap();
        copy.assert_is(dir);
    }
}

/// The memory of a sink is bounded however far it is behind.
#[cfg(target_os = "linux")]
mod memory {
    use super::*;

    isolated! {
        fn a_long_way_behind_takes_no_more_memory(dir) {
            let vigil = start(dir);
            let filler = "x".repeat(400);
            for _ in 0..5 {
                for number in 0..20_000 {
                    audit!(category = "DATA", operation = "fill", fields(n = number, f = &filler));
                }
                vigil::flush().unwrap();
            }
            vigil.shutdown().unwrap();
            let trail: u64 = trail_files(dir).iter().map(|file| std::fs::metadata(file).unwrap().len()).sum();
            let before = peak_kib();
            let seen = Arc::new(AtomicU64::new(0));
            let count = Arc::clone(&seen);
            let vigil = builder(dir).sink(Acting("far", move |batch: &Batch<'_>| {
                assert!(batch.len() <= 1000 && batch.as_bytes().len() <= 1 << 20);
                count.fetch_add(batch.len() as u64, SeqCst);
                Ok(())
            })).init().unwrap();
            vigil.shutdown().unwrap();
            assert_eq!(seen.load(SeqCst), 2 * (START + END) + 100_000);
            let grown = peak_kib().saturating_sub(before) * 1024;
            assert!(trail > 80_000_000 && grown < 16_000_000, "{grown} bytes more for a trail of {trail}");
        }
    }

    fn peak_kib() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmHWM:"))
            .unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

const CHILD: &str = "SINKS_CHILD";

/// Runs this test again as a child, with `VIGIL`-free surroundings, in `dir`.
fn child(name: &str, dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(CHILD, dir)
        .current_dir(dir);
    command
}

/// The program goes on when nobody reads its output any more, and its shutdown does not wait for anybody who might.
#[cfg(unix)]
#[test]
fn a_closed_standard_output_harms_nothing() {
    use std::io::BufRead;
    const NAME: &str = "sinks::a_closed_standard_output_harms_nothing";
    if let Some(dir) = std::env::var_os(CHILD) {
        let told = Told::default();
        let vigil = told
            .by(builder(Path::new(&dir)))
            .stdout(true)
            .shutdown_timeout(Duration::from_secs(3600))
            .init()
            .unwrap();
        println!("begun");
        eventually("the pipe is closed", || {
            numbered(0);
            vigil::flush().unwrap();
            of("stdout").state == SinkState::Failed
        });
        numbered(1);
        let stats = vigil.shutdown().unwrap();
        assert!(stats.sinks["stdout"].lag > 0 && stats.total.dropped == 0);
        assert!(told.all()[0].starts_with("sink stdout refuses event "));
        std::fs::write(Path::new(&dir).join("done"), "").unwrap();
        // The test runner would print, and fail.
        std::process::exit(0);
    }
    let dir = tempfile::tempdir().unwrap();
    let mut child = child(NAME, dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The test runner has something to say first.
    let mut begun = String::new();
    let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
    while !begun.contains("begun") {
        assert_ne!(output.read_line(&mut begun).unwrap(), 0, "{begun}");
    }
    drop(output);
    assert!(child.wait().unwrap().success());
    assert!(dir.path().join("done").exists());
    let events = events(dir.path());
    assert_eq!(events.last().unwrap()["action"]["parameters"]["number"], 1);
}

/// What stands on the standard output is the trail of this run, from the first event after its start on.
#[test]
fn standard_output_repeats_what_is_written() {
    const NAME: &str = "sinks::standard_output_repeats_what_is_written";
    if let Some(dir) = std::env::var_os(CHILD) {
        let vigil = builder(Path::new(&dir)).stdout(true).init().unwrap();
        record(0..100);
        vigil.shutdown().unwrap();
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    for run in 1..=2 {
        let output = child(NAME, dir.path()).output().unwrap();
        assert!(output.status.success());
        let printed = String::from_utf8(output.stdout).unwrap();
        let echoed: Vec<_> = printed
            .lines()
            // The name of the test stands before the first.
            .filter_map(|line| Some(&line[line.find("{\"event_id\"")?..]))
            .collect();
        let run_length = (START + 100 + END) as usize;
        assert!(echoed == all_lines(dir.path())[(run - 1) * run_length + START as usize..]);
    }
}

/// A process is killed again and again while its sinks are at work. In the end each of them has every event that is in
/// the trail, in order, and whole.
#[cfg(unix)]
#[test]
fn killed_at_any_moment_a_sink_gets_every_event_of_the_trail() {
    use std::io::Write;
    const NAME: &str = "sinks::killed_at_any_moment_a_sink_gets_every_event_of_the_trail";
    const ROUNDS: u64 = 15;
    if let Some(dir) = std::env::var_os(CHILD) {
        let dir = Path::new(&dir).to_owned();
        let file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(dir.join("copy"))
            .unwrap();
        let vigil = builder(&dir.join("trail"))
            .max_size(1 << 20)
            .sink_with(
                Acting("copy", move |batch: &Batch<'_>| {
                    Ok((&file).write_all(batch.as_bytes())?)
                }),
                SinkOptions::new().batch(50, 1 << 20),
            )
            .init()
            .unwrap();
        // The last round ends in peace.
        let rounds = std::fs::read_dir(&dir).unwrap().count() as u64;
        let last = rounds >= ROUNDS;
        std::fs::write(dir.join(format!("round-{rounds}")), "").unwrap();
        let mut number = 0;
        while !last || number < 1000 {
            record(number..number + 50);
            number += 50;
            std::thread::sleep(Duration::from_millis(1));
        }
        vigil.shutdown().unwrap();
        std::fs::write(dir.join("done"), "").unwrap();
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    for round in 0.. {
        assert!(round < 10 * ROUNDS);
        let mut child = child(NAME, dir.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // In the end also where the machine is so busy that most processes do not get far.
        let deadline = Duration::from_millis(20 + round * 37 % (300 + 20 * round));
        std::thread::sleep(deadline);
        if std::fs::read_dir(dir.path()).unwrap().count() as u64 > ROUNDS {
            assert!(child.wait().unwrap().success());
            if dir.path().join("done").exists() {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let trail = all_lines(&dir.path().join("trail"));
    let copy = all_bytes_of(&dir.path().join("copy"));
    // Lines that came again are the same lines; a batch that was cut off by a kill has come again whole.
    let mut next = 0;
    let mut repeated = BTreeSet::new();
    for line in copy.split_terminator('\n') {
        let Ok(event) = serde_json::from_str::<serde_json::Value>(line) else {
            continue;
        };
        let seq = event["seq"].as_u64().unwrap();
        assert!(seq <= next, "event {next} is missing before {seq}");
        if seq < next {
            repeated.insert(seq);
        }
        next = next.max(seq + 1);
    }
    assert_eq!(next, trail.len() as u64);
    println!(
        "{} events in the trail, {} of them delivered more than once",
        trail.len(),
        repeated.len()
    );
    let copied: BTreeSet<&str> = copy.split_terminator('\n').collect();
    assert!(trail.iter().all(|line| copied.contains(line.as_str())));
}

fn all_bytes_of(file: &Path) -> String {
    String::from_utf8(std::fs::read(file).unwrap()).unwrap()
}

/// No cursor and no report holds anything of an event.
#[test]
fn cursors_hold_numbers_and_names_of_files() {
    const NAME: &str = "sinks::cursors_hold_numbers_and_names_of_files";
    if let Some(dir) = std::env::var_os(CHILD) {
        let vigil = builder(Path::new(&dir))
            .sink(Copy::default().sink("copy"))
            .init()
            .unwrap();
        audit!(
            category = "DATA",
            operation = "told",
            fields(word = "findme")
        );
        vigil.shutdown().unwrap();
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    assert!(child(NAME, dir.path()).output().unwrap().status.success());
    let bytes = all_bytes(&dir.path().join(".vigil/cursors"));
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("vigil cursor 1\nseq 3\nfile audit_audit_"));
    assert!(!text.contains("findme"));
}
