use super::*;
use std::sync::Arc;

fn numbers(batch: &[u8]) -> Vec<u64> {
    records(batch)
        .map(|record| u64::from_le_bytes(record.try_into().unwrap()))
        .collect()
}

#[test]
fn what_is_held_is_the_first_batch_and_the_order_stays() {
    let journal = Journal::new();
    (0..5_u64).for_each(|n| journal.push(&n.to_le_bytes(), true).unwrap());
    assert!(journal.open(0, Duration::ZERO));
    assert!(!journal.open(0, Duration::ZERO), "one writer at a time");
    journal.push(&5_u64.to_le_bytes(), true).unwrap();
    let mut batch = Vec::new();
    let taken = journal.take(&mut batch);
    assert_eq!((taken.upto, taken.closing), (6, false));
    assert_eq!(numbers(&batch), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn a_full_journal_refuses_at_once_or_after_its_patience() {
    let journal = Journal::new();
    let record = vec![0; HELD_BYTES / 4];
    assert_eq!(
        (0..4)
            .map(|_| journal.push(&record, true))
            .filter(Result::is_ok)
            .count(),
        3
    );
    assert_eq!(
        journal.push(&record, true),
        Err(Refused::Full),
        "nobody drains what is held"
    );
    journal.open(HELD_BYTES, Duration::from_millis(5));
    assert_eq!(journal.push(&record, true), Err(Refused::Full));
    journal.lock().patience = Duration::from_secs(3600);
    assert_eq!(
        journal.push(&record, false),
        Err(Refused::Full),
        "the writer never waits"
    );
    assert_eq!(
        journal.push(&vec![0; HELD_BYTES], true),
        Err(Refused::Full),
        "would never fit"
    );
    assert_eq!(journal.push(b"small", true), Ok(()));
}

#[test]
fn a_caller_that_waits_for_room_goes_on_when_the_writer_has_taken() {
    let journal = Arc::new(Journal::new());
    journal.open(HELD_BYTES, Duration::from_secs(3600));
    let record = vec![0; HELD_BYTES / 2];
    journal.push(&record, true).unwrap();
    let caller = std::thread::spawn({
        let (journal, record) = (Arc::clone(&journal), record.clone());
        move || journal.push(&record, true)
    });
    let mut batch = Vec::new();
    let mut taken = 0;
    while taken < 2 {
        journal.take(&mut batch);
        taken += records(&batch).count();
    }
    assert_eq!(caller.join().unwrap(), Ok(()));
}

#[test]
fn every_record_of_every_thread_comes_once_and_closing_ends_it() {
    const EACH: u64 = 20_000;
    let journal = Arc::new(Journal::new());
    journal.open(HELD_BYTES, Duration::from_secs(3600));
    let writer = std::thread::spawn({
        let journal = Arc::clone(&journal);
        move || {
            let (mut all, mut batch) = (Vec::new(), Vec::new());
            loop {
                let taken = journal.take(&mut batch);
                all.extend(numbers(&batch));
                if taken.sync {
                    journal.synced(taken.upto);
                }
                if taken.closing {
                    journal.closed();
                    return all;
                }
            }
        }
    });
    let callers: Vec<_> = (0..4_u64)
        .map(|thread| {
            let journal = Arc::clone(&journal);
            std::thread::spawn(move || {
                (0..EACH).for_each(|n| {
                    journal
                        .push(&(thread * EACH + n).to_le_bytes(), true)
                        .unwrap()
                });
                assert!(journal.wait_synced(Duration::from_secs(3600)));
            })
        })
        .collect();
    callers
        .into_iter()
        .for_each(|caller| caller.join().unwrap());
    journal.close();
    let all = writer.join().unwrap();
    assert_eq!(journal.push(b"late", true), Err(Refused::Closed));
    assert_eq!(all.len() as u64, 4 * EACH);
    for thread in 0..4 {
        let of_thread = all.iter().filter(|n| **n / EACH == thread).copied();
        assert!(
            of_thread.eq(thread * EACH..(thread + 1) * EACH),
            "thread {thread}"
        );
    }
}

#[test]
fn cut_batches_end_where_they_are_cut() {
    let journal = Journal::new();
    journal.push(b"whole", true).unwrap();
    journal.push(b"cut", true).unwrap();
    journal.open(0, Duration::ZERO);
    let mut batch = Vec::new();
    journal.take(&mut batch);
    batch.pop();
    assert!(records(&batch).eq([b"whole".as_slice()]));
}
