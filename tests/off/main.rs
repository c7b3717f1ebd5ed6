//! The off switch, in a program of its own: where code declares a category as mandatory, as the other tests do, a
//! configuration cannot switch everything off.

#![allow(
    clippy::unwrap_used,
    reason = "an unwrap that fails is a test that fails"
)]

use std::fs;

use vigil::{audit, audited};
use vigil_tests::isolated;

#[audited(category = "DATA")]
fn called(number: u64) -> u64 {
    number + 1
}

isolated! {
    fn switched_off_nothing_is_created(dir) {
        let vigil = vigil::builder().config_text("enabled: false").trail(dir.join("audit")).init().unwrap();
        assert!(!vigil::is_enabled());
        assert_eq!(audit!(category = "DATA", operation = "x"), None);
        assert_eq!(called(1), 2);
        assert!(vigil.flush().is_ok());
        let stats = vigil.shutdown().unwrap();
        assert_eq!((stats.total.recorded, stats.total.dropped), (0, 0));
        assert!(!dir.join("audit").exists());
    }

    fn the_configuration_file_and_the_environment_can_switch_off(dir) {
        for (file, variable) in [("enabled: false", None), ("service: shop", Some("false"))] {
            fs::write(dir.join("vigil.yaml"), file).unwrap();
            let mut child = std::process::Command::new(std::env::current_exe().unwrap());
            child.args(["starts_as_configured", "--exact", "--nocapture"]).env(CHILD, "1").current_dir(dir);
            if let Some(value) = variable {
                child.env("VIGIL_ENABLED", value);
            }
            let output = child.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            assert_eq!(fs::read_dir(dir).unwrap().count(), 1, "nothing but the configuration");
        }
    }
}

const CHILD: &str = "OFF_CHILD";

/// The other side of the test before this one; by itself it has nothing to say.
#[test]
fn starts_as_configured() {
    if std::env::var_os(CHILD).is_some() {
        let vigil = vigil::init().unwrap();
        assert!(!vigil::is_enabled());
        assert_eq!(called(1), 2);
        vigil.shutdown().unwrap();
    }
}
