//! Notes of other programs for the trail, and their names: any bytes, and a good one with some bytes changed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigil_core::trail::fuzzing;
use vigil_fuzz::changed;

fuzz_target!(|input: (Vec<(u16, u8)>, &str, &[u8])| {
    let (edits, text, bytes) = input;
    fuzzing::read_inbox_note(bytes);
    fuzzing::read_inbox_name(text);
    let note = String::from_utf8(fuzzing::inbox_note()).unwrap_or_default();
    fuzzing::read_inbox_note(changed(&note, &edits).as_bytes());
    // As the details of one that is good otherwise.
    fuzzing::read_inbox_note(note.replace("{\"events\":7}", text).as_bytes());
});
