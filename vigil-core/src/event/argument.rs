//! What is known of a recorded argument before the program runs.

use std::fmt;

use crate::sanitize::{Generalize, Key, Treatment};

/// A value that a callsite records: its name, what is done to it, and how it is written in the source.
///
/// One entry of the table that the macros make for each callsite. All of it is constant and nothing in it can change, so
/// that the table needs no `static` of its own: for five hundred functions these were a tenth of the compiler's time.
#[derive(Debug)]
pub struct Argument {
    pub(crate) name: &'static str,
    /// Its name in the code, where the trail has another one.
    own_name: &'static str,
    pub(crate) treatment: Treatment,
    /// The word of the attribute that says how the value becomes text; empty if its type says so.
    pub(crate) form: &'static str,
    pub(crate) written: Written,
}

/// How an argument stands in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// A parameter, of this type.
    Type(&'static str),
    /// A field, which is this expression.
    Value(&'static str),
}

impl Argument {
    /// A parameter of this name and type.
    #[must_use]
    pub const fn parameter(name: &'static str, ty: &'static str) -> Self {
        Self::new(name, Written::Type(ty))
    }

    /// A field of this name and expression.
    #[must_use]
    pub const fn field(name: &'static str, value: &'static str) -> Self {
        Self::new(name, Written::Value(value))
    }

    const fn new(name: &'static str, written: Written) -> Self {
        Self {
            name,
            own_name: name,
            treatment: Treatment::Default,
            form: "",
            written,
        }
    }

    /// It has this name in the code and another one in the trail.
    #[must_use]
    pub const fn called(mut self, own_name: &'static str) -> Self {
        self.own_name = own_name;
        self
    }

    /// This is done to it.
    #[must_use]
    pub const fn treated(mut self, treatment: Treatment) -> Self {
        self.treatment = treatment;
        self
    }

    /// It becomes text in this way.
    #[must_use]
    pub const fn formed(mut self, form: &'static str) -> Self {
        self.form = form;
        self
    }

    /// What the key rule is asked by.
    pub(crate) fn key(&self) -> Key {
        Key::renamed(self.name, self.own_name)
    }
}

/// A treatment in the words of the attribute.
pub(crate) struct InWords(pub(crate) Treatment);

impl fmt::Display for InWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Treatment::Default => f.write_str("default"),
            Treatment::Redact => f.write_str("redact"),
            Treatment::RedactAs(text) => write!(f, "redact = {text:?}"),
            Treatment::Mask(mask) => write!(
                f,
                "mask(keep_first = {}, keep_last = {})",
                mask.keep_first, mask.keep_last
            ),
            Treatment::Hash => f.write_str("hash"),
            Treatment::HashAs(kind) => write!(f, "hash = {kind:?}"),
            Treatment::Truncate(limit) => write!(f, "truncate = {limit}"),
            Treatment::Keep => f.write_str("keep"),
            Treatment::Pii(kind) => write!(f, "pii = {:?}", kind.name()),
            Treatment::Generalize(Generalize::Bucket(width)) => write!(f, "bucket = {width}"),
            Treatment::Generalize(how) => write!(f, "generalize = {:?}", how.name()),
            Treatment::Drop => f.write_str("drop"),
            Treatment::Tokenize => f.write_str("tokenize"),
            Treatment::Encrypt => f.write_str("encrypt"),
            Treatment::Class(class) => write!(f, "class = {:?}", class.as_str()),
        }
    }
}
