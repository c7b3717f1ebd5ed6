//! For [`crate::trail::fuzzing`].

use serde_json::{Map, Value};

use super::file::{Content, Name};
use super::{Note, NoteKind};

/// A string that looks like this is found by its own shape, whatever stands around it.
const SECRET: &str = "4012888888881881";

pub(in crate::trail) fn note() -> Vec<u8> {
    let note = Note::new(NoteKind::Read, "vigil cat").detail("events", 7);
    serde_json::to_vec(&Content::of(&note, Some("host".to_owned()), 7)).expect("JSON")
}

pub(in crate::trail) fn read(bytes: &[u8]) {
    let Ok(content) = Content::parse(bytes) else {
        return;
    };
    let Ok(said) = content.said() else {
        return;
    };
    let parameters = format!("{{{}}}", said.parameters);
    let parameters: Map<String, Value> = serde_json::from_str(&parameters).expect("JSON");
    for name in ["command", "at"] {
        assert!(parameters[name].is_string(), "{name}");
    }
    let actor: Value = serde_json::from_str(&said.actor).expect("JSON");
    assert!(actor["type"].is_string());
    for value in parameters.values().filter_map(Value::as_str) {
        assert_ne!(value.trim(), SECRET);
    }
}

pub(in crate::trail) fn read_name(name: &str) {
    if let Some(parsed) = Name::parse(name) {
        assert_eq!(parsed.file_name(), name);
    }
    let _ = Name::is_temporary(name);
}
