//! What is not packed, because it would cost somebody something: what is no file, what is not what was signed, what lies
//! there encrypted twice.

use std::fs;

use vigil::trail::{Compression, Identities, Kind, PackOptions, TrailReader, Verdict, pack};
use vigil_tests::{builder, identity, isolated, part_of, process_of_nobody};

use super::{assert_intact, assert_tidy, closed, ending, files, name, until, verified, written};

isolated! {
    fn what_is_not_what_was_signed_stays_as_it_is_and_health_says_so(dir) {
        written(dir, 3);
        let segments = closed(dir);
        let path = dir.join(&segments[1].0);
        let changed = String::from_utf8(segments[1].1.clone()).unwrap().replacen("SUCCESS", "FAILURE", 1);
        fs::write(&path, &changed).unwrap();
        let vigil = builder(dir).compression(Compression::Gzip).on_error(|_| {}).init().unwrap();
        let reason = || vigil::health().reasons.into_iter().find(|reason| reason.code == "packing_failed");
        until("health says so", || reason().is_some());
        until("the others are packed", || ending(dir, ".gz").len() >= segments.len() - 1);
        let message = reason().unwrap().message;
        assert!(message.contains(&segments[1].0) && message.contains("does not hold what was signed"), "{message}");
        vigil.shutdown().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), changed);
        assert_tidy(dir);
        let report = verified(dir, &Identities::none());
        assert_eq!(report.verdict, Verdict::Altered);
        assert_eq!(report.first().unwrap().kind, Kind::Edited);
    }

    #[cfg(unix)]
    fn a_link_in_place_of_a_segment_is_not_followed(dir) {
        let trail = dir.join("trail");
        written(&trail, 2);
        let segments = closed(&trail);
        let (path, elsewhere) = (trail.join(&segments[0].0), dir.join("elsewhere"));
        fs::rename(&path, &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        // And one where a file is going to be made.
        let precious = dir.join("precious");
        fs::write(&precious, "precious").unwrap();
        std::os::unix::fs::symlink(&precious, trail.join(format!("{}.zst.tmp", segments[1].0))).unwrap();
        let packed = pack(&trail, &PackOptions::new()).unwrap();
        assert_eq!((packed.made.len(), packed.altered.len()), (segments.len() - 1, 1), "{packed:?}");
        assert!(packed.altered[0].contains("is not a regular file"), "{packed:?}");
        assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
        assert_eq!(fs::read(&elsewhere).unwrap(), segments[0].1);
        assert_eq!(fs::read_to_string(&precious).unwrap(), "precious");
        assert_tidy(&trail);
        use std::os::unix::fs::PermissionsExt as _;
        for file in ending(&trail, ".zst") {
            let found = fs::symlink_metadata(&file).unwrap();
            assert!(found.is_file() && found.permissions().mode() & 0o777 == 0o600, "{}", file.display());
        }
    }

    fn of_files_that_nobody_can_open_none_is_removed(dir) {
        let (key, recipient) = identity(dir, "auditor.key");
        let trail = dir.join("trail");
        written(&trail, 1);
        let segment = closed(&trail).remove(0).0;
        let seal = trail.join(".vigil/seals").join(format!("{segment}.json"));
        let unnoted = fs::read(&seal).unwrap();
        pack(&trail, &PackOptions::new().recipient(&recipient).unwrap()).unwrap();
        let sealed = trail.join(format!("{segment}.zst.age"));
        // A second one, and no word of which it was that Vigil has made.
        fs::write(&seal, unnoted).unwrap();
        let other = trail.join(format!("{segment}.gz.age"));
        fs::write(&other, "age-encryption.org/v1\n").unwrap();
        let before = files(&trail);
        let packed = pack(&trail, &PackOptions::new()).unwrap();
        assert_eq!((packed.made.len(), packed.mended.len(), packed.altered.len()), (0, 0, 1), "{packed:?}");
        assert!(packed.altered[0].contains("2 times, encrypted"), "{packed:?}");
        assert_eq!(files(&trail), before);
        fs::rename(&other, dir.join(name(&other))).unwrap();
        assert!(pack(&trail, &PackOptions::new()).unwrap().altered.is_empty());
        assert!(sealed.exists());
        assert_intact(&trail, &Identities::read(&key).unwrap());
    }
}

/// What the system refuses to show says nothing of what stands in it.
#[cfg(target_os = "linux")]
#[test]
fn what_may_not_be_read_is_not_called_altered() {
    use std::os::unix::fs::PermissionsExt as _;
    const NAME: &str = "packing::refused::what_may_not_be_read_is_not_called_altered";
    if let Some((_, dir)) = part_of(NAME) {
        let set_mode = |path: &std::path::Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        let trail = dir.join("trail");
        written(&trail, 2);
        pack(&trail, &PackOptions::new()).unwrap();
        let file = ending(&trail, ".zst").remove(0);
        set_mode(&file, 0);
        let report = verified(&trail, &Identities::none());
        assert_eq!(report.verdict, Verdict::Incomplete, "{report:#?}");
        let first = report.first().unwrap();
        assert_eq!(
            (first.kind, first.file.as_deref()),
            (Kind::Unreadable, Some(&*name(&file))),
            "{first}"
        );
        assert!(first.message.contains("Permission denied"), "{first}");
        let mut reader = TrailReader::open(&trail).unwrap();
        let error = loop {
            match reader.next_lines() {
                Ok(block) => assert!(block.is_some(), "all was read"),
                Err(error) => break error,
            }
        };
        assert!(error.is_io() && !error.is_locked(), "{error}");
        set_mode(&file, 0o600);
        assert_intact(&trail, &Identities::none());
        // And whom it is to be encrypted to.
        let recipients = dir.join("auditors.txt");
        fs::write(&recipients, "").unwrap();
        set_mode(&recipients, 0);
        let error = PackOptions::new().recipients_file(&recipients).unwrap_err();
        assert!(
            error.is_io() && error.to_string().contains("auditors.txt"),
            "{error}"
        );
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let output = process_of_nobody(NAME, "nobody", dir.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}
