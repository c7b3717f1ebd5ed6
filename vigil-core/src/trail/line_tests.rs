use super::super::System;
use super::*;
use crate::event::Callsite;
use crate::event::model::Event;
use crate::event::record::push_section;
use crate::{ActionType, Category, EventId, Status};
use proptest::prelude::*;

static SITE: Callsite = Callsite::__new(
    Category::AUTH,
    ActionType::CREATE,
    "register_\"user\"",
    ("shop::auth", "src\\auth.rs", 12),
    None,
    &[],
);

fn system() -> System {
    System {
        service: "shop".to_owned(),
        hostname: Some("host-1".to_owned()),
        os: "Linux",
        rust_version: "1.95.0",
        process_id: 7,
    }
}

fn composer() -> Composer {
    SITE.id();
    Composer::new(system().text(), SiteText::all())
}

fn header(status: Status) -> Header {
    Header {
        callsite: SITE.id(),
        status,
        slow: false,
        id: "01934f3c-6a1b-7def-8123-456789abcdef".parse().unwrap(),
        parent: None,
        started_unix_nanos: 1_795_464_117_963_017_999,
        took_nanos: 512_345,
    }
}

fn line_of(header: Header, sections: &[(Section, &str)]) -> String {
    let mut bytes = Vec::new();
    header.write(&mut bytes);
    for (section, json) in sections {
        push_section(&mut bytes, *section, json.as_bytes());
    }
    let mut line = Vec::new();
    composer().compose(&Record::read(&bytes).unwrap(), 1041, &mut line);
    String::from_utf8(line).unwrap()
}

#[test]
fn an_event_with_nothing_but_what_it_must_have() {
    assert_eq!(
        line_of(header(Status::Success), &[]),
        concat!(
            r#"{"event_id":"01934f3c-6a1b-7def-8123-456789abcdef","timestamp":"2026-11-23T20:01:57.963017Z","#,
            r#""version":"1.0.0","seq":1041,"actor":{"type":"anonymous"},"#,
            r#""action":{"type":"CREATE","category":"AUTH","operation":"register_\"user\"","parameters":{},"#,
            r#""result":{"status":"SUCCESS"}},"performance":{"duration_ms":0.512,"slow_query":false},"#,
            r#""system":{"service":"shop","host":{"hostname":"host-1","os":"Linux"},"#,
            r#""runtime":{"rust_version":"1.95.0","process_id":7}},"#,
            r#""source":{"module":"shop::auth","file":"src\\auth.rs","line":12,"schema":"1a6e0d9d284459a0"}}"#,
            "\n"
        )
    );
}

#[test]
fn an_event_with_everything_in_its_order() {
    let parent = EventId::from_bytes([0x11; 16]);
    let header = Header {
        slow: true,
        parent: Some(parent),
        took_nanos: 61_000_999_500,
        ..header(Status::Failure)
    };
    let line = line_of(
        header,
        &[
            (Section::Redactions, r#""email":1,"key":2"#),
            (Section::Custom, r#""batch":[1,2]"#),
            (Section::Thread, r#""main""#),
            (Section::Context, r#""request_id":"r-1","tenant":"t""#),
            (Section::Error, r#""type":"AuthError","message":"no""#),
            (Section::Resource, r#"{"type":"account","id":"42"}"#),
            (Section::ResultValue, "null"),
            (Section::Parameters, r#""plan":"basic""#),
            (Section::Changes, r#""plan":{"old":"free","new":null}"#),
            (
                Section::Checkpoints,
                r#"{"name":"a","at_ms":0.5},{"name":"b","at_ms":1.25}"#,
            ),
            (
                Section::Actor,
                r#"{"type":"user","id":"u-17","roles":["admin"]}"#,
            ),
        ],
    );
    let members: Vec<usize> = [
        "event_id",
        "timestamp",
        "version",
        "seq",
        "actor",
        "action",
        "resource",
        "error",
        "context",
        "performance",
        "system",
        "source",
        "custom",
        "redactions",
    ]
    .iter()
    .map(|member| line.find(&format!("\"{member}\":")).unwrap())
    .collect();
    assert!(members.is_sorted(), "{line}");
    let event = Event::parse(&line).unwrap();
    assert_eq!(event.performance.duration_ms, 61_001.0);
    assert!(event.performance.slow_query);
    assert_eq!(event.action.result.value, Some(serde_json::Value::Null));
    assert_eq!(event.action.changes["plan"].old, "free");
    assert_eq!(event.performance.checkpoints[1].at_ms, 1.25);
    let context = event.context.as_ref().unwrap();
    assert_eq!(
        (context.parent_id, context.tenant.as_deref()),
        (Some(parent), Some("t"))
    );
    // Nothing that the line says is lost on the way through the reader.
    let read: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(serde_json::to_value(&event).unwrap(), read);
}

#[test]
fn a_line_for_several_events_says_so_at_its_end_and_fits() {
    let repeats = Repeats {
        count: 41,
        first_unix_nanos: 1_795_464_107_000_000_000,
        last_unix_nanos: 1_795_464_117_963_017_999,
        of: EventId::from_bytes([0x11; 16]),
    };
    for length in [0, 60_000, 65_000, 70_000] {
        let mut bytes = Vec::new();
        header(Status::Success).write(&mut bytes);
        let parameters = format!("\"a\":\"{}\"", "x".repeat(length));
        push_section(&mut bytes, Section::Parameters, parameters.as_bytes());
        let record = Record::read(&bytes).unwrap();
        let mut line = Vec::new();
        composer().compose_repeats(&record, &repeats, 7, &mut line);
        let line = String::from_utf8(line).unwrap();
        assert!(line.len() <= MAX_LINE + 1, "{}", line.len());
        assert!(
            line.ends_with(
                ",\"repeated\":41,\"first_timestamp\":\"2026-11-23T20:01:47.000000Z\",\
                 \"last_timestamp\":\"2026-11-23T20:01:57.963017Z\",\
                 \"repeat_of\":\"11111111-1111-1111-1111-111111111111\"}\n"
            ),
            "{line}"
        );
        let event = Event::parse(&line).unwrap();
        assert_eq!(
            (event.repeated, event.repeat_of),
            (Some(41), Some(repeats.of))
        );
        assert_eq!(
            event.last_timestamp.as_deref(),
            Some(event.timestamp.as_str())
        );
        assert_eq!(
            crate::trail::follow::seq_of(line.trim_end().as_bytes()),
            Some(7)
        );
    }
}

#[test]
fn a_parent_alone_makes_a_context() {
    let header = Header {
        parent: Some(EventId::from_bytes([0x11; 16])),
        ..header(Status::Success)
    };
    let line = line_of(header, &[]);
    assert!(
        line.contains(r#","context":{"parent_id":"11111111-1111-1111-1111-111111111111"},"#),
        "{line}"
    );
}

#[test]
fn the_pieces_of_a_callsite_are_rendered_once() {
    let mut bytes = Vec::new();
    header(Status::Success).write(&mut bytes);
    let record = Record::read(&bytes).unwrap();
    let mut composer = composer();
    let (mut first, mut second) = (Vec::new(), Vec::new());
    composer.compose(&record, 1, &mut first);
    let sites = composer.sites.len();
    composer.compose(&record, 1, &mut second);
    assert_eq!((first, sites), (second, composer.sites.len()));
}

#[test]
fn of_two_values_the_big_one_is_shortened_and_the_small_one_stays() {
    let sql = format!(r#""sql":"{}","user":7"#, "ä".repeat(100_000));
    let line = line_of(header(Status::Success), &[(Section::Parameters, &sql)]);
    let event = Event::parse(&line).unwrap();
    let text = event.action.parameters["sql"].as_str().unwrap();
    assert!(
        text.starts_with("ää") && text.contains("ä…$truncated(+") && text.ends_with(" bytes)"),
        "{text}"
    );
    assert_eq!(event.action.parameters["user"], 7);
    assert!(line.len() < 4096);
}

#[test]
fn what_does_not_fit_keeps_its_type() {
    let many = vec!["\"frame of a backtrace\""; 5_000].join(",");
    let error = format!(
        r#""type":"panic","message":"{}","backtrace":[{many}]"#,
        "m".repeat(70_000)
    );
    let value = format!(r#"{{"rows":[{many}],"count":2}}"#);
    let roles = format!(r#"{{"type":"user","roles":[{many}]}}"#);
    let line = line_of(
        header(Status::Panic),
        &[
            (Section::Error, &error),
            (Section::ResultValue, &value),
            (Section::Actor, &roles),
        ],
    );
    assert!(line.len() <= MAX_LINE + 1);
    let event = Event::parse(&line).unwrap();
    let error = event.error.unwrap();
    assert_eq!(
        error.backtrace,
        [format!("…$truncated(+{} bytes)", many.len() + 2)]
    );
    assert_eq!(error.kind.as_deref(), Some("panic"));
    let value = event.action.result.value.unwrap();
    assert_eq!(
        (&value["count"], &value["rows"][0]),
        (
            &2.into(),
            &format!("…$truncated(+{} bytes)", many.len() + 2).into()
        )
    );
}

#[test]
fn of_thousands_of_small_members_the_first_stay() {
    let members: Vec<String> = (0..9_000)
        .map(|i| format!(r#""key-{i}":"value-{i}""#))
        .collect();
    let line = line_of(
        header(Status::Success),
        &[(Section::Parameters, &members.join(","))],
    );
    assert!(line.len() <= MAX_LINE + 1);
    let event = Event::parse(&line).unwrap();
    let parameters = &event.action.parameters;
    let left_out = 9_000 - (parameters.len() as u64 - 1);
    assert_eq!(
        (&parameters["key-0"], &parameters["$truncated"]),
        (&"value-0".into(), &left_out.into())
    );
    // No more than necessary.
    assert!(line.len() > MAX_LINE - 100, "{}", line.len());
}

#[test]
fn of_thousands_of_checkpoints_and_changes_the_first_stay() {
    let checkpoints = vec![r#"{"name":"round","at_ms":1.000}"#; 3_000].join(",");
    let changes: Vec<String> = (0..3_000)
        .map(|i| format!(r#""field-{i}":{{"old":1,"new":2}}"#))
        .collect();
    let line = line_of(
        header(Status::Success),
        &[
            (Section::Checkpoints, &checkpoints),
            (Section::Changes, &changes.join(",")),
        ],
    );
    assert!(line.len() <= MAX_LINE + 1);
    let read: serde_json::Value = serde_json::from_str(&line).unwrap();
    let event = Event::parse(&line).unwrap();
    let written = read["performance"]["checkpoints"].as_array().unwrap();
    let kept = event.performance.checkpoints.len();
    assert_eq!(written.len(), kept + 1);
    assert_eq!(
        written[kept],
        serde_json::json!({"$truncated": 3_000 - kept})
    );
    let kept = event.action.changes.len();
    assert!(kept > 100);
    assert_eq!(read["action"]["changes"]["$truncated"], 3_000 - kept);
}

#[test]
fn a_line_of_exactly_the_limit_is_left_alone() {
    let room = MAX_LINE + 1
        - line_of(
            header(Status::Success),
            &[(Section::Parameters, r#""a":"""#)],
        )
        .len();
    let exact = format!(r#""a":"{}""#, "x".repeat(room));
    let line = line_of(header(Status::Success), &[(Section::Parameters, &exact)]);
    assert_eq!(line.len(), MAX_LINE + 1);
    assert!(!line.contains("$truncated"));
    let over = format!(r#""a":"{}""#, "x".repeat(room + 1));
    assert!(
        line_of(header(Status::Success), &[(Section::Parameters, &over)]).contains("$truncated")
    );
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        "\\PC{0,40}".prop_map(Into::into),
        (1..400usize, any::<String>()).prop_map(|(n, text)| text
            .repeat(n)
            .chars()
            .take(n * 8)
            .collect::<String>()
            .into()),
    ];
    leaf.prop_recursive(4, 200, 12, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..12).prop_map(Into::into),
            prop::collection::hash_map(any::<String>(), inner, 0..12)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

fn members() -> impl Strategy<Value = String> {
    prop::collection::hash_map("\\PC{0,2000}", json(), 0..40).prop_map(|map| {
        let text = serde_json::to_string(&map).unwrap();
        text[1..text.len() - 1].to_owned()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn every_line_is_one_line_of_json_within_the_limit(
        parameters in members(),
        custom in members(),
        value in json(),
        repeat in 1..30usize,
    ) {
        let parameters = vec![parameters; repeat].join(",").replace(",,", ",");
        let parameters = parameters.trim_matches(',');
        let value = value.to_string();
        let line = line_of(
            header(Status::Success),
            &[(Section::Parameters, parameters), (Section::Custom, &custom), (Section::ResultValue, &value)],
        );
        prop_assert!(line.len() <= MAX_LINE + 1);
        prop_assert_eq!(line.find('\n'), Some(line.len() - 1));
        if let Err(error) = Event::parse(&line) {
            prop_assert!(false, "{}", error);
        }
    }

    #[test]
    fn bytes_that_are_no_json_are_shortened_without_a_panic(
        garbage in prop::collection::vec(any::<u8>(), 0..2000),
        repeat in 1..100usize,
    ) {
        let mut bytes = Vec::new();
        header(Status::Success).write(&mut bytes);
        for section in Section::ALL {
            push_section(&mut bytes, section, &garbage.repeat(repeat));
        }
        composer().compose(&Record::read(&bytes).unwrap(), 0, &mut Vec::new());
    }
}
