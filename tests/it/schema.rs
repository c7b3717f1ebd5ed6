//! Every kind of line that is produced is what `vigil/docs/event.schema.json` says.

use std::path::Path;

use jsonschema::Validator;
use serde_json::Value;
use vigil::{Actor, Context, audit, audited};
use vigil_tests::{events, isolated, start};

/// The published schema as a validator.
pub(crate) fn validator() -> Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vigil/docs/event.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

/// Every event of the trail passes the schema.
pub(crate) fn assert_valid(events: &[Value]) {
    let validator = validator();
    for event in events {
        let errors: Vec<_> = validator
            .iter_errors(event)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}\nin {event:#}");
    }
}

#[audited(category = "DATA", type = "READ", result, slow = 0, resource = "thing")]
fn succeeds(number: u32) -> Result<Vec<u32>, String> {
    Ok(vec![number])
}

#[audited(category = "DATA")]
fn fails() -> Result<(), std::num::ParseIntError> {
    "x".parse::<u8>().map(drop)
}

#[audited(category = "DATA")]
fn panics(text: &str) {
    panic!("{text}")
}

#[audited(category = "DATA", skip_all)]
async fn waits(_unused: u8) {
    std::future::pending::<()>().await;
}

isolated! {
    fn every_kind_of_line_passes_the_schema(dir) {
        let vigil = start(dir);
        succeeds(1).unwrap();
        fails().unwrap_err();
        std::panic::catch_unwind(|| panics("x")).unwrap_err();
        let mut waiting = Box::pin(waits(1));
        assert!(waiting.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())).is_pending());
        drop(waiting);
        audit!(category = "DATA", operation = "refused", outcome = denied);
        audit!(category = "DATA", operation = "unknown", outcome = failed);
        audit!(category = "DATA", operation = "structured", outcome = err(vec![1, 2]));
        Context::new()
            .actor(Actor::user(1).username("n").email("a@example.com").ip("10.1.2.3".parse().unwrap()).session_id("s").role("r"))
            .request_id("r").trace_id("t").span_id("s").tenant("t").custom("c", &1)
            .run(|| succeeds(2)).unwrap();
        for actor in [Actor::anonymous(), Actor::service("s"), Actor::system()] {
            audit!(category = "DATA", operation = "acting", actor = actor);
        }
        std::thread::spawn(|| audit!(category = "DATA", operation = "on_a_thread_without_a_name")).join().unwrap();
        let huge = "x ".repeat(100_000);
        audit!(category = "DATA", operation = "huge", fields(a = &huge, b = vec![&huge; 50], c = vec![&huge; 50], d = vec![&huge; 50], e = vec![&huge; 50]), outcome = err(&huge));
        vigil.shutdown().unwrap();

        let events = events(dir);
        assert_valid(&events);
        let statuses: std::collections::BTreeSet<_> = events.iter().map(|event| event["action"]["result"]["status"].as_str().unwrap()).collect();
        assert_eq!(statuses.into_iter().collect::<Vec<_>>(), ["CANCELLED", "DENIED", "FAILURE", "PANIC", "SUCCESS"]);
    }

    fn a_line_for_several_events_passes_the_schema_and_half_of_it_does_not(dir) {
        let vigil = start(dir);
        succeeds(1).unwrap();
        vigil.shutdown().unwrap();
        let mut event = events(dir).remove(0);
        event["repeat_of"] = event["event_id"].clone();
        event["first_timestamp"] = event["timestamp"].clone();
        event["last_timestamp"] = event["timestamp"].clone();
        event["repeated"] = 41.into();
        assert_valid(std::slice::from_ref(&event));
        assert_eq!(vigil::Event::parse(&event.to_string()).unwrap().repeated, Some(41));
        let validator = validator();
        for member in ["repeat_of", "first_timestamp", "last_timestamp", "repeated"] {
            let mut half = event.clone();
            half.as_object_mut().unwrap().remove(member);
            assert!(!validator.is_valid(&half), "without {member}");
        }
        event["repeated"] = 0.into();
        assert!(!validator.is_valid(&event));
    }

    fn the_schema_refuses_what_is_no_event(dir) {
        let vigil = start(dir);
        succeeds(1).unwrap();
        vigil.shutdown().unwrap();
        let event = events(dir).remove(0);
        let validator = validator();
        assert!(validator.is_valid(&event));
        for change in [
            |event: &mut Value| event["seq"] = (-1).into(),
            |event: &mut Value| event["timestamp"] = "yesterday".into(),
            |event: &mut Value| event["surprise"] = 1.into(),
            |event: &mut Value| event["resource"] = Value::Null,
            |event: &mut Value| event["action"]["result"]["status"] = "MAYBE".into(),
            |event: &mut Value| event["actor"]["type"] = "robot".into(),
            |event: &mut Value| drop(event.as_object_mut().unwrap().remove("event_id")),
        ] {
            let mut changed = event.clone();
            change(&mut changed);
            assert!(!validator.is_valid(&changed), "{changed:#}");
        }
    }
}
