//! The details of a panic: message, place and backtrace, taken by a process-wide hook while the panic starts, because
//! neither a drop guard nor `catch_unwind` can see them later.
//!
//! The hook calls the one that was there before, always, and looks only at panics below an audited call.

use std::backtrace::Backtrace;
use std::panic::PanicHookInfo;
use std::sync::{Arc, Once};

use super::abort::{self, ABORTS};
use super::ambient;
use crate::sanitize::{self, Counts, Displayed, Key, Treatment, Writer};

/// How many frames of a backtrace are kept: those nearest to the panic.
const FRAMES: usize = 48;

/// Installs the hook; once a process.
pub(super) fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            note(info);
            previous(info);
        }));
    });
}

fn note(info: &PanicHookInfo<'_>) {
    // Backtraces cost some ten microseconds, so a program that panics for its own purposes elsewhere pays nothing.
    if ambient::parent().is_none() {
        return;
    }
    let details = describe(info);
    if ABORTS {
        abort::record_open(&details);
        return;
    }
    ambient::with(|ambient| {
        // Borrowed only if a sanitizer panics while it is being asked about a panic: then the first one counts.
        if let Ok(mut panic) = ambient.panic.try_borrow_mut() {
            *panic = Some(details);
        }
    });
}

/// Members of `error` for the panic that is passing through the calling thread.
pub(super) fn passing() -> Option<Arc<[u8]>> {
    ambient::with(|ambient| ambient.panic.borrow().clone()).flatten()
}

/// Members of `error` for a panic nothing is known about: another hook has taken our place, or the panic was resumed
/// from elsewhere.
pub(super) const UNKNOWN: &[u8] = br#""type":"panic""#;

fn describe(info: &PanicHookInfo<'_>) -> Arc<[u8]> {
    static KEYS: [Key; 4] = [
        Key::new("type"),
        Key::new("message"),
        Key::new("location"),
        Key::new("backtrace"),
    ];
    let payload = info.payload();
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic with a payload that is no text");
    let backtrace = Backtrace::force_capture().to_string();
    let frames = frames(&backtrace);
    let mut json = Vec::with_capacity(4096);
    sanitize::with_rules(|rules| {
        let mut counts = Counts::default();
        let mut out = Writer::new(&mut json, rules, &mut counts);
        out.member(&KEYS[0], Treatment::Keep, &"panic");
        out.member(&KEYS[1], Treatment::Default, &message);
        if let Some(location) = info.location() {
            out.member(&KEYS[2], Treatment::Keep, &Displayed(location));
        }
        if !frames.is_empty() {
            out.member(&KEYS[3], Treatment::Keep, &frames);
        }
    });
    json.into()
}

/// The frames of a printed backtrace as `function at file:line:column`, from the one that panicked outwards, without
/// the machinery of the panic itself and of the thread's start.
fn frames(backtrace: &str) -> Vec<String> {
    let mut frames: Vec<String> = Vec::new();
    for line in backtrace.lines() {
        let line = line.trim_start();
        if let Some(place) = line.strip_prefix("at ") {
            if let Some(frame) = frames.last_mut() {
                frame.push_str(" at ");
                frame.push_str(place);
            }
        } else if let Some((number, function)) = line.split_once(": ")
            && number.bytes().all(|byte| byte.is_ascii_digit())
        {
            frames.push(function.to_owned());
        }
    }
    // std marks the inner end of what it shows in a short backtrace by this frame, and the outer end by the other.
    let inner = frames
        .iter()
        .position(|frame| frame.contains("__rust_end_short_backtrace"))
        .map_or(0, |at| at + 1);
    frames.drain(..inner);
    let machinery = frames
        .iter()
        .take_while(|frame| is_machinery(frame))
        .count();
    frames.drain(..machinery);
    if let Some(outer) = frames
        .iter()
        .position(|frame| frame.contains("__rust_begin_short_backtrace"))
    {
        frames.truncate(outer);
    }
    frames.retain(|frame| !frame.contains("vigil_core::capture::"));
    frames.truncate(FRAMES);
    frames
}

fn is_machinery(frame: &str) -> bool {
    [
        "rust_begin_unwind",
        "core::panicking::",
        "std::panicking::",
        "std::panic::panic_any",
    ]
    .iter()
    .any(|part| frame.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frames_are_those_of_the_program() {
        let printed = "   0: std::backtrace::Backtrace::create
             at /rustc/1/library/std/src/backtrace.rs:331:13
   1: std::sys::backtrace::__rust_end_short_backtrace
   2: __rustc::rust_begin_unwind
   3: core::panicking::panic_fmt
   4: shop::stock::take
             at ./src/stock.rs:7:5
   5: vigil_core::capture::outcome::call_once
   6: shop::main
             at ./src/main.rs:3:5
   7: std::sys::backtrace::__rust_begin_short_backtrace
   8: main
";
        assert_eq!(
            frames(printed),
            [
                "shop::stock::take at ./src/stock.rs:7:5",
                "shop::main at ./src/main.rs:3:5"
            ]
        );
        assert!(frames("disabled backtrace").is_empty());
    }
}
