//! Processes killed while they pack: the lines are there after each, and the next run finishes the work.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{PackOptions, pack};
use crate::trail::verify::tests_fixture::{Fixture, line};
use crate::trail::{Identities, TrailReader, Verdict, VerifyOptions, verify};

const NAME: &str = "trail::packing::killed::a_run_that_is_killed_loses_nothing";
const DIR: &str = "VIGIL_TEST_PACK_DIR";
const RECIPIENT: &str = "VIGIL_TEST_PACK_RECIPIENT";
const BEGUN: &str = "VIGIL_TEST_PACK_BEGUN";

fn options(recipient: Option<&str>) -> PackOptions {
    match recipient {
        Some(recipient) => PackOptions::new().recipient(recipient).unwrap(),
        None => PackOptions::new(),
    }
}

/// Where encryption is built in, a key file and what it is encrypted to.
fn key(dir: &Path) -> Option<(Identities, String)> {
    #[cfg(feature = "encryption")]
    {
        use age::secrecy::ExposeSecret as _;
        let key = age::x25519::Identity::generate();
        let path = dir.join("auditor.key");
        fs::write(&path, key.to_string().expose_secret()).unwrap();
        Some((Identities::read(path).unwrap(), key.to_public().to_string()))
    }
    #[cfg(not(feature = "encryption"))]
    {
        let _ = dir;
        None
    }
}

/// A process that packs, and has begun to.
fn begin(dir: &Path, begun: &Path, recipient: Option<&String>) -> Child {
    let _ = fs::remove_file(begun);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([NAME, "--exact"])
        .env(DIR, dir)
        .env(BEGUN, begun)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Some(recipient) = recipient {
        command.env(RECIPIENT, recipient);
    }
    let mut child = command.spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while !begun.exists() {
        assert!(child.try_wait().unwrap().is_none() || begun.exists());
        assert!(Instant::now() < deadline, "it does not begin");
        std::thread::sleep(Duration::from_micros(200));
    }
    child
}

#[test]
fn a_run_that_is_killed_loses_nothing() {
    if let Some(dir) = std::env::var_os(DIR) {
        let recipient = std::env::var(RECIPIENT).ok();
        fs::write(std::env::var_os(BEGUN).unwrap(), "").unwrap();
        let _ = pack(dir, &options(recipient.as_deref()));
        return;
    }
    let keys = tempfile::tempdir().unwrap();
    let key = key(keys.path());
    let fixture = Fixture::new(&[120, 90, 60, 40, 5]);
    let expected: String = (0..315).map(|seq| format!("{}\n", line(seq, ""))).collect();
    let begun = keys.path().join("begun");
    // How long a run takes that nobody kills.
    let whole = [None, key.as_ref()].map(|key| {
        fixture.restore();
        let mut child = begin(fixture.dir(), &begun, key.map(|(_, recipient)| recipient));
        let began = Instant::now();
        assert!(child.wait().unwrap().success());
        began.elapsed()
    });
    let (mut within, mut random) = (0, 20_261_125_u64);
    for round in 0..100 {
        fixture.restore();
        let is_encrypted = round % 2 == 1;
        let key = key.as_ref().filter(|_| is_encrypted);
        let recipient = key.map(|(_, recipient)| recipient.as_str());
        let identities = key.map_or_else(Identities::none, |(identities, _)| identities.clone());
        // Killed, and its follower as well, while it mends.
        for _ in 0..1 + round % 3 {
            let mut child = begin(fixture.dir(), &begun, key.map(|(_, recipient)| recipient));
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let most = whole[usize::from(is_encrypted)].as_micros() as u64 + 1;
            std::thread::sleep(Duration::from_micros((random >> 33) % most));
            child.kill().unwrap();
            within += u32::from(!child.wait().unwrap().success());
            let by = VerifyOptions::new().identities(&identities);
            let report = verify(fixture.dir(), &by).unwrap();
            assert_eq!(
                report.verdict,
                Verdict::Intact,
                "round {round}: {report:#?}"
            );
        }
        let packed = pack(fixture.dir(), &options(recipient)).unwrap();
        assert!(packed.altered.is_empty(), "round {round}: {packed:?}");
        let by = VerifyOptions::new().identities(&identities);
        let report = verify(fixture.dir(), &by).unwrap();
        assert_eq!(
            report.verdict,
            Verdict::Intact,
            "round {round}: {report:#?}"
        );
        assert!(
            report
                .notes
                .iter()
                .all(|note| !note.contains("several forms"))
        );
        let mut lines = TrailReader::open_with(fixture.dir(), &identities).unwrap();
        let mut text = Vec::new();
        while let Some(block) = lines.next_lines().unwrap() {
            text.extend_from_slice(block);
        }
        assert!(text == expected.as_bytes(), "round {round}");
    }
    println!("100 rounds, {within} processes killed at work; lost 0, doubled 0");
    assert!(within > 50, "{within}");
}
