//! Who reads a trail stands in it: the real program, on trails where they were written and on copies.

#![allow(
    clippy::unwrap_used,
    reason = "an unwrap that fails is a test that fails"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use vigil::sanitize::Profile;
use vigil_tests::{all_events, builder, isolated};

const PATIENCE: Duration = Duration::from_secs(60);

fn program(dir: &Path, arguments: &[&str]) -> Command {
    program_in(Path::new(env!("CARGO_BIN_EXE_vigil")), dir, arguments)
}

fn program_in(file: &Path, dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(file);
    command
        .args(arguments)
        .current_dir(dir)
        .env_clear()
        .stdin(Stdio::null());
    command
}

fn run(dir: &Path, arguments: &[&str]) -> Output {
    program(dir, arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A trail in `dir/trail` that was written and left.
fn write(dir: &Path, profile: Profile) -> PathBuf {
    let trail = dir.join("trail");
    let vigil = builder(&trail).profile(profile).init().unwrap();
    for number in 0..20_u64 {
        vigil::audit!(
            category = "DATA",
            operation = "work",
            fields(number = number),
            outcome = ok
        );
    }
    vigil.shutdown().unwrap();
    trail
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").args([from, to]).status();
    assert!(copied.unwrap().success());
}

/// The parameters of all records of reading, in their order.
fn reads(trail: &Path) -> Vec<Value> {
    let events = all_events(trail).into_iter();
    events
        .filter(|event| event["action"]["operation"] == "audit_read")
        .map(|mut event| event["action"]["parameters"].take())
        .collect()
}

/// All files and what stands in them.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    all
}

const READERS: [&[&str]; 6] = [
    &["verify", "trail"],
    &["cat", "trail"],
    &["tail", "trail", "-n", "5"],
    &["stats", "trail"],
    &["prove", "3", "--trail", "trail"],
    &["export-tlog", "exported", "--trail", "trail", "--entries"],
];

isolated! {
    fn each_command_that_reads_events_stands_in_the_trail(dir) {
        let trail = write(dir, Profile::Default);
        for (number, command) in READERS.iter().enumerate() {
            let output = run(dir, command);
            assert_eq!(code(&output), 0, "{output:?}");
            assert_eq!(said(&output), "");
            let reads = reads(&trail);
            assert_eq!(reads.len(), number + 1, "{command:?}");
            let read = reads.last().unwrap();
            assert_eq!(read["command"], format!("vigil {}", command[0]));
            let events = match command[0] {
                "tail" => 5,
                "prove" => 1,
                _ => 22 + number,
            };
            assert_eq!(read["events"], events, "{command:?}");
            assert_eq!(read["trail"], "trail");
            let process = &read["process"];
            assert!(process["pid"].is_u64() && process["host"].is_string(), "{read}");
            assert!(read.get("phase").is_none());
        }
        assert_eq!(reads(&trail)[0]["verdict"], "intact");
        // And it is signed: the whole of it.
        let output = run(dir, &["verify", "trail", "--json"]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["verdict"], "intact");
        assert_eq!(report["events"], report["covered"]);
    }

    fn a_program_that_runs_takes_it_up(dir) {
        let trail = dir.join("trail");
        let vigil = builder(&trail).init().unwrap();
        let output = run(dir, &["verify", "trail"]);
        assert_eq!((code(&output), said(&output).as_str()), (0, ""));
        let began = Instant::now();
        while reads(&trail).is_empty() {
            assert!(began.elapsed() < PATIENCE);
            std::thread::sleep(Duration::from_millis(50));
        }
        vigil.shutdown().unwrap();
        assert_eq!(reads(&trail).len(), 1);
    }

    fn it_can_be_left_out_where_the_profile_allows_it(dir) {
        let trail = write(dir, Profile::Default);
        let before = files(&trail);
        for command in READERS {
            let output = run(dir, &[command, &["--no-audit"]].concat());
            assert_eq!((code(&output), said(&output).as_str()), (0, ""), "{command:?}");
        }
        assert!(files(&trail) == before);
        // Whoever takes away what says which profile it is does not get more by that.
        fs::remove_file(trail.join(".vigil/about.json")).unwrap();
        let output = run(dir, &["cat", "trail", "--no-audit"]);
        assert_eq!(code(&output), 2);
        assert!(said(&output).contains("does not say which profile"), "{}", said(&output));
        assert!(output.stdout.is_empty());
    }

    fn under_pci_and_hipaa_no_access_goes_unrecorded(dir) {
        for profile in [Profile::Pci, Profile::Hipaa] {
            let dir = &dir.join(profile.as_str());
            let trail = write(dir, profile);
            for command in READERS {
                for refused in ["--no-audit", "--evidence-copy"] {
                    let output = run(dir, &[command, &[refused]].concat());
                    assert_eq!(code(&output), 2, "{command:?}");
                    assert!(said(&output).starts_with(&format!("vigil: {refused}: trail is ")));
                    assert!(output.stdout.is_empty() && !dir.join("exported").exists());
                }
            }
            assert!(reads(&trail).is_empty());
            assert_eq!(code(&run(dir, &["cat", "trail"])), 0);
            let reads = reads(&trail);
            let phases: Vec<_> = reads.iter().map(|read| read["phase"].as_str().unwrap()).collect();
            assert_eq!(phases, ["began", "ended"]);
            // One more than the program wrote: that the reading had begun.
            assert_eq!((&reads[0]["events"], &reads[1]["events"]), (&Value::Null, &23.into()));
            let started = &all_events(&trail)[0]["action"]["parameters"];
            assert_eq!(started["profile"], profile.as_str());
        }
    }

    fn a_copy_is_not_changed_by_who_reads_it(dir) {
        for profile in [Profile::Default, Profile::Pci] {
            let dir = &dir.join(profile.as_str());
            let trail = write(dir, profile);
            copy(&trail, &dir.join("copy"));
            let before = files(&dir.join("copy"));
            let plain = run(dir, &["verify", "copy"]);
            let as_copy = run(dir, &["verify", "copy", "--evidence-copy"]);
            assert_eq!((code(&as_copy), said(&as_copy).as_str()), (0, ""));
            if profile == Profile::Pci {
                assert_eq!(code(&plain), 2);
                assert!(plain.stdout.is_empty());
                assert!(said(&plain).contains("--evidence-copy"), "{}", said(&plain));
            } else {
                assert_eq!(code(&plain), 0);
                assert!(said(&plain).contains("that copy was read is not recorded in it"), "{}", said(&plain));
            }
            assert!(files(&dir.join("copy")) == before);
        }
    }

    /// The trail where it was written, by a user who may not write there.
    #[cfg(unix)]
    fn a_medium_that_is_for_reading_only_is_told(dir) {
        use std::os::unix::fs::{PermissionsExt as _, chown};
        use std::os::unix::process::CommandExt as _;
        const NOBODY: u32 = 65_534;
        let is_root = fs::metadata("/proc/self").is_ok_and(|found| std::os::unix::fs::MetadataExt::uid(&found) == 0);
        for profile in [Profile::Default, Profile::Hipaa] {
            let dir = &dir.join(profile.as_str());
            let trail = write(dir, profile);
            if is_root {
                // Root may write everywhere, so it reads as somebody else.
                for path in files(&trail).keys() {
                    chown(path, Some(NOBODY), None).unwrap();
                }
            }
            let mut directories = vec![trail.clone()];
            while let Some(directory) = directories.pop() {
                for entry in fs::read_dir(&directory).unwrap() {
                    let path = entry.unwrap().path();
                    directories.extend(path.is_dir().then_some(path));
                }
                fs::set_permissions(&directory, fs::Permissions::from_mode(0o555)).unwrap();
            }
            let mut above = dir.as_path();
            while is_root && above != Path::new("/tmp") && above != Path::new("/") {
                fs::set_permissions(above, fs::Permissions::from_mode(0o755)).unwrap();
                above = above.parent().unwrap();
            }
            let before = files(&trail);
            // Where the program was built, somebody else may not even look.
            let vigil = dir.join("vigil");
            fs::copy(env!("CARGO_BIN_EXE_vigil"), &vigil).unwrap();
            let read = |arguments: &[&str]| {
                let mut command = program_in(&vigil, dir, arguments);
                if is_root {
                    command.uid(NOBODY);
                }
                command.output().unwrap()
            };
            let plain = read(&["verify", "trail"]);
            let as_copy = read(&["verify", "trail", "--evidence-copy"]);
            assert_eq!((code(&as_copy), said(&as_copy).as_str()), (0, ""));
            assert!(said(&plain).contains("nothing can be written there"), "{}", said(&plain));
            assert_eq!(code(&plain), if profile == Profile::Hipaa { 2 } else { 0 });
            assert!(files(&trail) == before);
            // For who removes the directory.
            for entry in [".vigil", ".vigil/keys", ".vigil/hashes", ".vigil/seals", ".vigil/inbox", ""] {
                let path = trail.join(entry);
                fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
            }
        }
    }

    /// What is wrong with the trail is not mended by who finds it, and is noted.
    fn who_finds_damage_is_noted_beside_it(dir) {
        let trail = write(dir, Profile::Default);
        let segment = vigil_tests::trail_files(&trail).pop().unwrap();
        let text = fs::read_to_string(&segment).unwrap();
        fs::write(&segment, text.replace("\"number\":7", "\"number\":8")).unwrap();
        for _ in 0..2 {
            let output = run(dir, &["verify", "trail"]);
            assert_eq!(code(&output), 1, "{output:?}");
            assert!(said(&output).contains("is noted there"), "{}", said(&output));
        }
        assert_eq!(fs::read_dir(trail.join(".vigil/inbox")).unwrap().count(), 2);
    }

    fn a_watch_finds_what_is_changed_while_it_looks(dir) {
        let trail = dir.join("trail");
        let vigil = builder(&trail).max_size(1 << 20).init().unwrap();
        let work = |events: u64| {
            for number in 0..events {
                vigil::audit!(
                    category = "DATA",
                    operation = "work",
                    fields(number = number, text = "some text that fills the line a little"),
                    outcome = ok
                );
            }
            vigil::flush().unwrap();
        };
        work(5_000);
        let mut watch = Watch::start(dir, &["--json"]);
        let first = watch.next().unwrap();
        assert_eq!(first["verdict"], "intact");
        assert!(first["segments"].as_array().unwrap().len() > 1);
        let mut events = first["events"].as_u64().unwrap();
        for _ in 0..2 {
            let expected = events + 100;
            work(100);
            while events < expected {
                let line = watch.next().unwrap();
                assert_eq!(line["verdict"], "intact", "{line}");
                events = line["events"].as_u64().unwrap();
            }
        }
        // In a segment that was read before, of the same length.
        let segment = &vigil_tests::trail_files(&trail)[0];
        let text = fs::read_to_string(segment).unwrap();
        fs::write(segment, text.replacen("\"number\":777,", "\"number\":778,", 1)).unwrap();
        let mut last = Value::Null;
        while let Some(line) = watch.next() {
            last = line;
        }
        assert_eq!(last["verdict"], "altered");
        assert_eq!(last["findings"][0]["kind"], "edited", "{last}");
        assert_eq!(watch.ended(), 1);
        vigil.shutdown().unwrap();
        let reads = reads(&trail);
        assert_eq!((&reads[0]["phase"], &reads[0]["watch"]), (&"began".into(), &true.into()));
    }

    /// An earlier trail in its place: it agrees with itself, and not with what the watch has seen.
    fn a_watch_remembers_what_it_has_seen(dir) {
        let trail = write(dir, Profile::Default);
        copy(&trail, &dir.join("before"));
        let more = builder(&trail).init().unwrap();
        more.shutdown().unwrap();
        let mut watch = Watch::start(dir, &["--no-audit"]);
        assert_eq!(watch.line().unwrap(), "intact: trail");
        fs::rename(&trail, dir.join("after")).unwrap();
        fs::rename(dir.join("before"), &trail).unwrap();
        let said: Vec<_> = std::iter::from_fn(|| watch.line()).collect();
        assert_eq!(watch.ended(), 1);
        assert!(said.iter().any(|line| line == "ALTERED: trail"), "{said:?}");
        assert!(said.iter().any(|line| line.contains("rolled back")), "{said:?}");
    }
}

/// A `verify --watch` that runs.
struct Watch {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Watch {
    fn start(dir: &Path, more: &[&str]) -> Self {
        let arguments = [&["verify", "trail", "--watch", "--every", "1"], more].concat();
        let mut child = program(dir, &arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    fn line(&mut self) -> Option<String> {
        self.lines.next().map(Result::unwrap)
    }

    fn next(&mut self) -> Option<Value> {
        self.line().map(|line| serde_json::from_str(&line).unwrap())
    }

    fn ended(&mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
