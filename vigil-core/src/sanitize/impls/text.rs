//! Text, and what is text on most machines: paths and strings of the operating system and of C.

use std::ffi::{CStr, CString, OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str;

use crate::sanitize::{Leaf, Sanitize, Writer};

impl Sanitize for str {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.str(self);
    }

    fn leaf(&self) -> Option<Leaf<'_>> {
        Some(Leaf::Text(self))
    }
}

impl Sanitize for String {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.str(self);
    }

    fn leaf(&self) -> Option<Leaf<'_>> {
        Some(Leaf::Text(self))
    }
}

impl Sanitize for fmt::Arguments<'_> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.display(self);
    }
}

/// Bytes that should be UTF-8: where they are not, U+FFFD stands for them and the text ends in `…$invalid-utf8`.
fn lossy(bytes: &[u8], out: &mut Writer<'_>) {
    match str::from_utf8(bytes) {
        Ok(text) => out.str(text),
        Err(_) => out.display(&Lossy(bytes)),
    }
}

/// Formatted piece by piece, so that a long one is not copied whole.
struct Lossy<'a>(&'a [u8]);

impl fmt::Display for Lossy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_str("\u{fffd}")?;
            }
        }
        f.write_str("…$invalid-utf8")
    }
}

impl Sanitize for OsStr {
    fn sanitize(&self, out: &mut Writer<'_>) {
        lossy(self.as_encoded_bytes(), out);
    }
}

impl Sanitize for CStr {
    fn sanitize(&self, out: &mut Writer<'_>) {
        lossy(self.to_bytes(), out);
    }
}

impl Sanitize for Path {
    fn sanitize(&self, out: &mut Writer<'_>) {
        self.as_os_str().sanitize(out);
    }
}

macro_rules! owned {
    ($($type:ty),*) => {$(
        impl Sanitize for $type {
            fn sanitize(&self, out: &mut Writer<'_>) {
                (**self).sanitize(out);
            }
        }
    )*};
}

owned! { OsString, CString, PathBuf }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::to_json;

    #[test]
    fn text_is_a_string() {
        assert_eq!(to_json("a\"b\\c\u{1}"), r#""a\"b\\c\u0001""#);
        assert_eq!(to_json(&"x".to_owned()), r#""x""#);
        assert_eq!(to_json(&format_args!("{}-{}", 1, 2)), r#""1-2""#);
        assert_eq!(to_json(Path::new("data/a")), r#""data/a""#);
        assert_eq!(to_json(&PathBuf::from("data/a")), r#""data/a""#);
        assert_eq!(to_json(OsStr::new("x")), r#""x""#);
        assert_eq!(to_json(c"x"), r#""x""#);
    }

    #[test]
    fn what_is_no_text_is_marked() {
        assert_eq!(to_json(c"a\xffb"), "\"a\u{fffd}b…$invalid-utf8\"");
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt as _;
            let name = OsStr::from_bytes(b"\xc3(jane@example.com");
            let json = to_json(&name.to_owned());
            assert_eq!(json, "\"\u{fffd}(j***@***.***…$invalid-utf8\"");
        }
    }
}
