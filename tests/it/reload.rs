//! Reloading: a configuration is followed while the program runs, as a whole or not at all, and the trail says so.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vigil::{Builder, audit};
use vigil_tests::{all_events, builder, events, isolated};

/// A builder with a file, and the trail beside it.
fn with_file(dir: &Path, text: &str) -> Builder {
    let file = dir.join("vigil.yaml");
    fs::write(&file, text).unwrap();
    vigil::builder()
        .config_file(file)
        .service("test")
        .trail(dir.join("trail"))
}

/// The events that tell of a changed configuration.
fn told(dir: &Path) -> Vec<Value> {
    vigil::flush().unwrap();
    let mut events = all_events(&dir.join("trail"));
    events.retain(|event| event["action"]["operation"] == "audit_config_changed");
    super::schema::assert_valid(&events);
    events
}

/// Waits until so many of them are there.
fn wait_for(dir: &Path, count: usize) -> Vec<Value> {
    let start = Instant::now();
    loop {
        let told = told(dir);
        if told.len() >= count {
            return told;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{told:#?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn parameters(event: &Value) -> &Value {
    &event["action"]["parameters"]
}

isolated! {
    fn a_changed_file_is_followed_and_a_broken_one_is_not(dir) {
        let errors = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&errors);
        let vigil = with_file(dir, "categories: {DATA: true}\n")
            .on_error(move |error| heard.lock().unwrap().push(error.to_string()))
            .init()
            .unwrap();
        audit!(category = "DATA", operation = "before");
        // As most editors do it.
        fs::write(dir.join("next"), "categories: {DATA: false}\nsampling: {operations: {x: 0.5}}\n").unwrap();
        fs::rename(dir.join("next"), dir.join("vigil.yaml")).unwrap();
        let told = wait_for(dir, 1);
        assert_eq!(*parameters(&told[0]), json!({"by": "file", "changed": ["categories", "sampling.operations"], "enabled": true}));
        assert_eq!(told[0]["action"]["result"]["status"], "SUCCESS");
        audit!(category = "DATA", operation = "left_out");

        let secret = "hunter2hunter2hunter2";
        fs::write(dir.join("vigil.yaml"), format!("categories: {{DATA: true}}\nsanitize: {{pseudonym_key: {secret}}}\nsampling: {{rate: 7}}\n")).unwrap();
        let told = wait_for(dir, 2);
        assert_eq!(told[1]["action"]["result"]["status"], "FAILURE");
        let message = told[1]["error"]["message"].as_str().unwrap();
        assert!(message.contains("vigil.yaml:3: sampling.rate: expected a number from 0 to 1"), "{message}");
        audit!(category = "DATA", operation = "left_out");

        fs::remove_file(dir.join("vigil.yaml")).unwrap();
        let told = wait_for(dir, 3);
        assert!(told[2]["error"]["message"].as_str().unwrap().starts_with("cannot read the configuration"));

        fs::write(dir.join("vigil.yaml"), format!("sanitize: {{pseudonym_key: {secret}}}\n")).unwrap();
        let told = wait_for(dir, 4);
        assert_eq!(parameters(&told[3])["changed"], json!(["categories", "sampling.operations", "sanitize.pseudonym_key"]));
        audit!(category = "DATA", operation = "after");
        vigil.shutdown().unwrap();
        let operations: Vec<_> = events(&dir.join("trail")).iter().map(|event| event["action"]["operation"].clone()).collect();
        assert_eq!(operations, ["before", "after"]);
        let errors = errors.lock().unwrap();
        assert_eq!(errors.len(), 2, "{errors:#?}");
        assert!(errors.iter().all(|error| error.starts_with("the configuration was not reloaded")));
        let bytes = vigil_tests::all_bytes(&dir.join("trail"));
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }

    fn what_needs_a_restart_is_told_and_the_rest_is_followed(dir) {
        let heard = Arc::new(Mutex::new(String::new()));
        let on_error = Arc::clone(&heard);
        let vigil = with_file(dir, "")
            .watch(false)
            .on_error(move |error| on_error.lock().unwrap().push_str(&error.to_string()))
            .init()
            .unwrap();
        fs::write(dir.join("vigil.yaml"), "journal: {capacity: 128 MiB, sync_interval: 100ms}\nstdout: true\ntrail: {dir: elsewhere}\n").unwrap();
        let reloaded = vigil::reload().unwrap();
        assert_eq!(reloaded.changed, ["journal.sync_interval"]);
        assert_eq!(reloaded.needs_restart, ["journal.capacity", "stdout"], "the directory is said in code, which goes before");
        assert!(heard.lock().unwrap().contains("journal.capacity, stdout needs a restart"));
        let told = told(dir);
        assert_eq!(*parameters(&told[0]), json!({
            "by": "program", "changed": ["journal.sync_interval"], "enabled": true, "needs_restart": ["journal.capacity", "stdout"],
        }));
        // It is told again for as long as it is so.
        assert_eq!(vigil::reload().unwrap().needs_restart, ["journal.capacity", "stdout"]);
        vigil.shutdown().unwrap();
        assert!(vigil::reload().unwrap_err().is_stopped());
    }

    fn the_code_demands_the_same_of_a_reload_as_of_a_start(dir) {
        let vigil = with_file(dir, "").watch(false).init().unwrap();
        for (text, word) in [
            ("categories: {HEALTH: false}", "mandatory"),
            ("enabled: false", "mandatory"),
            ("sinks: {serach: {start: end}}", "this program has no sink of that name"),
            ("sanitize: {keys: ['42']}", "has no letter"),
        ] {
            fs::write(dir.join("vigil.yaml"), text).unwrap();
            let error = vigil::reload().unwrap_err();
            assert!(error.is_config() && error.to_string().contains(word), "{error}");
            assert!(vigil::is_enabled());
        }
        vigil.shutdown().unwrap();
    }

    fn folding_can_be_switched_on_and_off(dir) {
        let vigil = with_file(dir, "").watch(false).init().unwrap();
        let five = || (0..5).for_each(|_| { audit!(category = "API", operation = "asked"); });
        five();
        vigil::flush().unwrap();
        fs::write(dir.join("vigil.yaml"), "dedup: {window: 10m}\n").unwrap();
        vigil::reload().unwrap();
        // The writer takes notice before what comes after the event that says so.
        vigil::flush().unwrap();
        five();
        vigil::flush().unwrap();
        five();
        fs::write(dir.join("vigil.yaml"), "dedup: {window: off}\n").unwrap();
        vigil::reload().unwrap();
        vigil::flush().unwrap();
        five();
        vigil.shutdown().unwrap();
        let counts: Vec<_> = events(&dir.join("trail")).iter().map(|event| event.get("repeated").map_or(1, |count| count.as_u64().unwrap())).collect();
        assert_eq!(counts.iter().sum::<u64>(), 20);
        assert_eq!(counts[..5], [1; 5]);
        assert_eq!(counts[counts.len() - 5..], [1; 5]);
        assert!(counts.contains(&4), "{counts:?}");
    }

    fn a_switch_in_code_stands_in_the_trail(dir) {
        vigil::set_enabled(true);
        let vigil = builder(&dir.join("trail")).init().unwrap();
        audit!(category = "API", operation = "before");
        vigil::set_enabled(false);
        vigil::set_enabled(false);
        audit!(category = "API", operation = "off");
        audit!(category = "HEALTH", operation = "off");
        vigil::set_enabled(true);
        audit!(category = "API", operation = "after");
        vigil.shutdown().unwrap();
        let all = all_events(&dir.join("trail"));
        let operations: Vec<_> = all.iter().map(|event| event["action"]["operation"].as_str().unwrap()).collect();
        assert_eq!(operations, ["audit_started", "before", "audit_config_changed", "audit_config_changed", "after", "audit_stopped"]);
        let off = parameters(&all[2]);
        assert_eq!((&off["by"], &off["enabled"], &off["changed"]), (&json!("program"), &json!(false), &json!(["enabled"])));
        assert!(off["mandatory"].as_array().unwrap().contains(&json!("HEALTH")));
        assert_eq!(parameters(&all[3])["enabled"], true);
    }

    #[cfg(unix)]
    fn sighup_reloads_where_it_is_asked_for(dir) {
        let vigil = with_file(dir, "").watch(false).sighup(true).init().unwrap();
        fs::write(dir.join("vigil.yaml"), "slow_threshold: 5s\n").unwrap();
        let start = Instant::now();
        while told(dir).is_empty() {
            // The handler is put in place by a thread that may not have run yet; before that the signal would end us.
            if start.elapsed() > Duration::from_secs(2) {
                let killed = std::process::Command::new("kill").args(["-HUP", &std::process::id().to_string()]).status();
                assert!(killed.unwrap().success());
            }
            assert!(start.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(500));
        }
        assert_eq!(*parameters(&told(dir)[0]), json!({"by": "sighup", "changed": ["slow_threshold"], "enabled": true}));
        vigil.shutdown().unwrap();
    }
}
