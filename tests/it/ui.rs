//! Promise 6: what is wrong does not compile, and the message says where and what to do.

use std::process::Command;

/// The compiler whose messages the `.stderr` files hold; another one words or places them a little differently.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn every_mistake_has_its_message() {
    let version = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .arg("--version")
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default();
    if !version.starts_with(COMPILER) {
        println!(
            "skipped: the messages are those of {COMPILER}x, this is {}",
            version.trim()
        );
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*/*.rs");
}
