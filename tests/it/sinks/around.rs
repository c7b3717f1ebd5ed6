//! Sinks among what is around them: the program that is audited, its configuration, memory.

use super::*;

isolated! {
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
}
