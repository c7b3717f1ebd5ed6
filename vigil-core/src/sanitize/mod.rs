//! (skeleton, to be replaced)

use std::fmt;
use std::sync::atomic::AtomicU32;

/// The name of a field or parameter, fixed at compile time, with what the key rule says of it cached.
#[derive(Debug)]
pub struct Key {
    name: &'static str,
    #[allow(dead_code)]
    cached: AtomicU32,
}

impl Key {
    /// A key of this name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            cached: AtomicU32::new(0),
        }
    }

    /// Its name as it stands in the trail.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

/// Values that can stand in the trail.
pub trait Sanitize {
    /// Writes exactly one JSON value.
    fn sanitize(&self, out: &mut Writer<'_>);
}

/// Where sanitized values are written.
#[derive(Debug)]
pub struct Writer<'a> {
    buf: &'a mut Vec<u8>,
}

impl fmt::Debug for dyn Sanitize + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dyn Sanitize")
    }
}

impl<'a> Writer<'a> {
    /// Skeleton.
    pub fn str(&mut self, text: &str) {
        self.buf.extend_from_slice(text.as_bytes());
    }
}
