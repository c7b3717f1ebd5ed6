//! Numbers that a thread draws without a system call: for the random bits of event ids, and for sampling.

use std::cell::Cell;

thread_local!(static COUNTER: Cell<u64> = const { Cell::new(0) });

/// The next number of this thread's sequence: a random start, then a counter through a bijective mixer, so that one
/// thread does not repeat a number before it has drawn 2^64.
///
/// Not for secrets: who has seen two numbers can compute the others.
pub(crate) fn next() -> u64 {
    COUNTER
        .try_with(|counter| {
            let mut count = counter.get();
            if count == 0 {
                // The operating system's generator fails only early in boot, before it is seeded. Threads then still
                // differ by the address of their counter.
                count = getrandom::u64().unwrap_or_else(|_| std::ptr::from_ref(counter) as u64) | 1;
            }
            counter.set(count.wrapping_add(0x9e37_79b9_7f4a_7c15));
            mix(count)
        })
        // The thread is ending and its counter is gone; such calls are few enough for a system call each.
        .unwrap_or_else(|_| getrandom::u64().unwrap_or(0))
}

/// This thread begins with another random number: in a forked child it would go on as the one that forked it does.
#[cfg(unix)]
pub(crate) fn start_anew() {
    let _ = COUNTER.try_with(|counter| counter.set(0));
}

/// SplitMix64's finalizer: a bijection of 64 bits that lands neighbouring numbers far apart.
pub(crate) const fn mix(mut x: u64) -> u64 {
    x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}
