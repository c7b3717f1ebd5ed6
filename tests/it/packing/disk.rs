//! A disk that fills up while segments are packed.

use std::fs;

use vigil::trail::{Compression, Identities, PackOptions, pack};
use vigil_tests::{builder, identity, isolated, trail_files};

use super::{SMALLEST, assert_intact, assert_tidy, closed, ending, files, lines_by, until};
use crate::crashes::SmallDisk;

#[vigil::audited(category = "DATA")]
fn noise(number: u64, text: &str) {
    std::hint::black_box((number, text));
}

/// Texts that do not get much smaller.
fn record(numbers: std::ops::Range<u64>) {
    for number in numbers {
        let mut state = number;
        let word = |_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let letters = (0..8).map(|at| char::from(b'a' + (state >> (20 + 5 * at) & 15) as u8));
            letters.chain([' ']).collect::<String>()
        };
        noise(number, &(0..200).map(word).collect::<String>());
    }
}

isolated! {
    fn a_disk_that_is_full_keeps_the_sources_and_it_goes_on_when_there_is_room(dir) {
        let Some(disk) = SmallDisk::mount(dir, 24 << 10, "packing::disk") else { return };
        let (key, recipient) = identity(dir, "auditor.key");
        let identities = Identities::read(&key).unwrap();
        let trail = disk.path().join("audit");
        let start = || builder(&trail).max_size(SMALLEST).journal(1 << 20, std::time::Duration::from_secs(30)).on_error(|_| {});
        let vigil = start().init().unwrap();
        let mut number = 0;
        while trail_files(&trail).len() < 4 {
            record(number..number + 100);
            vigil.flush().unwrap();
            number += 100;
        }
        vigil.shutdown().unwrap();
        let (segments, before) = (closed(&trail), files(&trail));

        // By hand: an error that names the file, and all is as it was.
        disk.fill(200);
        let options = PackOptions::new().recipient(&recipient).unwrap();
        for _ in 0..3 {
            let error = pack(&trail, &options).unwrap_err();
            assert!(error.is_io() && error.to_string().contains(&segments[0].0), "{error}");
            assert_eq!(files(&trail), before);
            for (segment, lines) in &segments {
                assert!(fs::read(trail.join(segment)).unwrap() == *lines, "{segment}");
            }
        }
        // By an engine, which goes on writing.
        let vigil = start().compression(Compression::Zstd).encryption([recipient]).init().unwrap();
        let reason = || vigil::health().reasons.into_iter().find(|reason| reason.code == "packing_failed");
        until("health says so", || reason().is_some());
        assert!(reason().unwrap().message.contains(&segments[0].0), "{}", vigil::health());
        record(number..number + 10);
        vigil.flush().unwrap();
        for (segment, lines) in &segments {
            assert!(fs::read(trail.join(segment)).unwrap() == *lines, "{segment}");
        }
        disk.free();
        until("all is packed", || ending(&trail, ".zst.age").len() >= segments.len() && ending(&trail, ".tmp").is_empty());
        until("health is well again", || reason().is_none());
        record(number + 10..number + 20);
        vigil.shutdown().unwrap();
        assert_tidy(&trail);
        assert_intact(&trail, &identities);
        let lines = lines_by(&trail, &identities);
        let numbers = lines.iter().filter(|line| line.contains("\"operation\":\"noise\"")).count() as u64;
        assert_eq!(numbers, number + 20);
    }
}
