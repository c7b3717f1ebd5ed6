//! Proofs: any text, and a good one with some bytes changed, of it or of its event.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigil_core::trail::fuzzing;
use vigil_fuzz::changed;

fuzz_target!(|input: (u8, u8, Vec<(u16, u8)>, Option<&[u8]>, &str)| {
    let (index, size, edits, other, text) = input;
    let size = 1 + u64::from(size % 9);
    let (proof, event) = fuzzing::signed_proof(u64::from(index) % size, size);
    fuzzing::read_proof(text, &event, size);
    fuzzing::read_proof(&changed(&proof, &edits), other.unwrap_or(&event), size);
});
