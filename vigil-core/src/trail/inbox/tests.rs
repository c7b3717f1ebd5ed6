use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::file::{Content, MAX_NOTE, Name};
use super::{Inbox, Note, NoteKind};
use crate::EventId;

struct Place {
    dir: tempfile::TempDir,
    inbox: Inbox,
}

impl Place {
    /// A trail of so many events, in an unsigned segment.
    fn new(events: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let lines: String = (0..events)
            .map(|seq| line(EventId::new(seq), seq))
            .collect();
        fs::write(segment(dir.path(), 20), lines).unwrap();
        let inbox = Inbox::of_trail(dir.path());
        inbox.create().unwrap();
        Self { dir, inbox }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(".vigil/inbox").join(name)
    }

    fn leave(&self) -> EventId {
        let note = Note::new(NoteKind::Read, "cat").detail("events", 7);
        self.inbox.leave(&note, None).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("")).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort_unstable();
        names
    }
}

fn segment(dir: &Path, day: u32) -> PathBuf {
    dir.join(format!("audit_audit_2026-11-{day}.log"))
}

fn line(id: EventId, seq: u64) -> String {
    format!("{{\"event_id\":\"{id}\",\"seq\":{seq}}}\n")
}

#[test]
fn names_are_read_back_and_others_are_not() {
    let id = EventId::new(7);
    for name in [
        Name { id, taken: None },
        Name {
            id,
            taken: Some(41),
        },
    ] {
        assert_eq!(Name::parse(&name.file_name()), Some(name));
        assert!(Name::is_temporary(&format!("{}.new", name.file_name())));
    }
    let upper = id.to_string().to_uppercase();
    for foreign in [
        format!("{id}"),
        format!("{id}.json.1"),
        format!("{id}.041.taken"),
        format!("{id}..taken"),
        format!("{id}.-1.taken"),
        format!("{upper}.json"),
        "x.json".to_owned(),
        ".json".to_owned(),
        String::new(),
    ] {
        assert_eq!(Name::parse(&foreign), None, "{foreign}");
    }
}

#[test]
fn notes_come_in_the_order_in_which_they_were_left() {
    let mut place = Place::new(0);
    let ids: Vec<_> = (0..20).map(|_| place.leave()).collect();
    let listed = place.inbox.list().unwrap();
    assert!(listed.refused.is_empty());
    let taken = place.inbox.take(listed.notes, 3).unwrap();
    assert_eq!(taken.iter().map(super::Taken::id).collect::<Vec<_>>(), ids);
    assert!(place.names().iter().all(|name| name.ends_with(".3.taken")));
    for note in &taken {
        place.inbox.done(note).unwrap();
    }
    assert!(place.names().is_empty());
}

/// The crash lies between the taking and the removing; the event was written, or was not.
#[test]
fn a_note_that_was_taken_is_looked_for_where_its_event_may_be() {
    let mut place = Place::new(10);
    let (written, unwritten) = (place.leave(), place.leave());
    let notes = place.inbox.list().unwrap().notes;
    place.inbox.take(notes, 10).unwrap();
    // Somebody's copy in a value, and in a line before: neither is the event.
    let quoted = format!("{{\"note\":\"{{\\\"event_id\\\":\\\"{unwritten}\\\"\",\"seq\":11}}\n");
    let lines = [
        line(EventId::new(3), 10),
        quoted,
        line(written, 12),
        line(EventId::new(4), 13),
    ];
    fs::write(segment(place.dir.path(), 21), lines.concat()).unwrap();
    fs::write(segment(place.dir.path(), 22), line(EventId::new(5), 14)).unwrap();
    let notes = place.inbox.list().unwrap().notes;
    assert_eq!(notes.len(), 2);
    let taken = place.inbox.take(notes, 15).unwrap();
    let ids: Vec<_> = taken.iter().map(super::Taken::id).collect();
    assert_eq!(ids, [unwritten]);
    assert_eq!(place.names(), [format!("{unwritten}.10.taken")]);
}

#[test]
fn what_is_no_note_is_moved_away_and_told() {
    let mut place = Place::new(0);
    let good = place.leave();
    let text = fs::read_to_string(place.path(&format!("{good}.json"))).unwrap();
    let id = || EventId::new(crate::Clock::unix_nanos(&crate::SystemClock));
    let change = |member: &str, value: Value| {
        let mut note: Value = serde_json::from_str(&text).unwrap();
        note[member] = value;
        note.to_string()
    };
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let bad = [
        String::new(),
        "null".to_owned(),
        "{\"version\":1}".to_owned(),
        text[..text.len() - 1].to_owned(),
        deep.clone(),
        text.replace("\"events\":7", &format!("\"events\":{deep}")),
        change("version", 2.into()),
        change("event", "audit_stopped".into()),
        change("event", "drop_table".into()),
        change("outcome", "ATTEMPT".into()),
        change("details", 7.into()),
        change("extra", 7.into()),
        change("command", "x".repeat(MAX_NOTE).into()),
    ];
    for text in &bad {
        fs::write(place.path(&format!("{}.json", id())), text).unwrap();
    }
    fs::write(place.path("readme"), "hello").unwrap();
    fs::create_dir(place.path(&format!("{}.json", id()))).unwrap();
    let mut refused = bad.len() + 2;
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        fs::write(
            place.path("").join(std::ffi::OsStr::from_bytes(b"\xff")),
            "",
        )
        .unwrap();
        std::os::unix::fs::symlink("/etc/passwd", place.path(&format!("{}.json", id()))).unwrap();
        // A reader of it would wait for ever.
        let pipe = place.path(&format!("{}.json", id()));
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        refused += 3;
    }
    let listed = place.inbox.list().unwrap();
    assert_eq!(listed.notes.len(), 1);
    assert_eq!(listed.refused.len(), refused, "{:#?}", listed.refused);
    for what in &listed.refused {
        assert!(what.contains("it has been moved to"), "{what}");
        assert!(!what.contains("hello"), "{what}");
    }
    assert_eq!(
        place.names(),
        [format!("{good}.json"), "refused".to_owned()]
    );
    assert_eq!(
        fs::read_dir(place.path("refused")).unwrap().count(),
        refused
    );
    // The same name once more.
    fs::write(place.path("readme"), "again").unwrap();
    assert_eq!(place.inbox.list().unwrap().refused.len(), 1);
    assert_eq!(
        fs::read_to_string(place.path("refused/readme.1")).unwrap(),
        "again"
    );
}

#[test]
fn what_a_note_says_passes_the_sanitizer_and_is_its_authors_word_alone() {
    let note = Note::new(NoteKind::SubjectErased, "erase jane.smith@example.com")
        .detail("password", "hunter2")
        .detail("card", "4012 8888 8888 1881")
        .detail("by", "somebody else")
        .denied();
    let content = Content::of(&note, Some("host".to_owned()), 7);
    let written = serde_json::to_string(&content).unwrap();
    assert!(
        !written.contains("hunter2")
            && !written.contains("8888 8888")
            && !written.contains("jane.smith")
    );
    // One that somebody has put there by hand.
    let by_hand = written
        .replace("***REDACTED***", "hunter2")
        .replace(r#""host":"host""#, r#""host":"4012888888881881""#);
    let said = Content::parse(by_hand.as_bytes()).unwrap().said().unwrap();
    let parameters: Value = serde_json::from_str(&format!("{{{}}}", said.parameters)).unwrap();
    let text = parameters.to_string();
    for secret in ["hunter2", "jane.smith", "401288888888", "somebody else"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert_eq!(parameters["at"], "1970-01-01T00:00:00.000000Z");
    assert_eq!(parameters["process"]["pid"], std::process::id());
    assert_eq!(said.outcome, crate::Status::Denied);
    let actor: Value = serde_json::from_str(&said.actor).unwrap();
    assert_eq!(actor["type"], "user");
}

#[test]
fn a_note_says_no_more_than_the_limits_of_the_sanitizer_allow() {
    let mut place = Place::new(0);
    let mut note = Note::new(NoteKind::Read, "x y ".repeat(MAX_NOTE));
    for number in 0..1_000 {
        note = note.detail(format!("range_{number}"), "x y ".repeat(1_000));
    }
    place.inbox.leave(&note, None).unwrap();
    let listed = place.inbox.list().unwrap();
    assert!(listed.refused.is_empty());
    assert!(listed.notes[0].said.parameters.len() < 2 * MAX_NOTE);
}
