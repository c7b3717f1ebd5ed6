//! Who signs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use ed25519_dalek::{Signer as _, SigningKey};
use vigil::{SignError, Signer};
use vigil_tests::{all_events, builder, isolated, only};

use super::checker::{checkpoints, keys, prove};
use super::record;

/// A device that can be told to fail.
struct Device {
    key: SigningKey,
    fails: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
}

impl Signer for Device {
    fn name(&self) -> &str {
        "shop.example/audit"
    }
    fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        self.asked.fetch_add(1, Relaxed);
        if self.fails.load(Relaxed) {
            return Err("the device is not plugged in".into());
        }
        Ok(self.key.try_sign(message)?.to_bytes())
    }
}

isolated! {
    fn a_signer_of_the_programs_signs_and_may_fail(dir) {
        let (fails, asked) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU64::new(0)));
        let device = |seed| Device {
            key: SigningKey::from_bytes(&[seed; 32]),
            fails: Arc::clone(&fails),
            asked: Arc::clone(&asked),
        };
        let told = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&told);
        let vigil = builder(dir)
            .origin("shop.example/audit")
            .signer(device(1))
            .max_size(1 << 20)
            .on_error(move |error| {
                assert!(error.to_string().contains("the device is not plugged in"), "{error}");
                count.fetch_add(1, Relaxed);
            })
            .init()
            .unwrap();
        record(0..3_000);
        // The events are safe; that they are not signed is told elsewhere.
        vigil.flush().unwrap();
        let health = vigil::health();
        assert!(health.to_string().starts_with("degraded\nnot_signed: "), "{health}");
        assert!(asked.load(Relaxed) > 0 && told.load(Relaxed) > 0);
        assert!(vigil::rotate_key().unwrap_err().is_config());
        fails.store(false, Relaxed);
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        while !vigil::health().is_ok() || vigil::health().proof.unwrap().signed < 3_001 {
            assert!(std::time::Instant::now() < deadline);
            std::thread::sleep(Duration::from_millis(10));
        }
        vigil.shutdown().unwrap();
        let proved = prove(dir);
        assert_eq!(proved.signed, 3_002);
        assert!(proved.seals > 0);
        assert!(!dir.join(".vigil/keys/signing.key").exists());

        // Another device: another epoch, and nobody to hand over.
        let vigil = builder(dir).signer(device(2)).init().unwrap();
        vigil.shutdown().unwrap();
        assert_eq!(prove(dir).keys, 2);
        let events = all_events(dir);
        let rotated = &only(&events, "audit_key_rotated")["action"]["parameters"];
        assert_eq!(rotated["handover"], false);
        assert_eq!([&rotated["old"], &rotated["new"]], [&keys(dir)[0], &keys(dir)[1]]);
    }

    fn a_new_key_takes_over_from_the_old_one_which_is_destroyed(dir) {
        let secret = || std::fs::read_to_string(dir.join(".vigil/keys/signing.key")).unwrap();
        let vigil = builder(dir).init().unwrap();
        record(0..10);
        let first = secret();
        vigil::rotate_key().unwrap();
        let second = secret();
        record(10..20);
        vigil::rotate_key().unwrap();
        record(20..30);
        vigil.shutdown().unwrap();
        assert!(first != second && second != secret());
        let bytes = vigil_tests::all_bytes(dir);
        for secret in [first, second] {
            let secret = secret.trim_end().splitn(5, '+').nth(4).unwrap().as_bytes();
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
        let proved = prove(dir);
        assert_eq!((proved.keys, proved.signed), (3, 1 + 30 + 2 + 1));
        assert_eq!(checkpoints(dir).iter().filter(|checkpoint| checkpoint.signatures == 2).count(), 2);
        let events = all_events(dir);
        let rotated = events.iter().filter(|event| event["action"]["operation"] == "audit_key_rotated");
        let news: Vec<_> = rotated.map(|event| event["action"]["parameters"]["new"].as_str().unwrap().to_owned()).collect();
        assert_eq!(news, keys(dir)[1..]);
        let current = std::fs::read_to_string(dir.join(".vigil/log.vkey")).unwrap();
        assert_eq!(current.trim_end(), keys(dir)[2]);
        // The next start signs by the last.
        builder(dir).init().unwrap().shutdown().unwrap();
        assert_eq!(prove(dir).keys, 3);
    }

    fn a_rotation_broken_off_is_finished_or_forgotten(dir) {
        let inner = dir.join(".vigil/keys");
        let at = |name: &str| inner.join(name);
        let start = || builder(dir).init().unwrap().shutdown().unwrap();
        start();
        // Killed before the new key was known to anybody.
        let old = std::fs::read(at("signing.key")).unwrap();
        std::fs::write(at("next.key"), "half a k").unwrap();
        start();
        assert!(!at("next.key").exists());
        assert_eq!(std::fs::read(at("signing.key")).unwrap(), old);
        // Killed after it was, and the old one was removed.
        let vigil = builder(dir).init().unwrap();
        vigil::rotate_key().unwrap();
        vigil.shutdown().unwrap();
        std::fs::rename(at("signing.key"), at("next.key")).unwrap();
        start();
        assert!(!at("next.key").exists() && at("signing.key").exists());
        // And before that.
        std::fs::rename(at("signing.key"), at("next.key")).unwrap();
        std::fs::write(at("signing.key"), &old).unwrap();
        start();
        assert_eq!(prove(dir).keys, 2);
        assert_ne!(std::fs::read(at("signing.key")).unwrap(), old);
    }

    fn a_key_that_is_gone_is_followed_by_a_new_one_and_told(dir) {
        builder(dir).init().unwrap().shutdown().unwrap();
        for damage in [None, Some("garbage")] {
            let path = dir.join(".vigil/keys/signing.key");
            match damage {
                None => std::fs::remove_file(&path).unwrap(),
                Some(text) => std::fs::write(&path, text).unwrap(),
            }
            let vigil = builder(dir).on_error(|_| {}).init().unwrap();
            let recovery = vigil::health().recovery;
            assert!(recovery.iter().any(|note| note.contains("signing.key is missing or cannot be read; a new one has been made")), "{recovery:?}");
            vigil.shutdown().unwrap();
        }
        assert_eq!(prove(dir).keys, 3);
        let events = all_events(dir);
        let rotated = events.iter().filter(|event| event["action"]["operation"] == "audit_key_rotated");
        assert_eq!(rotated.count(), 2);
        assert!(!dir.join(".vigil/aside-1").exists());
    }
}
