//! Verifier keys: any text, and a key with some bytes changed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigil_core::trail::fuzzing;
use vigil_fuzz::changed;

fuzz_target!(|input: (Vec<(u16, u8)>, &str)| {
    let (edits, text) = input;
    fuzzing::read_verifier_key(text);
    fuzzing::read_verifier_key(&changed(&fuzzing::verifier_key(), &edits));
});
