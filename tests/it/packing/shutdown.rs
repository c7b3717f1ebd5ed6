//! An engine that ends while it packs.

use std::time::Duration;

use vigil::trail::{Compression, Identities};
use vigil_tests::{builder, isolated};

use super::{assert_intact, assert_tidy, ending, files, lines_by, until, written};

isolated! {
    fn a_shutdown_gives_up_what_is_being_made_and_the_next_start_makes_it(dir) {
        written(dir, 6);
        let before = lines_by(dir, &Identities::none()).len();
        let mut given_up = 0;
        for round in 0..20 {
            let vigil = builder(dir).compression(Compression::Zstd).init().unwrap();
            until("it packs", || files(dir).iter().any(|name| name.ends_with(".tmp") || name.ends_with(".zst")));
            std::thread::sleep(Duration::from_millis(round * 7 % 30));
            vigil.shutdown().unwrap();
            assert_tidy(dir);
            given_up += usize::from(!ending(dir, ".log").is_empty());
            if ending(dir, ".zst").len() >= 6 {
                break;
            }
        }
        assert!(given_up > 1, "none was ended at work");
        let vigil = builder(dir).compression(Compression::Zstd).init().unwrap();
        until("all is packed", || ending(dir, ".zst").len() >= 6 && ending(dir, ".tmp").is_empty());
        vigil.shutdown().unwrap();
        assert_tidy(dir);
        assert!(lines_by(dir, &Identities::none()).len() > before);
        assert_intact(dir, &Identities::none());
    }
}
