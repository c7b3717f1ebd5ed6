//! What the words become in the code.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::Ident;
use syn::ext::IdentExt;

use super::{Directions, Form, Treatment};
use crate::written::written;

impl Treatment {
    /// A constant expression of the core's type of the same name.
    pub(crate) fn expand(&self, private: &TokenStream) -> TokenStream {
        let here = Span::mixed_site();
        let treatment = match self {
            Self::Default => quote_spanned!(here=> Default),
            Self::Redact => quote_spanned!(here=> Redact),
            Self::RedactAs(text) => quote_spanned!(here=> RedactAs(#text)),
            Self::Mask { first, last, char } => quote_spanned! {here=>
                Mask(#private::Mask { keep_first: #first, keep_last: #last, char: #char })
            },
            Self::Hash => quote_spanned!(here=> Hash),
            Self::HashAs(kind) => quote_spanned!(here=> HashAs(#kind)),
            Self::Truncate(limit) => quote_spanned!(here=> Truncate(#limit)),
            Self::Keep => quote_spanned!(here=> Keep),
            Self::Pii(variant) => {
                let variant = format_ident!("{variant}", span = here);
                quote_spanned!(here=> Pii(#private::Pii::#variant))
            }
            Self::Generalize(variant) => {
                let variant = format_ident!("{variant}", span = here);
                quote_spanned!(here=> Generalize(#private::Generalize::#variant))
            }
            Self::Bucket(width) => {
                quote_spanned!(here=> Generalize(#private::Generalize::Bucket(#width)))
            }
            Self::Tokenize => quote_spanned!(here=> Tokenize),
            Self::Encrypt => quote_spanned!(here=> Encrypt),
            Self::Drop => quote_spanned!(here=> Drop),
            Self::Class(variant) => {
                let variant = format_ident!("{variant}", span = here);
                quote_spanned!(here=> Class(#private::Class::#variant))
            }
        };
        quote_spanned!(here=> #private::Treatment::#treatment)
    }
}

/// An expression of type `&dyn Sanitize` for the value that `reference` refers to. What does not compile because of
/// the value's type is reported where the tokens of `reference` stand.
pub(crate) fn value(form: &Form, reference: &TokenStream, private: &TokenStream) -> TokenStream {
    let here = Span::mixed_site();
    match form {
        Form::Sanitize => quote_spanned!(here=> #private::sanitizable(#reference)),
        Form::Opaque => quote_spanned!(here=> &#private::Opaque(#reference)),
        Form::Display => quote_spanned!(here=> &#private::Displayed(#reference)),
        Form::Debug => quote_spanned!(here=> &#private::Debugged(#reference)),
        // The function first: it says which type it takes, so that a `&String` becomes the `&str` it wants.
        Form::With(path) => quote_spanned!(here=> &#private::With { 1: #path, 0: #reference }),
    }
}

/// How the value becomes something that can be written, in a word for the catalogue; `None` if its type says so.
pub(crate) fn form_name(form: &Form) -> Option<String> {
    Some(match form {
        Form::Sanitize => return None,
        Form::Opaque => "opaque".to_owned(),
        Form::Display => "display".to_owned(),
        Form::Debug => "debug".to_owned(),
        Form::With(path) => format!("with = {}", written(path.to_token_stream())),
    })
}

/// The name under which something is recorded: `rename`, else its own without `r#`.
pub(crate) fn key_name(directions: &Directions, own: &Ident) -> String {
    match &directions.rename {
        Some((_, to)) => to.value(),
        None => own.unraw().to_string(),
    }
}

/// The constant `Key` of that name. A name given by `rename` does not take a sensitive one out of reach of the key
/// rule: both are looked at.
pub(crate) fn key(name: &str, own: &str, private: &TokenStream) -> TokenStream {
    let here = Span::mixed_site();
    if name == own {
        quote_spanned!(here=> #private::Key::new(#name))
    } else {
        quote_spanned!(here=> #private::Key::renamed(#name, #own))
    }
}
