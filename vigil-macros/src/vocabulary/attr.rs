//! What stands in the braces of `categories!` and `action_types!`.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Ident, LitStr, Path, Token};

use super::model::{Declarations, Word};
use crate::errors::Errors;
use crate::words::Vocabulary;

/// Reads all of it; what is wrong goes to `errors` and is left out.
pub(crate) fn parse(
    tokens: TokenStream,
    vocabulary: &Vocabulary,
    errors: &mut Errors,
) -> Declarations {
    let mut declarations = Declarations::default();
    let read = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if let Err(error) = one(input, vocabulary, &mut declarations) {
                errors.push(error);
                skip_to_separator(input);
            }
            if separator(input)?.is_none() && !input.is_empty() {
                errors.at(input.span(), "expected a comma or semicolon");
                skip_to_separator(input);
                separator(input)?;
            }
        }
        Ok(())
    };
    let outcome = read.parse2(tokens);
    errors.keep(outcome);
    declarations
}

fn one(
    input: ParseStream<'_>,
    vocabulary: &Vocabulary,
    declarations: &mut Declarations,
) -> syn::Result<()> {
    if input.peek(Token![crate]) && input.peek2(Token![=]) {
        let key: Token![crate] = input.parse()?;
        input.parse::<Token![=]>()?;
        if declarations.krate.is_some() {
            return Err(syn::Error::new(key.span, "duplicate argument `crate`"));
        }
        declarations.krate = Some(input.call(Path::parse_mod_style)?);
        return Ok(());
    }
    if input.peek(Token![use]) {
        input.parse::<Token![use]>()?;
        declarations.used.push(input.call(Path::parse_mod_style)?);
        return Ok(());
    }
    let mut attrs = input.call(Attribute::parse_outer)?;
    let mandatory = take_mandatory(&mut attrs, vocabulary);
    let ident: Ident = input.parse().map_err(|_| {
        syn::Error::new(
            input.span(),
            "expected `NAME`, `NAME = \"NAME\"`, `use other_crate` or `crate = path`",
        )
    })?;
    let text = match input.parse::<Option<Token![=]>>()? {
        Some(_) => Some(input.parse::<LitStr>()?),
        None => None,
    };
    declarations.words.push(Word {
        attrs,
        mandatory: mandatory?,
        ident,
        text,
    });
    Ok(())
}

/// Takes the marker `#[mandatory]` off a word.
fn take_mandatory(attrs: &mut Vec<Attribute>, vocabulary: &Vocabulary) -> syn::Result<bool> {
    let Some(at) = attrs
        .iter()
        .position(|attr| attr.path().is_ident("mandatory"))
    else {
        return Ok(false);
    };
    let marker = attrs.remove(at);
    if !vocabulary.has_mandatory {
        let message = format!("an {} cannot be mandatory; a category can", vocabulary.noun);
        return Err(syn::Error::new_spanned(marker, message));
    }
    marker.meta.require_path_only()?;
    if let Some(second) = attrs.iter().find(|attr| attr.path().is_ident("mandatory")) {
        return Err(syn::Error::new_spanned(second, "`mandatory` is said twice"));
    }
    Ok(true)
}

/// Commas and semicolons, in any number: `A, B, ; use other;` is how the grammar is written.
fn separator(input: ParseStream<'_>) -> syn::Result<Option<()>> {
    let mut found = None;
    while input.peek(Token![,]) || input.peek(Token![;]) {
        input.parse::<proc_macro2::TokenTree>()?;
        found = Some(());
    }
    Ok(found)
}

fn skip_to_separator(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) && !input.peek(Token![;]) {
        if input.parse::<proc_macro2::TokenTree>().is_err() {
            return;
        }
    }
}
