//! Sinks of a process of its own: one whose output nobody reads, one that is killed.

use super::*;

const CHILD: &str = "SINKS_CHILD";

/// Runs this test again as a child, with `VIGIL`-free surroundings, in `dir`.
fn child(name: &str, dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(CHILD, dir)
        .current_dir(dir);
    command
}

/// The program goes on when nobody reads its output any more, and its shutdown does not wait for anybody who might.
#[cfg(unix)]
#[test]
fn a_closed_standard_output_harms_nothing() {
    use std::io::BufRead;
    const NAME: &str = "sinks::processes::a_closed_standard_output_harms_nothing";
    if let Some(dir) = std::env::var_os(CHILD) {
        let told = Told::default();
        let vigil = told
            .by(builder(Path::new(&dir)))
            .stdout(true)
            .shutdown_timeout(Duration::from_secs(3600))
            .init()
            .unwrap();
        println!("begun");
        eventually("the pipe is closed", || {
            numbered(0);
            vigil::flush().unwrap();
            of("stdout").state == SinkState::Failed
        });
        numbered(1);
        let stats = vigil.shutdown().unwrap();
        assert!(stats.sinks["stdout"].lag > 0 && stats.total.dropped == 0);
        assert!(told.all()[0].starts_with("sink stdout refuses event "));
        std::fs::write(Path::new(&dir).join("done"), "").unwrap();
        // The test runner would print, and fail.
        std::process::exit(0);
    }
    let dir = tempfile::tempdir().unwrap();
    let mut child = child(NAME, dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The test runner has something to say first.
    let mut begun = String::new();
    let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
    while !begun.contains("begun") {
        assert_ne!(output.read_line(&mut begun).unwrap(), 0, "{begun}");
    }
    drop(output);
    assert!(child.wait().unwrap().success());
    assert!(dir.path().join("done").exists());
    let events = events(dir.path());
    assert_eq!(events.last().unwrap()["action"]["parameters"]["number"], 1);
}

/// What stands on the standard output is the trail of this run, from the first event after its start on.
#[test]
fn standard_output_repeats_what_is_written() {
    const NAME: &str = "sinks::processes::standard_output_repeats_what_is_written";
    if let Some(dir) = std::env::var_os(CHILD) {
        let vigil = builder(Path::new(&dir)).stdout(true).init().unwrap();
        record(0..100);
        vigil.shutdown().unwrap();
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    for run in 1..=2 {
        let output = child(NAME, dir.path()).output().unwrap();
        assert!(output.status.success());
        let printed = String::from_utf8(output.stdout).unwrap();
        let echoed: Vec<_> = printed
            .lines()
            // The name of the test stands before the first.
            .filter_map(|line| Some(&line[line.find("{\"event_id\"")?..]))
            .collect();
        let run_length = (START + 100 + END) as usize;
        assert!(echoed == all_lines(dir.path())[(run - 1) * run_length + START as usize..]);
    }
}

/// A process is killed again and again while its sinks are at work. In the end each of them has every event that is in
/// the trail, in order, and whole.
#[cfg(unix)]
#[test]
fn killed_at_any_moment_a_sink_gets_every_event_of_the_trail() {
    use std::io::Write;
    const NAME: &str =
        "sinks::processes::killed_at_any_moment_a_sink_gets_every_event_of_the_trail";
    const ROUNDS: u64 = 15;
    if let Some(dir) = std::env::var_os(CHILD) {
        let dir = Path::new(&dir).to_owned();
        let file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(dir.join("copy"))
            .unwrap();
        let vigil = builder(&dir.join("trail"))
            .max_size(1 << 20)
            .sink_with(
                Acting("copy", move |batch: &Batch<'_>| {
                    Ok((&file).write_all(batch.as_bytes())?)
                }),
                SinkOptions::new().batch(50, 1 << 20),
            )
            .init()
            .unwrap();
        // The last round ends in peace.
        let rounds = std::fs::read_dir(&dir).unwrap().count() as u64;
        let last = rounds >= ROUNDS;
        std::fs::write(dir.join(format!("round-{rounds}")), "").unwrap();
        let mut number = 0;
        while !last || number < 1000 {
            record(number..number + 50);
            number += 50;
            std::thread::sleep(Duration::from_millis(1));
        }
        vigil.shutdown().unwrap();
        std::fs::write(dir.join("done"), "").unwrap();
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    for round in 0.. {
        assert!(round < 10 * ROUNDS);
        let mut child = child(NAME, dir.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // In the end also where the machine is so busy that most processes do not get far.
        let deadline = Duration::from_millis(20 + round * 37 % (300 + 20 * round));
        std::thread::sleep(deadline);
        if std::fs::read_dir(dir.path()).unwrap().count() as u64 > ROUNDS {
            assert!(child.wait().unwrap().success());
            if dir.path().join("done").exists() {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let trail = all_lines(&dir.path().join("trail"));
    let copy = all_bytes_of(&dir.path().join("copy"));
    // Lines that came again are the same lines; a batch that was cut off by a kill has come again whole.
    let mut next = 0;
    let mut repeated = BTreeSet::new();
    for line in copy.split_terminator('\n') {
        let Ok(event) = serde_json::from_str::<serde_json::Value>(line) else {
            continue;
        };
        let seq = event["seq"].as_u64().unwrap();
        assert!(seq <= next, "event {next} is missing before {seq}");
        if seq < next {
            repeated.insert(seq);
        }
        next = next.max(seq + 1);
    }
    assert_eq!(next, trail.len() as u64);
    println!(
        "{} events in the trail, {} of them delivered more than once",
        trail.len(),
        repeated.len()
    );
    let copied: BTreeSet<&str> = copy.split_terminator('\n').collect();
    assert!(trail.iter().all(|line| copied.contains(line.as_str())));
}

fn all_bytes_of(file: &Path) -> String {
    String::from_utf8(std::fs::read(file).unwrap()).unwrap()
}

/// No cursor and no report holds anything of an event.
#[test]
fn cursors_hold_numbers_and_names_of_files() {
    const NAME: &str = "sinks::processes::cursors_hold_numbers_and_names_of_files";
    if let Some(dir) = std::env::var_os(CHILD) {
        let vigil = builder(Path::new(&dir))
            .sink(Copy::default().sink("copy"))
            .init()
            .unwrap();
        audit!(
            category = "DATA",
            operation = "told",
            fields(word = "findme")
        );
        vigil.shutdown().unwrap();
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    assert!(child(NAME, dir.path()).output().unwrap().status.success());
    let bytes = all_bytes(&dir.path().join(".vigil/cursors"));
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("vigil cursor 1\nseq 3\nfile audit_audit_"));
    assert!(!text.contains("findme"));
}
