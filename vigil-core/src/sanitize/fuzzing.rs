//! What the fuzzing targets ask beyond the public interface; see `fuzz/` and `tests/fuzz`.

use super::detect::Scanner;
use super::key::{ExtraWords, gate_agrees};
use super::rules::Rules;

/// Whether the detectors find behind their gate what they find when they look at every byte.
#[must_use]
pub fn gate_leaves_nothing_out(text: &str) -> bool {
    let rules = Rules::built_in();
    Scanner::finds_the_same_without_gate(text, &rules)
}

/// Whether the gate of the key rule lets through all that the words know.
#[must_use]
pub fn key_gate_agrees(name: &str) -> bool {
    gate_agrees(name, &ExtraWords::default())
}
