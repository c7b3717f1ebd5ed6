//! What a program audits, known without running it.
//!
//! A trail shows what has been recorded; it cannot show the function that lost its attribute last week, or the argument
//! that somebody marked `keep`. The catalogue can: it lists every audited place that is linked into the binary, and
//! [`diff`] says what became of them between two versions. Commit it beside the code, and a test shows each change to
//! whoever reviews it:
//!
//! ```no_run
//! // In `tests/catalogue.rs` of the crate `shop`.
//! # /*
//! #[test]
//! # */
//! fn what_is_audited_changes_only_on_purpose() {
//!     vigil::catalogue().within("shop").assert_committed("audit-catalogue.json");
//! }
//! # what_is_audited_changes_only_on_purpose();
//! ```

mod diff;
mod entry;
mod guard;
mod json;
mod markdown;
mod protection;

pub use diff::{Change, Diff, Difference, diff};
pub use entry::{Argument, Class, Entry};
pub use json::ParseError;

use crate::event::Callsite;

/// The audited places of a program; made by [`catalogue()`](fn@crate::catalogue()) or read by [`Catalogue::parse`].
///
/// # Examples
///
/// ```
/// use vigil::audited;
///
/// #[audited(category = "AUTH", type = "LOGIN")]
/// fn open_session(user: &str, password: &str) {}
///
/// let catalogue = vigil::catalogue();
/// let place = catalogue.entries.iter().find(|entry| entry.operation == "open_session").unwrap();
/// assert_eq!((place.category.as_str(), place.kind.as_str()), ("AUTH", "LOGIN"));
/// assert_eq!(place.arguments[1].ty.as_deref(), Some("&str"));
/// assert_eq!(place.arguments[1].class, vigil::catalogue::Class::Secret);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Catalogue {
    /// Sorted by module, operation, file and line.
    pub entries: Vec<Entry>,
}

/// Lists every audited place that is linked into this binary, whether it has been reached or not, of all crates.
///
/// Tests are audited places too, where they use the macros; [`Catalogue::within`] keeps those of one crate or module.
/// See [`catalogue`](mod@crate::catalogue) for what this is good for.
#[must_use]
pub fn catalogue() -> Catalogue {
    let mut entries: Vec<_> = Callsite::linked()
        .into_iter()
        .map(Entry::of_callsite)
        .collect();
    entries.sort_by(|a, b| a.place().cmp(&b.place()));
    Catalogue { entries }
}

impl Catalogue {
    /// Only what stands in this module, or in one inside it. The name of a crate is its outermost module.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(vigil::catalogue().within("no_such_crate").entries.is_empty());
    /// ```
    #[must_use]
    pub fn within(mut self, module: &str) -> Self {
        self.entries.retain(|entry| {
            entry
                .module
                .strip_prefix(module)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        });
        self
    }
}

/// The catalogue of this binary as JSON; see [`Catalogue::to_json`].
///
/// # Examples
///
/// ```
/// let json = vigil::catalogue::to_json();
/// assert!(vigil::catalogue::Catalogue::parse(&json).is_ok());
/// ```
#[must_use]
pub fn to_json() -> String {
    catalogue().to_json()
}

/// The catalogue of this binary as a Markdown table; see [`Catalogue::to_markdown`].
///
/// # Examples
///
/// ```
/// assert!(vigil::catalogue::to_markdown().starts_with("| category |"));
/// ```
#[must_use]
pub fn to_markdown() -> String {
    catalogue().to_markdown()
}
