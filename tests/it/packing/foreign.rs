//! What programs of others say to packed segments: `age`, `zstd` and `gzip` open what Vigil has made, and Vigil opens what
//! they have made.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use vigil::trail::{Compression, Identities, Kind, PackOptions, Verdict, pack, unpack};
use vigil_tests::{isolated, skip};

use super::{assert_intact, assert_tidy, closed, ending, lines_by, name, verified, written};

/// False, said loudly, where one of the programs is not here.
fn have(programs: &[&str]) -> bool {
    let missing: Vec<_> = programs
        .iter()
        .filter(|program| Command::new(program).arg("--version").output().is_err())
        .collect();
    if !missing.is_empty() {
        skip(
            "WHAT OTHERS SAY TO PACKED SEGMENTS",
            &format!("{missing:?} are not on the PATH; tests/run installs them where it may"),
        );
    }
    missing.is_empty()
}

fn run(command: &str, arguments: &[&Path]) -> Output {
    let mut words = command.split(' ');
    Command::new(words.next().unwrap())
        .args(words)
        .args(arguments)
        .output()
        .unwrap()
}

/// What it prints, if it is content.
#[track_caller]
fn printed(command: &str, arguments: &[&Path]) -> Vec<u8> {
    let output = run(command, arguments);
    assert!(
        output.status.success(),
        "{command} {arguments:?}: {output:?}"
    );
    output.stdout
}

/// What it makes of these bytes.
#[track_caller]
fn piped(command: &str, bytes: &[u8]) -> Vec<u8> {
    let mut words = command.split(' ');
    let mut child = Command::new(words.next().unwrap())
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || to.write_all(bytes).unwrap());
        child.wait_with_output().unwrap()
    });
    assert!(output.status.success(), "{command}");
    output.stdout
}

/// A key of `age-keygen`, and its recipient.
fn keygen(dir: &Path, name: &str) -> (PathBuf, String) {
    let path = dir.join(name);
    printed("age-keygen -o", &[&path]);
    let recipient = String::from_utf8(printed("age-keygen -y", &[&path])).unwrap();
    (path, recipient.trim_end().to_owned())
}

#[track_caller]
fn assert_same(found: &[u8], expected: &[u8]) {
    assert!(
        found == expected,
        "{} bytes, and not the {} of the segment",
        found.len(),
        expected.len()
    );
}

isolated! {
    fn zstd_and_gzip_agree_with_what_was_compressed(dir) {
        if !have(&["zstd", "gzip"]) { return }
        for (compression, ending_of, tool) in [(Compression::Zstd, ".zst", "zstd"), (Compression::Gzip, ".gz", "gzip")] {
            let trail = dir.join(tool);
            written(&trail, 2);
            let segments = closed(&trail);
            let packed = pack(&trail, &PackOptions::new().compression(compression)).unwrap();
            assert_eq!(packed.made.len(), segments.len(), "{packed:?}");
            for (segment, lines) in &segments {
                let file = trail.join(format!("{segment}{ending_of}"));
                printed(&format!("{tool} -t"), &[&file]);
                assert_same(&printed(&format!("{tool} -dc"), &[&file]), lines);
            }
            assert_tidy(&trail);
            assert_intact(&trail, &Identities::none());
        }
    }

    fn a_segment_of_many_frames_is_one_file_to_zstd(dir) {
        if !have(&["zstd"]) { return }
        let vigil = vigil_tests::builder(dir).max_size(9 << 20).init().unwrap();
        let mut number = 0;
        while vigil_tests::trail_files(dir).len() < 2 {
            super::numbered(number, &"a long text ".repeat(1_000));
            number += 1;
            if number % 100 == 0 { vigil.flush().unwrap() }
        }
        vigil.shutdown().unwrap();
        let segments = closed(dir);
        assert!(segments[0].1.len() > 8 << 20);
        pack(dir, &PackOptions::new()).unwrap();
        let file = dir.join(format!("{}.zst", segments[0].0));
        printed("zstd -t", &[&file]);
        assert_same(&printed("zstd -dc", &[&file]), &segments[0].1);
        assert_intact(dir, &Identities::none());
    }

    fn age_opens_what_was_sealed_for_its_key(dir) {
        if !have(&["age", "age-keygen", "zstd", "gzip"]) { return }
        let (one, one_recipient) = keygen(dir, "one.key");
        let (two, two_recipient) = keygen(dir, "two.key");
        let (third, _) = keygen(dir, "third.key");
        let ways = [
            (Compression::Zstd, ".zst.age", Some("zstd -dc")),
            (Compression::Gzip, ".gz.age", Some("gzip -dc")),
            (Compression::None, ".age", None),
        ];
        for (compression, ending_of, decompress) in ways {
            let trail = dir.join(format!("trail{ending_of}"));
            written(&trail, 2);
            let segments = closed(&trail);
            let options = PackOptions::new().compression(compression);
            let options = options.recipient(&one_recipient).unwrap().recipient(&two_recipient).unwrap();
            let packed = pack(&trail, &options).unwrap();
            assert_eq!(packed.made.len(), segments.len(), "{packed:?}");
            for (segment, lines) in &segments {
                let file = trail.join(format!("{segment}{ending_of}"));
                for key in [&one, &two] {
                    let opened = run("age -d -i", &[key, &file]);
                    assert!(opened.status.success(), "{opened:?}");
                    match decompress {
                        Some(decompress) => assert_same(&piped(decompress, &opened.stdout), lines),
                        None => assert_same(&opened.stdout, lines),
                    }
                }
                let refused = run("age -d -i", &[&third, &file]);
                assert!(!refused.status.success() && refused.stdout.is_empty(), "{refused:?}");
            }
            for key in [&one, &two] {
                let identities = Identities::read(key).unwrap();
                assert_intact(&trail, &identities);
                let into = dir.join(format!("{}{ending_of}", name(key)));
                let unpacked = unpack(&trail, &into, &identities).unwrap();
                assert_eq!(unpacked.files.len(), segments.len());
                for (segment, lines) in &segments {
                    assert_same(&fs::read(into.join(segment)).unwrap(), lines);
                }
            }
            let stranger = Identities::read(&third).unwrap();
            let report = verified(&trail, &stranger);
            assert_eq!(report.verdict, Verdict::Incomplete);
            assert!(report.findings.iter().all(|finding| finding.kind == Kind::Encrypted), "{report:#?}");
            let error = unpack(&trail, dir.join("none"), &stranger).unwrap_err();
            assert!(error.is_locked() && !error.is_io(), "{error}");
            assert_eq!(fs::read_dir(dir.join("none")).unwrap().count(), 0);
        }
    }

    fn what_age_has_encrypted_is_read_as_if_it_were_ours(dir) {
        if !have(&["age", "age-keygen", "zstd", "gzip"]) { return }
        let (key, recipient) = keygen(dir, "auditor.key");
        let recipients = dir.join("auditors.txt");
        fs::write(&recipients, format!("# both of us\n{recipient}\n")).unwrap();
        let identities = Identities::read(&key).unwrap();
        let trail = dir.join("trail");
        written(&trail, 3);
        let before = lines_by(&trail, &Identities::none());
        let segments = closed(&trail);
        let by_hand = [("zstd -qc", ".zst.age"), ("gzip -c", ".gz.age"), ("cat", ".age")];
        for ((segment, lines), (compress, ending_of)) in segments.iter().zip(by_hand) {
            let file = trail.join(format!("{segment}{ending_of}"));
            let sealed = piped(&format!("age -R {}", recipients.display()), &piped(compress, lines));
            fs::write(&file, sealed).unwrap();
            fs::remove_file(trail.join(segment)).unwrap();
            // One file by itself, wherever it lies.
            let elsewhere = dir.join(name(&file));
            fs::copy(&file, &elsewhere).unwrap();
            let into = dir.join(format!("plain{ending_of}"));
            let unpacked = unpack(&elsewhere, &into, &identities).unwrap();
            assert_eq!(unpacked.bytes, lines.len() as u64);
            assert_same(&fs::read(into.join(segment)).unwrap(), lines);
        }
        let others = pack(&trail, &PackOptions::new().recipient(&recipient).unwrap()).unwrap();
        assert!(others.made.is_empty() && others.altered.is_empty(), "encrypted already: {others:?}");
        assert!(lines_by(&trail, &identities).starts_with(&before));
        assert_intact(&trail, &identities);
        assert_eq!(verified(&trail, &Identities::none()).verdict, Verdict::Incomplete);
        // As age writes it for people to mail; Vigil does not.
        let armoured = dir.join(format!("{}.zst.age", segments[0].0));
        fs::write(&armoured, piped(&format!("age -a -r {recipient}"), b"lines")).unwrap();
        let error = unpack(&armoured, dir.join("armoured"), &identities).unwrap_err();
        assert!(error.is_io() && error.to_string().contains(&name(&armoured)), "{error}");
    }

    fn what_zstd_and_gzip_have_compressed_is_noted_and_encrypted(dir) {
        if !have(&["age", "age-keygen", "zstd", "gzip"]) { return }
        let (key, recipient) = keygen(dir, "auditor.key");
        let trail = dir.join("trail");
        written(&trail, 2);
        let segments = closed(&trail);
        for ((segment, _), tool) in segments.iter().zip(["zstd -q -19 --rm", "gzip -9"]) {
            printed(tool, &[&trail.join(segment)]);
        }
        assert_intact(&trail, &Identities::none());
        let options = PackOptions::new().recipient(&recipient).unwrap();
        let packed = pack(&trail, &options).unwrap();
        assert_eq!((packed.made.len(), packed.mended.len()), (segments.len(), 2), "{packed:?}");
        // They stay compressed as they were.
        assert_eq!((ending(&trail, ".zst.age").len(), ending(&trail, ".gz.age").len()), (1, 1));
        for ((_, lines), (file, decompress)) in segments.iter().zip([
            (&ending(&trail, ".zst.age")[0], "zstd -dc"),
            (&ending(&trail, ".gz.age")[0], "gzip -dc"),
        ]) {
            assert_same(&piped(decompress, &printed("age -d -i", &[&key, file])), lines);
        }
        assert_tidy(&trail);
        assert_intact(&trail, &Identities::read(&key).unwrap());
    }
}
