//! Configurations: any text, with any variables around it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigil_core::fuzzing_config;

fuzz_target!(|input: (Vec<(String, String)>, &str)| {
    let (variables, text) = input;
    fuzzing_config::read(text, &variables);
});
