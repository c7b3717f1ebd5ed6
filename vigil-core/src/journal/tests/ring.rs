use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread;

use proptest::prelude::*;

use super::super::ring::{Found, Refused, Ring, Tags, Words};

/// As large as a random one would be: bytes of a record from an earlier lap must not look like a tag.
pub(super) const SALT: u64 = 0x9e37_79b9_7f4a_7c15;

/// A ring in memory of its own.
pub(super) struct Memory(pub(super) Vec<AtomicU64>);

impl Words for Memory {
    type Word = AtomicU64;

    fn words(&self) -> &[AtomicU64] {
        &self.0
    }
}

pub(super) fn ring(capacity: u64, position: u64) -> Ring<Memory> {
    let memory = Memory((0..capacity).map(|_| AtomicU64::new(0)).collect());
    Ring::new(memory, capacity, Tags { salt: SALT }, position)
}

/// What stands from `position` on, and where nothing more does.
pub(super) fn take(ring: &Ring<Memory>, mut position: u64) -> (Vec<Vec<u8>>, u64) {
    let mut records = Vec::new();
    let mut record = Vec::new();
    loop {
        match ring.read(position, &mut record) {
            Found::Record { next } => {
                records.push(record.clone());
                position = next;
            }
            Found::Filler { next } => position = next,
            Found::Damaged { .. } => panic!("damaged at {position}"),
            Found::Nothing => return (records, position),
        }
    }
}

#[test]
fn what_goes_in_comes_out_in_its_order_over_many_laps() {
    let ring = ring(64, 0);
    let mut position = 0;
    for n in 0..1000_usize {
        let record = vec![n as u8; n % 90];
        ring.push(&record).unwrap();
        let (records, end) = take(&ring, position);
        assert_eq!(records, [record]);
        position = end;
        assert_eq!(position, ring.tail());
        ring.release(position);
    }
    assert!(position > 10 * 64);
}

#[test]
fn a_full_ring_refuses_until_something_is_released() {
    let ring = ring(16, 0);
    for n in 0..4 {
        ring.push(&[n; 16]).unwrap();
    }
    assert_eq!(ring.push(&[4; 16]), Err(Refused::Full { at: 16 }));
    let (records, end) = take(&ring, 0);
    assert_eq!((records.len(), end), (4, 16));
    assert_eq!(
        ring.push(&[4; 16]),
        Err(Refused::Full { at: 16 }),
        "read is not released"
    );
    ring.release(4);
    ring.push(&[4; 16]).unwrap();
    assert_eq!(ring.push(&[5; 16]), Err(Refused::Full { at: 20 }));
}

#[test]
fn a_record_too_large_for_its_share_is_refused_for_good() {
    let ring = ring(64, 0);
    assert_eq!(ring.push(&[0; 15 * 8]), Err(Refused::TooLong));
    ring.push(&[0; 14 * 8]).unwrap();
}

#[test]
fn a_closed_ring_takes_nothing_and_gives_what_it_has() {
    let ring = ring(64, 0);
    ring.push(b"before").unwrap();
    ring.close();
    assert_eq!(ring.push(b"after"), Err(Refused::Closed));
    assert!(ring.is_closed());
    assert_eq!(take(&ring, 0).0, [b"before"]);
}

#[test]
fn warming_the_ring_changes_nothing_in_it() {
    let ring = ring(64, 0);
    ring.push(b"one").unwrap();
    let warmed = ring.warm(0, 32, 1);
    assert_eq!(warmed, ring.tail() + 32);
    assert_eq!(
        ring.warm(warmed, 1000, 1),
        64,
        "no further than what is free"
    );
    ring.push(b"two").unwrap();
    assert_eq!(take(&ring, 0).0, [b"one", b"two"]);
}

#[test]
fn threads_lose_nothing_and_keep_their_own_order() {
    const THREADS: u64 = 4;
    const EACH: u64 = 20_000;
    let ring = Arc::new(ring(1024, 512));
    let producers: Vec<_> = (0..THREADS)
        .map(|thread| {
            let ring = Arc::clone(&ring);
            thread::spawn(move || {
                for n in 0..EACH {
                    let mut record = [thread, n].map(u64::to_le_bytes).concat();
                    record.resize(16 + (n % 50) as usize, 7);
                    while ring.push(&record).is_err() {
                        thread::yield_now();
                    }
                }
            })
        })
        .collect();
    let mut next = [0; THREADS as usize];
    let mut position = 512;
    let mut warmed = 0;
    while next.iter().sum::<u64>() < THREADS * EACH {
        let (records, end) = take(&ring, position);
        position = end;
        ring.release(position);
        warmed = ring.warm(warmed, 256, 1);
        for record in records {
            let thread = u64::from_le_bytes(record[..8].try_into().unwrap());
            let n = u64::from_le_bytes(record[8..16].try_into().unwrap());
            assert_eq!(record.len() as u64, 16 + n % 50);
            assert_eq!(n, std::mem::replace(&mut next[thread as usize], n + 1));
        }
    }
    producers
        .into_iter()
        .for_each(|producer| producer.join().unwrap());
    assert_eq!(next, [EACH; THREADS as usize]);
}

proptest! {
    /// Whatever is put in, read and released in whatever rhythm, comes out unchanged.
    #[test]
    fn any_records_in_any_rhythm(
        records in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..100), 1..200),
        rhythm in prop::collection::vec(1..6_usize, 1..50),
        start in 0..10_000_u64,
    ) {
        let ring = ring(64, start);
        let mut position = start;
        let mut out = Vec::new();
        let mut rhythm = rhythm.iter().cycle();
        let mut until_read = 0;
        for record in &records {
            while until_read == 0 || ring.push(record).is_err() {
                let (mut taken, end) = take(&ring, position);
                out.append(&mut taken);
                position = end;
                ring.release(position);
                until_read = rhythm.next().copied().unwrap_or(1) + 1;
            }
            until_read -= 1;
        }
        out.append(&mut take(&ring, position).0);
        prop_assert_eq!(out, records);
    }
}
