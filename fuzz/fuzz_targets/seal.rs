//! Files of seals: any text, and a signed one with some bytes changed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigil_core::trail::fuzzing;
use vigil_fuzz::changed;

fuzz_target!(|input: (u8, Vec<(u16, u8)>, &str)| {
    let (count, edits, text) = input;
    let count = u64::from(count % 9);
    fuzzing::read_seal(text, count);
    fuzzing::read_seal(&changed(&fuzzing::signed_seal(count), &edits), count);
});
