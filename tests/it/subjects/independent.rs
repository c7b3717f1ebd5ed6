//! The page on erasure describes envelopes and keys well enough that others can read them.

use std::io::Write as _;
use std::process::{Command, Stdio};

use vigil_tests::{isolated, lines};

use super::{ADDRESS, NOTE, parameters, places, profile, start, update};
use crate::integrity::verifiers;

isolated! {
    fn python_decrypts_by_the_page_alone(dir) {
        let Some(bin) = verifiers() else { return };
        let (trail, keys) = places(dir);
        let vigil = start(dir);
        update("u-17", &profile(), NOTE);
        vigil.shutdown().unwrap();
        let page = include_str!("../../../vigil/docs/erasure.md");
        let script = page
            .split("```python\n")
            .find(|part| part.contains("AESGCM"))
            .and_then(|part| part.split("```").next())
            .unwrap();
        let python = |line: &str| {
            let mut python = Command::new(bin.join("python"))
                .args(["-c", script])
                .arg(&keys)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            python.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
            python.wait_with_output().unwrap()
        };
        let line = lines(&trail).remove(0);
        let output = python(&line);
        assert!(output.status.success(), "{output:?}");
        let parameters = parameters(&output.stdout);
        assert_eq!(parameters["note"], NOTE);
        assert_eq!(parameters["profile"]["address"], ADDRESS);
        assert_eq!(parameters["profile"]["visits"], 40_961);
        assert_eq!(parameters["profile"]["tags"][1], "another/tag~");
        // It is bound to its place for them as well.
        assert!(!python(&line.replace("\"address\":", "\"street\":")).status.success());
    }
}
