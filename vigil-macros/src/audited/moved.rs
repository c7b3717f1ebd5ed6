//! Parameters that are patterns, under `#[async_trait]`.
//!
//! It makes `__arg1` of such a parameter and takes that apart in the body: `let (a, b) = { let __arg1 = __arg1; __arg1 };`.
//! For the reader of the trail the names are those of the pattern still, so they are looked up there.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::Pat;
use syn::parse::Parser;

use super::model::Body;

/// A parameter, and the pattern that takes it apart in the body.
pub(crate) struct Moved {
    parameter: Ident,
    /// Without `mut` and `ref`, so that it can be matched against a reference.
    pub(crate) pattern: Pat,
}

impl Moved {
    /// An expression that borrows what `name` will be bound to.
    pub(crate) fn reference(&self, name: &Ident) -> TokenStream {
        let Self { parameter, pattern } = self;
        // `unused_variables`: of the names in the pattern, one is wanted.
        quote_spanned! {Span::mixed_site().located_at(name.span())=> {
            #[allow(unused_variables)]
            let #pattern = &#parameter;
            #name
        }}
    }
}

/// The pattern that the body makes of a parameter, if this is one of those.
pub(crate) fn moved(parameter: &Pat, body: &Body) -> Option<Moved> {
    let (Pat::Ident(parameter), Body::Block { content, .. }) = (parameter, body) else {
        return None;
    };
    let parameter = &parameter.ident;
    let number = parameter.to_string();
    number.strip_prefix("__arg")?.parse::<u32>().ok()?;
    let pattern = find(content.clone(), parameter)?;
    let mut pattern = Pat::parse_multi_with_leading_vert.parse2(pattern).ok()?;
    borrowing(&mut pattern).then(|| Moved {
        parameter: parameter.clone(),
        pattern,
    })
}

/// What stands between `let` and `= { let parameter = ...`, at any depth.
fn find(content: TokenStream, parameter: &Ident) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = content.into_iter().collect();
    let end = tokens.windows(2).position(|window| match window {
        [TokenTree::Punct(equals), TokenTree::Group(block)] => {
            equals.as_char() == '=' && begins_with(block.stream(), parameter)
        }
        _ => false,
    });
    if let Some(before) = end.and_then(|end| tokens.get(..end)) {
        let begin = before
            .iter()
            .rposition(|token| matches!(token, TokenTree::Ident(word) if word == "let"))?;
        return Some(before.iter().skip(begin + 1).cloned().collect());
    }
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => find(group.stream(), parameter),
        _ => None,
    })
}

/// Whether a block begins with `let parameter`.
fn begins_with(block: TokenStream, parameter: &Ident) -> bool {
    let mut tokens = block.into_iter();
    let is = |token: Option<TokenTree>, word: &str| matches!(token, Some(TokenTree::Ident(name)) if name == word);
    is(tokens.next(), "let") && is(tokens.next(), &parameter.to_string())
}

/// Makes a pattern one that borrows; `false` if that is not possible.
fn borrowing(pattern: &mut Pat) -> bool {
    match pattern {
        Pat::Ident(pattern) => {
            pattern.by_ref = None;
            pattern.mutability = None;
            pattern
                .subpat
                .as_mut()
                .is_none_or(|(_, inner)| borrowing(inner))
        }
        Pat::Paren(pattern) => borrowing(&mut pattern.pat),
        Pat::Slice(pattern) => pattern.elems.iter_mut().all(borrowing),
        Pat::Struct(pattern) => pattern
            .fields
            .iter_mut()
            .all(|field| borrowing(&mut field.pat)),
        Pat::Tuple(pattern) => pattern.elems.iter_mut().all(borrowing),
        Pat::TupleStruct(pattern) => pattern.elems.iter_mut().all(borrowing),
        Pat::Path(_) | Pat::Rest(_) | Pat::Wild(_) => true,
        // `&a` asks for a reference inside, and the others match values.
        _ => false,
    }
}
