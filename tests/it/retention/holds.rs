//! Legal holds win over everything, and the trail tells of them.

use std::fs;

use vigil::trail::holds::{NewHold, add, list, of_subject, remove};
use vigil::trail::retention::{Action, Age, Retention, plan};
use vigil_tests::isolated;

use super::{Turned, applied, assert_intact, files, numbered, told, turned, until, written};

fn rules() -> Retention {
    Retention::new().age(Age::days(30))
}

isolated! {
    fn what_is_held_stays_until_the_hold_ends(dir) {
        written(dir, 90, 9);
        let before = files(dir);
        let all = plan(dir, &rules()).unwrap().due().count();
        let to = plan(dir, &rules()).unwrap().segments[2].from.clone().unwrap();
        let hold = add(dir, &NewHold::new("subpoena").case("24-cv-1138").to(&to).unwrap()).unwrap();
        let planned = plan(dir, &rules()).unwrap();
        let blocked: Vec<_> = planned.segments.iter().filter(|segment| segment.action == Action::Blocked).collect();
        assert!((2..=4).contains(&blocked.len()), "{planned:#?}");
        assert!(blocked[0].kept_by[0].contains("subpoena, case 24-cv-1138"), "{blocked:?}");
        let done = applied(dir, &rules());
        assert_eq!(done.segments.len(), all - blocked.len());
        assert_eq!(files(dir)[..blocked.len()], before[..blocked.len()]);
        assert_intact(dir);
        remove(dir, &hold.id).unwrap();
        assert!(remove(dir, &hold.id).unwrap_err().to_string().contains("there is no hold"));
        assert_eq!(applied(dir, &rules()).segments, before[..blocked.len()]);
        assert_intact(dir);
    }

    fn a_hold_on_a_category_holds_what_may_be_of_it(dir) {
        written(dir, 90, 9);
        add(dir, &NewHold::new("x").category("API").unwrap()).unwrap();
        let of_data = plan(dir, &rules()).unwrap();
        assert!(of_data.segments.iter().all(|segment| segment.action != Action::Blocked));
        add(dir, &NewHold::new("x").category("DATA").unwrap()).unwrap();
        assert_eq!(plan(dir, &rules()).unwrap().due().count(), 0);
        assert!(NewHold::new("x").category("data").is_err());
        assert!(add(dir, &NewHold::new(" ")).is_err() && add(dir.join("none"), &NewHold::new("x")).is_err());
    }

    fn a_damaged_hold_holds_everything(dir) {
        written(dir, 90, 9);
        let hold = add(dir, &NewHold::new("x").from("2099-01-01").unwrap()).unwrap();
        assert!(plan(dir, &rules()).unwrap().due().count() > 0);
        let path = dir.join(format!(".vigil/holds/{}.json", hold.id));
        let text = fs::read(&path).unwrap();
        for at in (0..text.len()).step_by(7) {
            let mut bytes = text.clone();
            bytes[at] ^= 1;
            fs::write(&path, &bytes).unwrap();
            assert!(list(dir).is_err(), "{at}");
        }
        fs::write(&path, &text[..text.len() / 2]).unwrap();
        let planned = plan(dir, &rules()).unwrap();
        assert_eq!(planned.due().count(), 0);
        assert!(planned.stopped_by[0].contains("vigil hold remove"), "{:?}", planned.stopped_by);
        assert!(of_subject(dir, "u-17").is_err());
        let done = applied(dir, &rules());
        assert!(done.segments.is_empty() && !done.stopped_by.is_empty());
        // The event of its damage is told to health by the process that writes.
        assert_eq!(remove(dir, &hold.id).unwrap(), None);
        assert!(!applied(dir, &rules()).segments.is_empty());
        assert_intact(dir);
    }

    fn a_subject_is_held_and_not_named(dir) {
        written(dir, 18, 9);
        let held = add(dir, &NewHold::new("complaint").subject("jane@example.com")).unwrap();
        assert_eq!(of_subject(dir, "jane@example.com").unwrap(), [held]);
        assert!(of_subject(dir, "john@example.com").unwrap().is_empty());
        let other = add(dir, &NewHold::new("all of it")).unwrap();
        assert_eq!(of_subject(dir, "john@example.com").unwrap(), [other]);
        assert_eq!(list(dir).unwrap().len(), 2);
        let vigil = turned(dir, &Turned::days_ago(0)).init().unwrap();
        until("the trail tells of both", || {
            vigil.flush().unwrap();
            told(dir, "audit_hold_added").len() == 2
        });
        vigil.shutdown().unwrap();
        let bytes = vigil_tests::all_bytes(dir);
        let name = b"jane@example.com";
        assert!(!bytes.windows(name.len()).any(|window| window == name));
        fs::remove_file(dir.join(".vigil/holds.key")).unwrap();
        assert!(of_subject(dir, "john@example.com").is_err(), "nobody can tell who is held");
    }

    fn the_trail_tells_of_holds_once_each_also_of_one_removed_by_hand(dir) {
        let clock = Turned::days_ago(0);
        let start = || turned(dir, &clock).on_error(|_| {}).init().unwrap();
        start().shutdown().unwrap();
        let first = add(dir, &NewHold::new("one").by("legal")).unwrap();
        // Placed and ended while nobody writes.
        let short = add(dir, &NewHold::new("two")).unwrap();
        remove(dir, &short.id).unwrap();
        let vigil = start();
        numbered(1);
        until("all are told", || {
            vigil.flush().unwrap();
            told(dir, "audit_hold_added").len() == 2 && told(dir, "audit_hold_removed").len() == 1
        });
        let second = add(dir, &NewHold::new("three")).unwrap();
        until("the third is told", || {
            vigil.flush().unwrap();
            told(dir, "audit_hold_added").len() == 3
        });
        remove(dir, &second.id).unwrap();
        fs::remove_file(dir.join(format!(".vigil/holds/{}.json", first.id))).unwrap();
        until("both ends are told", || {
            vigil.flush().unwrap();
            told(dir, "audit_hold_removed").len() == 3
        });
        vigil.shutdown().unwrap();
        let vigil = start();
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        vigil.shutdown().unwrap();
        let (added, removed) = (told(dir, "audit_hold_added"), told(dir, "audit_hold_removed"));
        assert_eq!((added.len(), removed.len()), (3, 3));
        let of = |id: &str| removed.iter().find(|event| event["action"]["parameters"]["hold"] == id).unwrap();
        let by_hand = of(&first.id);
        assert_eq!(by_hand["action"]["result"]["status"], "FAILURE");
        assert_eq!(by_hand["action"]["parameters"]["reason"], "one");
        assert!(of(&second.id)["action"]["parameters"]["by"].is_string());
    }

    fn a_hold_placed_while_it_is_told_keeps_the_files(dir) {
        // The event is there, the files are not gone yet, and then comes the hold: as after a crash in between.
        written(dir, 90, 9);
        let before = files(dir);
        let first = dir.join(&before[0]);
        let bytes = fs::read(&first).unwrap();
        let done = applied(dir, &rules());
        fs::write(&first, bytes).unwrap();
        let hold = add(dir, &NewHold::new("late")).unwrap();
        assert!(applied(dir, &rules()).finished.is_empty() && first.exists());
        assert_intact(dir);
        remove(dir, &hold.id).unwrap();
        assert_eq!(applied(dir, &rules()).finished, before[..1]);
        assert!(!first.exists());
        assert_eq!(assert_intact(dir).purged, done.events);
    }
}
