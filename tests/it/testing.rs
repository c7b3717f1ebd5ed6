//! The test support: each test sees the events of its own code and no others, and a leak is found wherever it is.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::thread;

use vigil::testing::{
    Captured, assert_no_leak, assert_no_leak_async, canary, capture, capture_async,
};
use vigil::{Actor, Context, Sanitize, audit, audited};
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

#[derive(Sanitize)]
struct Form {
    password: String,
    nested: Vec<Option<Note>>,
}

#[derive(Sanitize)]
enum Note {
    Text(String),
}

#[audited(category = "DATA", result)]
fn fill(
    form: &Form,
    #[audit(debug)] shown: &str,
    #[audit(mask(keep_last = 4))] masked: &str,
) -> Result<(), String> {
    let _ = (form, masked);
    Err(format!("no {shown}"))
}

fn form(text: &str) -> Form {
    Form {
        password: canary(),
        nested: vec![None, Some(Note::Text(text.to_owned()))],
    }
}

#[test]
fn a_leak_is_found_and_told_where() {
    let (secret, masked) = (canary(), canary());
    let form = form("harmless");
    assert_no_leak([&form.password, &masked], || {
        fill(&form, "harmless", &masked)
    });

    let all = || [&form.password, &masked, &secret];
    let found = message(|| drop(assert_no_leak(all(), || fill(&form, &secret, &masked))));
    for part in [
        format!("`{secret}`, as it is, in `fill` at action.parameters.shown:"),
        format!("`{secret}`, as it is, in `fill` at error.message:\n    no {secret}"),
    ] {
        assert!(found.contains(&part), "{found}");
    }
    assert!(
        !found.contains(&form.password) && !found.contains(&masked),
        "{found}"
    );
}

#[test]
fn a_leak_is_found_however_it_is_dressed() {
    let secret = canary();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02X}")).collect();
    let percent: String = secret.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let json = format!("{:?}", format!("{secret:?}"));
    for dressed in [
        &hex,
        &percent,
        &json,
        &secret[..14].to_owned(),
        &secret.to_uppercase(),
    ] {
        let form = form(dressed);
        let found = message(|| drop(assert_no_leak([&secret], || fill(&form, "", ""))));
        assert!(
            found.contains("at action.parameters.form.nested.1"),
            "{dressed}: {found}"
        );
    }
    // Spread over the elements of a list.
    let found = message(|| {
        let bytes: Vec<u16> = secret.bytes().map(u16::from).collect();
        assert_no_leak([&secret], || {
            audit!(category = "DATA", operation = "o", fields(bytes))
        });
    });
    assert!(found.contains("as a list of bytes, in `o`:"), "{found}");
    // As a key, in the context, in a panic.
    for leak in [
        (|secret: &str| {
            let map = std::collections::HashMap::from([(secret.to_owned(), 1)]);
            audit!(category = "DATA", operation = "o", fields(map));
        }) as fn(&str),
        |secret| drop(Context::current().tenant(secret).run(|| read(1))),
        |secret| {
            #[audited(category = "DATA")]
            fn panics(#[audit(skip)] text: &str) {
                panic!("{text}");
            }
            let _ = catch_unwind(|| panics(secret));
        },
    ] {
        assert!(message(|| drop(assert_no_leak([&secret], || leak(&secret)))).contains(&secret));
    }
}

#[tokio::test]
async fn leaks_of_futures_are_found() {
    #[audited(category = "DATA")]
    async fn logs(text: String, #[audit(hash)] id: String) {
        let _ = (text, id);
    }
    let secret = canary();
    assert_no_leak_async([&secret], logs("x".to_owned(), secret.clone())).await;
    let captured = capture_async(logs(secret.clone(), "x".to_owned())).await;
    assert!(message(|| captured.assert_no_leak([&secret])).contains("at action.parameters.text:"));
}

#[test]
fn what_proves_nothing_is_no_proof() {
    let secret = canary();
    assert!(
        message(|| drop(assert_no_leak([&secret], || ())))
            .contains("nothing is proved, because nothing was recorded")
    );
    assert!(message(|| drop(assert_no_leak(["short"], || read(1)))).contains("is too short"));
    assert!(message(|| drop(assert_no_leak([""; 0], || read(1)))).contains("there is no canary"));
}

mod made_of_canaries {
    use std::collections::BTreeMap;

    use vigil::testing::{assert_no_leak_of, capture};
    use vigil::{Sanitize, audited};

    use super::message;

    #[derive(Sanitize)]
    #[audit(canary)]
    struct Form<T> {
        title: String,
        password: String,
        #[audit(mask)]
        account: u64,
        #[audit(skip)]
        raw: T,
        #[audit(class = "sensitive")]
        diagnosis: Option<Vec<String>>,
        secrets: BTreeMap<String, String>,
        choice: Choice,
    }

    #[derive(Sanitize)]
    #[audit(canary, rename_all = "snake_case")]
    enum Choice {
        Nothing,
        Token(String),
        Address {
            #[audit(hash)]
            street: String,
        },
    }

    #[audited(category = "DATA")]
    fn submit(form: &Form<String>) {
        let _ = (&form.raw, &form.diagnosis, &form.title, form.account);
    }

    #[test]
    fn every_protected_place_is_tried_in_every_variant() {
        let mut seen = Vec::new();
        let captured = assert_no_leak_of(|form: Form<String>| {
            assert_ne!(form.password, form.raw);
            assert_eq!(form.title, "nothing of note");
            seen.push(match &form.choice {
                Choice::Nothing => "nothing",
                Choice::Token(_) => "token",
                Choice::Address { street: _ } => "address",
            });
            submit(&form);
        });
        let _ = captured.only("submit");
        assert_eq!(seen, ["nothing", "token", "address"]);
    }

    #[test]
    fn what_leaks_on_the_way_is_found() {
        #[audited(category = "DATA")]
        fn chatty(form: &Form<String>) -> Result<(), String> {
            match &form.choice {
                Choice::Address { street } => Err(format!("no such street: {street}")),
                _ => Ok(()),
            }
        }
        let text = message(|| {
            assert_no_leak_of(|form: Form<String>| chatty(&form));
        });
        assert!(text.contains("in `chatty` at error.message"), "{text}");
    }

    #[test]
    fn a_type_without_secrets_proves_nothing() {
        #[derive(Sanitize)]
        #[audit(canary)]
        struct Plain {
            title: String,
        }
        let text = message(|| {
            assert_no_leak_of(|plain: Plain| {
                capture(|| drop(plain.title));
            });
        });
        assert!(
            text.contains("no field of `") && text.contains("Plain` is protected"),
            "{text}"
        );
    }
}

mod treatments {
    use std::sync::Mutex;

    use vigil::sanitize::{SanitizeConfig, Sanitizer, Scope, Substitute, Vault, to_json};
    use vigil::{Context, Sanitize, audited, testing};

    #[derive(Sanitize)]
    struct Patient {
        #[audit(generalize = "birth_year")]
        born: String,
        #[audit(generalize = "age")]
        age: u8,
        #[audit(generalize = "zip3")]
        zip: String,
        #[audit(bucket = 1000)]
        income: u32,
        #[audit(generalize = "network")]
        from: std::net::IpAddr,
        #[audit(drop)]
        scan: std::cell::Cell<u8>,
        #[audit(class = "personal")]
        nickname: String,
        #[audit(class = "public")]
        token_name_of_ward: String,
        #[audit(tokenize)]
        member: String,
        #[audit(encrypt)]
        letter: String,
    }

    #[test]
    fn each_word_does_what_it_says() {
        let patient = Patient {
            born: "1984-05-17".to_owned(),
            age: 93,
            zip: "94107".to_owned(),
            income: 41_200,
            from: [203, 0, 113, 7].into(),
            scan: std::cell::Cell::new(7),
            nickname: "Jay".to_owned(),
            token_name_of_ward: "north".to_owned(),
            member: "M-1".to_owned(),
            letter: "dear".to_owned(),
        };
        let _ = patient.scan.get();
        assert_eq!(
            to_json(&patient),
            concat!(
                r#"{"born":"1984","age":"90+","zip":"941","income":"41000-41999","from":"203.0.113.0","#,
                r#""nickname":"***REDACTED***","token_name_of_ward":"north","#,
                // Without a vault there is nothing that could stand for these.
                r#""member":"***REDACTED***","letter":"***REDACTED***"}"#
            )
        );
    }

    #[audited(category = "DATA")]
    fn look_up(
        #[audit(hash)] email: &str,
        #[audit(hash = "person")] buyer: &str,
        #[audit(hash = "person")] payer: &str,
    ) {
    }

    fn recorded(tenant: Option<&str>) -> [String; 3] {
        let context = match tenant {
            Some(tenant) => Context::current().tenant(tenant),
            None => Context::current(),
        };
        let captured = testing::capture(|| context.run(|| look_up("jane", "jane", "jane")));
        let parameters = &captured.events()[0].action.parameters;
        ["email", "buyer", "payer"].map(|name| parameters[name].as_str().unwrap().to_owned())
    }

    #[test]
    fn pseudonyms_are_equal_within_kind_and_tenant_only() {
        let [email, buyer, payer] = recorded(Some("acme"));
        assert_eq!(buyer, payer);
        assert_ne!(email, buyer);
        assert_eq!(
            recorded(Some("acme")),
            [email.clone(), buyer.clone(), payer]
        );
        assert_ne!(recorded(Some("other"))[0], email);
        assert_ne!(recorded(None)[0], email);
    }

    struct Careless;

    impl Vault for Careless {
        fn replace(&self, scope: Scope<'_>, value: &str) -> Option<String> {
            match value {
                "panic" => panic!("no vault today"),
                "shown" => Some(format!("<{value}>")),
                "none" => None,
                _ => Some(format!("{}:\"quoted\"\n", scope.kind)),
            }
        }
    }

    /// Whatever a vault does, the value is not shown, the host does not panic, and the line stays JSON.
    #[test]
    fn a_vault_that_fails_leaves_nothing_open() {
        static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());
        let mut rule = vigil::sanitize::Pattern::new("word", r"panic|shown|none|right");
        rule.method = vigil::sanitize::Treatment::Tokenize;
        let config = SanitizeConfig {
            patterns: vec![rule],
            tokenizer: Some(Substitute::new(Careless)),
            ..SanitizeConfig::default()
        };
        let sanitizer = Sanitizer::new(&config).unwrap();
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| SEEN.lock().unwrap().push(String::new())));
        let out = ["a panic b", "a shown b", "a none b", "a right b"]
            .map(|text| sanitizer.text(text).json().to_owned());
        std::panic::set_hook(hook);
        for out in &out[..3] {
            assert_eq!(out, "\"a ***REDACTED*** b\"");
        }
        assert_eq!(out[3], r#""a word:\"quoted\"\n b""#);
    }
}
