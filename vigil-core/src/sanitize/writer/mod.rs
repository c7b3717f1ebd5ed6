//! Where values are written: JSON, straight into the event's bytes, sanitized on the way.
//!
//! A writer takes exactly one value. What a careless `Sanitize` impl writes beyond that is ignored, what it does not
//! write becomes `null`, so the line is valid JSON whatever the impl does.

mod container;
mod embedded;
mod format;
pub(crate) mod json;
mod leaf;
mod search;
mod substitute;
mod text;

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::counts::{Counts, Rule};
use super::key::{Class, Key, Kind, kind_of};
use super::profile::Profile;
use super::rules::Rules;
use super::treatment::Treatment;
use super::{Leaf, Sanitize};
pub use container::{Array, Object};

/// What stands in place of a value that is not shown.
pub(crate) const REDACTED: &str = "***REDACTED***";

const QUOTED_REDACTED: &[u8] = b"\"***REDACTED***\"";

/// Pointers may lead to pointers without an object or array between; this many in a row are followed.
const MOST_POINTERS: u16 = 128;

/// What happens to a value inside another.
#[derive(Debug, Clone, Copy)]
enum What {
    /// It is visited, and this done to its leaves.
    Visit {
        treatment: Treatment,
        /// What its key says, which is the scope of its pseudonyms and tokens.
        kind: Kind,
        /// The configuration, or an attribute, lets it be seen where all else is hidden.
        listed: bool,
    },
    /// The program has asked for this text in its place; it is not visited.
    Instead(&'static str),
    /// It is left out, key and all.
    Drop,
}

impl What {
    /// Visited as what stands around it is.
    fn visit(treatment: Treatment) -> Self {
        Self::Visit {
            treatment,
            kind: Kind::None,
            listed: true,
        }
    }

    /// Nothing is asked for but what is done to every value.
    fn is_default(&self) -> bool {
        matches!(
            self,
            Self::Visit {
                treatment: Treatment::Default,
                ..
            }
        )
    }
}

/// Where a [`Sanitize`] impl writes its value.
///
/// Each method writes one whole JSON value, and a value is written by exactly one call.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::{Sanitize, Writer, to_json};
///
/// struct Celsius(f64);
///
/// impl Sanitize for Celsius {
///     fn sanitize(&self, out: &mut Writer<'_>) {
///         out.display(&format_args!("{} °C", self.0));
///     }
/// }
///
/// assert_eq!(to_json(&Celsius(21.5)), r#""21.5 °C""#);
/// ```
pub struct Writer<'a> {
    buf: &'a mut Vec<u8>,
    rules: &'a Rules,
    counts: &'a mut Counts,
    /// What is done to the leaves. `Redact` here comes from a key: `null`, booleans and empty strings pass it; a value
    /// redacted by an attribute never gets as far as a writer.
    mode: Treatment,
    /// Where in `buf` the members begin.
    start: usize,
    /// Where in `buf` this parameter's JSON has to end.
    end: usize,
    depth: usize,
    pointers: u16,
    /// The value has been written.
    done: bool,
    /// The value is an element of an array: there `["password", "..."]` is a key and its value.
    in_array: bool,
    /// What the key of the value, or of one around it, says.
    kind: Kind,
    /// Whether it may be seen: false for what an allow-list does not name.
    listed: bool,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(buf: &'a mut Vec<u8>, rules: &'a Rules, counts: &'a mut Counts) -> Self {
        Self::members(buf, 0, rules, counts)
    }

    /// A writer of members of which others may stand in the buffer already, from `start` on.
    #[inline]
    pub(crate) fn members(
        buf: &'a mut Vec<u8>,
        start: usize,
        rules: &'a Rules,
        counts: &'a mut Counts,
    ) -> Self {
        let end = buf.len().saturating_add(rules.limits().value_bytes);
        Self {
            buf,
            rules,
            counts,
            mode: Treatment::Default,
            start,
            end,
            depth: 0,
            pointers: 0,
            done: false,
            in_array: false,
            kind: Kind::None,
            listed: rules.profile() != Profile::AllowList,
        }
    }

    /// Appends `"key":value` to the members in the buffer, after a comma if there are any.
    pub(crate) fn member(&mut self, key: &Key, treatment: Treatment, value: &dyn Sanitize) {
        let what = self.what(key.name(), |rules| key.kind(rules), treatment);
        if matches!(what, What::Drop) {
            return self.counts.add(Rule::Attribute);
        }
        self.next_member();
        key.write(self.buf);
        match what {
            What::Visit {
                treatment,
                kind,
                listed,
            } => self.visited(treatment, kind, listed, value),
            what => self.guarded(what, value),
        }
    }

    /// As [`Writer::member`] without a treatment of its own, of a value that has nothing inside and runs no code of the
    /// user's: what most arguments are, so that it is worth a way that is half as long. False where the profile asks
    /// for the longer one.
    #[inline(always)]
    pub(crate) fn leaf_member(&mut self, key: &Key, leaf: Leaf<'_>) -> bool {
        if !self.listed {
            return false;
        }
        let kind = key.kind(self.rules);
        self.next_member();
        key.write(self.buf);
        (self.mode, self.kind) = (self.rules.profile().treatment(kind), kind);
        match leaf {
            Leaf::Text(text) => self.treated(text),
            Leaf::Natural(number) => self.number_once(|buf| json::integer(buf, number)),
        }
        (self.mode, self.kind) = (Treatment::Default, Kind::None);
        true
    }

    /// As [`Writer::guarded`], by this writer itself: that of the members of an event has no value of its own.
    #[inline]
    fn visited(&mut self, treatment: Treatment, kind: Kind, listed: bool, value: &dyn Sanitize) {
        let start = self.buf.len();
        let outer = (self.kind, self.listed);
        (self.mode, self.done, self.pointers) = (treatment, false, 0);
        (self.kind, self.listed) = (kind, listed);
        let written = catch_unwind(AssertUnwindSafe(|| value.sanitize(self)));
        if let Err(payload) = written {
            self.unwound(start, payload);
        } else if !self.done {
            self.buf.extend_from_slice(b"null");
        }
        self.mode = Treatment::Default;
        (self.kind, self.listed) = outer;
    }

    /// As [`Writer::member`], with a key that is known at run time only.
    pub(crate) fn entry(&mut self, key: &str, value: &dyn Sanitize) {
        self.next_member();
        self.child(Treatment::Default).key(key);
        self.buf.push(b':');
        let what = self.what(key, |rules| kind_of(key, rules.words()), Treatment::Default);
        self.guarded(what, value);
    }

    #[inline]
    fn next_member(&mut self) {
        if self.buf.len() > self.start {
            self.buf.push(b',');
        }
        self.end = self
            .buf
            .len()
            .saturating_add(self.rules.limits().value_bytes);
    }

    /// Writes one value that has no key: what stands in a newtype.
    ///
    /// # Examples
    ///
    /// ```
    /// use vigil_core::sanitize::{Sanitize, Treatment, Writer, to_json};
    ///
    /// struct Pin(u32);
    ///
    /// impl Sanitize for Pin {
    ///     fn sanitize(&self, out: &mut Writer<'_>) {
    ///         out.value(Treatment::Redact, &self.0);
    ///     }
    /// }
    ///
    /// assert_eq!(to_json(&Pin(1234)), "\"***REDACTED***\"");
    /// ```
    pub fn value(&mut self, treatment: Treatment, value: &dyn Sanitize) {
        if self.begin() {
            let what = self.what("", |_| Kind::None, treatment);
            self.guarded(what, value);
        }
    }

    /// Writes one value as if it stood under this key, without the key.
    pub(in crate::sanitize) fn named(&mut self, key: &str, value: &dyn Sanitize) {
        if self.begin() {
            let what = self.what(key, |rules| kind_of(key, rules.words()), Treatment::Default);
            self.guarded(what, value);
        }
    }

    /// Writes one value, and does not let a panic of its code through.
    fn guarded(&mut self, what: What, value: &dyn Sanitize) {
        let start = self.buf.len();
        let written = catch_unwind(AssertUnwindSafe(|| self.inner(what, false, value)));
        if let Err(payload) = written {
            self.unwound(start, payload);
        }
    }

    #[cold]
    fn unwound(&mut self, start: usize, payload: Box<dyn Any + Send>) {
        // Dropping the payload runs the user's code once more.
        std::mem::forget(payload);
        self.buf.truncate(start);
        self.replaced(Rule::Unreadable);
    }

    /// Writes one value inside this one.
    fn inner(&mut self, what: What, in_array: bool, value: &dyn Sanitize) {
        let (treatment, kind, listed) = match what {
            What::Visit {
                treatment,
                kind,
                listed,
            } => (treatment, kind, listed),
            What::Instead(text) => {
                self.counts.add(Rule::Attribute);
                json::quoted(self.buf, text);
                return;
            }
            // Here something has to stand.
            What::Drop => return self.replaced(Rule::Attribute),
        };
        let mut child = self.child(treatment);
        child.in_array = in_array;
        child.listed = listed;
        if kind != Kind::None {
            child.kind = kind;
        }
        value.sanitize(&mut child);
        if !child.done {
            self.buf.extend_from_slice(b"null");
        }
    }

    /// A writer for a value inside this one.
    fn child(&mut self, mode: Treatment) -> Writer<'_> {
        Writer {
            buf: self.buf,
            rules: self.rules,
            counts: self.counts,
            mode,
            start: self.start,
            end: self.end,
            depth: self.depth,
            pointers: self.pointers,
            done: false,
            in_array: false,
            kind: self.kind,
            listed: self.listed,
        }
    }

    /// What is done to a value of this key and attribute inside this one.
    #[inline]
    fn what(&self, name: &str, kind: impl FnOnce(&Rules) -> Kind, own: Treatment) -> What {
        let profile = self.rules.profile();
        // What nearly all fields are.
        if matches!((own, self.mode), (Treatment::Default, Treatment::Default)) && self.listed {
            let kind = kind(self.rules);
            return What::Visit {
                treatment: profile.treatment(kind),
                kind,
                listed: true,
            };
        }
        let asked = profile.tightened(own);
        // By its own name, which is more than to stand inside something that is listed.
        let named = !self.listed && self.rules.allows(name);
        let (treatment, kind) = match (asked, self.mode) {
            (Treatment::Redact, _) => return What::Instead(REDACTED),
            (Treatment::RedactAs(text), _) => return What::Instead(text),
            (Treatment::Drop, _) => return What::Drop,
            (Treatment::Default, Treatment::Keep) => (Treatment::Keep, Kind::None),
            // The program has said what it is, so its name does not.
            (Treatment::Default, outer) if own != Treatment::Default => (outer, Kind::None),
            (Treatment::Default, outer) => {
                let kind = kind(self.rules);
                let treatment = match profile.treatment(kind) {
                    Treatment::Redact if named && kind.class() == Class::Personal => outer,
                    Treatment::Redact => Treatment::Redact,
                    // What the outer attribute asks for is at least as strict as what a personal key does.
                    _ => outer,
                };
                (treatment, kind)
            }
            (Treatment::Hash | Treatment::Tokenize | Treatment::Encrypt, _) => {
                (asked, kind(self.rules))
            }
            (asked, _) => (asked, Kind::None),
        };
        What::Visit {
            treatment,
            kind,
            listed: self.listed || named || own != Treatment::Default,
        }
    }

    /// Whether this is the first value that is written here; further ones are ignored.
    fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.done, true)
    }

    /// Writes that a value is not shown, and why.
    fn replaced(&mut self, rule: Rule) {
        self.counts.add(rule);
        self.done = true;
        self.buf.extend_from_slice(QUOTED_REDACTED);
    }

    /// Follows a pointer: runs `f`, unless too many have been followed without an object or array between.
    pub(in crate::sanitize) fn through_pointer(&mut self, f: impl FnOnce(&mut Self)) {
        if self.pointers >= MOST_POINTERS {
            if self.begin() {
                self.replaced(Rule::Depth);
            }
            return;
        }
        self.pointers += 1;
        f(self);
        self.pointers -= 1;
    }

    /// A value that could not be read because it is in use elsewhere.
    pub(in crate::sanitize) fn unreadable(&mut self) {
        if self.begin() {
            self.replaced(Rule::Unreadable);
        }
    }

    /// Begins an object. It ends when it is dropped, or by [`Object::end`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use vigil_core::sanitize::{Sanitize, Writer, to_json};
    /// struct Headers(Vec<(String, String)>);
    /// impl Sanitize for Headers {
    ///     fn sanitize(&self, out: &mut Writer<'_>) {
    ///         let mut object = out.object();
    ///         for (name, value) in &self.0 {
    ///             object.entry(name, value);
    ///         }
    ///         object.end();
    ///     }
    /// }
    /// let headers = Headers(vec![
    ///     ("accept".into(), "text/html".into()),
    ///     ("x-api-key".into(), "k-1".into()),
    /// ]);
    /// assert_eq!(to_json(&headers), r#"{"accept":"text/html","x-api-key":"***REDACTED***"}"#);
    /// ```
    pub fn object(&mut self) -> Object<'_> {
        let open = self.open();
        Object::begin(self.contents(), open)
    }

    /// Begins an array. It ends when it is dropped, or by [`Array::end`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use vigil_core::sanitize::{Sanitize, Writer, to_json};
    /// struct Range(u8, u8);
    /// impl Sanitize for Range {
    ///     fn sanitize(&self, out: &mut Writer<'_>) {
    ///         out.array().element(&self.0).element(&self.1);
    ///     }
    /// }
    /// assert_eq!(to_json(&Range(1, 9)), "[1,9]");
    /// ```
    pub fn array(&mut self) -> Array<'_> {
        let open = self.open();
        let is_element = self.in_array;
        Array::begin(self.contents(), open, is_element)
    }

    /// Whether an object or array may be opened here; if not, its place has been filled.
    fn open(&mut self) -> bool {
        if !self.begin() {
            return false;
        }
        if self.mode == Treatment::Redact {
            self.replaced(Rule::Key);
            return false;
        }
        if self.depth >= self.rules.limits().depth {
            self.replaced(Rule::Depth);
            return false;
        }
        true
    }

    /// A writer for the inside of an object or array.
    fn contents(&mut self) -> Writer<'_> {
        let mut inside = self.child(self.mode);
        inside.depth += 1;
        inside.pointers = 0;
        inside
    }
}

impl fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The bytes written so far belong to the event, not to whoever prints a writer.
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

/// The JSON that the trail would hold for a value, by the rules in force.
///
/// For tests of one's own [`Sanitize`] impls, and to see what would be hidden.
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::to_json;
///
/// assert_eq!(to_json(&("id", 7, None::<u8>)), r#"["id",7,null]"#);
/// ```
#[must_use]
pub fn to_json<T: Sanitize + ?Sized>(value: &T) -> String {
    super::rules::with_rules(|rules| {
        let mut json = Vec::new();
        let mut counts = Counts::default();
        Writer::new(&mut json, rules, &mut counts).value(Treatment::Default, &value);
        String::from_utf8(json).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests;
