//! A sink that fails, panics, refuses or hangs harms neither the program nor the trail, and loses nothing.

use super::*;

isolated! {
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
}
