//! A module that attributes look words up in, and a constant for each word.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::model::{Declarations, Word};
use crate::parts;
use crate::words::Vocabulary;

/// The items.
pub(crate) fn expand(declarations: &Declarations, vocabulary: &Vocabulary) -> TokenStream {
    let here = Span::mixed_site();
    let private = parts::private(declarations.krate.as_ref());
    let (ty, module) = (vocabulary.ty(), vocabulary.module());
    let declared = |word: &Word| {
        let text = word.text();
        let mandatory = word
            .mandatory
            .then(|| quote_spanned!(here=> .__mandatory()));
        quote_spanned!(here=> #private::Word::__new(#text) #mandatory)
    };
    let own = declarations.words.iter().map(declared);
    let used = declarations
        .used
        .iter()
        .map(|path| quote_spanned!(here=> #path::#module::OWN));
    let constants = declarations.words.iter().map(|word| {
        let (attrs, ident, text) = (&word.attrs, &word.ident, word.text());
        let declared = declared(word);
        // A crate that demands documentation is not to be asked for it in vain.
        let documented = attrs.iter().any(|attr| attr.path().is_ident("doc"));
        let doc = (!documented).then(|| {
            let doc = format!("The audit {} `{text}`.", vocabulary.noun);
            quote_spanned!(here=> #[doc = #doc])
        });
        quote_spanned! {here=>
            #(#attrs)*
            #doc
            // `dead_code`: most attributes name the word by a string.
            #[allow(dead_code)]
            pub const #ident: #private::#ty = #private::#ty::__declared(#declared);
        }
    });
    // `dead_code`, `unreachable_pub`: whether the module is used, and from where, is up to the rest of the crate.
    quote_spanned! {here=>
        #[doc(hidden)]
        #[allow(dead_code, unreachable_pub)]
        pub mod #module {
            pub const OWN: &[#private::Word] = &[#(#own),*];
            pub const DECLARED: &[&[#private::Word]] = &[OWN, #(#used),*];
            #[track_caller]
            pub const fn lookup(word: &'static #private::core::primitive::str) -> #private::#ty {
                #private::#ty::__lookup(word, #private::core::option::Option::Some(DECLARED))
            }
        }
        #(#constants)*
    }
}
