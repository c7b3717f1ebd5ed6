//! Answers of a time-stamping authority: any bytes, and a good one with some of them changed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigil_core::trail::fuzzing;
use vigil_fuzz::changed_bytes;

fuzz_target!(|input: (Vec<(u16, u8)>, &[u8])| {
    let (edits, bytes) = input;
    fuzzing::read_timestamp(bytes);
    fuzzing::read_timestamp(&changed_bytes(fuzzing::timestamp_reply(), &edits));
});
