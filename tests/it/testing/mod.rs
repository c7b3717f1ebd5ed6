//! The test support: each test sees the events of its own code and no others, and a leak is found wherever it is.

mod canaries;
mod leaks;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::thread;

use vigil::testing::{Captured, capture, capture_async};
use vigil::{Actor, Context, audit, audited};
use vigil_tests::{events, isolated, lines, start};

#[audited(category = "DATA", type = "READ")]
fn read(number: usize) -> Result<usize, String> {
    if number == 13 {
        return Err("unlucky".to_owned());
    }
    Ok(number)
}

#[audited(category = "DATA")]
async fn wait(number: usize) {
    tokio::task::yield_now().await;
    read(number).unwrap();
}

#[audited(category = "DATA")]
fn breaks() {
    panic!("in two");
}

fn numbers<R>(captured: &Captured<R>) -> Vec<u64> {
    let of = |event: &vigil::Event| event.action.parameters["number"].as_u64().unwrap();
    captured.events().iter().map(of).collect()
}

/// The message of the panic that an assertion ends in.
fn message(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("the assertion holds");
    *payload.downcast::<String>().expect("a message")
}

#[test]
fn captures_on_many_threads_do_not_mix() {
    let barrier = Barrier::new(8);
    thread::scope(|scope| {
        for thread in 0..8 {
            let barrier = &barrier;
            scope.spawn(move || {
                let wanted: Vec<_> = (0..200).map(|n| thread * 1000 + 100 + n).collect();
                barrier.wait();
                let captured = capture(|| {
                    for number in &wanted {
                        read(*number).unwrap();
                    }
                });
                assert_eq!(
                    numbers(&captured),
                    wanted.iter().map(|n| *n as u64).collect::<Vec<_>>()
                );
            });
        }
    });
}

#[test]
fn captures_follow_tasks_over_threads() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..20)
            .map(|task| {
                tokio::spawn(async move {
                    let captured = capture_async(async {
                        for step in 0..10 {
                            wait(100 + task * 100 + step).await;
                        }
                        // A context made anew is no way out, nor is one that is carried.
                        Context::new()
                            .tenant("t")
                            .run_async(wait(100 + task * 100 + 50))
                            .await;
                        let carried = Context::current().carry(move || read(100 + task * 100 + 51));
                        thread::spawn(carried).join().unwrap().unwrap();
                        tokio::spawn(Context::current().run_async(wait(100 + task * 100 + 52)))
                            .await
                            .unwrap();
                    })
                    .await;
                    assert_eq!(captured.events().len(), 2 * 10 + 2 + 1 + 2);
                    let own = (100 + task as u64 * 100)..(200 + task as u64 * 100);
                    assert!(numbers(&captured).iter().all(|number| own.contains(number)));
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

#[test]
fn a_capture_sees_context_and_nesting_and_an_inner_one_takes_its_own() {
    let made_before = Context::new().request_id("r-1");
    let mut inner = None;
    let captured = Context::new().actor(Actor::user("u-17")).run(|| {
        capture(|| {
            inner = Some(capture(|| read(1)));
            made_before.run(|| read(2)).unwrap();
            read(3)
        })
    });
    assert_eq!(numbers(&inner.unwrap()), [1]);
    assert_eq!(numbers(&captured), [2, 3]);
    assert_eq!(captured.value().as_ref(), Ok(&3));
    assert_eq!(
        captured.events()[0]
            .context
            .as_ref()
            .unwrap()
            .request_id
            .as_deref(),
        Some("r-1")
    );
    assert_eq!(captured.events()[1].actor.id.as_deref(), Some("u-17"));
    assert_eq!(captured.events()[1].seq, 1);
}

isolated! {
    fn captured_events_go_nowhere_else(dir) {
        read(100).unwrap(); // before the engine starts
        let early = capture(|| read(1));
        let vigil = start(dir);
        let captured = capture(|| {
            read(2).unwrap();
            // Without a context of ours: not captured.
            thread::spawn(|| read(101)).join().unwrap().unwrap();
            // Not done when the capture ends.
            Context::current().carry(|| read(102))
        });
        assert_eq!((numbers(&early), numbers(&captured)), (vec![1], vec![2]));
        captured.into_value()().unwrap();
        read(103).unwrap();
        let stats = vigil.shutdown().unwrap();
        assert_eq!((stats.total.recorded, stats.total.written), (4, 4));
        let trail: Vec<_> = events(dir).iter().map(|event| event["action"]["parameters"]["number"].as_u64().unwrap()).collect();
        assert_eq!(trail, [100, 101, 102, 103]);
    }

    fn a_captured_line_is_what_the_trail_holds(dir) {
        let captured = capture(|| Context::new().actor(Actor::user(1)).custom("k", &"jane@example.com").run(|| read(13)));
        super::schema::assert_valid(&[serde_json::from_str(&captured.lines()[0]).unwrap()]);
        let vigil = start(dir);
        Context::new().actor(Actor::user(1)).custom("k", &"jane@example.com").run(|| read(13)).unwrap_err();
        vigil.shutdown().unwrap();
        let written = vigil::Event::parse(&lines(dir)[0]).unwrap();
        let mut event = captured.events()[0].clone();
        event.event_id = written.event_id;
        event.timestamp.clone_from(&written.timestamp);
        event.performance = written.performance.clone();
        // What is captured is numbered from 0; before the trail's stands the line that tells of its start.
        assert_eq!((event.seq, written.seq), (0, 1));
        event.seq = written.seq;
        assert_eq!(event, written);
    }

    fn what_is_switched_off_is_not_recorded(_dir) {
        vigil::set_enabled(false);
        let captured = capture(|| read(1));
        assert!(message(|| drop(captured.only("read"))).contains("recording is off"));
    }
}

#[test]
fn assertions_say_what_was_expected_and_what_was_recorded() {
    let captured = capture(|| {
        let _ = (read(1), read(13));
        let _ = catch_unwind(breaks);
        audit!(
            category = "AUTH",
            operation = "refused",
            outcome = denied,
            actor = "u-1"
        );
    });
    captured
        .assert_recorded("read")
        .times(2)
        .without("password");
    captured.only("breaks").panicked().error("in two");
    captured.only("refused").denied().by("u-1");
    captured.assert_not_recorded("written");

    for (f, wanted) in [
        (
            Box::new(|| drop(captured.only("write"))) as Box<dyn FnOnce()>,
            "no event of `write` was recorded; these were:\n  read (SUCCESS)\n  read (FAILURE)\n  breaks (PANIC)",
        ),
        (
            Box::new(|| drop(captured.only("read"))),
            "expected 1 of `read`, but 2 were recorded:",
        ),
        (
            Box::new(|| drop(captured.assert_recorded("read").succeeded())),
            "expected `read` to end as SUCCESS, but it is FAILURE (String: unlucky)",
        ),
        (
            Box::new(|| drop(captured.assert_recorded("read").with("number", 1))),
            "expected `read` with `number` as 1, but it is 13",
        ),
        (
            Box::new(|| {
                assert!(
                    captured
                        .assert_recorded("read")
                        .parameter("nubmer")
                        .is_null()
                )
            }),
            "`read` has no parameter `nubmer` (it has number)",
        ),
        (
            Box::new(|| drop(captured.only("refused").by("u-2"))),
            "expected `refused` by \"u-2\", but it is by \"u-1\"",
        ),
        (
            Box::new(|| drop(captured.only("breaks").error("in three"))),
            "expected `breaks` with the error \"in three\", but it is \"in two\"",
        ),
    ] {
        let message = message(f);
        assert!(message.starts_with(wanted), "{message}");
    }
}

#[test]
fn a_cancelled_future_is_recorded_as_such() {
    let captured = capture(|| {
        let mut future = Box::pin(wait(1));
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(future.as_mut().poll(&mut cx).is_pending());
    });
    captured.only("wait").cancelled();
}
