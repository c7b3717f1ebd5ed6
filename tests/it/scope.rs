//! `scope!` and `audit!`.

use serde_json::json;
use vigil::{ActionType, Category, EventId, audit};
use vigil_tests::{events, isolated, only, start};

#[derive(Debug, PartialEq)]
struct NoSpace;

impl std::fmt::Display for NoSpace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no space")
    }
}

isolated! {
    fn a_scope_ends_with_its_verdict(dir) {
        let vigil = start(dir);
        let mut scope = vigil::scope!("good", category = "FILE", type = "EXPORT", fields(format = "csv"));
        scope.field("rows", &3).resource(("file", "users.csv"));
        scope.success();
        vigil::scope!("bad", category = "FILE").failure(&NoSpace);
        vigil::scope!("refused", category = "FILE", actor = "u-1").denied();
        drop(vigil::scope!("left", category = "FILE"));
        std::panic::catch_unwind(|| {
            let _scope = vigil::scope!("broken", category = "FILE");
            panic!("in the middle")
        }).unwrap_err();
        vigil.shutdown().unwrap();

        let events = events(dir);
        let good = only(&events, "good");
        assert_eq!(good["action"], json!({"type": "EXPORT", "category": "FILE", "operation": "good", "parameters": {"format": "csv", "rows": 3}, "result": {"status": "SUCCESS"}}));
        assert_eq!(good["resource"], json!({"type": "file", "id": "users.csv"}));
        assert_eq!(only(&events, "bad")["error"], json!({"type": "NoSpace", "message": "no space"}));
        assert_eq!(only(&events, "refused")["action"]["result"]["status"], "DENIED");
        assert_eq!(only(&events, "left")["action"]["result"]["status"], "CANCELLED");
        assert_eq!(only(&events, "broken")["action"]["result"]["status"], "PANIC");
    }

    fn run_and_run_async_surround_code(dir) {
        let vigil = start(dir);
        let ran = vigil::scope!("ran", category = "FILE").run(|| {
            audit!(category = "FILE", operation = "inside");
            Ok::<_, NoSpace>(5)
        });
        assert_eq!(ran, Ok(5));
        let failed = vigil::scope!("failed", category = "FILE").run(|| Err::<(), _>(NoSpace));
        assert_eq!(failed, Err(NoSpace));
        std::panic::catch_unwind(|| vigil::scope!("panicked", category = "FILE").run(|| -> Result<(), NoSpace> { panic!("p") })).unwrap_err();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let scope = vigil::scope!("awaited", category = "FILE");
            let awaited = scope.run_async(async {
                tokio::task::yield_now().await;
                audit!(category = "FILE", operation = "inside_async");
                Err::<(), _>("gone")
            });
            assert_eq!(awaited.await, Err("gone"));
            let mut pending = Box::pin(vigil::scope!("dropped", category = "FILE").run_async(std::future::pending::<Result<(), NoSpace>>()));
            std::future::poll_fn(|cx| { assert!(pending.as_mut().poll(cx).is_pending()); std::task::Poll::Ready(()) }).await;
        });
        vigil.shutdown().unwrap();

        let events = events(dir);
        let status = |operation| only(&events, operation)["action"]["result"]["status"].as_str().unwrap();
        assert_eq!(["ran", "failed", "panicked", "awaited", "dropped"].map(status), ["SUCCESS", "FAILURE", "PANIC", "FAILURE", "CANCELLED"]);
        assert_eq!(only(&events, "inside")["context"]["parent_id"], only(&events, "ran")["event_id"]);
        assert_eq!(only(&events, "inside_async")["context"]["parent_id"], only(&events, "awaited")["event_id"]);
        assert_eq!(only(&events, "panicked")["error"]["message"], "p");
    }

    fn audit_records_what_it_is_told(dir) {
        let vigil = start(dir);
        let id: Option<EventId> = audit!(
            category = "AUTH",
            operation = "user_login",
            type = "LOGIN",
            actor = "u-17",
            resource = ("account", 42),
            fields(method = "passkey", attempts = 2, shown = %NoSpace, debugged = ?NoSpace, password = "p"),
            outcome = err(NoSpace),
        );
        audit!("SECURITY", "door_opened", door = 7, by = %NoSpace);
        audit!(category = Category::ADMIN, type = ActionType::GRANT, operation = "typed", outcome = denied);
        assert_eq!(audit!(category = "AUTH", operation = "never", when = 1 > 2), None);
        vigil.shutdown().unwrap();

        let events = events(dir);
        let login = only(&events, "user_login");
        assert_eq!(login["event_id"], id.unwrap().to_string());
        assert_eq!(login["action"], json!({
            "type": "LOGIN", "category": "AUTH", "operation": "user_login",
            "parameters": {"method": "passkey", "attempts": 2, "shown": "no space", "debugged": "NoSpace", "password": "***REDACTED***"},
            "result": {"status": "FAILURE"},
        }));
        assert_eq!(login["error"], json!({"type": "NoSpace", "message": "no space"}));
        assert_eq!(login["source"]["module"], "it::scope");
        assert!(login["source"]["file"].as_str().unwrap().ends_with("it/scope.rs"));
        let door = only(&events, "door_opened");
        assert_eq!(door["action"]["type"], "EXECUTE");
        assert_eq!(door["action"]["parameters"], json!({"door": 7, "by": "no space"}));
        assert_eq!(only(&events, "typed")["action"]["result"]["status"], "DENIED");
        assert_eq!(events.len(), 3);
    }
}
