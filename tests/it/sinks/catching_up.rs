//! A sink gets each event, in order, wherever it was when it stopped.

use super::*;

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
}
