//! Promise 4: the host comes first. Whatever Vigil meets, the audited program goes on, and lines stay whole.

use std::collections::HashMap;
use std::ffi::OsString;

use serde_json::{Value, json};
use vigil::sanitize::Writer;
use vigil::{Sanitize, audit, audited};
use vigil_tests::{builder, events, isolated, lines, only, start};

struct Panics;

impl Sanitize for Panics {
    fn sanitize(&self, _: &mut Writer<'_>) {
        panic!("this formatter is broken")
    }
}

impl std::fmt::Display for Panics {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("this one as well")
    }
}

#[derive(Sanitize)]
struct Deep(Option<Box<Deep>>);

#[audited(category = "DATA", result)]
fn takes(before: u8, broken: Panics, after: u8) -> Result<Panics, Panics> {
    if before < after {
        Ok(broken)
    } else {
        Err(broken)
    }
}

isolated! {
    fn a_panicking_formatter_costs_its_value_only(dir) {
        let vigil = start(dir);
        assert!(takes(1, Panics, 2).is_ok());
        assert!(takes(2, Panics, 1).is_err());
        vigil.shutdown().unwrap();
        let events = events(dir);
        assert_eq!(events[0]["action"]["parameters"], json!({"before": 1, "broken": "***REDACTED***", "after": 2}));
        assert_eq!(events[0]["action"]["result"]["status"], "SUCCESS");
        assert_eq!(events[1]["action"]["result"]["status"], "FAILURE");
        // The argument, and the value or the error.
        assert!(events.iter().all(|event| event["redactions"]["unreadable"] == 2), "{events:#?}");
    }

    fn a_panicking_callback_does_not_stop_the_writer(dir) {
        std::panic::set_hook(Box::new(|_| {}));
        let vigil = builder(dir).on_error(|_| panic!("broken callback")).init().unwrap();
        audit!(category = "DATA", operation = "one");
        vigil::flush().unwrap();
        let file = vigil_tests::trail_files(dir).remove(0);
        std::fs::rename(&file, dir.join("moved")).unwrap();
        std::fs::create_dir(&file).unwrap();
        audit!(category = "DATA", operation = "two");
        std::thread::sleep(std::time::Duration::from_millis(100));
        std::fs::remove_dir(&file).unwrap();
        vigil.shutdown().unwrap();
        assert_eq!(only(&events(dir), "two")["action"]["result"]["status"], "SUCCESS");
    }

    fn a_callback_may_record_and_is_told_that_it_cannot_flush(dir) {
        use std::sync::atomic::{AtomicBool, Ordering};
        static REFUSED: AtomicBool = AtomicBool::new(false);
        let vigil = builder(dir)
            .on_error(|_| {
                audit!(category = "SYSTEM", operation = "trouble");
                REFUSED.store(vigil::flush().unwrap_err().is_stopped(), Ordering::Relaxed);
            })
            .init()
            .unwrap();
        audit!(category = "DATA", operation = "one");
        vigil::flush().unwrap();
        std::fs::remove_file(&vigil_tests::trail_files(dir)[0]).unwrap();
        audit!(category = "DATA", operation = "two");
        vigil.shutdown().unwrap();
        assert!(REFUSED.load(Ordering::Relaxed));
        assert_eq!(only(&events(dir), "two")["action"]["result"]["status"], "SUCCESS");
    }

    fn huge_and_odd_values_stay_whole_lines(dir) {
        let vigil = start(dir);
        let huge = "A man, a plan. ".repeat(700_000);
        audit!(category = "DATA", operation = "huge", fields(text = &huge, small = 1));
        let many: Vec<String> = (0..100_000).map(|n| format!("row {n}")).collect();
        audit!(category = "DATA", operation = "many", fields(rows = &many));
        audit!(category = "DATA", operation = "wide", fields(
            a = &huge, b = &huge, c = &huge, d = &huge, e = &huge, f = &huge, g = &huge, h = &huge, i = &huge, j = &huge,
            k = &huge, l = &many, m = &many, n = &many, o = &many, p = "kept",
        ));
        let mut deep = Deep(None);
        for _ in 0..2_000 {
            deep = Deep(Some(Box::new(deep)));
        }
        audit!(category = "DATA", operation = "deep", fields(tree = &deep));
        let mut nested = Value::Null;
        for _ in 0..100 {
            nested = json!({ "inner": [nested] });
        }
        audit!(category = "DATA", operation = "deep_json", fields(tree = &nested));
        audit!(category = "DATA", operation = "floats", fields(nan = f64::NAN, up = f64::INFINITY, down = f64::NEG_INFINITY, zero = -0.0, tiny = 5e-324));
        audit!(category = "DATA", operation = "controls", fields(text = "a\nb\r\n\u{0}\u{1b}[31m\u{7f}\u{2028}\u{2029}\"\\\u{feff}"));
        audit!(category = "DATA", operation = "keys", fields(map = HashMap::from([("a\n\"b", 1)])));
        vigil.shutdown().unwrap();

        assert!(lines(dir).iter().all(|line| line.len() < 65_536));
        let events = events(dir);
        assert_eq!(events.len(), 8);
        let huge = only(&events, "huge")["action"]["parameters"].clone();
        let text = huge["text"].as_str().unwrap();
        assert!(text.starts_with("A man, a plan.") && text.contains("$truncated") && text.len() < 5_000, "{text}");
        assert_eq!(huge["small"], 1);
        assert!(lines(dir)[1].contains("$truncated"));
        let wide = &only(&events, "wide")["action"]["parameters"];
        assert!(lines(dir)[2].contains("$truncated"));
        assert_eq!(wide["p"], "kept");
        let floats = &only(&events, "floats")["action"]["parameters"];
        assert_eq!([&floats["nan"], &floats["up"], &floats["down"]], ["NaN", "Infinity", "-Infinity"]);
        let controls = only(&events, "controls")["action"]["parameters"]["text"].as_str().unwrap();
        assert_eq!(controls, "a\nb\r\n\u{0}\u{1b}[31m\u{7f}\u{2028}\u{2029}\"\\\u{feff}");
        assert_eq!(only(&events, "keys")["action"]["parameters"]["map"]["a\n\"b"], 1);
        for operation in ["deep", "deep_json"] {
            assert_eq!(only(&events, operation)["redactions"]["depth"], 1, "{operation}");
        }
    }

    #[cfg(unix)]
    fn invalid_utf8_in_paths_is_marked(dir) {
        use std::os::unix::ffi::OsStringExt;
        let vigil = start(dir);
        let odd = OsString::from_vec(b"data/\xff\xfe.csv".to_vec());
        let path = std::path::PathBuf::from(odd.clone());
        audit!(category = "FILE", operation = "odd", fields(os = &odd, path = &path));
        vigil.shutdown().unwrap();
        let parameters = &events(dir)[0]["action"]["parameters"];
        assert!(parameters["path"].as_str().unwrap().starts_with("data/\u{fffd}"), "{parameters}");
    }

    fn a_directory_that_cannot_be_used_is_a_clear_error(dir) {
        let file = dir.join("file");
        std::fs::write(&file, "x").unwrap();
        let error = builder(&file.join("audit")).init().unwrap_err();
        assert!(error.is_io());
        assert!(error.to_string().contains(&file.display().to_string()), "{error}");
        // Nothing is left behind that would keep a second try from working.
        let vigil = start(&dir.join("good"));
        audit!(category = "DATA", operation = "works");
        vigil.shutdown().unwrap();
        assert_eq!(events(&dir.join("good")).len(), 1);
    }

    fn the_trail_is_for_its_owner_only(dir) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let dir = dir.join("audit");
            let vigil = start(&dir);
            audit!(category = "DATA", operation = "x");
            vigil.shutdown().unwrap();
            let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&vigil_tests::trail_files(&dir)[0]), 0o600);
            assert_eq!(mode(&dir), 0o700);
        }
    }
}
