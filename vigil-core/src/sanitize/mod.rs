//! What may stand in the trail, and in what form.
//!
//! An audit trail holds what people do, so it attracts secrets: arguments hold passwords, error texts hold connection
//! strings, and a request's body holds everything. Here a value becomes JSON and loses its secrets in the same step, on
//! the calling thread; the raw value goes nowhere else.
//!
//! In this order: the attribute that the program gives a field ([`Treatment`]); the name of the field or key, at any
//! depth, also in maps, in JSON values and in JSON inside strings ([`Key`]); then the value detectors over whatever
//! text is left. What is found is replaced, the words beside it stay. [`Profile`] says how strictly, [`Limits`] how
//! much of a value is written at all.
//!
//! A type stands in the trail if it implements [`Sanitize`], as a rule by `#[derive(Sanitize)]`.

mod class;
mod config;
mod counts;
mod detect;
mod explain;
mod form;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod generalize;
mod impls;
mod key;
mod limits;
mod patterns;
mod place;
mod profile;
mod pseudonym;
mod recording;
mod rules;
mod sanitizer;
pub(crate) mod sealing;
mod stricter;
mod tenant;
mod treatment;
mod tree;
mod vault;
mod wrap;
mod writer;

pub use class::Class;
pub use config::{Pattern, RuleError, SanitizeConfig, Validator};
pub use detect::optional::Detector;
pub use explain::{Finding, explain, explain_field};
pub use generalize::Generalize;
pub use key::Key;
pub use limits::Limits;
pub use patterns::{key_pattern, token_patterns};
pub use profile::{ParseProfileError, Profile};
pub use pseudonym::PseudonymKey;
pub use sanitizer::{Sanitized, Sanitizer};
pub use stricter::Stricter;
pub use treatment::{Mask, Pii, Treatment};
pub use vault::{Scope, Substitute, Vault};
pub use writer::{Array, Object, Writer, to_json};

#[doc(hidden)]
pub use recording::Recording;
#[doc(hidden)]
pub use wrap::{Debugged, Displayed, Opaque, With, sanitizable};

pub(crate) use counts::Counts;
pub(crate) use detect::custom::{check_validator, regex as pattern_regex};
#[cfg(feature = "subject-keys")]
pub(crate) use place::Walk;
pub(crate) use rules::{Rules, in_force, install_rules, refresh, with_rules};
pub(crate) use tenant::learn_from as learn_tenant_from;
pub(crate) use wrap::WithoutPaths;
pub(crate) use writer::REDACTED;

/// Values that can stand in the trail.
///
/// Derive it, or write it by hand where a type has a form of its own: exactly one value, by one call of a method of
/// [`Writer`].
///
/// # Examples
///
/// ```
/// use vigil_core::sanitize::{Sanitize, Writer, to_json};
///
/// struct OrderId(u64);
///
/// impl Sanitize for OrderId {
///     fn sanitize(&self, out: &mut Writer<'_>) {
///         out.display(&format_args!("order-{}", self.0));
///     }
/// }
///
/// assert_eq!(to_json(&vec![OrderId(7)]), r#"["order-7"]"#);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written to the audit trail: it does not implement `vigil::Sanitize`",
    label = "this would be recorded",
    note = "add `#[derive(Sanitize)]` to the type, or leave it out with `#[audited(skip(...))]`, or record it with `#[audit(opaque)]`, `#[audit(display)]` or `#[audit(debug)]` on the argument"
)]
pub trait Sanitize {
    /// Writes exactly one JSON value.
    fn sanitize(&self, out: &mut Writer<'_>);

    /// Writes a slice of such values; bytes have a form of their own.
    #[doc(hidden)]
    fn sanitize_slice(items: &[Self], out: &mut Writer<'_>)
    where
        Self: Sized,
    {
        let mut array = out.array();
        for (written, item) in items.iter().enumerate() {
            if array.is_full() {
                array.left_out(items.len() - written);
                break;
            }
            array.element(item);
        }
    }

    /// Whether this is the byte, for collections that are no slices.
    /// The value itself, if there is nothing inside it: a way around the writer for the arguments that are most common.
    /// Whoever gives it writes the same by `sanitize`.
    #[doc(hidden)]
    #[inline]
    fn leaf(&self) -> Option<Leaf<'_>> {
        None
    }

    #[doc(hidden)]
    fn is_byte() -> bool
    where
        Self: Sized,
    {
        false
    }
}

/// A value that has nothing inside, see [`Sanitize::leaf`].
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Leaf<'a> {
    Text(&'a str),
    Natural(u64),
}
