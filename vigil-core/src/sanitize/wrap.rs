//! What the macros wrap a value in to record it in another way than by its own `Sanitize`.

use std::fmt;

use super::{Sanitize, Writer};

/// Its type instead of the value: `"<Pool>"`, without module paths.
#[derive(Clone, Copy)]
pub struct Opaque<'a, T: ?Sized>(pub &'a T);

impl<T: ?Sized> Sanitize for Opaque<'_, T> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.display(&format_args!(
            "<{}>",
            WithoutPaths(std::any::type_name::<T>())
        ));
    }
}

impl<T: ?Sized> fmt::Debug for Opaque<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opaque")
    }
}

/// `alloc::vec::Vec<my::Pool>` as `Vec<Pool>`.
pub(crate) struct WithoutPaths(pub(crate) &'static str);

impl fmt::Display for WithoutPaths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while !rest.is_empty() {
            // A path runs up to the next character that is part of none.
            let end = rest
                .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
                .unwrap_or(rest.len());
            let (path, after) = rest.split_at(end);
            f.write_str(path.rsplit("::").next().unwrap_or(path))?;
            let mut chars = after.chars();
            if let Some(c) = chars.next() {
                fmt::Write::write_char(f, c)?;
            }
            rest = chars.as_str();
        }
        Ok(())
    }
}

/// What `Display` gives.
#[derive(Clone, Copy)]
pub struct Displayed<'a>(pub &'a dyn fmt::Display);

impl Sanitize for Displayed<'_> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.display(self.0);
    }
}

impl fmt::Debug for Displayed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Displayed")
    }
}

/// What `Debug` gives.
#[derive(Clone, Copy)]
pub struct Debugged<'a>(pub &'a dyn fmt::Debug);

impl Sanitize for Debugged<'_> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.debug(self.0);
    }
}

impl fmt::Debug for Debugged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Debugged")
    }
}

/// What a function of the user's writes.
#[derive(Clone, Copy)]
pub struct With<'a, T: ?Sized>(pub &'a T, pub fn(&T, &mut Writer<'_>));

impl<T: ?Sized> Sanitize for With<'_, T> {
    fn sanitize(&self, out: &mut Writer<'_>) {
        (self.1)(self.0, out);
    }
}

impl<T: ?Sized> fmt::Debug for With<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("With")
    }
}

/// The one bound that the compiler complains about when a value cannot be recorded.
pub fn sanitizable<T: Sanitize>(value: &T) -> &dyn Sanitize {
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::to_json;

    struct Pool;

    #[test]
    fn an_opaque_value_shows_its_type_only() {
        assert_eq!(to_json(&Opaque(&Pool)), r#""<Pool>""#);
        let nested: Vec<Option<&Pool>> = Vec::new();
        assert_eq!(to_json(&Opaque(&nested)), r#""<Vec<Option<&Pool>>>""#);
        let dynamic: &dyn fmt::Debug = &1;
        assert_eq!(to_json(&Opaque(dynamic)), r#""<dyn Debug>""#);
        assert_eq!(to_json(&Opaque("str")), r#""<str>""#);
    }

    #[test]
    fn formatted_values_are_searched() {
        let mail = "jane@example.com";
        assert_eq!(to_json(&Displayed(&mail)), r#""j***@***.***""#);
        assert_eq!(
            to_json(&Debugged(&Some(mail))),
            r#""Some(\"j***@***.***\")""#
        );
        let with = With(&7, |seven: &i32, out: &mut Writer<'_>| {
            out.i64(i64::from(*seven) * 2)
        });
        assert_eq!(to_json(&with), "14");
        assert_eq!(to_json(sanitizable(&7)), "7");
    }
}
