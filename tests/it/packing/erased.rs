//! Erasing a person whose events lie in segments that are encrypted: whoever erases has no key to these, and needs none.

use serde_json::Value;
use vigil::audited;
use vigil::trail::subjects::{Erasure, SubjectKeys, erase};
use vigil::trail::{Identities, PackOptions, pack};
use vigil_tests::{builder, identity, isolated, trail_files};

use super::{SMALLEST, assert_intact, lines_by, record};

#[audited(category = "DATA", subject = id)]
fn register(id: &str, #[audit(encrypt)] email: &str) {
    let _ = (id, email);
}

isolated! {
    fn a_person_is_erased_from_segments_that_nobody_here_can_read(dir) {
        let (key, recipient) = identity(dir, "auditor.key");
        let (trail, keys) = (dir.join("trail"), dir.join("keys"));
        let start = || builder(&trail).subject_keys(&keys).max_size(SMALLEST).init().unwrap();
        let vigil = start();
        for _ in 0..5 {
            register("jane", "jane-canary@example.com");
            register("joan", "joan-canary@example.com");
        }
        let mut number = 0;
        while trail_files(&trail).len() < 3 {
            record(number..number + 100);
            vigil.flush().unwrap();
            number += 100;
        }
        for _ in 0..3 {
            register("jane", "jane-canary@example.com");
        }
        vigil.shutdown().unwrap();
        let packed = pack(&trail, &PackOptions::new().recipient(&recipient).unwrap()).unwrap();
        assert!(packed.made.len() >= 2 && packed.waiting.is_empty(), "{packed:?}");

        let vigil = start();
        let erased = erase(&trail, &keys, "jane", &Erasure::new("a test")).unwrap();
        // Three stand where everybody can read, five do not.
        assert_eq!(erased.events, 3);
        assert!(erased.unread >= 10, "{erased:?}");
        let certificate = erased.certificate.expect("the engine runs");
        let event: Value = serde_json::from_slice(&certificate.event).unwrap();
        let told = &event["action"]["parameters"];
        assert_eq!((&told["n_events"], &told["n_unread"]), (&3.into(), &erased.unread.into()));
        vigil.shutdown().unwrap();

        let identities = Identities::read(&key).unwrap();
        assert_intact(&trail, &identities);
        let store = SubjectKeys::open(&keys).unwrap();
        let (mut gone, mut there) = (0, 0);
        for line in lines_by(&trail, &identities) {
            let revealed = store.reveal(line.as_bytes(), None).unwrap();
            gone += revealed.erased;
            there += revealed.opened;
        }
        assert_eq!((gone, there), (8, 5));
    }
}
