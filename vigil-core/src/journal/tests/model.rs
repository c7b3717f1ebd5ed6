//! The model checker `loom` runs the ring in every order that its atomics allow.
//!
//! `Ring::warm` is not modelled: `loom` lets a store of another thread come between the two halves of a `fetch_or`, which
//! no processor does. The test with real threads has it.

use std::sync::atomic::Ordering;

use loom::sync::Arc;
use loom::sync::atomic::AtomicU64;
use loom::thread;

use super::super::ring::{Found, Ring, Tags, Word, Words};

impl Word for AtomicU64 {
    fn new(value: u64) -> Self {
        Self::new(value)
    }

    fn load(&self, order: Ordering) -> u64 {
        self.load(order)
    }

    fn store(&self, value: u64, order: Ordering) {
        self.store(value, order);
    }

    fn compare_exchange_weak(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64> {
        self.compare_exchange_weak(current, new, success, failure)
    }

    fn fetch_or(&self, bits: u64, order: Ordering) -> u64 {
        self.fetch_or(bits, order)
    }
}

struct Memory(Vec<AtomicU64>);

impl Words for Memory {
    type Word = AtomicU64;

    fn words(&self) -> &[AtomicU64] {
        &self.0
    }
}

/// Frames of three words, so a ring of so many words is full with as many records as there is room for.
fn ring(capacity: u64) -> Arc<Ring<Memory>> {
    let memory = Memory((0..capacity).map(|_| AtomicU64::new(0)).collect());
    Arc::new(Ring::new(memory, capacity, Tags { salt: 1 << 40 }, 0))
}

fn check(preemptions: usize, test: impl Fn() + Send + Sync + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(preemptions);
    model.check(test);
}

/// Reads until there is nothing; panics where a record is not as it was put in.
fn drain(ring: &Ring<Memory>, position: &mut u64, out: &mut Vec<u64>) {
    let mut record = Vec::new();
    loop {
        match ring.read(*position, &mut record) {
            Found::Record { next } => {
                out.push(u64::from_le_bytes(record[..].try_into().unwrap()));
                *position = next;
            }
            Found::Filler { next } => *position = next,
            Found::Damaged { .. } => panic!("damaged at {position}"),
            Found::Nothing => return,
        }
    }
}

#[test]
fn two_producers_and_the_consumer() {
    check(3, || {
        let ring = ring(16);
        let producers: Vec<_> = [1_u64, 2]
            .into_iter()
            .map(|n| {
                let ring = Arc::clone(&ring);
                thread::spawn(move || ring.push(&n.to_le_bytes()).is_ok())
            })
            .collect();
        let (mut position, mut out) = (0, Vec::new());
        drain(&ring, &mut position, &mut out);
        for producer in producers {
            assert!(producer.join().unwrap());
        }
        drain(&ring, &mut position, &mut out);
        out.sort_unstable();
        assert_eq!(out, [1, 2]);
        assert_eq!(position, ring.tail());
    });
}

/// The ring goes round while the producer writes: what the consumer has not released is never written over, what it has
/// released never comes out again.
#[test]
fn a_producer_over_the_end_of_the_memory() {
    check(3, || {
        let ring = ring(16);
        for n in 0..5_u64 {
            ring.push(&n.to_le_bytes()).unwrap();
        }
        let (mut position, mut out) = (0, Vec::new());
        drain(&ring, &mut position, &mut out);
        let producer = {
            let ring = Arc::clone(&ring);
            thread::spawn(move || ring.push(&5_u64.to_le_bytes()).is_ok())
        };
        ring.release(6);
        drain(&ring, &mut position, &mut out);
        let taken = producer.join().unwrap();
        drain(&ring, &mut position, &mut out);
        assert_eq!(out, (0..5 + u64::from(taken)).collect::<Vec<_>>());
    });
}

/// When the ring is closed, each record either was refused or comes out.
#[test]
fn closing_against_a_producer() {
    check(3, || {
        let ring = ring(16);
        let producer = {
            let ring = Arc::clone(&ring);
            thread::spawn(move || ring.push(&7_u64.to_le_bytes()).is_ok())
        };
        ring.close();
        let end = ring.tail();
        let taken = producer.join().unwrap();
        assert_eq!(end, ring.tail(), "nothing is reserved after the end");
        let (mut position, mut out) = (0, Vec::new());
        drain(&ring, &mut position, &mut out);
        assert_eq!((position, out.len()), (end, usize::from(taken)));
    });
}
