//! The whole sanitizer on any text: one line of valid JSON comes out, sanitizing that again changes nothing, valid JSON
//! stays valid JSON, and the gate has left nothing out.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use vigil_core::sanitize::{Profile, SanitizeConfig, Sanitizer, fuzzing};

static SANITIZERS: LazyLock<Vec<Sanitizer>> = LazyLock::new(|| {
    [Profile::Default, Profile::Gdpr, Profile::Hipaa]
        .map(|profile| {
            let config = SanitizeConfig {
                profile,
                ..SanitizeConfig::default()
            };
            Sanitizer::new(&config).expect("the profile alone is valid")
        })
        .into()
});

fuzz_target!(|text: &str| {
    for sanitizer in SANITIZERS.iter() {
        let once = sanitizer.text(text);
        assert!(!once.json().contains('\n'));
        assert!(serde_json::from_str::<String>(once.json()).is_ok());
        let twice = sanitizer.text(&once.text());
        assert_eq!(twice.text(), once.text(), "sanitized twice");
        if serde_json::from_str::<serde_json::Value>(text).is_ok()
            && text.trim_start().starts_with(['{', '['])
        {
            assert!(serde_json::from_str::<serde_json::Value>(&once.text()).is_ok());
        }
    }
    assert!(fuzzing::gate_leaves_nothing_out(text));
    for finding in vigil_core::sanitize::explain(text) {
        assert!(text.get(finding.range).is_some());
    }
});
