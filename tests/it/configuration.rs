//! Configuration as an operator meets it: a file in the working directory, a variable, a mistake.

use std::fs;

use vigil::audit;
use vigil_tests::{events, isolated};

isolated! {
    fn a_file_in_the_working_directory_is_read(dir) {
        fs::write(dir.join("vigil.yaml"), "service: shop\ntrail:\n  dir: trail\n  name: orders\ncategories:\n  DATA: false\n").unwrap();
        let vigil = vigil::init().unwrap();
        audit!(category = "DATA", operation = "filtered");
        audit!(category = "API", operation = "kept");
        assert_eq!(vigil.trail_dir(), std::path::Path::new("trail"));
        vigil.shutdown().unwrap();
        let events = events(&dir.join("trail"));
        assert_eq!(events.len(), 1);
        assert_eq!(events[0]["system"]["service"], "shop");
        let file = vigil_tests::trail_files(&dir.join("trail")).remove(0);
        assert!(file.file_name().unwrap().to_string_lossy().starts_with("audit_orders_"));
    }

    fn every_mistake_is_named_with_file_line_and_key(dir) {
        fs::write(dir.join("vigil.yaml"), "service: shop\nsamplng:\n  rate: 1\nslow_threshold: soon\n").unwrap();
        let error = vigil::init().unwrap_err();
        assert!(error.is_config());
        let text = error.to_string();
        assert!(text.contains("vigil.yaml:2") && text.contains("samplng") && text.contains("sampling"), "{text}");
        assert!(text.contains("vigil.yaml:4") && text.contains("slow_threshold") && text.contains("soon"), "{text}");
        assert!(!dir.join("logs").exists(), "nothing is created on disk by a start that fails");
    }

    fn a_regex_that_does_not_parse_is_named(_dir) {
        let error = vigil::builder()
            .config_text("sanitize:\n  patterns:\n    - name: badge\n      regex: 'BDG-(['\n")
            .init()
            .unwrap_err();
        assert!(error.is_config() && error.to_string().contains(":4: sanitize.patterns[0].regex"), "{error}");
    }
}
