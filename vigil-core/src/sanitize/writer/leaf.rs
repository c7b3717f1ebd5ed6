//! The values that have nothing inside: what is written for each, and by which way its treatment gets at it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use super::{Rule, Writer, json};
use crate::sanitize::form;
use crate::sanitize::profile::IpPolicy;
use crate::sanitize::treatment::Treatment;

impl Writer<'_> {
    /// Writes `null`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use vigil_core::sanitize::{Sanitize, Writer, to_json};
    /// struct Nothing;
    /// impl Sanitize for Nothing {
    ///     fn sanitize(&self, out: &mut Writer<'_>) {
    ///         out.null();
    ///     }
    /// }
    /// assert_eq!(to_json(&Nothing), "null");
    /// ```
    pub fn null(&mut self) {
        if self.begin() {
            self.buf.extend_from_slice(b"null");
        }
    }

    /// Writes `true` or `false`.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(vigil_core::sanitize::to_json(&true), "true");
    /// ```
    pub fn bool(&mut self, value: bool) {
        if !self.begin() {
            return;
        }
        let text = if value { "true" } else { "false" };
        match self.mode {
            // One bit is no secret, and `password: true` says that there is one. An attribute of its own still holds.
            Treatment::Redact | Treatment::RedactAs(_) => {
                self.buf.extend_from_slice(text.as_bytes());
            }
            _ if self.is_plain() => self.buf.extend_from_slice(text.as_bytes()),
            Treatment::Encrypt => self.sealed(text),
            _ => self.treated(text),
        }
    }

    /// Writes an integer.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(vigil_core::sanitize::to_json(&-7_i64), "-7");
    /// ```
    pub fn i64(&mut self, value: i64) {
        self.number(|buf| {
            if value < 0 {
                buf.push(b'-');
            }
            json::integer(buf, value.unsigned_abs());
        });
    }

    /// Writes an integer. Those above 2^53 stay numbers, though some readers round them.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(vigil_core::sanitize::to_json(&u64::MAX), "18446744073709551615");
    /// ```
    pub fn u64(&mut self, value: u64) {
        self.number(|buf| json::integer(buf, value));
    }

    /// Writes an integer: as a number where it fits into 64 bits, else as a string.
    ///
    /// # Examples
    ///
    /// ```
    /// use vigil_core::sanitize::to_json;
    ///
    /// assert_eq!(to_json(&-5_i128), "-5");
    /// assert_eq!(to_json(&i128::MIN), "\"-170141183460469231731687303715884105728\"");
    /// ```
    pub fn i128(&mut self, value: i128) {
        match (i64::try_from(value), u64::try_from(value)) {
            (Ok(value), _) => self.i64(value),
            (_, Ok(value)) => self.u64(value),
            _ => self.plain(format_args!("{value}")),
        }
    }

    /// Writes an integer: as a number where it fits into 64 bits, else as a string.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(vigil_core::sanitize::to_json(&5_u128), "5");
    /// ```
    pub fn u128(&mut self, value: u128) {
        match u64::try_from(value) {
            Ok(value) => self.u64(value),
            Err(_) => self.plain(format_args!("{value}")),
        }
    }

    /// Writes a number; `"NaN"`, `"Infinity"` and `"-Infinity"`, which JSON has no numbers for, as strings.
    ///
    /// # Examples
    ///
    /// ```
    /// use vigil_core::sanitize::to_json;
    ///
    /// assert_eq!(to_json(&0.25), "0.25");
    /// assert_eq!(to_json(&f64::NAN), "\"NaN\"");
    /// ```
    pub fn f64(&mut self, value: f64) {
        self.float(value.is_finite(), value, value.is_nan(), value < 0.0);
    }

    /// An `f32` in its own shortest form: `0.1`, not `0.10000000149011612`.
    pub(in crate::sanitize) fn f32(&mut self, value: f32) {
        self.float(value.is_finite(), value, value.is_nan(), value < 0.0);
    }

    fn float(&mut self, finite: bool, value: impl fmt::Debug, nan: bool, negative: bool) {
        match (finite, nan, negative) {
            // The Debug form of a finite float is a JSON number, with an exponent where it would be long.
            (true, ..) => self.number(|buf| {
                let _ = std::io::Write::write_fmt(buf, format_args!("{value:?}"));
            }),
            (_, true, _) => self.plain(format_args!("NaN")),
            (_, _, true) => self.plain(format_args!("-Infinity")),
            _ => self.plain(format_args!("Infinity")),
        }
    }

    /// Writes what stands in JSON already and is no text: `null`, a truth value or a number, digit by digit as it is.
    pub(in crate::sanitize) fn literal(&mut self, json: &str) {
        match json {
            "null" => self.null(),
            "true" | "false" => self.bool(json == "true"),
            _ => self.number(|buf| buf.extend_from_slice(json.as_bytes())),
        }
    }

    /// Writes a string of one character.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(vigil_core::sanitize::to_json(&'"'), r#""\"""#);
    /// ```
    pub fn char(&mut self, value: char) {
        self.str(value.encode_utf8(&mut [0; 4]));
    }

    /// Writes a string. The value detectors run over it; whatever they find is replaced, the rest is kept.
    ///
    /// # Examples
    ///
    /// ```
    /// use vigil_core::sanitize::to_json;
    ///
    /// assert_eq!(to_json("line\nbreak"), r#""line\nbreak""#);
    /// ```
    pub fn str(&mut self, value: &str) {
        if self.begin() {
            self.treated(value);
        }
    }

    /// Writes what `Display` gives, treated like a string. The formatting is stopped at the limit of a string; an impl
    /// that fails or panics does no harm.
    ///
    /// # Examples
    ///
    /// ```
    /// # use vigil_core::sanitize::{Sanitize, Writer, to_json};
    /// struct Version(u8, u8);
    /// impl Sanitize for Version {
    ///     fn sanitize(&self, out: &mut Writer<'_>) {
    ///         out.display(&format_args!("{}.{}", self.0, self.1));
    ///     }
    /// }
    /// assert_eq!(to_json(&Version(1, 2)), r#""1.2""#);
    /// ```
    pub fn display(&mut self, value: &dyn fmt::Display) {
        self.formatted(format_args!("{value}"));
    }

    /// Writes what `Debug` gives, treated like a string; see [`Writer::display`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use vigil_core::sanitize::{Sanitize, Writer, to_json};
    /// struct Shown(Option<u8>);
    /// impl Sanitize for Shown {
    ///     fn sanitize(&self, out: &mut Writer<'_>) {
    ///         out.debug(&self.0);
    ///     }
    /// }
    /// assert_eq!(to_json(&Shown(Some(1))), r#""Some(1)""#);
    /// ```
    pub fn debug(&mut self, value: &dyn fmt::Debug) {
        self.formatted(format_args!("{value:?}"));
    }

    /// Writes a literal of the program, such as the name of an enum's variant: a string that needs no search.
    ///
    /// # Examples
    ///
    /// ```
    /// # use vigil_core::sanitize::{Sanitize, Writer, to_json};
    /// enum Plan { Free }
    /// impl Sanitize for Plan {
    ///     fn sanitize(&self, out: &mut Writer<'_>) {
    ///         out.name("Free");
    ///     }
    /// }
    /// assert_eq!(to_json(&Plan::Free), r#""Free""#);
    /// ```
    pub fn name(&mut self, name: &'static str) {
        if !self.begin() {
            return;
        }
        if self.is_plain() {
            json::quoted(self.buf, name);
        } else {
            self.treated(name);
        }
    }

    /// Writes `"***REDACTED***"`, and counts it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use vigil_core::sanitize::{Sanitize, Writer, to_json};
    /// struct Session(String);
    /// impl Sanitize for Session {
    ///     fn sanitize(&self, out: &mut Writer<'_>) {
    ///         out.redacted();
    ///     }
    /// }
    /// assert_eq!(to_json(&Session("abc".into())), r#""***REDACTED***""#);
    /// ```
    pub fn redacted(&mut self) {
        if self.begin() {
            self.replaced(Rule::Attribute);
        }
    }

    /// Writes that there were this many bytes, and not which: `"<1024 bytes>"`.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(vigil_core::sanitize::to_json(&[0_u8; 16]), r#""<16 bytes>""#);
    /// ```
    pub fn bytes(&mut self, len: usize) {
        self.plain(format_args!("<{len} bytes>"));
    }

    /// Writes an address of the network, with its port if it has one, by the profile's policy.
    pub(in crate::sanitize) fn ip(&mut self, address: IpAddr, port: Option<u16>) {
        let policy = match self.mode {
            Treatment::Default | Treatment::Truncate(_) => self.rules.profile().ip(),
            _ => IpPolicy::Keep,
        };
        match (policy, port) {
            (IpPolicy::Redact, _) => {
                if self.begin() {
                    self.replaced(Rule::Ip);
                }
            }
            (IpPolicy::Network, _) => {
                if self.begin() {
                    self.counts.add(Rule::Ip);
                    self.buf.push(b'"');
                    form::ip(address, self.buf);
                    self.buf.push(b'"');
                }
            }
            (IpPolicy::Keep, Some(port)) if !matches!(self.mode, Treatment::Pii(_)) => {
                self.plain(format_args!("{}", SocketAddr::new(address, port)));
            }
            (IpPolicy::Keep, _) => self.plain(format_args!("{address}")),
        }
    }

    /// Whether leaves that are no text of the user's are written as they are.
    pub(super) fn is_plain(&self) -> bool {
        self.listed
            && matches!(
                self.mode,
                Treatment::Default | Treatment::Keep | Treatment::Truncate(_)
            )
    }

    /// Writes a number by `digits`, or what the treatment makes of it.
    fn number(&mut self, digits: impl FnOnce(&mut Vec<u8>)) {
        if self.begin() {
            self.number_once(digits);
        }
    }

    #[inline]
    pub(super) fn number_once(&mut self, digits: impl FnOnce(&mut Vec<u8>)) {
        let start = self.buf.len();
        digits(self.buf);
        if self.is_plain() {
            return;
        }
        let mut digits = [0; 64];
        let written = self.buf.get(start..).unwrap_or_default();
        let len = written.len().min(digits.len());
        digits[..len].copy_from_slice(&written[..len]);
        self.buf.truncate(start);
        let text = std::str::from_utf8(&digits[..len]).unwrap_or("");
        if self.mode == Treatment::Encrypt {
            return self.sealed(text);
        }
        self.treated(text);
    }
}
