//! Rules of somebody's own: any pattern, key words, validator and method is refused or works, within bounded memory; what
//! comes out is a line of valid JSON, and a match that is redacted is gone.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vigil_core::sanitize::{
    Generalize, Mask, Pattern, SanitizeConfig, Sanitizer, Treatment, Validator,
};

fuzz_target!(|input: (&str, &str, Vec<&str>, u8, u8, f32, &str)| {
    let (regex, replacement, keywords, validator, method, bits, text) = input;
    let mut pattern = Pattern::new("mine", regex);
    pattern.keywords = keywords.into_iter().map(str::to_owned).collect();
    pattern.validator = match validator % 5 {
        0 => Some(Validator::Luhn),
        1 => Some(Validator::Mod97),
        2 => Some(Validator::Entropy(bits)),
        3 => Some(Validator::Length(
            usize::from(validator),
            usize::from(method),
        )),
        _ => None,
    };
    pattern.method = match method % 8 {
        0 => Treatment::Mask(Mask::new(usize::from(validator), usize::from(method), '*')),
        1 => Treatment::Hash,
        2 => Treatment::Truncate(usize::from(validator)),
        3 => Treatment::Generalize(Generalize::Bucket(u64::from(method))),
        4 => Treatment::Generalize(Generalize::Year),
        5 => Treatment::Drop,
        6 => Treatment::Tokenize,
        _ => Treatment::Redact,
    };
    if method > 127 {
        pattern.replacement = Some(replacement.to_owned());
    }
    let config = SanitizeConfig {
        patterns: vec![pattern],
        ..SanitizeConfig::default()
    };
    let Ok(sanitizer) = Sanitizer::new(&config) else {
        return;
    };
    let sanitized = sanitizer.text(text);
    assert!(!sanitized.json().contains('\n'));
    assert!(serde_json::from_str::<String>(sanitized.json()).is_ok());
    for finding in sanitizer.explain(None, text) {
        assert!(text.get(finding.range).is_some());
    }
});
