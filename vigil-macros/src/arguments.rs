//! The one parser of `key`, `key = value`, `key(...)` lists that all macros share.
//!
//! Unknown and repeated keys are refused here and nowhere else, and a mistake in one argument does not hide the next:
//! after each the parser goes on behind the comma.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Token, token};

use crate::errors::Errors;
use crate::suggest::did_you_mean;

/// Which keys a list may have.
pub(crate) struct Grammar {
    /// What a key is called in messages.
    pub(crate) noun: &'static str,
    pub(crate) known: &'static [&'static str],
    /// Other spellings, each with the key that it stands for.
    pub(crate) synonyms: &'static [(&'static str, &'static str)],
    /// Keys that are right in another place, each with advice.
    pub(crate) elsewhere: &'static [(&'static str, &'static str)],
}

impl Grammar {
    fn resolve(&self, key: &Ident) -> syn::Result<&'static str> {
        let name = key.unraw().to_string();
        if let Some(known) = self.known.iter().find(|known| **known == name) {
            return Ok(known);
        }
        if let Some((_, known)) = self.synonyms.iter().find(|(synonym, _)| *synonym == name) {
            return Ok(known);
        }
        let noun = self.noun;
        if let Some((_, advice)) = self.elsewhere.iter().find(|(other, _)| *other == name) {
            return Err(syn::Error::new(
                key.span(),
                format!("{noun} `{name}` does not belong here: {advice}"),
            ));
        }
        let meant = did_you_mean(&name, self.known.iter().copied());
        let list = self.known.join(", ");
        Err(syn::Error::new(
            key.span(),
            format!("unknown {noun} `{name}`{meant} (expected one of {list})"),
        ))
    }
}

/// Reads arguments to the end of `input`; `take` reads what stands behind one key.
///
/// The key handed to `take` is the one written, the name the one it stands for.
pub(crate) fn parse(
    input: ParseStream<'_>,
    grammar: &Grammar,
    errors: &mut Errors,
    mut take: impl FnMut(&'static str, &Ident, ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) {
    parse_more(input, grammar, &mut Vec::new(), errors, &mut take);
}

/// As [`parse`], where `seen` are the keys that came before `input`.
pub(crate) fn parse_more(
    input: ParseStream<'_>,
    grammar: &Grammar,
    seen: &mut Vec<&'static str>,
    errors: &mut Errors,
    mut take: impl FnMut(&'static str, &Ident, ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) {
    each(input, errors, |input, errors| {
        let key = input.call(Ident::parse_any).map_err(|_| {
            let message = format!("expected one of {}", grammar.known.join(", "));
            syn::Error::new(input.span(), message)
        })?;
        let name = match grammar.resolve(&key) {
            Ok(name) => name,
            Err(error) => {
                skip_value(input);
                return Err(error);
            }
        };
        if seen.contains(&name) {
            skip_value(input);
            return Err(syn::Error::new(
                key.span(),
                format!("duplicate {} `{name}`", grammar.noun),
            ));
        }
        seen.push(name);
        take(name, &key, input, errors)
    });
}

/// Calls `one` for each part between commas, to the end of `input`.
pub(crate) fn each(
    input: ParseStream<'_>,
    errors: &mut Errors,
    mut one: impl FnMut(ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) {
    while !input.is_empty() {
        match one(input, errors) {
            Ok(()) if input.is_empty() || input.peek(Token![,]) => {}
            Ok(()) => {
                errors.at(input.span(), "expected a comma");
                skip_to_comma(input);
            }
            Err(error) => {
                errors.push(error);
                skip_to_comma(input);
            }
        }
        if errors.keep(input.parse::<Option<Token![,]>>()).is_none() {
            return;
        }
    }
}

/// What stands behind a key that is refused. Read as an expression where it is one, because a comma in it
/// (`f::<A, B>()`) does not end the argument.
fn skip_value(input: ParseStream<'_>) {
    let ahead = input.fork();
    let assigned = ahead.parse::<Token![=]>().is_ok();
    // Fields have a sigil in front of the value.
    let _ = ahead.parse::<Option<Token![%]>>();
    let _ = ahead.parse::<Option<Token![?]>>();
    if assigned && ahead.parse::<Expr>().is_ok() {
        use syn::parse::discouraged::Speculative;
        input.advance_to(&ahead);
    }
}

fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        if input.parse::<proc_macro2::TokenTree>().is_err() {
            return;
        }
    }
}

/// Reads the `=` behind `key`, and makes sure that something follows; `example` is how it is written rightly.
pub(crate) fn equals(key: &Ident, input: ParseStream<'_>, example: &str) -> syn::Result<()> {
    let advice = || {
        syn::Error::new(
            key.span(),
            format!("`{}` needs a value: `{example}`", key.unraw()),
        )
    };
    input.parse::<Token![=]>().map_err(|_| advice())?;
    if input.is_empty() || input.peek(Token![,]) {
        return Err(advice());
    }
    Ok(())
}

/// Makes sure that nothing stands behind `key`.
pub(crate) fn flag(key: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(());
    }
    Err(syn::Error::new(
        key.span(),
        format!("`{}` takes no value", key.unraw()),
    ))
}

/// Reads the parentheses behind `key` and gives their content to `read`; `example` is how it is written rightly.
pub(crate) fn parenthesized<T>(
    key: &Ident,
    input: ParseStream<'_>,
    example: &str,
    read: impl FnOnce(ParseStream<'_>) -> T,
) -> syn::Result<T> {
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(
            key.span(),
            format!("`{}` needs parentheses: `{example}`", key.unraw()),
        ));
    }
    let content;
    syn::parenthesized!(content in input);
    if content.is_empty() {
        return Err(syn::Error::new(
            key.span(),
            format!("`{}` is empty: write `{example}`", key.unraw()),
        ));
    }
    Ok(read(&content))
}

/// Reads names separated by commas, each at most once. `self` is a name.
pub(crate) fn names(
    key: &Ident,
    input: ParseStream<'_>,
    errors: &mut Errors,
    example: &str,
) -> syn::Result<Vec<Ident>> {
    let mut names: Vec<Ident> = Vec::new();
    parenthesized(key, input, example, |content| {
        each(content, errors, |input, _| {
            let name = input.call(Ident::parse_any)?;
            if names.contains(&name) {
                return Err(syn::Error::new(
                    name.span(),
                    format!("`{}` is named twice", name.unraw()),
                ));
            }
            names.push(name);
            Ok(())
        });
    })?;
    Ok(names)
}
