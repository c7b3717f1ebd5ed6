//! A call of a sink, from which anything may come back, or nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::forwarders::Surroundings;
use super::status::Status;
use super::{Sink, SinkError};

/// Calls the sink, under its deadline, with its panics contained. The error says what is wrong, and whether for good.
pub(super) fn call(
    sink: &mut dyn Sink,
    status: &Status,
    surroundings: &Surroundings,
    call: impl FnOnce(&mut dyn Sink) -> Result<(), SinkError>,
) -> Result<(), (String, bool)> {
    status.begin_call();
    surroundings.calls.ring();
    (surroundings.in_sink)(true);
    let result = catch_unwind(AssertUnwindSafe(|| {
        call(sink).map_err(|error| (error.to_string(), error.is_permanent()))
    }));
    (surroundings.in_sink)(false);
    status.end_call();
    match result {
        Ok(result) => result,
        Err(panic) => Err((format!("it panicked: {}", panic_text(&*panic)), false)),
    }
}

pub(super) fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
