//! What the type of an error is called in the trail.

use std::fmt;

use crate::sanitize::WithoutPaths;

/// The type of an error as a person would write it: `ParseIntError`. One that is only called `Error` keeps its path, but
/// for the private module it commonly lives in: `std::io::Error`.
pub(super) struct ErrorName(pub(super) &'static str);

impl fmt::Display for ErrorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `audit!` and `scope.failure` only borrow the error.
        let name = self.0.trim_start_matches('&');
        let is_path = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':'));
        match name.strip_suffix("::Error") {
            Some(modules) if is_path => {
                for module in modules.split("::").filter(|module| *module != "error") {
                    write!(f, "{module}::")?;
                }
                f.write_str("Error")
            }
            _ => WithoutPaths(name).fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_called_what_people_call_them() {
        for (name, written) in [
            ("shop::auth::AuthError", "AuthError"),
            ("&core::num::error::ParseIntError", "ParseIntError"),
            ("std::io::error::Error", "std::io::Error"),
            ("rusqlite::error::Error", "rusqlite::Error"),
            (
                "alloc::boxed::Box<dyn core::error::Error>",
                "Box<dyn Error>",
            ),
            ("alloc::string::String", "String"),
        ] {
            assert_eq!(ErrorName(name).to_string(), written);
        }
    }
}
