//! The handle: what the body of an audited function adds to its own event.

use std::future::Future;
use std::panic::catch_unwind;
use std::pin::Pin;
use std::time::Duration;

use serde_json::{Value, json};
use vigil::{Actor, Event, Handle, Sanitize, audited, sanitize};
use vigil_tests::{all_bytes, events, isolated, lines, only, start};

const CANARY: &str = "canary-7f3c";

#[audited(category = "DATA", event = ev, actor = "robot")]
fn synchronous(id: u64, name: &str) -> Result<u64, String> {
    ev.actor(Actor::user(id)).resource(("account", id));
    ev.field("rows", &1)
        .field("rows", &2)
        .field("password", &CANARY)
        .field("name", &"later");
    ev.checkpoint("loaded");
    std::thread::sleep(Duration::from_millis(2));
    ev.checkpoint("call jane.smith@example.com");
    ev.change("name", &"jane", &name)
        .change("token", &CANARY, &CANARY)
        .change("note", &"", &"ask jane.smith@example.com")
        .change("name", &"jane", &name);
    Ok(id)
}

#[audited(category = "DATA", event = ev, skip_all)]
fn refuses(by_error: bool) -> Result<(), String> {
    ev.deny();
    if by_error {
        Err("not allowed".to_owned())
    } else {
        Ok(())
    }
}

#[audited(category = "DATA", event = ev)]
fn fails() {
    ev.deny().fail();
}

#[audited(category = "DATA", event = ev)]
fn panics() {
    ev.deny().field("reached", &true);
    panic!("after all")
}

#[audited(category = "DATA", event = ev)]
async fn asynchronous(millis: u64) -> u64 {
    ev.checkpoint("begun");
    tokio::time::sleep(Duration::from_millis(millis)).await;
    helper(&ev);
    let elsewhere = ev.clone();
    tokio::spawn(async move { elsewhere.field("spawned", &true).id().is_some() })
        .await
        .unwrap();
    ev.checkpoint("done");
    millis
}

fn helper(ev: &Handle) {
    ev.field("helped", &true);
}

#[audited(category = "DATA", event = ev)]
fn opaque(a: u8) -> impl Future<Output = u8> + Send {
    ev.field("early", &a);
    async move {
        tokio::task::yield_now().await;
        ev.field("late", &a);
        a
    }
}

#[audited(category = "DATA", event = ev)]
fn boxed(a: u8) -> Pin<Box<dyn Future<Output = u8> + Send>> {
    Box::pin(async move {
        ev.field("late", &a).change("a", &a, &(a + 1));
        std::future::pending::<()>().await;
        a
    })
}

#[audited(category = "DATA", event = ev, when = recorded)]
fn seldom(recorded: bool) -> Option<Handle> {
    let asked = Asked(ev.clone());
    // The value says something of its own while it is being recorded.
    ev.field("asked", &asked);
    Some(ev)
}

struct Asked(Handle);

impl Sanitize for Asked {
    fn sanitize(&self, out: &mut sanitize::Writer<'_>) {
        self.0.field("from_within", &1);
        out.u64(2);
    }
}

#[audited(category = "DATA", event = ev)]
fn loops() {
    for i in 0..2_000 {
        ev.checkpoint(&format!("round {i}"));
    }
}

#[audited(category = "DATA", event = ev)]
fn huge() {
    let text = "x ".repeat(20_000);
    for i in 0..20 {
        ev.checkpoint(&text)
            .change(&format!("text{i}"), &text, &text);
    }
}

fn parameters<'a>(events: &'a [Value], operation: &str) -> &'a Value {
    &only(events, operation)["action"]["parameters"]
}

isolated! {
    fn what_the_body_says_is_in_the_event_and_sanitized(dir) {
        let vigil = start(dir);
        synchronous(7, "joan").unwrap();
        vigil.shutdown().unwrap();

        let events = events(dir);
        super::schema::assert_valid(&events);
        let event = only(&events, "synchronous");
        assert_eq!(event["actor"], json!({"type": "user", "id": "7"}));
        assert_eq!(event["resource"], json!({"type": "account", "id": "7"}));
        assert_eq!(
            event["action"]["parameters"],
            json!({"id": 7, "name": "joan", "rows": 2, "password": "***REDACTED***", "name.later": "later"})
        );
        assert_eq!(
            event["action"]["changes"],
            json!({
                "name": {"old": "jane", "new": "joan"},
                "token": {"old": "***REDACTED***", "new": "***REDACTED***"},
                "note": {"old": "", "new": "ask j***@***.***"},
            })
        );
        let typed = Event::parse(&lines(dir)[0]).unwrap();
        let [loaded, called] = &typed.performance.checkpoints[..] else { panic!("{event:#}") };
        assert_eq!((loaded.name.as_str(), called.name.as_str()), ("loaded", "call j***@***.***"));
        assert!(loaded.at_ms + 2.0 <= called.at_ms && called.at_ms <= typed.performance.duration_ms);
        assert_eq!(typed.action.changes["name"].new, "joan");
        assert_eq!(serde_json::to_value(&typed).unwrap(), *event);
        assert!(event["redactions"]["email"].as_u64() >= Some(2));
        assert!(!String::from_utf8_lossy(&all_bytes(dir)).contains(CANARY));
    }

    fn the_body_decides_on_the_outcome_but_not_on_how_it_was_broken_off(dir) {
        let vigil = start(dir);
        refuses(false).unwrap();
        refuses(true).unwrap_err();
        fails();
        catch_unwind(panics).unwrap_err();
        vigil.shutdown().unwrap();

        let events = events(dir);
        super::schema::assert_valid(&events);
        let status = |at: usize| events[at]["action"]["result"]["status"].as_str().unwrap();
        assert_eq!([status(0), status(1), status(2), status(3)], ["DENIED", "DENIED", "FAILURE", "PANIC"]);
        assert_eq!(events[1]["error"]["message"], "not allowed");
        assert_eq!(parameters(&events, "panics"), &json!({"reached": true}));
    }

    fn futures_keep_their_handle_over_awaits_and_threads(dir) {
        let vigil = start(dir);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let all = (1..=8).map(|millis| tokio::spawn(asynchronous(millis))).collect::<Vec<_>>();
            for task in all {
                task.await.unwrap();
            }
            assert_eq!(tokio::spawn(opaque(3)).await.unwrap(), 3);
            assert!(tokio::time::timeout(Duration::from_millis(5), boxed(4)).await.is_err());
        });
        vigil.shutdown().unwrap();

        let events = events(dir);
        super::schema::assert_valid(&events);
        let calls: Vec<_> = events.iter().filter(|event| event["action"]["operation"] == "asynchronous").collect();
        assert_eq!(calls.len(), 8);
        for call in calls {
            let parameters = &call["action"]["parameters"];
            let millis = parameters["millis"].as_f64().unwrap();
            assert_eq!((&parameters["helped"], &parameters["spawned"]), (&json!(true), &json!(true)));
            let checkpoints = &call["performance"]["checkpoints"];
            assert_eq!((&checkpoints[0]["name"], &checkpoints[1]["name"]), (&json!("begun"), &json!("done")));
            assert!(checkpoints[1]["at_ms"].as_f64().unwrap() >= millis);
        }
        assert_eq!(parameters(&events, "opaque"), &json!({"a": 3, "early": 3, "late": 3}));
        let cancelled = only(&events, "boxed");
        assert_eq!(cancelled["action"]["result"]["status"], "CANCELLED");
        assert_eq!(cancelled["action"]["changes"], json!({"a": {"old": 4, "new": 5}}));
    }

    fn a_handle_of_no_call_and_one_of_a_call_that_has_ended_do_nothing(dir) {
        let vigil = start(dir);
        assert_eq!(seldom(false).unwrap().id(), None);
        let ended = seldom(true).unwrap();
        ended.field("after", &1).deny();
        // Its notes are not given to another call while somebody holds them.
        synchronous(1, "").unwrap();
        ended.field("after", &2).checkpoint("after");
        let again = seldom(true).unwrap();
        ended.field("after", &3);
        drop(again);
        vigil.shutdown().unwrap();

        let events = events(dir);
        assert_eq!(events.len(), 3);
        assert!(!format!("{events:?}").contains("after"));
        assert_eq!(events[0]["action"]["parameters"], json!({"recorded": true, "from_within": 1, "asked": 2}));
        assert_eq!(events[0]["action"]["result"]["status"], "SUCCESS");
    }

    fn what_does_not_fit_is_marked(dir) {
        let vigil = start(dir);
        loops();
        huge();
        vigil.shutdown().unwrap();
        let events = events(dir);
        super::schema::assert_valid(&events);
        let checkpoints = only(&events, "loops")["performance"]["checkpoints"].as_array().unwrap();
        assert_eq!((checkpoints.len(), &checkpoints[500]), (501, &json!({"$truncated": 1500})));
        for line in lines(dir) {
            assert!(line.len() <= 65_535);
            Event::parse(&line).unwrap();
        }
    }
}
