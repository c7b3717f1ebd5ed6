//! Programs that we did not write check what ours exports and proves, and refuse what was changed.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use signed_note::{Note, StandardVerifier, VerifierList};
use tlog_tiles::tlog::{Error, HashReader as _, check_record, prove_record, record_hash};
use tlog_tiles::{Checkpoint, Tile, TileHashReader, TileReader};
use vigil::trail::{check_proof, export_tlog, newest_checkpoint, prove, verifier_keys};
use vigil_tests::authority::openssl_is_there;
use vigil_tests::{builder, isolated, trail_files};

use super::record;

/// Where the programs are; `None`, said loudly, if they cannot be had.
pub(crate) fn verifiers() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(root.join("verifiers"))
        .arg(env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    // Past the runner, which keeps what passing tests print.
    std::io::stderr().write_all(&output.stderr).unwrap();
    let place = String::from_utf8(output.stdout).unwrap();
    (!place.is_empty()).then(|| PathBuf::from(place.trim_end()))
}

fn run<A: AsRef<OsStr>>(program: &Path, arguments: &[A]) -> Output {
    Command::new(program).args(arguments).output().unwrap()
}

#[track_caller]
pub(crate) fn accepts<A: AsRef<OsStr>>(program: &Path, arguments: &[A]) -> String {
    let output = run(program, arguments);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn refuses<A: AsRef<OsStr>>(program: &Path, arguments: &[A]) {
    let output = run(program, arguments);
    assert!(!output.status.success(), "{output:?}");
}

/// A trail in one segment with its export, and the key in a file.
struct Exported {
    trail: PathBuf,
    tiles: PathBuf,
    key: PathBuf,
    segment: PathBuf,
}

fn exported(dir: &Path) -> Exported {
    let trail = dir.join("trail");
    let vigil = builder(&trail).origin("shop.example/audit").init().unwrap();
    record(0..70_000);
    vigil.shutdown().unwrap();
    let tiles = dir.join("tiles");
    let exported = export_tlog(&trail, &tiles, true).unwrap();
    assert_eq!(exported.events, 70_002);
    let key = dir.join("shop.vkey");
    let keys = verifier_keys(&trail).unwrap();
    fs::write(&key, format!("{}\n", keys[0])).unwrap();
    let segment = trail_files(&trail).remove(0);
    Exported {
        trail,
        tiles,
        key,
        segment,
    }
}

/// Reads exported tiles for the library.
pub(crate) struct Tiles(pub(crate) PathBuf);

impl TileReader for Tiles {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let read = |tile: &Tile| {
            // The paths of Go's checksum database have the height too.
            let path = tile.path().replacen("tile/8/", "tile/", 1);
            fs::read(self.0.join(path)).map_err(|_| Error::InvalidTile)
        };
        tiles.iter().map(read).collect()
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

isolated! {
    fn a_python_verifier_accepts_the_trail_and_refuses_each_change(dir) {
        let Some(bin) = verifiers() else { return };
        let aics = bin.join("aics-tlog");
        let Exported { trail, tiles, key, segment } = exported(dir);
        // It reads no more than 32 MiB of lines at a time.
        let text = fs::read_to_string(&segment).unwrap();
        let some: String = text.lines().take(20_000).map(|line| format!("{line}\n")).collect();
        let lines = dir.join("lines");
        fs::write(&lines, &some).unwrap();
        let with = |words: &str, more: &[&Path]| -> Vec<std::ffi::OsString> {
            let fixed = words.split(' ').map(Into::into);
            let place = [OsStr::new("--vkey-file"), key.as_os_str(), OsStr::new("--tiles"), tiles.as_os_str()];
            let place = place.into_iter().map(Into::into);
            fixed.chain(place).chain(more.iter().map(|path| path.as_os_str().into())).collect()
        };
        accepts(&aics, &with("verify-checkpoint", &[]));
        let included = "verify-inclusion --index 12345 --leaf-line 12346 --leaves-file";
        let included = |index: &str| {
            let mut arguments: Vec<std::ffi::OsString> = included.replace("--index 12345", index).split(' ').map(Into::into).collect();
            arguments.push(lines.as_os_str().into());
            arguments.extend(with("x", &[]).into_iter().skip(1));
            arguments
        };
        accepts(&aics, &included("--index 12345"));
        refuses(&aics, &included("--index 12344"));
        // The trail grows, and holds what it held.
        let old = dir.join("old.checkpoint");
        fs::write(&old, newest_checkpoint(&trail).unwrap()).unwrap();
        let vigil = builder(&trail).origin("shop.example/audit").init().unwrap();
        record(0..300);
        vigil.shutdown().unwrap();
        fs::remove_dir_all(&tiles).unwrap();
        export_tlog(&trail, &tiles, false).unwrap();
        let mut consistent = with("verify-consistency --old-checkpoint", &[]);
        consistent.insert(2, old.as_os_str().into());
        accepts(&aics, &consistent);
        let mut bytes = fs::read(tiles.join("tile/0/077")).unwrap();
        bytes[7] ^= 1;
        fs::write(tiles.join("tile/0/077"), bytes).unwrap();
        refuses(&aics, &included("--index 19968"));
    }

    fn a_python_verifier_rebuilds_the_tree_from_nothing_but_our_lines(dir) {
        let Some(bin) = verifiers() else { return };
        let aics = bin.join("aics-tlog");
        let trail = dir.join("trail");
        let vigil = builder(&trail).init().unwrap();
        record(0..1_000);
        vigil.shutdown().unwrap();
        let key = dir.join("vkey");
        fs::copy(trail.join(".vigil/log.vkey"), &key).unwrap();
        let segment = fs::read_to_string(&trail_files(&trail)[0]).unwrap();
        let judge = |text: &str, number: u32| {
            let (lines, tiles) = (dir.join("lines"), dir.join(format!("tiles-{number}")));
            fs::write(&lines, text).unwrap();
            let at = |path: &Path| path.to_str().unwrap().to_owned();
            accepts(&aics, &["build-tiles", "--leaves", &at(&lines), "--out", &at(&tiles)]);
            fs::copy(trail.join(".vigil/checkpoint"), tiles.join("checkpoint")).unwrap();
            run(&aics, &["verify-checkpoint", "--tiles", &at(&tiles), "--vkey-file", &at(&key)]).status.success()
        };
        assert!(judge(&segment, 0));
        let mut lines: Vec<String> = segment.lines().map(|line| format!("{line}\n")).collect();
        assert!(!judge(&segment.replacen("SUCCESS", "FAILURE", 1), 1));
        assert!(!judge(&lines[..lines.len() - 1].concat(), 2));
        lines.swap(3, 4);
        assert!(!judge(&lines.concat(), 3));
        lines.swap(3, 4);
        lines.remove(500);
        assert!(!judge(&lines.concat(), 4));
    }

    fn another_python_library_makes_the_same_proof_as_ours(dir) {
        let Some(bin) = verifiers() else { return };
        let scales = bin.join("tlog-tiles");
        let Exported { trail, tiles, key, .. } = exported(dir);
        let key = [fs::read_to_string(key).unwrap()];
        for index in ["0", "1", "255", "256", "65535", "65536", "70001"] {
            let theirs = accepts(&scales, &[OsStr::new("gen-proof"), tiles.as_os_str(), OsStr::new(index)]);
            let ours = prove(&trail, index.parse::<u64>().unwrap()).unwrap();
            assert_eq!(theirs.trim_end(), ours.to_string().trim_end(), "{index}");
            assert!(check_proof(&format!("{}\n", theirs.trim_end()), &ours.event, &key).is_ok());
            let leaf = accepts(&scales, &[OsStr::new("get-leaf"), OsStr::new("-c"), tiles.as_os_str(), OsStr::new(index)]);
            assert_eq!(leaf.trim_end().as_bytes(), ours.event, "{index}");
        }
    }

    fn a_rust_library_reads_the_tiles_and_checks_our_records_against_them(dir) {
        let Exported { tiles, key, segment, .. } = exported(dir);
        let note = fs::read(tiles.join("checkpoint")).unwrap();
        let note = Note::from_bytes(&note).unwrap();
        let key = fs::read_to_string(key).unwrap();
        let verifier = StandardVerifier::new(key.trim_end()).unwrap();
        note.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
        let checkpoint = Checkpoint::from_bytes(note.text()).unwrap();
        let reader = Tiles(tiles);
        let (size, root) = (checkpoint.size(), *checkpoint.hash());
        let hashes = TileHashReader::new(size, root, &reader);
        let text = fs::read_to_string(segment).unwrap();
        for (number, line) in text.lines().enumerate().step_by(9_973) {
            let number = number as u64;
            let leaf = record_hash(line.as_bytes());
            let proof = prove_record(size, number, &hashes).unwrap();
            check_record(&proof, size, root, number, leaf).unwrap();
            let other = record_hash(line.replace("SUCCESS", "FAILURE").as_bytes());
            assert!(check_record(&proof, size, root, number, other).is_err());
        }
        assert!(hashes.read_hashes(&[0]).is_ok());
    }

    fn openssl_alone_verifies_the_signature_of_a_checkpoint(dir) {
        if !openssl_is_there() { return }
        let vigil = builder(dir).init().unwrap();
        record(0..10);
        vigil.shutdown().unwrap();
        // As docs/verifying.md has it.
        let page = include_str!("../../../vigil/docs/verifying.md");
        let script = page
            .split("```sh\n")
            .find(|part| part.contains("openssl pkeyutl"))
            .and_then(|part| part.split("```").next())
            .unwrap();
        let sh = |dir: &Path| Command::new("sh").args(["-e", "-c", script]).current_dir(dir).output().unwrap();
        let output = sh(dir);
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && told.contains("Verified Successfully"), "{output:?}");
        let checkpoint = dir.join(".vigil/checkpoint");
        let text = fs::read_to_string(&checkpoint).unwrap();
        fs::write(&checkpoint, text.replace("\n12\n", "\n13\n")).unwrap();
        assert!(!sh(dir).status.success());
    }
}
