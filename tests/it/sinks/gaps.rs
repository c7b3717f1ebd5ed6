//! What is missing, of the trail or of a cursor, is told and not passed over.

use super::*;

isolated! {
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
