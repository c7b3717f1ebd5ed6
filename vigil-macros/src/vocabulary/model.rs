//! The words that a crate declares.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Attribute, Ident, LitStr, Path};

/// The content of one `categories!` or `action_types!`.
#[derive(Default)]
pub(crate) struct Declarations {
    pub(crate) krate: Option<Path>,
    pub(crate) words: Vec<Word>,
    /// Crates or modules whose words count as declared here as well.
    pub(crate) used: Vec<Path>,
}

/// One word and the constant that stands for it.
pub(crate) struct Word {
    pub(crate) attrs: Vec<Attribute>,
    /// Whether no configuration is to keep its events out of the trail.
    pub(crate) mandatory: bool,
    pub(crate) ident: Ident,
    /// The word itself, where it is not just the constant's name.
    pub(crate) text: Option<LitStr>,
}

impl Word {
    pub(crate) fn text(&self) -> String {
        self.text
            .as_ref()
            .map_or_else(|| self.ident.unraw().to_string(), LitStr::value)
    }

    pub(crate) fn span(&self) -> Span {
        self.text
            .as_ref()
            .map_or_else(|| self.ident.span(), LitStr::span)
    }
}
