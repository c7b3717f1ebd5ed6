//! An erasure that did not come to its end, and what the program that ran has of the key.

use std::fs;

use vigil::trail::subjects::{Erasure, erase};
use vigil_tests::{all_bytes, all_events, builder, isolated};

use super::python::{KEYS, Open};
use super::shredded::assert_nowhere;
use super::{customer, places, register, revealed};

isolated! {
    fn the_key_itself_is_nowhere(dir) {
        let (trail, keys) = places(dir);
        let vigil = builder(&trail).subject_keys(&keys).key_wrapper(Open).init().unwrap();
        register("u-17", &customer("jane"), 1);
        vigil.flush().unwrap();
        let key = KEYS.lock().unwrap()[0].1;
        let found = fs::read_dir(keys.join("keys")).unwrap().count();
        assert_eq!(found, 1);
        erase(&trail, &keys, "u-17", &Erasure::new("a test")).unwrap();
        vigil.shutdown().unwrap();
        assert_nowhere(&all_bytes(dir), &key, "the key");
        assert_eq!(fs::read_dir(keys.join("keys")).unwrap().count(), 0);
        assert_eq!(fs::read_dir(keys.join("subjects")).unwrap().count(), 0);
    }

    fn what_failed_half_way_is_completed_with_what_came_since(dir) {
        let (trail, keys) = places(dir);
        let vigil = builder(&trail).subject_keys(&keys).on_error(|_| {}).init().unwrap();
        register("u-17", &customer("jane"), 1);
        vigil.flush().unwrap();
        // The note cannot be left, and by then the key is gone.
        let (inbox, aside) = (trail.join(".vigil/inbox"), dir.join("aside"));
        let had = fs::rename(&inbox, &aside).is_ok();
        fs::write(&inbox, "in the way").unwrap();
        erase(&trail, &keys, "u-17", &Erasure::new("first").request_id("R-1")).unwrap_err();
        fs::remove_file(&inbox).unwrap();
        if had {
            fs::rename(&aside, &inbox).unwrap();
        }
        assert_eq!(revealed(&trail, &keys, "register")[0]["action"]["parameters"]["phone"], "***ERASED***");
        // Meanwhile the subject goes on, under a key of its own.
        register("u-17", &customer("jane"), 2);
        vigil.flush().unwrap();
        assert_eq!(revealed(&trail, &keys, "register")[1]["action"]["parameters"]["phone"], 2);
        erase(&trail, &keys, "u-17", &Erasure::new("second").request_id("R-2")).unwrap();
        vigil.shutdown().unwrap();
        for event in revealed(&trail, &keys, "register") {
            assert_eq!(event["action"]["parameters"]["phone"], "***ERASED***");
        }
        let told: Vec<_> = all_events(&trail)
            .into_iter()
            .filter(|event| event["action"]["operation"] == "audit_subject_erased")
            .map(|event| event["action"]["parameters"]["request_id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(told, ["R-1", "R-2"], "each key, by the request that destroyed it");
        assert_eq!(fs::read_dir(keys.join("erasing")).unwrap().count(), 0);
    }
}
