//! Signed notes of checkpoints: any text, and a signed one with some bytes changed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigil_core::trail::fuzzing;
use vigil_fuzz::changed;

fuzz_target!(|input: (u8, Vec<(u16, u8)>, &str)| {
    let (size, edits, text) = input;
    let size = u64::from(size % 9);
    fuzzing::read_note(text, size);
    fuzzing::read_note(&changed(&fuzzing::signed_note(size), &edits), size);
    // Several of them, as a list of checkpoints holds them.
    let list = fuzzing::signed_note(size) + &fuzzing::signed_note(size + 1) + text;
    fuzzing::read_note(&changed(&list, &edits), u64::MAX);
});
