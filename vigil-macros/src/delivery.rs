//! `delivery` and `overflow`: how safe an event is when its call returns, and what happens when there is no room for it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::LitStr;
use syn::parse::ParseStream;

use crate::arguments::equals;
use crate::located::located;
use crate::suggest::did_you_mean;

/// A word that one of the two arguments may have.
trait Word: Copy + 'static {
    /// What a word is called in messages.
    const NOUN: &'static str;
    /// How the argument is written rightly.
    const EXAMPLE: &'static str;
    /// Each word with what it means.
    const WORDS: &'static [(&'static str, Self)];
}

/// How safe the event is; the same as in the core.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delivery {
    Journaled,
    Durable,
    Required,
}

/// What happens where there is no room; the same as in the core.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Overflow {
    Block,
    Drop,
    Deny,
}

impl Word for Delivery {
    const NOUN: &'static str = "delivery";
    const EXAMPLE: &'static str = "delivery = \"durable\"";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("journaled", Self::Journaled),
        ("durable", Self::Durable),
        ("required", Self::Required),
    ];
}

impl Word for Overflow {
    const NOUN: &'static str = "overflow";
    const EXAMPLE: &'static str = "overflow = \"block\"";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("block", Self::Block),
        ("drop", Self::Drop),
        ("deny", Self::Deny),
    ];
}

/// A word with its place.
#[derive(Clone)]
struct Said<W> {
    literal: LitStr,
    word: W,
}

/// What is said of both.
#[derive(Clone, Default)]
pub(crate) struct Delivering {
    delivery: Option<Said<Delivery>>,
    overflow: Option<Said<Overflow>>,
}

impl Delivering {
    /// Reads what stands behind the key `delivery`.
    pub(crate) fn take_delivery(&mut self, key: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        self.delivery = Some(said(key, input)?);
        Ok(())
    }

    /// Reads what stands behind the key `overflow`.
    pub(crate) fn take_overflow(&mut self, key: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        self.overflow = Some(said(key, input)?);
        Ok(())
    }

    /// Takes over `others` where nothing is said here.
    pub(crate) fn inherit(&mut self, others: &Self) {
        self.delivery = self.delivery.take().or_else(|| others.delivery.clone());
        self.overflow = self.overflow.take().or_else(|| others.overflow.clone());
    }

    /// Whether the end of the call waits for the disk.
    pub(crate) fn waits(&self) -> bool {
        self.delivery
            .as_ref()
            .is_some_and(|said| said.word != Delivery::Journaled)
    }

    /// What makes it possible that the call is refused: the argument as it is written, with its place.
    pub(crate) fn refuses(&self) -> Option<(String, Span)> {
        let required = self.delivery.as_ref().and_then(|said| {
            (said.word == Delivery::Required).then_some(("delivery", &said.literal))
        });
        let deny = self
            .overflow
            .as_ref()
            .and_then(|said| (said.word == Overflow::Deny).then_some(("overflow", &said.literal)));
        let (key, literal) = required.or(deny)?;
        Some((format!("{key} = \"{}\"", literal.value()), literal.span()))
    }

    /// Calls of `Callsite`'s builders.
    pub(crate) fn expand(&self, private: &TokenStream) -> TokenStream {
        let delivery = self.delivery.as_ref().map(|said| {
            let word = constant(said);
            quote_spanned!(Span::mixed_site()=> .__delivery(#private::Delivery::#word))
        });
        let overflow = self.overflow.as_ref().map(|said| {
            let word = constant(said);
            quote_spanned!(Span::mixed_site()=> .__overflow(#private::Overflow::#word))
        });
        quote_spanned!(Span::mixed_site()=> #delivery #overflow)
    }

    /// An item that does not compile if the events of `category` may not be dropped but are to be.
    pub(crate) fn check(
        &self,
        category: &TokenStream,
        private: &TokenStream,
    ) -> Option<TokenStream> {
        let here = Span::mixed_site();
        let said = self.overflow.as_ref()?;
        (said.word == Overflow::Drop).then(|| {
            let check = quote_spanned!(here=> #private::Category::__droppable(#category));
            let check = located(check, here.located_at(said.literal.span()));
            quote_spanned!(here=> const _: () = #check;)
        })
    }
}

fn said<W: Word>(key: &Ident, input: ParseStream<'_>) -> syn::Result<Said<W>> {
    equals(key, input, W::EXAMPLE)?;
    let expected = || {
        W::WORDS
            .iter()
            .map(|(known, _)| *known)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let literal: LitStr = input.parse().map_err(|error| {
        let message = format!(
            "expected the {} as a string, one of {}",
            W::NOUN,
            expected()
        );
        syn::Error::new(error.span(), message)
    })?;
    let name = literal.value();
    match W::WORDS.iter().find(|(known, _)| *known == name) {
        Some((_, word)) => Ok(Said {
            literal,
            word: *word,
        }),
        None => {
            let meant = did_you_mean(&name, W::WORDS.iter().map(|(known, _)| *known));
            let (noun, list) = (W::NOUN, expected());
            let message = format!("unknown {noun} `{name}`{meant} (expected one of {list})");
            Err(syn::Error::new(literal.span(), message))
        }
    }
}

/// The name of the variant in the core.
fn constant<W>(said: &Said<W>) -> Ident {
    let word = said.literal.value();
    let (first, rest) = word.split_at(1);
    format_ident!("{}{rest}", first.to_uppercase(), span = Span::mixed_site())
}
