//! One audited place, and what it records.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::event::{self, Callsite, Delivery, InWords, Overflow, Written};
use crate::sanitize::{self, with_rules};

/// An audited place: a function with `#[audited]`, an `audit!` or a `scope!`.
///
/// # Examples
///
/// ```
/// vigil::audit!(category = "AUTH", operation = "greet", fields(user = "jane"));
/// let catalogue = vigil::catalogue();
/// let entry = catalogue.entries.iter().find(|entry| entry.operation == "greet").unwrap();
/// assert_eq!((entry.category.as_str(), entry.kind.as_str()), ("AUTH", "EXECUTE"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Entry {
    /// What the events are called: `action.operation`.
    pub operation: String,
    /// `action.category`.
    pub category: String,
    /// `action.type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether the category is one that no configuration can keep out of the trail.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mandatory: bool,
    /// How safe an event is when the call returns, where the code says it; otherwise the configuration does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// What happens to an event that there is no room for, where the code says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overflow: Option<Overflow>,
    /// The path of the module.
    pub module: String,
    /// The file, as the compiler was told of it.
    pub file: String,
    /// The line of the attribute or macro.
    pub line: u32,
    /// The fingerprint of all that stands here but module, file and line; the events have it as `source.schema`.
    pub schema: String,
    /// What is recorded as parameters.
    pub arguments: Vec<Argument>,
    /// The return value, where it is recorded; its name is `result`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Argument>,
}

/// A value that an audited place records.
///
/// # Examples
///
/// ```
/// vigil::audit!(category = "AUTH", operation = "unlock", fields(password = "horse"));
/// let catalogue = vigil::catalogue();
/// let entry = catalogue.entries.iter().find(|entry| entry.operation == "unlock").unwrap();
/// let argument = &entry.arguments[0];
/// assert_eq!(argument.name, "password");
/// assert_eq!(argument.treatment, "default"); // the key rule redacts it
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Argument {
    /// The name under which it is recorded.
    pub name: String,
    /// The type of the parameter as the source has it; that of the whole, for what a pattern takes apart. `None` for a
    /// field.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub ty: Option<String>,
    /// The expression of a field as the source has it. `None` for a parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What the key rule says of its name.
    pub class: Class,
    /// How it becomes text, in the words of the attribute; `None` if its type says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// What is done to it, in the words of the attribute; `default` if the key rule and the value detectors decide.
    pub treatment: String,
}

/// How well a value has to be protected, as far as its name tells.
///
/// # Examples
///
/// ```
/// use vigil::catalogue::Class;
///
/// assert!(Class::Secret > Class::Personal);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Class {
    /// Nothing is known against it. The value detectors look at it all the same.
    Public,
    /// It says something of a person, such as a name or an address: shown in part.
    Personal,
    /// A number of a card, an account or a person: redacted.
    Sensitive,
    /// Whoever has it can act as somebody: redacted.
    Secret,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Personal => "personal",
            Self::Sensitive => "sensitive",
            Self::Secret => "secret",
        })
    }
}

impl Entry {
    pub(super) fn of_callsite(callsite: &'static Callsite) -> Self {
        Self {
            operation: callsite.operation.to_owned(),
            category: callsite.category.as_str().to_owned(),
            kind: callsite.action.as_str().to_owned(),
            mandatory: callsite.category.is_mandatory(),
            delivery: callsite.delivery,
            overflow: callsite.overflow,
            module: callsite.module.to_owned(),
            file: callsite.file.to_owned(),
            line: callsite.line,
            schema: callsite.schema(),
            arguments: callsite.arguments.iter().map(Argument::of).collect(),
            result: callsite.result.as_ref().map(Argument::of),
        }
    }

    /// All that is recorded, each with what it is called in a message.
    pub(super) fn values(&self) -> impl Iterator<Item = (String, &Argument)> {
        let arguments = self.arguments.iter();
        let arguments =
            arguments.map(|argument| (format!("argument `{}`", argument.name), argument));
        let result = self.result.iter();
        arguments.chain(result.map(|result| ("the return value".to_owned(), result)))
    }

    /// By which entries are sorted.
    pub(super) fn place(&self) -> (&str, &str, &str, u32) {
        (&self.module, &self.operation, &self.file, self.line)
    }
}

impl fmt::Display for Entry {
    /// In one line, without the arguments.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            category,
            kind,
            module,
            file,
            line,
            ..
        } = self;
        write!(
            f,
            "{module}::{operation} ({category} {kind}, {file}:{line})"
        )
    }
}

impl Argument {
    fn of(argument: &'static event::Argument) -> Self {
        let class = with_rules(|rules| argument.key().kind(rules)).class();
        let (ty, value) = match argument.written {
            Written::Type(ty) => (Some(ty.to_owned()), None),
            Written::Value(value) => (None, Some(value.to_owned())),
        };
        Self {
            name: argument.name.to_owned(),
            ty,
            value,
            class: class.into(),
            form: (!argument.form.is_empty()).then(|| argument.form.to_owned()),
            treatment: InWords(argument.treatment).to_string(),
        }
    }

    /// Form and treatment in one.
    pub(super) fn handling(&self) -> String {
        match (&self.form, self.treatment.as_str()) {
            (Some(form), "default") => form.clone(),
            (Some(form), treatment) => format!("{form}, {treatment}"),
            (None, treatment) => treatment.to_owned(),
        }
    }

    /// Type or expression.
    pub(super) fn written(&self) -> String {
        match (&self.ty, &self.value) {
            (Some(ty), _) => ty.clone(),
            (None, Some(value)) => format!("= {value}"),
            (None, None) => String::new(),
        }
    }
}

impl From<sanitize::Class> for Class {
    fn from(class: sanitize::Class) -> Self {
        match class {
            // No name says this; an attribute does, and stands in the treatment.
            sanitize::Class::Public | sanitize::Class::Internal => Self::Public,
            sanitize::Class::Personal => Self::Personal,
            sanitize::Class::Sensitive => Self::Sensitive,
            sanitize::Class::Secret => Self::Secret,
        }
    }
}
