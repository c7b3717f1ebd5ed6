//! Which segments are due by which rule.

use std::fs;

use vigil::trail::retention::{Action, Age, Keep, Retention, RetentionProfile, plan};
use vigil_tests::{builder, isolated};

use super::{
    DAY, Turned, applied, assert_intact, called, files, numbered, records, told, turned, written,
};

isolated! {
    fn what_is_older_than_its_age_goes_and_the_rest_stays_proved(dir) {
        written(dir, 90, 9);
        let before = files(dir);
        let report = assert_intact(dir);
        let sealed = report.events;
        let retention = Retention::new().age(Age::days(30));
        let planned = plan(dir, &retention).unwrap();
        let due: Vec<_> = planned.due().map(|segment| segment.name.clone()).collect();
        assert_eq!(due, before[..due.len()], "the oldest first");
        assert_eq!(due.len(), 7, "{planned:#?}");
        assert_eq!(files(dir), before, "a plan changes nothing");
        let done = applied(dir, &retention);
        assert_eq!(done.segments, due);
        assert!(done.events >= 70 && done.bytes > 0, "{done:?}");
        assert_eq!(files(dir)[..4], before[7..]);
        let report = assert_intact(dir);
        assert_eq!(report.purged, done.events);
        assert!(report.events + report.purged > sealed);
        let [purge] = &report.purges[..] else { panic!("{report:#?}") };
        assert_eq!((purge.segments.as_slice(), purge.event), (&due[..], done.told_by[0]));
        assert!(purge.youngest_days >= Some(30), "{purge:?}");
        let events = told(dir, "audit_retention_purged");
        let parameters = &events[0]["action"]["parameters"];
        assert_eq!(parameters["operator"], "the test");
        assert_eq!(parameters["policy"], "age 30d");
        assert_eq!(parameters["segments"][0]["segment"], due[0]);
        // Once more there is nothing to be done, and the next process goes on.
        assert!(applied(dir, &retention).segments.is_empty());
        let vigil = builder(dir).init().unwrap();
        numbered(7);
        assert!(vigil::health().recovery.is_empty(), "{:?}", vigil::health());
        vigil.shutdown().unwrap();
        assert_intact(dir);
        assert_eq!(records(dir).len(), 1);
    }

    fn by_default_and_beside_no_rule_nothing_goes(dir) {
        written(dir, 900, 9);
        let before = files(dir);
        assert!(plan(dir, &Retention::new()).unwrap().segments.iter().all(|segment| segment.action == Action::Keep));
        assert!(applied(dir, &Retention::new()).segments.is_empty());
        assert_eq!(files(dir), before);
    }

    fn where_there_is_too_much_the_oldest_go_but_not_what_a_profile_keeps(dir) {
        written(dir, 450, 9);
        let size: u64 = vigil_tests::trail_files(dir).iter().map(|file| fs::metadata(file).unwrap().len()).sum();
        let before = files(dir);
        // All but about ten.
        let most = size * 10 / before.len() as u64;
        let pci = Retention::new().profile(RetentionProfile::Pci).max_size(most);
        let planned = plan(dir, &pci).unwrap();
        // 450 to 366 days old.
        let due = planned.due().count();
        assert!((8..=10).contains(&due), "{due}");
        let asked: Vec<_> = planned.compliance.iter().map(|asked| (asked.asked_by.as_str(), asked.is_met)).collect();
        assert_eq!(asked, [("max_size", false), ("pci", true), ("pci", true)], "{:#?}", planned.compliance);
        // A category that is named is kept too.
        let named = Retention::new().max_size(most).category("DATA", Keep::For(Age::days(100)));
        assert!(plan(dir, &named).unwrap().due().all(|segment| segment.name < before[40]));
        let free = Retention::new().max_size(most);
        let done = applied(dir, &free);
        assert!(done.too_large.is_none() && (38..=42).contains(&done.segments.len()), "{}", done.segments.len());
        assert_eq!(done.segments, before[..done.segments.len()]);
        assert_intact(dir);
    }

    fn a_segment_goes_when_the_longest_time_of_its_categories_has_passed(dir) {
        let clock = Turned::days_ago(80);
        let vigil = turned(dir, &clock).init().unwrap();
        for day in 0..8 {
            called(day);
            if day % 2 == 0 {
                numbered(day);
            }
            vigil.flush().unwrap();
            clock.advance(9);
        }
        vigil.shutdown().unwrap();
        // The first has Vigil's own events of the start, which are of no category that is named.
        let retention = Retention::new().age(Age::days(60)).category("API", Keep::For(Age::days(10)))
            .category("DATA", Keep::For(Age::days(40)));
        let planned = plan(dir, &retention).unwrap();
        let actions: Vec<_> = planned.segments.iter().map(|segment| (segment.action, segment.reason.as_str())).collect();
        let (purge, keep) = (Action::Purge, Action::Keep);
        assert_eq!(actions, [
            (purge, "age 60d"),
            (purge, "age 10d of API"),
            (purge, "age 40d of DATA"),
            (purge, "age 10d of API"),
            (purge, "age 40d of DATA"),
            (purge, "age 10d of API"),
            (keep, "age 40d of DATA"),
            (purge, "age 10d of API"),
        ], "{planned:#?}");
        let forever = retention.category("DATA", Keep::Forever);
        let stays = plan(dir, &forever).unwrap();
        assert!(stays.due().all(|segment| segment.reason == "age 10d of API"));
        // Gaps in the middle are told like those at the beginning.
        let done = applied(dir, &forever);
        assert_eq!(done.segments.len(), 4);
        let report = assert_intact(dir);
        assert_eq!(report.purges[0].segments, done.segments);
    }

    fn what_each_profile_demands_is_kept(dir) {
        written(dir, 2_400, 9);
        for (profile, days) in [
            (RetentionProfile::Pci, 365),
            (RetentionProfile::FedRamp, 913),
            (RetentionProfile::Hipaa, 2_191),
        ] {
            let planned = plan(dir, &Retention::new().profile(profile)).unwrap();
            let youngest = planned.due().last();
            assert!(youngest.is_some(), "{profile}: {:?} {:#?}", planned.stopped_by, &planned.segments[..3]);
            let youngest = youngest.unwrap();
            let at: u64 = planned.segments.iter().position(|segment| segment.name == youngest.name).unwrap() as u64;
            let age = 2_400 - at * 9;
            assert!((days..days + 12).contains(&age), "{profile}: {age}");
            assert!(planned.compliance.iter().all(|asked| asked.is_met), "{:#?}", planned.compliance);
            let source = profile.source();
            assert!(planned.compliance[0].demand.contains(source));
        }
        let gdpr = Retention::new().profile(RetentionProfile::Gdpr);
        let error = gdpr.check().unwrap_err();
        assert!(error.is_config() && error.to_string().contains("trail.retention.age"), "{error}");
        let planned = plan(dir, &gdpr.age(Age::days(30))).unwrap();
        assert!(!planned.compliance[0].is_met, "{:#?}", planned.compliance);
    }

    fn an_age_below_the_profile_is_an_error_that_names_the_key(dir) {
        for (yaml, key) in [
            ("trail: {retention: {profile: pci, age: 365d}}", "trail.retention.age: expected at least 12mo, as the profile pci demands (PCI DSS v4.0.1, 10.5.1), found 365d"),
            ("trail: {retention: {profile: hipaa, age: 12mo, categories: {API: pci}}}", "trail.retention.categories.API: expected at least 6y"),
            ("trail: {retention: {profile: gdpr}}", "trail.retention.age: expected a time, found off"),
            ("trail: {retention: {profile: gdpr, age: 30d, categories: {API: off}}}", "trail.retention.categories.API: expected a time, found off"),
            ("trail: {retention: {categories: {API: gdpr}}}", "trail.retention.categories.API: expected a time, found gdpr"),
            ("trail: {retention: {age: 30}}", "trail.retention.age: expected a time such as 90d, 12mo or 6y"),
            ("trail: {retention: {age: 30d}, integrity: {enabled: false}}", "trail.retention: expected nothing to be removed"),
        ] {
            let error = vigil::builder().config_text(yaml).trail(dir).init().unwrap_err();
            assert!(error.is_config() && error.to_string().contains(key), "{error}");
        }
        for yaml in [
            "trail: {retention: {profile: pci, age: 366d, categories: {API: hipaa, DATA: off}}}",
            "trail: {retention: {age: 30d, categories: {API: pci}, max_size: 1 GiB, interval: off}}",
        ] {
            vigil::builder().config_text(yaml).trail(dir).init().unwrap().shutdown().unwrap();
        }
    }

    fn no_clock_makes_anything_go_too_early(dir) {
        written(dir, 60, 9);
        let retention = Retention::new().age(Age::days(90));
        let before = files(dir);
        // Far ahead: the process writes a day of that time, and would find all of it old.
        let clock = Turned::days_ago(0);
        clock.advance(1_000);
        let vigil = turned(dir, &clock).on_error(|_| {}).retention(retention.clone()).init().unwrap();
        numbered(1);
        vigil.flush().unwrap();
        super::until("health tells", || vigil::health().reasons.iter().any(|reason| reason.code == "retention_blocked"));
        let health = vigil::health();
        let reason = health.reasons.iter().find(|reason| reason.code == "retention_blocked").unwrap();
        assert!(reason.message.contains("time has made a leap"), "{}", reason.message);
        assert_eq!(files(dir)[..before.len()], before);
        vigil.shutdown().unwrap();
        // Right again: what was written meanwhile is of no time that can be believed, and waits for what comes.
        let planned = plan(dir, &Retention::new().age(Age::days(30))).unwrap();
        assert!(planned.stopped_by.is_empty(), "{:?}", planned.stopped_by);
        assert!(planned.due().count() >= 3);
        // Stepped back: everything is younger.
        let clock = Turned::days_ago(55);
        let vigil = turned(dir, &clock).retention(Retention::new().age(Age::days(30)).interval(Some(std::time::Duration::from_secs(1)))).init().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(2_500));
        vigil.shutdown().unwrap();
        assert_eq!(files(dir)[..before.len()], before);
        // A clock that had not been set when it all began.
        let early = dir.join("early");
        let clock = Turned::days_ago(0);
        clock.0.store(0, std::sync::atomic::Ordering::Relaxed);
        let vigil = turned(&early, &clock).init().unwrap();
        numbered(1);
        vigil.flush().unwrap();
        clock.0.store(super::now() - DAY, std::sync::atomic::Ordering::Relaxed);
        numbered(2);
        vigil.flush().unwrap();
        clock.advance(1);
        numbered(3);
        vigil.shutdown().unwrap();
        let planned = plan(&early, &Retention::new().age(Age::days(30))).unwrap();
        assert_eq!(planned.segments[0].action, Action::Keep, "{planned:#?}");
    }
}
