//! The hashes beside a segment: any bytes, read in any order.

#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use vigil_core::trail::fuzzing;

static FILE: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("sidecar");
    (dir, path)
});

fuzz_target!(|input: (Vec<u16>, &[u8])| {
    let (order, bytes) = input;
    fuzzing::read_sidecar(&FILE.1, bytes, &order);
});
