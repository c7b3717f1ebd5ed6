//! Delivery in code: a call that must not go unrecorded does not run where its event cannot be kept, in every shape.

mod attempts;
mod configured;
mod pressure;

use std::fmt::{self, Display};
use std::future::{Future, ready};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use async_trait::async_trait;
use serde_json::{Value, json};
use vigil::{Delivery, Overflow, audit, audited, scope};
use vigil_tests::{attempt_of, events, is_attempt, isolated, only, start};

#[derive(Debug)]
enum Refused {
    ByVigil(vigil::Error),
    ByUs,
}

impl From<vigil::Error> for Refused {
    fn from(error: vigil::Error) -> Self {
        Self::ByVigil(error)
    }
}

impl Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByVigil(error) => error.fmt(f),
            Self::ByUs => f.write_str("refused by us"),
        }
    }
}

/// How often a body has run.
static RAN: AtomicU32 = AtomicU32::new(0);
/// A trail that bodies look at, and the newest event that each of them has found in it.
static TRAIL: Mutex<Option<PathBuf>> = Mutex::new(None);
static FOUND: Mutex<Vec<Value>> = Mutex::new(Vec::new());

type Outcome<T = u8> = Result<T, Refused>;

fn body(a: u8) -> Outcome {
    RAN.fetch_add(1, Relaxed);
    if let Some(dir) = &*TRAIL.lock().unwrap() {
        let newest = events(dir).pop();
        FOUND.lock().unwrap().push(newest.unwrap_or_default());
    }
    if a == 0 { Err(Refused::ByUs) } else { Ok(a) }
}

#[audited(category = "DATA", delivery = "required")]
fn sync(a: u8) -> Outcome {
    body(a)
}

#[audited(category = "DATA", delivery = "required", event = ev)]
async fn later(a: u8) -> Outcome {
    ev.field("noted", &a);
    body(ready(a).await)
}

#[audited(category = "DATA", overflow = "deny", result)]
fn denying(a: u8) -> Outcome<impl vigil::Sanitize + Display> {
    body(a)
}

#[track_caller]
#[audited(category = "DATA", delivery = "required")]
fn tracked(a: u8) -> Outcome {
    body(a)
}

#[audited(category = "DATA", delivery = "required", event = ev)]
fn opaque(a: u8) -> impl Future<Output = Outcome> + Send {
    ev.field("noted", &a);
    let outcome = body(a);
    async move { outcome }
}

#[audited(category = "DATA", delivery = "required", overflow = "block")]
fn boxed(a: u8) -> Pin<Box<dyn Future<Output = Outcome> + Send>> {
    let outcome = body(a);
    if a == 9 {
        return Box::pin(ready(outcome));
    }
    Box::pin(async move { outcome })
}

struct Store(u8);

#[async_trait]
trait Read {
    async fn read(&self, key: &str) -> Outcome<Vec<u8>>;
}

#[async_trait]
#[audited(category = "DATA", delivery = "required")]
impl Read for Store {
    async fn read(&self, key: &str) -> Outcome<Vec<u8>> {
        body(self.0).map(|byte| vec![byte; key.len()])
    }
}

#[audited(category = "DATA", delivery = "durable")]
impl Store {
    #[audited(delivery = "required")]
    pub(crate) fn write(&mut self, a: u8) -> Outcome<&mut u8> {
        body(a)?;
        self.0 = a;
        Ok(&mut self.0)
    }

    pub(crate) fn durable(&self) -> u8 {
        self.0
    }

    pub(crate) async fn durable_later(&self) -> Option<&u8> {
        ready(Some(&self.0)).await
    }

    pub(crate) fn durable_returned(&self) -> impl Future<Output = u8> + Send + use<> {
        ready(self.0)
    }

    pub(crate) fn durable_block(&self) -> Pin<Box<dyn Future<Output = u8> + Send + '_>> {
        Box::pin(async move { self.0 })
    }
}

/// Runs a future until it is ready; it may be woken from another thread.
fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

/// Makes each call that can be refused, with an argument that its body accepts or refuses.
fn each(a: u8) -> Vec<(&'static str, Outcome<()>)> {
    let text = "abc";
    vec![
        ("sync", sync(a).map(drop)),
        ("later", run(later(a)).map(drop)),
        ("denying", denying(a).map(drop)),
        ("tracked", tracked(a).map(drop)),
        ("opaque", run(opaque(a)).map(drop)),
        ("boxed", run(boxed(a)).map(drop)),
        ("Store::read", run(Store(a).read(text)).map(drop)),
        ("Store::write", Store(7).write(a).map(drop)),
        (
            "in_scope",
            scope!("in_scope", category = "DATA", delivery = "required")
                .run(|| body(a))
                .map(drop),
        ),
        (
            "in_scope_later",
            run(
                scope!("in_scope_later", category = "DATA", overflow = "deny")
                    .run_async(async { body(a) }),
            )
            .map(drop),
        ),
    ]
}

/// Of the calls of [`each`], those that can be denied, but need not be announced by an attempt.
const DENYING: [&str; 2] = ["denying", "in_scope_later"];

isolated! {
    fn a_call_that_cannot_be_kept_does_not_run(dir) {
        // There is no engine: an intent has nowhere to go.
        for (name, outcome) in each(1) {
            let Err(Refused::ByVigil(error)) = outcome else { panic!("{name}: {outcome:?}") };
            assert!(error.is_refused() && !error.is_stopped());
            assert_eq!(
                error.to_string(),
                format!(
                    "{name} was refused and has not run, because its audit event cannot be kept: \
                     no engine is running; call vigil::init() first"
                )
            );
        }
        let guard = scope!("guard", category = "DATA", delivery = "required").begin();
        assert!(guard.is_err_and(|error| error.is_refused()));
        assert_eq!(RAN.load(Relaxed), 0);
        assert_eq!((vigil::stats().total.refused, vigil::stats().total.recorded), (11, 0));
        // What follows on this thread is not nested in calls that were refused.
        let vigil = start(dir);
        for (name, outcome) in each(1) {
            assert!(outcome.is_ok(), "{name}: {outcome:?}");
        }
        assert_eq!(RAN.load(Relaxed), 10);
        let stats = vigil.shutdown().unwrap().total;
        let events = events(dir);
        // Of the calls that were refused there is nothing.
        assert_eq!(events.len(), 2 * 8 + 2);
        assert_eq!((stats.recorded, stats.written, stats.refused), (18, 18, 11));
        for (name, _) in each(1) {
            let event = only(&events, name);
            assert_eq!(event["action"]["result"]["status"], "SUCCESS", "{event}");
            assert_eq!(event["context"]["parent_id"], json!(null), "{event}");
            if DENYING.contains(&name) {
                assert_eq!(event["context"]["attempt_id"], json!(null), "{event}");
            } else {
                assert_eq!(attempt_of(&events, event)["context"]["parent_id"], json!(null));
            }
        }
        // What a body says by its handle, it has not said yet.
        let attempted = |name| attempt_of(&events, only(&events, name))["action"]["parameters"].clone();
        assert_eq!((attempted("opaque"), attempted("later")), (json!({"a": 1}), json!({"a": 1})));
        assert_eq!(only(&events, "opaque")["action"]["parameters"], json!({"a": 1, "noted": 1}));
        assert_eq!(only(&events, "later")["action"]["parameters"], json!({"a": 1, "noted": 1}));
        assert_eq!(only(&events, "denying")["action"]["result"]["value"], 1);
    }

    fn what_a_body_returns_is_the_outcome(dir) {
        let vigil = start(dir);
        for (name, outcome) in each(0) {
            assert!(matches!(outcome, Err(Refused::ByUs)), "{name}: {outcome:?}");
        }
        vigil.shutdown().unwrap();
        let events = events(dir);
        for (name, _) in each(0) {
            // Of a body that stays in its place, only that it was left can be told.
            let expected = if name == "tracked" { "SUCCESS" } else { "FAILURE" };
            assert_eq!(only(&events, name)["action"]["result"]["status"], expected, "{name}");
            let attempts = events.iter().filter(|event| event["action"]["operation"] == name && is_attempt(event));
            assert_eq!(attempts.count(), usize::from(!DENYING.contains(&name)), "{name}");
        }
    }

    fn a_durable_event_is_on_disk_when_its_call_returns(dir) {
        let vigil = start(dir);
        let store = Store(3);
        let written = |operation: &str| only(&events(dir), operation)["action"]["result"]["status"].clone();
        assert_eq!(store.durable(), 3);
        assert_eq!(written("Store::durable"), "SUCCESS");
        assert_eq!(run(store.durable_later()), Some(&3));
        assert_eq!(written("Store::durable_later"), "SUCCESS");
        assert_eq!(run(store.durable_returned()), 3);
        assert_eq!(written("Store::durable_returned"), "SUCCESS");
        assert_eq!(run(store.durable_block()), 3);
        assert_eq!(written("Store::durable_block"), "SUCCESS");
        audit!(category = "DATA", operation = "told", delivery = "durable");
        assert_eq!(written("told"), "SUCCESS");
        scope!("durable_scope", category = "DATA", delivery = "durable").run(|| body(1)).unwrap();
        assert_eq!(written("durable_scope"), "SUCCESS");
        run(scope!("durable_scope_later", category = "DATA", delivery = "durable").run_async(async { body(1) })).unwrap();
        assert_eq!(written("durable_scope_later"), "SUCCESS");
        scope!("durable_guard", category = "DATA", delivery = "durable").begin().success();
        assert_eq!(written("durable_guard"), "SUCCESS");
        vigil.shutdown().unwrap();
    }
}

#[test]
fn the_catalogue_lists_delivery_and_what_is_mandatory() {
    let entries = vigil::catalogue().within("it::delivery").entries;
    let entry = |operation: &str| {
        let entry = entries.iter().find(|entry| entry.operation == operation);
        entry.unwrap_or_else(|| panic!("{operation} is not listed"))
    };
    let said = |operation: &str| (entry(operation).delivery, entry(operation).overflow);
    assert_eq!(said("sync"), (Some(Delivery::Required), None));
    assert_eq!(
        said("boxed"),
        (Some(Delivery::Required), Some(Overflow::Block))
    );
    assert_eq!(said("denying"), (None, Some(Overflow::Deny)));
    assert_eq!(said("Store::durable"), (Some(Delivery::Durable), None));
    assert_eq!(said("Store::write"), (Some(Delivery::Required), None));
    assert_eq!(said("in_scope_later"), (None, Some(Overflow::Deny)));
    assert_eq!(said("told"), (Some(Delivery::Durable), None));
    assert!(!entry("sync").mandatory);
    assert!(entry("reads_health_data").mandatory);
    assert!(entry("reads_health_data_by_constant").mandatory);
    let table = vigil::catalogue().within("it::delivery").to_markdown();
    assert!(
        table.contains("| HEALTH | READ | `reads_health_data` | mandatory, overflow block |"),
        "{table}"
    );
}

#[audited(category = "HEALTH", type = "READ", overflow = "block")]
fn reads_health_data() {}

#[audited(category = crate::HEALTH)]
fn reads_health_data_by_constant() {}

#[test]
fn a_mandatory_category_knows_that_it_is() {
    assert!(crate::HEALTH.is_mandatory());
    reads_health_data();
    reads_health_data_by_constant();
}
