//! Passes the compiler's version on to the crate: every event names it under `system.runtime.rust_version`.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let printed = Command::new(rustc)
        .arg("--version")
        .output()
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .unwrap_or_default();
    // "rustc 1.95.0 (59807616e 2026-04-14)": the second word is the version.
    let version = printed.split_whitespace().nth(1).unwrap_or("unknown");
    println!("cargo::rustc-env=VIGIL_RUST_VERSION={version}");
}
