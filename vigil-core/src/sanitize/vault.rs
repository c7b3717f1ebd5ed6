//! The seam for what Vigil does not do itself: tokens that a store can turn back.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Where a value comes from: equal values of different scopes need not become equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scope<'a> {
    /// What the value is: `email`, `phone`, `name`, ..., the name that the attribute gives, or `value`.
    pub kind: &'a str,
    /// The tenant of the [`Context`](crate::Context) in force, if it has one.
    pub tenant: Option<&'a str>,
}

impl<'a> Scope<'a> {
    /// A value of this kind that belongs to no tenant.
    #[must_use]
    pub const fn new(kind: &'a str) -> Self {
        Self { kind, tenant: None }
    }

    /// The same, of this tenant.
    #[must_use]
    pub const fn tenant(self, tenant: &'a str) -> Self {
        Self {
            tenant: Some(tenant),
            ..self
        }
    }
}

/// Replaces a value by a token, from which only the owner of the vault gets it back.
///
/// It is called on the thread of the audited call, so it has to be quick, and must not call the network. What it does
/// not replace (`None`, a panic, or a text that still holds the value) is redacted.
///
/// # Examples
///
/// A vault that remembers, for a test:
///
/// ```
/// use std::sync::Mutex;
/// use vigil_core::sanitize::{SanitizeConfig, Sanitizer, Scope, Pattern, Substitute, Treatment, Vault};
///
/// #[derive(Default)]
/// struct Remembering(Mutex<Vec<String>>);
///
/// impl Vault for Remembering {
///     fn replace(&self, scope: Scope<'_>, value: &str) -> Option<String> {
///         let mut values = self.0.lock().ok()?;
///         values.push(value.to_owned());
///         Some(format!("tok:{}:{}", scope.kind, values.len()))
///     }
/// }
///
/// let mut badge = Pattern::new("badge", r"B-\d{4}");
/// badge.method = Treatment::Tokenize;
/// let config = SanitizeConfig {
///     patterns: vec![badge],
///     tokenizer: Some(Substitute::new(Remembering::default())),
///     ..SanitizeConfig::default()
/// };
/// let sanitizer = Sanitizer::new(&config)?;
/// assert_eq!(sanitizer.text("badge B-4711 found").text(), "badge tok:badge:1 found");
/// # Ok::<(), vigil_core::sanitize::RuleError>(())
/// ```
pub trait Vault: Send + Sync + 'static {
    /// The text that stands for the value; `None` if there is none.
    fn replace(&self, scope: Scope<'_>, value: &str) -> Option<String>;
}

/// A [`Vault`] in a configuration.
#[derive(Clone)]
pub struct Substitute(Arc<dyn Vault>);

impl Substitute {
    /// Puts a vault into a configuration.
    pub fn new(vault: impl Vault) -> Self {
        Self(Arc::new(vault))
    }

    /// What stands for the value, unless that would show it. A very short value stands in many a token by chance.
    pub(super) fn replace(&self, scope: Scope<'_>, value: &str) -> Option<String> {
        match catch_unwind(AssertUnwindSafe(|| self.0.replace(scope, value))) {
            Ok(text) => text.filter(|text| value.len() < 4 || !text.contains(value)),
            Err(payload) => {
                // Dropping the payload runs the user's code once more.
                std::mem::forget(payload);
                None
            }
        }
    }
}

impl fmt::Debug for Substitute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Substitute")
    }
}
