//! How a call ended: success, `Err`, panic, cancelled, told apart in sync and async code.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use vigil::audited;
use vigil_tests::{events, isolated, only, start};

#[derive(Debug)]
struct OutOfStock;

impl std::fmt::Display for OutOfStock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("nothing left for jane.smith@example.com")
    }
}

#[audited(category = "DATA", type = "UPDATE", result)]
fn take(stock: u32, wanted: u32) -> Result<u32, OutOfStock> {
    let left = stock.checked_sub(wanted).ok_or(OutOfStock)?;
    Ok(left)
}

#[audited(category = "DATA")]
fn break_down(reason: &str) -> u32 {
    panic!("cannot go on: {reason}")
}

#[audited(category = "DATA", ok_if = |left: &Option<u32>| left.is_some())]
fn peek(stock: &[u32]) -> Option<u32> {
    stock.first().copied()
}

#[audited(category = "DATA", err(type))]
fn fail_quietly() -> Result<(), OutOfStock> {
    Err(OutOfStock)
}

#[audited(category = "DATA")]
async fn take_later(stock: u32, wanted: u32) -> Result<u32, OutOfStock> {
    tokio::time::sleep(Duration::from_millis(1)).await;
    stock.checked_sub(wanted).ok_or(OutOfStock)
}

#[audited(category = "DATA")]
async fn break_down_later() {
    tokio::task::yield_now().await;
    panic!("cannot go on, later")
}

#[audited(category = "DATA")]
async fn wait_for_ever() {
    std::future::pending::<()>().await;
}

isolated! {
    fn sync_calls(dir) {
        let vigil = start(dir);
        assert_eq!(take(5, 2).unwrap(), 3);
        assert!(take(1, 2).is_err());
        assert_eq!(peek(&[]), None);
        assert!(fail_quietly().is_err());
        vigil.shutdown().unwrap();

        let events = events(dir);
        assert_eq!(events[0]["action"]["result"], serde_json::json!({"status": "SUCCESS", "value": 3}));
        assert_eq!(events[0]["action"]["parameters"], serde_json::json!({"stock": 5, "wanted": 2}));
        assert_eq!(events[1]["action"]["result"], serde_json::json!({"status": "FAILURE"}));
        assert_eq!(events[1]["error"], serde_json::json!({"type": "OutOfStock", "message": "nothing left for j***@***.***"}));
        assert_eq!(only(&events, "peek")["action"]["result"]["status"], "FAILURE");
        assert_eq!(only(&events, "fail_quietly")["error"], serde_json::json!({"type": "OutOfStock"}));
    }

    fn a_panic_is_recorded_with_its_place_and_goes_on_unchanged(dir) {
        let vigil = start(dir);
        let payload = catch_unwind(|| break_down("card 4111 1111 1111 1111")).unwrap_err();
        assert_eq!(payload.downcast_ref::<String>().unwrap(), "cannot go on: card 4111 1111 1111 1111");
        // A payload that is no text, and one that another thread's panic left behind.
        catch_unwind(|| break_down_with(7_u8)).unwrap_err();
        vigil.shutdown().unwrap();

        let events = events(dir);
        let event = only(&events, "break_down");
        assert_eq!(event["action"]["result"]["status"], "PANIC");
        assert_eq!(event["error"]["type"], "panic");
        assert_eq!(event["error"]["message"], "cannot go on: card ****-****-****-1111");
        let location = event["error"]["location"].as_str().unwrap();
        assert!(location.contains("outcomes.rs:") && location.ends_with(":5"), "{location}");
        let frames = event["error"]["backtrace"].as_array().unwrap();
        assert!(frames[0].as_str().unwrap().contains("break_down"), "{frames:#?}");
        let event = only(&events, "break_down_with");
        assert_eq!(event["error"]["message"], "a panic with a payload that is no text");
    }

    fn a_call_made_by_a_destructor_during_a_panic_has_its_own_outcome(dir) {
        struct TakesOnDrop;
        impl Drop for TakesOnDrop {
            fn drop(&mut self) {
                let _ = take(2, 1);
            }
        }
        #[audited(category = "DATA")]
        fn outer() {
            let _takes = TakesOnDrop;
            panic!("outer")
        }
        let vigil = start(dir);
        catch_unwind(outer).unwrap_err();
        // The panic was caught: it has nothing to do with what fails later without one.
        assert!(take(1, 2).is_err());
        vigil.shutdown().unwrap();

        let events = events(dir);
        assert_eq!(events[0]["action"]["operation"], "take");
        assert_eq!(events[0]["action"]["result"]["status"], "SUCCESS");
        assert_eq!(events[1]["action"]["result"]["status"], "PANIC");
        assert_eq!(events[1]["error"]["message"], "outer");
        assert_eq!(events[2]["action"]["result"]["status"], "FAILURE");
    }

    fn a_panic_that_crosses_audited_frames_is_the_outcome_of_each(dir) {
        #[audited(category = "DATA")]
        fn outer() {
            break_down("here");
        }
        let vigil = start(dir);
        catch_unwind(outer).unwrap_err();
        vigil.shutdown().unwrap();
        let events = events(dir);
        for operation in ["break_down", "outer"] {
            let event = only(&events, operation);
            assert_eq!(event["error"]["message"], "cannot go on: here", "{operation}");
        }
    }

    fn async_calls(dir) {
        let vigil = start(dir);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            assert_eq!(take_later(5, 2).await.unwrap(), 3);
            assert!(take_later(1, 2).await.is_err());
            assert!(tokio::spawn(break_down_later()).await.unwrap_err().is_panic());
            assert!(tokio::time::timeout(Duration::from_millis(5), wait_for_ever()).await.is_err());
            // Dropped while another panic unwinds: still cancelled, not panicked.
            let dropped = tokio::spawn(async {
                let mut waiting = Box::pin(wait_for_ever());
                let _ = std::future::poll_fn(|cx| {
                    let _ = waiting.as_mut().poll(cx);
                    std::task::Poll::Ready(())
                }).await;
                panic!("somebody else's")
            });
            assert!(dropped.await.is_err());
        });
        vigil.shutdown().unwrap();

        let events = events(dir);
        let statuses = |operation: &str| -> Vec<_> {
            let of_operation = events.iter().filter(|event| event["action"]["operation"] == operation);
            of_operation.map(|event| event["action"]["result"]["status"].as_str().unwrap()).collect()
        };
        assert_eq!(statuses("take_later"), ["SUCCESS", "FAILURE"]);
        assert_eq!(statuses("break_down_later"), ["PANIC"]);
        assert_eq!(statuses("wait_for_ever"), ["CANCELLED", "CANCELLED"]);
        let panicked = only(&events, "break_down_later");
        assert_eq!(panicked["error"]["message"], "cannot go on, later");
        assert!(panicked["error"]["location"].as_str().unwrap().contains("outcomes.rs:"));
        assert!(events.iter().filter(|event| event["action"]["result"]["status"] == "CANCELLED").all(|event| event.get("error").is_none()));
        let took = events[0]["performance"]["duration_ms"].as_f64().unwrap();
        assert!(took >= 1.0, "the time from the first poll to the end, not of the polls alone: {took}");
    }

    fn a_hook_installed_before_ours_is_still_called(dir) {
        use std::sync::atomic::{AtomicU32, Ordering};
        static CALLED: AtomicU32 = AtomicU32::new(0);
        std::panic::set_hook(Box::new(|_| { CALLED.fetch_add(1, Ordering::Relaxed); }));
        let vigil = start(dir);
        catch_unwind(AssertUnwindSafe(|| break_down("twice"))).unwrap_err();
        vigil.shutdown().unwrap();
        assert_eq!(CALLED.load(Ordering::Relaxed), 1);
        assert_eq!(only(&events(dir), "break_down")["error"]["message"], "cannot go on: twice");
    }
}

#[audited(category = "DATA")]
fn break_down_with(payload: u8) {
    std::panic::panic_any(payload)
}
