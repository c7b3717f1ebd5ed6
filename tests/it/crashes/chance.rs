//! Random moments that can be had again.

use std::ops::Range;
use std::time::Duration;

/// A sequence of random numbers. It begins with what `CRASH_SEED` says, so that a failure can be tried again, else
/// always in the same way.
#[derive(Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(test: u64) -> Self {
        let seed: u64 = match std::env::var("CRASH_SEED") {
            Ok(seed) => seed.parse().expect("CRASH_SEED is a number"),
            Err(_) => 20_261_125,
        };
        Self(seed ^ test << 48)
    }

    pub(crate) fn number(&mut self, range: Range<u64>) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        range.start + (x ^ x >> 31) % (range.end - range.start)
    }

    pub(crate) fn micros(&mut self, range: Range<u64>) -> Duration {
        Duration::from_micros(self.number(range))
    }
}
