//! Keys that are made before the first start, and changed while no process has the trail.

use std::fs;

use vigil::trail::{Verdict, VerifyOptions, init_keys, verifier_keys, verify};
use vigil::{rotate_key, rotate_key_of};
use vigil_tests::{all_events, builder, isolated};

use super::record;

isolated! {
    fn a_key_made_before_the_first_start_signs_the_trail(dir) {
        let trail = dir.join("trail");
        assert!(init_keys(&trail, "no good+origin").unwrap_err().is_config());
        let key = init_keys(&trail, "shop.example/audit").unwrap();
        let vigil = builder(&trail).init().unwrap();
        record(0..10);
        let error = init_keys(&trail, "shop.example/audit").unwrap_err().to_string();
        assert!(error.contains("is there already"), "{error}");
        vigil.shutdown().unwrap();
        let report = verify(&trail, &VerifyOptions::new().key(&key).unwrap()).unwrap();
        assert_eq!(report.verdict, Verdict::Intact, "{report:#?}");
        assert_eq!(report.origin.as_deref(), Some("shop.example/audit"));
        assert!(init_keys(&trail, "shop.example/audit").is_err());
    }

    fn a_key_is_changed_where_nobody_has_the_trail_open(dir) {
        let vigil = builder(dir).init().unwrap();
        record(0..10);
        let error = rotate_key_of(dir).unwrap_err();
        assert!(error.is_already_running() && error.to_string().contains("vigil::rotate_key()"), "{error}");
        vigil.shutdown().unwrap();
        let old = verifier_keys(dir).unwrap().remove(0);
        let new = rotate_key_of(dir).unwrap();
        assert_eq!(verifier_keys(dir).unwrap(), [old.clone(), new.clone()]);
        let vigil = builder(dir).init().unwrap();
        record(10..20);
        vigil.shutdown().unwrap();
        // Who trusts the old one trusts the new one.
        let report = verify(dir, &VerifyOptions::new().key(&old).unwrap()).unwrap();
        assert_eq!(report.verdict, Verdict::Intact, "{report:#?}");
        let events = all_events(dir);
        let told = vigil_tests::only(&events, "audit_key_rotated");
        assert_eq!(told["action"]["parameters"]["new"], new);
        assert!(!dir.join(".vigil/keys/untold").exists());
    }

    fn a_change_of_keys_that_a_crash_kept_untold_is_told_by_the_next_start(dir) {
        let vigil = builder(dir).init().unwrap();
        record(0..10);
        rotate_key().unwrap();
        let keys = verifier_keys(dir).unwrap();
        vigil.shutdown().unwrap();
        // As a process leaves it that dies behind the handover, and one that dies before it.
        let untold = dir.join(".vigil/keys/untold");
        let nobody = keys[1].replace("test", "other");
        for (new, told) in [(&keys[1], 1), (&nobody, 0)] {
            let before = count(dir);
            let note = format!(r#"{{"old":{:?},"new":{new:?},"size":11}}"#, keys[0]);
            fs::write(&untold, note).unwrap();
            builder(dir).init().unwrap().shutdown().unwrap();
            assert_eq!(count(dir) - before, told);
            assert!(!untold.exists());
        }
        let events = all_events(dir);
        let recovered = |event: &&serde_json::Value| event["action"]["parameters"]["recovered"] == true;
        let event = events.iter().find(recovered).unwrap();
        assert_eq!(event["action"]["operation"], "audit_key_rotated");
        assert_eq!(event["action"]["parameters"]["new"], keys[1]);
        assert_eq!(verify(dir, &VerifyOptions::new()).unwrap().verdict, Verdict::Intact);
    }
}

fn count(dir: &std::path::Path) -> usize {
    let rotated = |event: &&serde_json::Value| event["action"]["operation"] == "audit_key_rotated";
    all_events(dir).iter().filter(rotated).count()
}
