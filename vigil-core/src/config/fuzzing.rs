//! What the fuzzing targets ask beyond the public interface; see `fuzz/` and `tests/fuzz`.

use super::{Config, Environment};

/// Reads a configuration with these variables around it. Every problem names where it is.
pub fn read(text: &str, variables: &[(String, String)]) {
    let variables = variables.iter().filter(|(name, _)| !name.is_empty());
    let environment = Environment {
        variables: variables
            .map(|(name, value)| (name.into(), value.into()))
            .collect(),
        ..Environment::default()
    };
    if let Err(error) = Config::from_yaml(text, "fuzz.yaml", &environment) {
        let message = error.to_string();
        assert!(!message.is_empty() && error.is_config());
        for line in message.lines() {
            assert!(
                line.starts_with("fuzz.yaml:") || line.contains("VIGIL_"),
                "{line}"
            );
        }
    }
}
