//! The key rule on any name: its gate agrees with its words, and a name's value is hidden whatever its case is.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigil_core::sanitize::{explain_field, fuzzing};

fuzz_target!(|name: &str| {
    assert!(fuzzing::key_gate_agrees(name));
    let hidden = |name: &str| {
        explain_field(name, "a value")
            .iter()
            .any(|finding| finding.rule == "key")
    };
    if name.is_ascii() && hidden(&name.to_ascii_lowercase()) {
        assert!(hidden(&name.to_ascii_uppercase()));
    }
});
