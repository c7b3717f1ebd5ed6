//! A function that returns a future is audited from its call to the end of the future.

use std::future::{Future, pending};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use vigil::audited;
use vigil_tests::{events, isolated, only, start};

#[audited(category = "DATA")]
fn inner(place: &str) {
    let _ = place;
}

#[audited(category = "DATA")]
fn sleep_long(millis: u64) -> impl Future<Output = Result<u64, String>> + Send {
    inner("making");
    async move {
        tokio::time::sleep(Duration::from_millis(millis)).await;
        inner("running");
        if millis == 0 {
            Err("at once".to_owned())
        } else {
            Ok(millis)
        }
    }
}

#[audited(category = "DATA")]
fn breaks_while_made(broken: bool) -> impl Future<Output = ()> {
    assert!(!broken, "cannot be made");
    async {}
}

#[audited(category = "DATA")]
fn breaks_while_run() -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async { panic!("cannot run") })
}

#[audited(category = "DATA")]
fn waits() -> Pin<Box<dyn Future<Output = ()> + Send>> {
    let waiting = pending();
    Box::pin(waiting)
}

fn statuses(events: &[serde_json::Value], operation: &str) -> Vec<String> {
    let of_operation = events
        .iter()
        .filter(|event| event["action"]["operation"] == operation);
    of_operation
        .map(|event| {
            event["action"]["result"]["status"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

isolated! {
    fn the_call_lasts_until_the_future_has_ended(dir) {
        let vigil = start(dir);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let future = sleep_long(20);
        // What runs between making and polling is not part of it.
        inner("between");
        runtime.block_on(async {
            assert_eq!(tokio::spawn(future).await.unwrap(), Ok(20));
            assert!(sleep_long(0).await.is_err());
        });
        vigil.shutdown().unwrap();

        let events = events(dir);
        assert_eq!(statuses(&events, "sleep_long"), ["SUCCESS", "FAILURE"]);
        let call = events.iter().find(|event| event["action"]["operation"] == "sleep_long").unwrap();
        assert!(call["performance"]["duration_ms"].as_f64().unwrap() >= 20.0);
        let parent = |place: &str| {
            let inner = events.iter().find(|event| event["action"]["parameters"]["place"] == place);
            inner.unwrap()["context"]["parent_id"].clone()
        };
        assert_eq!(parent("making"), call["event_id"]);
        assert_eq!(parent("running"), call["event_id"]);
        assert!(parent("between").is_null());
    }

    fn every_end_of_a_returned_future_is_told_apart(dir) {
        let vigil = start(dir);
        drop(waits());
        let mut waiting = waits();
        assert_eq!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Pending);
        drop(waiting);
        catch_unwind(|| drop(breaks_while_made(true))).unwrap_err();
        drop(breaks_while_made(false));
        let mut breaking = breaks_while_run();
        catch_unwind(AssertUnwindSafe(|| {
            let _ = breaking.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        })).unwrap_err();
        drop(breaking);
        // Dropped, never polled, while another panic unwinds.
        catch_unwind(|| {
            let _waiting = waits();
            panic!("somebody else's")
        }).unwrap_err();
        vigil.shutdown().unwrap();

        let events = events(dir);
        assert_eq!(statuses(&events, "waits"), ["CANCELLED"; 3]);
        assert_eq!(statuses(&events, "breaks_while_made"), ["PANIC", "CANCELLED"]);
        assert_eq!(only(&events, "breaks_while_run")["action"]["result"]["status"], "PANIC");
        assert_eq!(only(&events, "breaks_while_run")["error"]["message"], "cannot run");
        let made = events.iter().find(|event| event["action"]["operation"] == "breaks_while_made").unwrap();
        assert_eq!(made["error"]["message"], "cannot be made");
    }

    fn a_returned_future_outlives_the_engine_without_harm(dir) {
        let vigil = start(dir);
        let waiting = waits();
        vigil.shutdown().unwrap();
        drop(waiting);
        assert!(events(dir).is_empty());
    }
}
