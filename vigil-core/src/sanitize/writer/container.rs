//! Objects and arrays: commas, the key rule, and an end when there is no more room.

use std::ops::Range;

use super::{REDACTED, Rule, What, Writer, json};
use crate::sanitize::Sanitize;
use crate::sanitize::key::{Key, Kind, kind_of};
use crate::sanitize::treatment::Treatment;

/// An object being written; made by [`Writer::object`].
///
/// # Examples
///
/// ```
/// use vigil::sanitize::{Key, Sanitize, Treatment, Writer, to_json};
///
/// struct Login(String, String);
///
/// impl Sanitize for Login {
///     fn sanitize(&self, out: &mut Writer<'_>) {
///         static KEYS: [Key; 2] = [Key::new("user"), Key::new("password")];
///         out.object()
///             .field(&KEYS[0], Treatment::Default, &self.0)
///             .field(&KEYS[1], Treatment::Default, &self.1)
///             .end();
///     }
/// }
///
/// let login = Login("jane".to_owned(), "horse".to_owned());
/// assert_eq!(to_json(&login), r#"{"user":"jane","password":"***REDACTED***"}"#);
/// ```
#[derive(Debug)]
pub struct Object<'w> {
    out: Writer<'w>,
    /// False where the object stands redacted as a whole, and its members are ignored.
    open: bool,
    empty: bool,
    left_out: usize,
    /// Where the value of a member `name` or `key` stands: in `{"name":"password","value":"..."}` it is a key.
    named: Option<Range<usize>>,
}

/// What a member is to its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Name,
    Value,
    Other,
}

impl Role {
    fn of(name: &str) -> Self {
        match name.len() {
            3 if name.eq_ignore_ascii_case("key") => Self::Name,
            4 if name.eq_ignore_ascii_case("name") => Self::Name,
            5 if name.eq_ignore_ascii_case("value") => Self::Value,
            _ => Self::Other,
        }
    }
}

impl<'w> Object<'w> {
    pub(super) fn begin(out: Writer<'w>, open: bool) -> Self {
        if open {
            out.buf.push(b'{');
        }
        Self {
            out,
            open,
            empty: true,
            left_out: 0,
            named: None,
        }
    }

    /// Writes a member whose name is part of the program.
    ///
    /// With `Treatment::Default` the key rule decides; any other treatment is done as it says.
    ///
    /// # Examples
    ///
    /// ```
    /// use vigil_core::sanitize::{Key, Mask, Sanitize, Treatment, Writer, to_json};
    ///
    /// struct Account(String);
    ///
    /// impl Sanitize for Account {
    ///     fn sanitize(&self, out: &mut Writer<'_>) {
    ///         static REFERENCE: Key = Key::new("reference");
    ///         out.object()
    ///             .field(&REFERENCE, Treatment::Mask(Mask::default()), &self.0)
    ///             .end();
    ///     }
    /// }
    ///
    /// assert_eq!(to_json(&Account("AB-1234-5678-90".into())), r#"{"reference":"***********8-90"}"#);
    /// ```
    pub fn field(&mut self, key: &Key, treatment: Treatment, value: &dyn Sanitize) -> &mut Self {
        let what = self
            .out
            .what(key.name(), |rules| key.kind(rules), treatment);
        if matches!(what, What::Drop) {
            self.out.counts.add(Rule::Attribute);
            return self;
        }
        if !self.room() {
            return self;
        }
        key.write(self.out.buf);
        self.member(Role::of(key.name()), what, value);
        self
    }

    /// Writes a member whose name is known at run time only. The key rule decides what is done to the value.
    pub fn entry(&mut self, key: &str, value: &dyn Sanitize) -> &mut Self {
        if !self.room() {
            return self;
        }
        let mode = self.out.mode;
        self.out.child(mode).key(key);
        let what = self
            .out
            .what(key, |rules| kind_of(key, rules.words()), Treatment::Default);
        self.out.buf.push(b':');
        self.member(Role::of(key), what, value);
        self
    }

    /// Writes a member whose name is a value too: whatever it writes, as a string. The key rule decides as for
    /// [`Object::entry`].
    ///
    /// # Examples
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use vigil_core::sanitize::to_json;
    ///
    /// let by_floor = BTreeMap::from([(-1, "garage"), (0, "lobby")]);
    /// assert_eq!(to_json(&by_floor), r#"{"-1":"garage","0":"lobby"}"#);
    /// ```
    pub fn pair(&mut self, key: &dyn Sanitize, value: &dyn Sanitize) -> &mut Self {
        if !self.room() {
            return self;
        }
        let start = self.out.buf.len();
        let mode = match self.out.mode {
            Treatment::Keep => Treatment::Keep,
            _ => Treatment::Default,
        };
        self.out.inner(What::visit(mode), false, key);
        if self.out.buf.get(start) != Some(&b'"') {
            // A number or, seldom, something larger: a name has to be a string.
            let written = self.out.buf.split_off(start);
            json::quoted(self.out.buf, &String::from_utf8_lossy(&written));
        }
        let name = start..self.out.buf.len();
        let kind = self.out.kind_of_written(&name);
        let text = std::str::from_utf8(self.out.buf.get(name).unwrap_or_default())
            .map_or("", |name| name.trim_matches('"'));
        let what = self.out.what(text, |_| kind, Treatment::Default);
        let role = Role::of(text);
        self.out.buf.push(b':');
        self.member(role, what, value);
        self
    }

    /// Whether the limit of one value is reached, so that further members would only be counted.
    ///
    /// A loop over something long asks this and stops, and tells by [`Object::left_out`] what it has not written.
    #[must_use]
    pub fn is_full(&self) -> bool {
        !self.open || self.out.buf.len() >= self.out.end
    }

    /// Tells that this many members have not been written.
    pub fn left_out(&mut self, members: usize) -> &mut Self {
        self.left_out = self.left_out.saturating_add(members);
        self
    }

    /// Ends the object; the same as dropping it.
    pub fn end(&mut self) {
        self.close();
    }

    fn room(&mut self) -> bool {
        if self.is_full() {
            self.left_out = self.left_out.saturating_add(1);
            return false;
        }
        if !std::mem::replace(&mut self.empty, false) {
            self.out.buf.push(b',');
        }
        true
    }

    fn member(&mut self, role: Role, what: What, value: &dyn Sanitize) {
        let mut what = what;
        if role == Role::Value
            && let (Some(named), What::Visit { .. }) = (&self.named, what)
        {
            let kind = self.out.kind_of_written(named);
            let by_name = self.out.what("", |_| kind, Treatment::Default);
            if let What::Visit {
                treatment: Treatment::Redact,
                ..
            } = by_name
            {
                what = by_name;
            }
        }
        let start = self.out.buf.len();
        self.out.inner(what, false, value);
        if role == Role::Name {
            self.named = Some(start..self.out.buf.len());
        }
    }

    fn close(&mut self) {
        if !std::mem::replace(&mut self.open, false) {
            return;
        }
        if self.left_out > 0 {
            if !self.empty {
                self.out.buf.push(b',');
            }
            self.out.truncated(self.left_out);
        }
        self.out.buf.push(b'}');
    }
}

impl Drop for Object<'_> {
    fn drop(&mut self) {
        self.close();
    }
}

/// An array being written; made by [`Writer::array`].
///
/// # Examples
///
/// ```
/// use vigil::sanitize::{Sanitize, Writer, to_json};
///
/// struct Celsius(Vec<f64>);
///
/// impl Sanitize for Celsius {
///     fn sanitize(&self, out: &mut Writer<'_>) {
///         let mut array = out.array();
///         for degrees in &self.0 {
///             array.element(&degrees.round());
///         }
///         array.end();
///     }
/// }
///
/// assert_eq!(to_json(&Celsius(vec![20.4, 21.6])), "[20.0,22.0]");
/// ```
#[derive(Debug)]
pub struct Array<'w> {
    out: Writer<'w>,
    open: bool,
    written: usize,
    left_out: usize,
    /// Where the first element stands, if the array is itself an element: in `[["password","..."]]` it is a key.
    first: Option<Range<usize>>,
    is_element: bool,
}

impl<'w> Array<'w> {
    pub(super) fn begin(out: Writer<'w>, open: bool, is_element: bool) -> Self {
        if open {
            out.buf.push(b'[');
        }
        Self {
            out,
            open,
            written: 0,
            left_out: 0,
            first: None,
            is_element,
        }
    }

    /// Writes an element.
    pub fn element(&mut self, value: &dyn Sanitize) -> &mut Self {
        self.element_as(Treatment::Default, value)
    }

    /// Writes an element with a treatment of its own.
    ///
    /// # Examples
    ///
    /// ```
    /// use vigil_core::sanitize::{Sanitize, Treatment, Writer, to_json};
    ///
    /// struct Login(&'static str, &'static str);
    ///
    /// impl Sanitize for Login {
    ///     fn sanitize(&self, out: &mut Writer<'_>) {
    ///         out.array().element(&self.0).element_as(Treatment::Redact, &self.1);
    ///     }
    /// }
    ///
    /// assert_eq!(to_json(&Login("jane", "hunter2")), r#"["jane","***REDACTED***"]"#);
    /// ```
    pub fn element_as(&mut self, treatment: Treatment, value: &dyn Sanitize) -> &mut Self {
        if self.is_full() {
            self.left_out = self.left_out.saturating_add(1);
            return self;
        }
        if self.written > 0 {
            self.out.buf.push(b',');
        }
        let kind = match (&self.first, self.written) {
            (Some(first), 1) => self.out.kind_of_written(first),
            _ => Kind::None,
        };
        let what = self.out.what("", |_| kind, treatment);
        let start = self.out.buf.len();
        self.out.inner(what, true, value);
        if self.is_element && self.written == 0 {
            self.first = Some(start..self.out.buf.len());
        }
        self.written += 1;
        self
    }

    /// Whether the limit of one value is reached, so that further elements would only be counted.
    ///
    /// A loop over something long asks this and stops, and tells by [`Array::left_out`] what it has not written.
    #[must_use]
    pub fn is_full(&self) -> bool {
        !self.open || self.out.buf.len() >= self.out.end
    }

    /// Tells that this many elements have not been written.
    pub fn left_out(&mut self, elements: usize) -> &mut Self {
        self.left_out = self.left_out.saturating_add(elements);
        self
    }

    /// Ends the array; the same as dropping it.
    pub fn end(&mut self) {
        self.close();
    }

    fn close(&mut self) {
        if !std::mem::replace(&mut self.open, false) {
            return;
        }
        if self.left_out > 0 {
            if self.written > 0 {
                self.out.buf.push(b',');
            }
            self.out.buf.push(b'{');
            self.out.truncated(self.left_out);
            self.out.buf.push(b'}');
        }
        self.out.buf.push(b']');
    }
}

impl Drop for Array<'_> {
    fn drop(&mut self) {
        self.close();
    }
}

impl Writer<'_> {
    /// Appends the member that says how many are missing.
    fn truncated(&mut self, left_out: usize) {
        self.counts.add(Rule::Truncated);
        self.buf.extend_from_slice(b"\"$truncated\":");
        json::integer(self.buf, left_out as u64);
    }

    /// What the key rule says of a string that stands here in the buffer.
    fn kind_of_written(&self, at: &Range<usize>) -> Kind {
        let written = self.buf.get(at.clone()).unwrap_or_default();
        let Some(text) = written
            .strip_prefix(b"\"")
            .and_then(|rest| rest.strip_suffix(b"\""))
            .and_then(|text| std::str::from_utf8(text).ok())
        else {
            return Kind::None;
        };
        if text == REDACTED {
            return Kind::None;
        }
        kind_of(text, self.rules.words())
    }
}
