//! What a configuration says of delivery by category, and what it cannot say, because the code demands otherwise.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use serde_json::json;
use vigil::{Builder, audited, scope};
use vigil_tests::{events, isolated, only};

use super::pressure::Broken;
use super::{Refused, body, run, sync};

#[audited(category = "VAULT")]
fn opens(number: u64) -> u64 {
    number
}

#[audited(category = "VAULT")]
async fn opens_later(number: u64) -> u64 {
    number
}

#[audited(category = "LEDGER")]
fn books(number: u64, text: &str) -> u64 {
    std::hint::black_box(text);
    number
}

#[audited(category = "HEALTH")]
fn treats(text: &str) {
    std::hint::black_box(text);
}

fn configured(dir: &std::path::Path, yaml: &str) -> Builder {
    vigil::builder()
        .config_text(yaml)
        .trail(dir)
        .on_error(|_| {})
}

isolated! {
    fn a_category_is_durable_by_configuration(dir) {
        let vigil = configured(dir, "delivery: {categories: {LEDGER: durable}}").init().unwrap();
        for number in 0..50 {
            books(number, "");
            assert_eq!(events(dir).last().unwrap()["action"]["parameters"]["number"], number);
        }
        assert_eq!(vigil.shutdown().unwrap().total.late, 0);
        // Who waits is counted as late when the disk cannot be had.
        let yaml = "delivery: {categories: {LEDGER: durable}}\njournal: {durable_timeout: 50ms}\n";
        let vigil = configured(dir, yaml).init().unwrap();
        let broken = Broken::trail(dir);
        books(50, "");
        opens(51);
        broken.mend();
        let stats = vigil.shutdown().unwrap();
        assert_eq!((stats.categories["LEDGER"].late, stats.categories["VAULT"].late), (1, 0));
        assert_eq!(events(dir).len(), 52);
    }

    fn a_default_makes_calls_wait_and_no_futures(dir) {
        let vigil = configured(dir, "delivery: {default: durable}\njournal: {durable_timeout: 50ms}\n").init().unwrap();
        let broken = Broken::trail(dir);
        assert_eq!(run(opens_later(1)), 1);
        run(scope!("scoped", category = "VAULT").run_async(async { body(1) })).unwrap();
        assert_eq!(vigil::stats().categories["VAULT"].late, 0);
        opens(1);
        assert_eq!(vigil::stats().categories["VAULT"].late, 1);
        broken.mend();
        vigil.shutdown().unwrap();
    }

    fn a_category_drops_or_blocks_by_configuration(dir) {
        // Who waits, waits until the trail is mended.
        let yaml = "overflow: {default: drop, categories: {LEDGER: block}}\njournal: {capacity: 1MiB, overflow_timeout: 1h}\n";
        let vigil = configured(dir, yaml).init().unwrap();
        let broken = Broken::trail(dir);
        let dropped = |category: &str| vigil::stats().categories.get(category).map_or(0, |counts| counts.dropped);
        while dropped("VAULT") < 100 {
            opens(0);
        }
        // Where an event of those did not fit, a longer one does not either.
        let text = "x".repeat(1000);
        let mended = AtomicBool::new(false);
        std::thread::scope(|threads| {
            threads.spawn(|| {
                books(1, &text);
                assert!(mended.load(Relaxed), "it has waited");
            });
            threads.spawn(|| {
                // A default cannot weaken what the code declares as mandatory.
                treats(&text);
                assert!(mended.load(Relaxed), "it has waited");
            });
            while dropped("VAULT") < 200 {
                opens(0);
            }
            mended.store(true, Relaxed);
            broken.mend();
        });
        vigil.shutdown().unwrap();
        assert_eq!((dropped("LEDGER"), dropped("HEALTH")), (0, 0));
        let events = events(dir);
        assert_eq!(only(&events, "books")["action"]["parameters"], json!({"number": 1, "text": text}));
        assert_eq!(only(&events, "treats")["action"]["parameters"], json!({"text": text}));
    }

    fn who_can_be_refused_is_denied_by_configuration(dir) {
        let yaml = "overflow: {default: deny, categories: {VAULT: drop}}\njournal: {capacity: 1MiB, overflow_timeout: 1h}\n";
        let vigil = configured(dir, yaml).init().unwrap();
        let broken = Broken::trail(dir);
        while vigil::stats().total.dropped == 0 {
            opens(0);
        }
        // Without `deny` it would wait for an hour.
        let denied = sync(1);
        assert!(matches!(&denied, Err(Refused::ByVigil(error)) if error.is_refused()), "{denied:?}");
        broken.mend();
        vigil.shutdown().unwrap();
        assert!(events(dir).iter().all(|event| event["action"]["operation"] == "opens"));
    }

    fn no_share_is_too_small_for_a_mandatory_category(dir) {
        let vigil = configured(dir, "sampling: {rate: 0}").init().unwrap();
        super::reads_health_data();
        opens(1);
        vigil.shutdown().unwrap();
        assert_eq!(events(dir).len(), 1);
        assert_eq!(only(&events(dir), "reads_health_data")["action"]["category"], "HEALTH");
    }

    fn a_configuration_cannot_weaken_a_mandatory_category(dir) {
        for (yaml, expected) in [
            ("categories: {HEALTH: false}", "categories.HEALTH: false would switch off HEALTH"),
            ("sampling: {categories: {HEALTH: 0.5}}", "sampling.categories.HEALTH: 0.5 would leave out calls of HEALTH"),
            (
                "sampling: {operations: {reads_health_data: 0.5}}",
                "sampling.operations.reads_health_data: 0.5 would leave out calls of HEALTH",
            ),
            ("overflow: {categories: {HEALTH: drop}}", "overflow.categories.HEALTH: drop would lose events of HEALTH"),
            ("enabled: false", "enabled: false would switch off HEALTH"),
        ] {
            let said = refused(dir, yaml);
            assert_eq!(said, format!("{expected}, which the code declares as mandatory; leave it out"));
        }
        // All of them at once.
        let said = refused(dir, "enabled: false\ncategories: {HEALTH: false}\noverflow: {categories: {HEALTH: drop}}\n");
        assert_eq!(said.lines().count(), 3, "{said}");
        // By the builder as well as by a file.
        let error = configured(dir, "").category("HEALTH", false).init().unwrap_err();
        assert!(error.is_config() && error.to_string().starts_with("categories.HEALTH: false"), "{error}");
    }

    fn a_configuration_cannot_ask_of_calls_what_their_code_is_not_made_for(dir) {
        let denied = refused(dir, "overflow: {categories: {VAULT: deny}}");
        let start = "overflow.categories.VAULT: deny needs calls that can be refused; write `overflow = \"deny\"` at ";
        assert!(denied.starts_with(start), "{denied}");
        for operation in ["opens", "opens_later", "scoped"] {
            assert!(denied.contains(&place(operation)), "{denied}");
        }

        let durable = refused(dir, "delivery: {categories: {VAULT: durable}}");
        assert_eq!(
            durable,
            format!(
                "delivery.categories.VAULT: futures wait for the disk only if their code says so; write \
                 `delivery = \"durable\"` at {}",
                place("opens_later")
            )
        );
        // Of many places the first are named.
        let many = refused(dir, "overflow: {categories: {DATA: deny}}");
        assert!(many.contains(", ") && many.ends_with(" more"), "{many}");
        // `required` is not for a configuration to say.
        let required = configured(dir, "delivery: {categories: {LEDGER: required}}").init().unwrap_err().to_string();
        assert!(required.contains("delivery.categories.LEDGER") && required.contains("journaled or durable"), "{required}");
    }
}

/// What a start with this configuration is told; it leaves nothing behind.
fn refused(dir: &std::path::Path, yaml: &str) -> String {
    let error = configured(&dir.join("trail"), yaml).init().unwrap_err();
    assert!(error.is_config(), "{error}");
    assert!(!dir.join("trail").exists());
    error.to_string()
}

/// A callsite of this file as messages name it.
fn place(operation: &str) -> String {
    let entries = vigil::catalogue().within(module_path!()).entries;
    let entry = entries
        .iter()
        .find(|entry| entry.operation == operation)
        .unwrap();
    format!("{operation} ({}:{})", entry.file, entry.line)
}
