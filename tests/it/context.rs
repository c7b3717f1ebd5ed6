//! Ambient context: it nests, follows a task over threads, and is carried into spawned work; nested calls know their
//! parent.

use std::time::Duration;

use serde_json::json;
use vigil::{Actor, Context, audit, audited};
use vigil_tests::{events, isolated, only, start};

#[audited(category = "API")]
fn outer() {
    middle();
}

#[audited(category = "API")]
fn middle() {
    inner();
    inner();
}

#[audited(category = "API")]
fn inner() {}

#[audited(category = "API")]
async fn outer_async() {
    tokio::time::sleep(Duration::from_millis(1)).await;
    inner_async().await;
    inner();
}

#[audited(category = "API")]
async fn inner_async() {
    tokio::task::yield_now().await;
}

isolated! {
    fn nested_calls_carry_the_parent(dir) {
        let vigil = start(dir);
        outer();
        inner();
        vigil.shutdown().unwrap();
        let events = events(dir);
        let outer = only(&events, "outer");
        let middle = only(&events, "middle");
        assert!(outer.get("context").is_none());
        assert_eq!(middle["context"]["parent_id"], outer["event_id"]);
        let inner: Vec<_> = events.iter().filter(|event| event["action"]["operation"] == "inner").collect();
        assert_eq!(inner[0]["context"]["parent_id"], middle["event_id"]);
        assert_eq!(inner[1]["context"]["parent_id"], middle["event_id"]);
        assert!(inner[2].get("context").is_none(), "the nesting has ended");
    }

    fn async_calls_nest_by_task_and_not_by_thread(dir) {
        let vigil = start(dir);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            // Two tasks take turns on one thread.
            tokio::join!(outer_async(), outer_async());
        });
        inner();
        vigil.shutdown().unwrap();
        let events = events(dir);
        let outers: Vec<_> = events.iter().filter(|event| event["action"]["operation"] == "outer_async").collect();
        assert_eq!(outers.len(), 2);
        for outer in outers {
            assert!(outer.get("context").is_none(), "{outer:#}");
            for operation in ["inner_async", "inner"] {
                let nested = events.iter().filter(|event| {
                    event["action"]["operation"] == operation && event["context"]["parent_id"] == outer["event_id"]
                });
                assert_eq!(nested.count(), 1, "{operation}");
            }
        }
    }

    fn contexts_nest_and_end(dir) {
        let vigil = start(dir);
        let request = Context::current()
            .actor(Actor::user("u-17").username("jane.smith").email("jane.smith@example.com").role("admin"))
            .request_id("r-1").trace_id("4bf92f3577b34da6a3ce929d0e0e4736").span_id("00f067aa0ba902b7").tenant("acme")
            .custom("client", &"ios/4.2")
            .custom("api_key", &"sk-not-to-be-seen");
        request.run(|| {
            audit!(category = "API", operation = "in_request");
            Context::current().actor(Actor::service("billing")).custom("client", &"cron").run(|| {
                audit!(category = "API", operation = "in_inner");
            });
            audit!(category = "API", operation = "named", actor = Actor::user(7), resource = ("account", 42));
            Context::new().run(|| { audit!(category = "API", operation = "cut_off"); });
        });
        audit!(category = "API", operation = "after");
        vigil.shutdown().unwrap();

        let events = events(dir);
        let event = only(&events, "in_request");
        assert_eq!(event["actor"], json!({"type": "user", "id": "u-17", "username": "jane.smith", "email": "j***@***.***", "roles": ["admin"]}));
        assert_eq!(event["context"], json!({"request_id": "r-1", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7", "tenant": "acme"}));
        assert_eq!(event["custom"], json!({"client": "ios/4.2", "api_key": "***REDACTED***"}));
        assert_eq!(event["redactions"]["key"], 1);
        assert_eq!(event["redactions"]["email"], 1);
        let event = only(&events, "in_inner");
        assert_eq!(event["actor"], json!({"type": "service", "id": "billing"}));
        assert_eq!(event["context"]["tenant"], "acme");
        assert_eq!(event["custom"]["client"], "cron");
        let event = only(&events, "named");
        assert_eq!(event["actor"], json!({"type": "user", "id": "7"}));
        assert_eq!(event["resource"], json!({"type": "account", "id": "42"}));
        assert_eq!(event["custom"]["client"], "ios/4.2");
        for operation in ["cut_off", "after"] {
            let event = only(&events, operation);
            assert_eq!(event["actor"], json!({"type": "anonymous"}), "{operation}");
            assert!(event.get("context").is_none() && event.get("custom").is_none(), "{operation}");
        }
    }

    fn context_follows_an_await_that_moves_threads(dir) {
        let vigil = start(dir);
        let first_thread = std::thread::current().id();
        let mut future = Box::pin(Context::new().request_id("r-9").run_async(async move {
            audit!(category = "API", operation = "before_await");
            tokio::task::yield_now().await;
            assert_ne!(std::thread::current().id(), first_thread);
            audit!(category = "API", operation = "after_await");
            inner_async().await;
        }));
        // Polled once here, then to its end on another thread.
        let waker = std::task::Waker::noop();
        let _ = future.as_mut().poll(&mut std::task::Context::from_waker(waker));
        audit!(category = "API", operation = "between_polls");
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(future);
        }).join().unwrap();
        vigil.shutdown().unwrap();

        let events = events(dir);
        for operation in ["before_await", "after_await", "inner_async"] {
            assert_eq!(only(&events, operation)["context"]["request_id"], "r-9", "{operation}");
        }
        assert!(only(&events, "between_polls").get("context").is_none());
    }

    fn an_audited_future_keeps_its_context_when_it_moves_threads(dir) {
        #[audited(category = "API")]
        async fn hops() {
            inner();
            tokio::task::yield_now().await;
            inner();
        }
        let vigil = start(dir);
        let mut future = Box::pin(hops());
        let waker = std::task::Waker::noop();
        Context::new().tenant("acme").run(|| {
            let _ = future.as_mut().poll(&mut std::task::Context::from_waker(waker));
        });
        std::thread::spawn(move || {
            let waker = std::task::Waker::noop();
            assert!(future.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_ready());
        }).join().unwrap();
        vigil.shutdown().unwrap();
        let events = events(dir);
        let hops = only(&events, "hops");
        assert_eq!(hops["context"]["tenant"], "acme", "the context of its beginning");
        for inner in events.iter().filter(|event| event["action"]["operation"] == "inner") {
            assert_eq!(inner["context"]["parent_id"], hops["event_id"]);
        }
    }

    fn context_is_carried_into_threads_and_tasks_only_when_asked(dir) {
        #[audited(category = "API")]
        fn spawns() {
            std::thread::spawn(inner).join().unwrap();
            std::thread::spawn(Context::current().carry(middle)).join().unwrap();
        }
        let vigil = start(dir);
        Context::new().request_id("r-3").run(spawns);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let context = Context::new().request_id("r-4");
            tokio::spawn(context.run_async(outer_async())).await.unwrap();
        });
        vigil.shutdown().unwrap();

        let events = events(dir);
        let spawns = only(&events, "spawns");
        let middle = only(&events, "middle");
        assert_eq!(middle["context"]["request_id"], "r-3");
        assert_eq!(middle["context"]["parent_id"], spawns["event_id"]);
        let alone = events.iter().find(|event| event["action"]["operation"] == "inner").unwrap();
        assert!(alone.get("context").is_none());
        assert_eq!(only(&events, "outer_async")["context"]["request_id"], "r-4");
        assert_eq!(only(&events, "inner_async")["context"]["request_id"], "r-4");
    }
}
