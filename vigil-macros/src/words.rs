//! Categories and action types: words that are checked while the program compiles.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Ident, Lit, LitStr};

use crate::arguments;

/// One of the two vocabularies.
pub(crate) struct Vocabulary {
    /// What a word is called in messages.
    pub(crate) noun: &'static str,
    /// The type of a word, by its name in `vigil::__private`.
    type_name: &'static str,
    /// Whether a word can be declared as one that no configuration keeps out of the trail.
    pub(crate) has_mandatory: bool,
    /// The module that holds what a crate declares.
    module: &'static str,
    /// The same list as in the core, so that a built-in word costs no evaluation of a constant.
    pub(crate) built_in: &'static [&'static str],
}

pub(crate) const CATEGORIES: Vocabulary = Vocabulary {
    noun: "category",
    type_name: "Category",
    has_mandatory: true,
    module: "__vigil_categories",
    built_in: &[
        "AUTH", "DATABASE", "API", "FILE", "SYSTEM", "SECURITY", "ADMIN", "DATA", "CONFIG",
        "NETWORK", "PAYMENT",
    ],
};

pub(crate) const ACTION_TYPES: Vocabulary = Vocabulary {
    noun: "action type",
    type_name: "ActionType",
    has_mandatory: false,
    module: "__vigil_action_types",
    built_in: &[
        "CREATE", "READ", "UPDATE", "DELETE", "EXECUTE", "QUERY", "LOGIN", "LOGOUT", "EXPORT",
        "IMPORT", "GRANT", "REVOKE", "APPROVE", "ACCESS",
    ],
};

/// A word as it is written in an argument.
#[derive(Clone)]
pub(crate) enum Word {
    Literal(LitStr),
    /// A path to a constant of the vocabulary's type.
    Path(Expr),
}

impl Vocabulary {
    /// Reads `= WORD` behind `key`.
    pub(crate) fn parse(
        &self,
        key: &Ident,
        input: ParseStream<'_>,
        example: &str,
    ) -> syn::Result<Word> {
        arguments::equals(key, input, example)?;
        let value: Expr = input.parse()?;
        let span = syn::spanned::Spanned::span(&value);
        match ungrouped(value) {
            Expr::Lit(ExprLit {
                lit: Lit::Str(literal),
                ..
            }) => Ok(Word::Literal(literal)),
            path @ Expr::Path(_) => Ok(Word::Path(path)),
            _ => {
                let Self {
                    noun, type_name, ..
                } = self;
                let message = format!(
                    "expected the {noun} as a string, or a path to a constant of type `{type_name}`"
                );
                Err(syn::Error::new(span, message))
            }
        }
    }

    pub(crate) fn ty(&self) -> Ident {
        format_ident!("{}", self.type_name, span = Span::mixed_site())
    }

    pub(crate) fn module(&self) -> Ident {
        format_ident!("{}", self.module, span = Span::mixed_site())
    }

    /// A constant expression for a word; `private` is the path of `vigil::__private`.
    ///
    /// A literal that is not built in is looked up by a `const fn` of the module that `categories!` has put into the
    /// crate root. A crate without one gets the fall-back of the same name: both come by glob imports, and that of
    /// the inner block shadows that of the outer.
    fn expand(&self, word: &Word, private: &TokenStream) -> TokenStream {
        let here = Span::mixed_site();
        let ty = self.ty();
        match word {
            Word::Path(path) => quote_spanned!(here=> #path),
            Word::Literal(literal) if self.built_in.contains(&literal.value().as_str()) => {
                let constant = format_ident!("{}", literal.value(), span = here);
                quote_spanned!(here=> #private::#ty::#constant)
            }
            Word::Literal(literal) => {
                // The literal's own span on every token, so that the message of a failed look-up points at it.
                let mut module = self.module();
                module.set_span(literal.span());
                let lookup = quote_spanned!(literal.span()=> #module::lookup(#literal));
                // Only one of the two imports is used.
                quote_spanned! {here=> {
                    #[allow(unused_imports)]
                    use #private::fallback::*;
                    {
                        #[allow(unused_imports)]
                        use crate::*;
                        #lookup
                    }
                }}
            }
        }
    }

    /// An item that does not compile if there is no such word; for where nothing else is made of it, because of other
    /// mistakes. None for a word that needs no look-up.
    pub(crate) fn check(&self, word: &Word, private: &TokenStream) -> TokenStream {
        let (constant, _) = self.by_itself("_", word, private);
        constant
    }

    /// The item, if any, and the expression for a word. One that has to be looked up gets a constant of its own, so
    /// that where two words are misspelt both are told.
    pub(crate) fn by_itself(
        &self,
        name: &str,
        word: &Word,
        private: &TokenStream,
    ) -> (TokenStream, TokenStream) {
        let here = Span::mixed_site();
        let expanded = self.expand(word, private);
        match word {
            Word::Literal(literal) if !self.built_in.contains(&literal.value().as_str()) => {
                let ty = self.ty();
                let name: TokenStream = match name {
                    "_" => quote_spanned!(here=> _),
                    name => format_ident!("{name}", span = here).into_token_stream(),
                };
                (
                    quote_spanned!(here=> const #name: #private::#ty = #expanded;),
                    name,
                )
            }
            _ => (TokenStream::new(), expanded),
        }
    }
}

/// An expression without the invisible delimiters that `macro_rules!` puts around `$e:expr`.
pub(crate) fn ungrouped(expr: Expr) -> Expr {
    match expr {
        Expr::Group(group) => ungrouped(*group.expr),
        expr => expr,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_words_are_those_of_the_core() {
        assert_eq!(CATEGORIES.built_in, vigil::Category::BUILT_IN);
        assert_eq!(ACTION_TYPES.built_in, vigil::ActionType::BUILT_IN);
    }
}
