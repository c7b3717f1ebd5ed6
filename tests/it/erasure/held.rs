//! A legal hold wins over an erasure, and whoever tries stands in the trail.

use vigil::trail::holds::{NewHold, add, remove};
use vigil::trail::subjects::{Erasure, erase};
use vigil_tests::{all_events, builder, isolated};

use super::{customer, places, register, revealed};

isolated! {
    fn a_legal_hold_keeps_a_subject_from_being_erased(dir) {
        let (trail, keys) = places(dir);
        let vigil = builder(&trail).subject_keys(&keys).init().unwrap();
        for name in ["jane", "joan"] {
            register(name, &customer(name), 1);
        }
        vigil.shutdown().unwrap();
        let hold = add(&trail, &NewHold::new("complaint").subject("jane")).unwrap();
        let erasure = Erasure::new("GDPR Art. 17");
        let error = erase(&trail, &keys, "jane", &erasure).unwrap_err();
        assert!(error.is_refused() && error.to_string().contains(&hold.id), "{error}");
        erase(&trail, &keys, "joan", &erasure).unwrap();
        let events = revealed(&trail, &keys, "register");
        assert_eq!(events[0]["action"]["parameters"]["phone"], 1);
        assert_eq!(events[1]["action"]["parameters"]["phone"], "***ERASED***");
        let statuses: Vec<_> = all_events(&trail)
            .into_iter()
            .filter(|event| event["action"]["operation"] == "audit_subject_erased")
            .map(|event| event["action"]["result"]["status"].clone())
            .collect();
        assert_eq!(statuses, ["DENIED", "SUCCESS"]);

        remove(&trail, &hold.id).unwrap();
        erase(&trail, &keys, "jane", &erasure).unwrap();
        let again = erase(&trail, &keys, "jane", &erasure).unwrap_err();
        assert!(again.is_trail() && again.to_string().contains("no key of this subject"), "{again}");
        let unknown = erase(&trail, dir.join("nowhere"), "jane", &erasure).unwrap_err();
        assert!(unknown.is_trail(), "{unknown}");
        assert!(!dir.join("nowhere").exists());
    }
}
