//! The start after a crash, on a journal and a trail in which anything has been changed: it never panics, and what was
//! not hit stands in the trail once, also after one more start.

#![no_main]

use std::collections::HashMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;

/// Words of the head of a journal, before the ring; see `journal/header.rs`.
const HEAD: usize = 1024 * 8;
/// Where the two copies of what identifies a journal lie.
const IDENTITIES: [Range<usize>; 2] = [0..5 * 8, 1016 * 8..1021 * 8];

/// Events that the trail has, and that only the journal has.
const WRITTEN: u64 = 40;
const WAITING: u64 = 160;

#[derive(Debug, Arbitrary)]
struct Case {
    journal: Journal,
    trail: Vec<Change>,
    trail_end: Option<u16>,
    names: Vec<Change>,
    start_again: bool,
}

#[derive(Debug, Arbitrary)]
enum Journal {
    Gone,
    Bytes(Vec<u8>),
    Changed {
        /// Nearly all of a change at random would hit what no record has ever been in.
        head: Vec<Change>,
        records: Vec<Change>,
        end: Option<u32>,
    },
}

#[derive(Debug, Arbitrary)]
enum Change {
    Flip { at: u16, bits: u8 },
    Fill { at: u16, length: u8, byte: u8 },
    Put { at: u16, bytes: [u8; 8] },
    Copy { from: u16, to: u16, length: u8 },
}

impl Change {
    /// Makes the change in `bytes`, and notes which of them are no longer what they were.
    fn make(&self, bytes: &mut [u8], hit: &mut Vec<usize>, base: usize) {
        if bytes.is_empty() {
            return;
        }
        let place = |at: u16| usize::from(at) * bytes.len() / 0x1_0000;
        let to = |at: usize, length: usize| at..(at + length).min(bytes.len());
        let (range, new): (Range<usize>, Vec<u8>) = match *self {
            Self::Flip { at, bits } => (to(place(at), 1), vec![bytes[place(at)] ^ bits]),
            Self::Fill { at, length, byte } => (
                to(place(at), usize::from(length)),
                vec![byte; usize::from(length)],
            ),
            Self::Put { at, bytes: new } => (to(place(at), new.len()), new.to_vec()),
            Self::Copy {
                from,
                to: at,
                length,
            } => (
                to(place(at), usize::from(length)),
                bytes[to(place(from), usize::from(length))].to_vec(),
            ),
        };
        for (at, new) in range.zip(new) {
            if bytes[at] != new {
                bytes[at] = new;
                hit.push(base + at);
            }
        }
    }
}

/// What a process has left that was killed with its journal well filled.
struct Left {
    journal: Vec<u8>,
    trail: Vec<u8>,
    trail_name: PathBuf,
    names: Vec<u8>,
    names_name: PathBuf,
    /// Of each record, its bytes in the journal and the id of its event.
    records: Vec<(Range<usize>, String)>,
}

static LEFT: LazyLock<Left> = LazyLock::new(leave);

fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

fn start(dir: &Path) -> Result<vigil::Guard, vigil::Error> {
    vigil::builder()
        .config_text("journal:\n  sync_interval: 1h\n")
        .service("fuzz")
        .journal(1 << 20, Duration::from_secs(5))
        .trail(dir)
        .on_error(|_| {})
        .init()
}

fn record(numbers: Range<u64>) {
    for number in numbers {
        let text = "x".repeat(number as usize % 50);
        vigil::audit!(
            category = "DATA",
            operation = "numbered",
            fields(number = number, text = &text)
        );
    }
}

fn only_file(dir: &Path, name: &str) -> PathBuf {
    let entries = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut found = entries.filter(|path| {
        path.file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with(name)
    });
    let file = found.next().unwrap();
    assert_eq!(found.next(), None);
    file
}

fn leave() -> Left {
    let dir = scratch();
    let vigil = start(dir.path()).unwrap();
    let file = only_file(dir.path(), "audit_");
    record(0..WRITTEN);
    let deadline = Instant::now() + Duration::from_secs(30);
    while events(&file).len() < WRITTEN as usize + 1 {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(1));
    }
    // What cannot be appended to the trail waits in the journal.
    let aside = dir.path().join("aside");
    fs::rename(&file, &aside).unwrap();
    fs::create_dir(&file).unwrap();
    record(WRITTEN..WRITTEN + WAITING);
    let inner = dir.path().join(".vigil");
    let journal = fs::read(inner.join("journal")).unwrap();
    let names = only_file(&inner, "process-");
    let left = Left {
        journal,
        trail: fs::read(&aside).unwrap(),
        trail_name: file.file_name().unwrap().into(),
        names: fs::read(&names).unwrap(),
        names_name: names.file_name().unwrap().into(),
        records: Vec::new(),
    };
    fs::remove_dir(&file).unwrap();
    fs::rename(&aside, &file).unwrap();
    vigil.shutdown().unwrap();

    // Unharmed, all of it is written, and so it is known which event has which id.
    let dir = scratch();
    left.lay_out(dir.path(), Some(&left.journal), &left.trail, &left.names);
    start(dir.path()).unwrap().shutdown().unwrap();
    let ids: Vec<String> = events(&dir.path().join(&left.trail_name))
        .into_iter()
        .filter(|event| !event.action.operation.starts_with("audit_"))
        .map(|event| event.event_id)
        .collect();
    let frames = frames(&left.journal);
    assert_eq!(ids.len() as u64, WRITTEN + WAITING);
    assert_eq!(frames.len(), ids.len());
    let records = frames.into_iter().zip(ids).collect();
    Left { records, ..left }
}

/// The frames of a journal in its first lap, as `journal/ring.rs` describes them.
fn frames(journal: &[u8]) -> Vec<Range<usize>> {
    let word = |at: usize| u64::from_le_bytes(journal[at..at + 8].try_into().unwrap());
    let salt = word(3 * 8);
    let mut frames = Vec::new();
    let mut at = HEAD;
    while word(at) == salt.wrapping_add(((at - HEAD) as u64 / 8) << 1) {
        let length = (word(at + 8) as u32 as usize).next_multiple_of(8);
        frames.push(at..at + 16 + length);
        at += 16 + length;
    }
    frames
}

impl Left {
    fn lay_out(&self, dir: &Path, journal: Option<&[u8]>, trail: &[u8], names: &[u8]) {
        let inner = dir.join(".vigil");
        fs::create_dir(&inner).unwrap();
        if let Some(journal) = journal {
            fs::write(inner.join("journal"), journal).unwrap();
        }
        fs::write(inner.join(&self.names_name), names).unwrap();
        fs::write(dir.join(&self.trail_name), trail).unwrap();
    }
}

/// Of a line, what makes it an event to the start.
#[derive(Deserialize)]
struct Event {
    event_id: String,
    seq: u64,
    action: Action,
}

#[derive(Deserialize)]
struct Action {
    operation: String,
    #[serde(rename = "result")]
    _result: Outcome,
}

#[derive(Deserialize)]
struct Outcome {
    #[serde(rename = "status")]
    _status: Status,
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Success,
    Failure,
    Panic,
    Cancelled,
    Denied,
    Attempt,
    Incomplete,
}

fn events(file: &Path) -> Vec<Event> {
    let bytes = fs::read(file).unwrap();
    bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect()
}

fn count(dir: &Path, name: &Path) -> HashMap<String, (u32, u32)> {
    let mut counts = HashMap::new();
    for event in events(&dir.join(name)) {
        let (anywhere, behind): &mut (u32, u32) = counts.entry(event.event_id).or_default();
        *anywhere += 1;
        // The journal's mark says that only from the second event on the trail may lack something.
        *behind += u32::from(event.seq > 0);
    }
    counts
}

fuzz_target!(|case: Case| {
    let left = &*LEFT;
    let (mut hit, mut journal) = (Vec::new(), Some(left.journal.clone()));
    match &case.journal {
        Journal::Gone => journal = None,
        Journal::Bytes(bytes) => journal = Some(bytes.clone()),
        Journal::Changed { head, records, end } => {
            let bytes = journal.as_mut().unwrap();
            let used = left.records.last().unwrap().0.end;
            for change in head {
                change.make(&mut bytes[..HEAD], &mut hit, 0);
            }
            for change in records {
                change.make(&mut bytes[HEAD..used], &mut hit, HEAD);
            }
            if let Some(end) = end {
                // Mostly where it matters.
                bytes.truncate(*end as usize % (2 * used));
            }
        }
    }
    hit.sort_unstable();
    let is_hit = |range: &Range<usize>| {
        let from = hit.partition_point(|at| *at < range.start);
        hit.get(from).is_some_and(|at| *at < range.end)
    };
    let (mut trail, mut names) = (left.trail.clone(), left.names.clone());
    for change in &case.trail {
        change.make(&mut trail, &mut Vec::new(), 0);
    }
    if let Some(end) = case.trail_end {
        trail.truncate(usize::from(end) * trail.len() / 0x1_0000);
    }
    for change in &case.names {
        change.make(&mut names, &mut Vec::new(), 0);
    }

    let dir = scratch();
    left.lay_out(dir.path(), journal.as_deref(), &trail, &names);
    // A copy of bytes can put one event's id into the line of another.
    let before = count(dir.path(), &left.trail_name);
    let Ok(vigil) = start(dir.path()) else {
        // It says what is wrong, and leaves everything as it is.
        return;
    };
    let _ = vigil.shutdown();
    if let Journal::Changed { .. } = case.journal {
        let length = journal.as_ref().map_or(0, Vec::len);
        let readable = length >= HEAD && !IDENTITIES.iter().all(is_hit);
        let counts = count(dir.path(), &left.trail_name);
        for (frame, id) in &left.records {
            let (anywhere, behind) = counts.get(id).copied().unwrap_or_default();
            let doubled_before = before.get(id).map_or(0, |(_, behind)| *behind);
            assert!(behind <= doubled_before.max(1), "{id} is doubled");
            if readable && frame.end <= length && !is_hit(frame) {
                assert!(anywhere >= 1, "{id} is lost");
            }
        }
    }
    if case.start_again {
        let before = events(&dir.path().join(&left.trail_name)).len();
        start(dir.path()).unwrap().shutdown().unwrap();
        let after = events(&dir.path().join(&left.trail_name)).len();
        assert_eq!(after - before, 2, "a clean end leaves nothing to recover");
    }
});
