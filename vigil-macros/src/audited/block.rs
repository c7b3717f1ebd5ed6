//! `#[audited]` on an `impl` block: what is said there holds for each of its functions.
//!
//! Functions are read as they are elsewhere, with their bodies as tokens; all else in the block passes as it is.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, ItemImpl, Meta, Token, Type, TypeParamBound, Visibility};

use super::attr::Arguments;
use super::model::{Function, is_called};
use super::one;
use super::selection::refuse_two_selections;
use super::valid::Place;
use crate::errors::Errors;
use crate::gate;
use crate::suggest::did_you_mean;

/// An `impl` block taken apart.
pub(crate) struct Block {
    /// All before the braces; as an item without content.
    head: ItemImpl,
    braces: Group,
    inner: Vec<Attribute>,
    members: Vec<Member>,
}

enum Member {
    Function(Box<Function>),
    Other(TokenStream),
}

impl Block {
    /// Reads an item; `None` if it is no `impl` block.
    pub(crate) fn read(item: &TokenStream) -> Option<Self> {
        let mut tokens: Vec<TokenTree> = item.clone().into_iter().collect();
        let Some(TokenTree::Group(braces)) = tokens.pop() else {
            return None;
        };
        if braces.delimiter() != Delimiter::Brace {
            return None;
        }
        let empty = TokenTree::Group(Group::new(Delimiter::Brace, TokenStream::new()));
        let head = tokens.into_iter().chain([empty]).collect();
        let head: ItemImpl = syn::parse2(head).ok()?;
        let read =
            |input: ParseStream<'_>| Ok((input.call(Attribute::parse_inner)?, members(input)));
        let (inner, members) = read.parse2(braces.stream()).ok()?;
        Some(Self {
            head,
            braces,
            inner,
            members,
        })
    }

    /// The expansion.
    pub(crate) fn audited(mut self, arguments: TokenStream) -> TokenStream {
        let mut errors = Errors::default();
        let mut arguments = Arguments::parse_block(arguments, &mut errors);
        for attr in &mut self.head.attrs {
            if is_called(attr, "audit_scope") {
                gate::pass(attr);
            }
        }
        let cfg = conditions(&self.head.attrs);
        let place = Place::InBlock {
            of: type_name(&self.head.self_ty),
        };
        refuse_two_selections(&arguments, &mut errors);
        if let Some((_, skip)) = &arguments.skip {
            self.refuse_unknown(skip, &mut errors);
        }
        let sound = errors.is_empty();
        let words = if sound {
            TokenStream::new()
        } else {
            arguments.parts.check_words()
        };
        // Misread, it is not to be held against its functions: they pass as they are.
        arguments.off = !sound;
        let mut errors = errors.under(&cfg);
        let in_trait = self.head.trait_.is_some();
        let mut content: TokenStream = self.inner.iter().map(ToTokens::to_token_stream).collect();
        for member in self.members {
            let function = match member {
                Member::Function(function) => *function,
                Member::Other(tokens) => {
                    content.extend(tokens);
                    continue;
                }
            };
            let mut all = cfg.clone();
            all.extend(conditions(&function.attrs));
            let mut own_errors = Errors::default();
            let expanded = self::function(function, &arguments, &place, in_trait, &mut own_errors);
            content.extend(expanded);
            if sound {
                errors.extend(own_errors.under(&all));
            }
        }
        let mut block = self.head.to_token_stream().into_iter().collect::<Vec<_>>();
        // The empty braces.
        block.pop();
        let mut braces = Group::new(Delimiter::Brace, content);
        braces.set_span(self.braces.span());
        let block: TokenStream = block.into_iter().chain([braces.into()]).collect();
        quote!(#block #errors #words)
    }

    fn refuse_unknown(&self, names: &[Ident], errors: &mut Errors) {
        let known: Vec<String> = self
            .members
            .iter()
            .filter_map(|member| match member {
                Member::Function(function) => Some(function),
                Member::Other(_) => None,
            })
            .flat_map(|function| function.bindings())
            .map(|binding| binding.name)
            .collect();
        for name in names {
            let plain = name.unraw().to_string();
            if !known.contains(&plain) {
                let meant = did_you_mean(&plain, known.iter().map(String::as_str));
                let message =
                    format!("no function of this block has a parameter `{plain}` to skip{meant}");
                errors.at(name.span(), message);
            }
        }
    }
}

/// One function of the block: audited, exempt, or private and left alone.
fn function(
    mut function: Function,
    block: &Arguments,
    place: &Place,
    in_trait: bool,
    errors: &mut Errors,
) -> TokenStream {
    let own = function.take_attribute("audited");
    if own.is_none() && function.has_attribute("not_audited").is_some() {
        return function.into_token_stream();
    }
    if let Some(conditional) = function.attrs.iter().find(|attr| is_conditional(attr)) {
        let advice = "a function of an audited block is audited or exempt under all conditions; \
                      for one that is so under some, take the attribute off the block";
        errors.push(syn::Error::new_spanned(conditional.path(), advice));
        return function.into_token_stream();
    }
    if own.is_none() && !in_trait && !is_public(&function.vis) {
        return function.into_token_stream();
    }
    let tokens = match own.map(|own| own.meta) {
        Some(Meta::List(list)) => list.tokens,
        Some(Meta::NameValue(assigned)) => {
            let form = "the form is `#[audited(...)]`";
            errors.push(syn::Error::new_spanned(&assigned.path, form));
            TokenStream::new()
        }
        Some(Meta::Path(_)) | None => TokenStream::new(),
    };
    let mut arguments = Arguments::parse(tokens, errors);
    arguments.inherit(block, &function);
    one(arguments, function, place, errors)
}

/// What others than this module or type can call: also `pub(crate)` and the like, for in a program of one crate they
/// are what `pub` is in a library.
pub(crate) fn is_public(vis: &Visibility) -> bool {
    match vis {
        Visibility::Public(_) => true,
        Visibility::Restricted(restricted) => !restricted.path.is_ident("self"),
        Visibility::Inherited => false,
    }
}

/// The `#[cfg]` among some attributes.
pub(crate) fn conditions(attrs: &[Attribute]) -> Vec<Attribute> {
    let cfg = attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
    cfg.cloned().collect()
}

/// `#[cfg_attr(condition, audited(...))]`, or `not_audited`.
pub(crate) fn is_conditional(attr: &Attribute) -> bool {
    let Meta::List(list) = &attr.meta else {
        return false;
    };
    attr.path().is_ident("cfg_attr")
        && list.tokens.clone().into_iter().any(|token| {
            matches!(token, TokenTree::Ident(name) if name == "audited" || name == "not_audited")
        })
}

/// What operations are named after: `Store` for `impl<T> Store<T>`.
fn type_name(ty: &Type) -> String {
    let last = |path: &syn::Path| {
        let last = path.segments.last();
        last.map(|last| last.ident.unraw().to_string())
    };
    let name = match ty {
        Type::Path(ty) => last(&ty.path),
        Type::Reference(ty) => Some(type_name(&ty.elem)),
        Type::Group(ty) => Some(type_name(&ty.elem)),
        Type::Paren(ty) => Some(type_name(&ty.elem)),
        Type::TraitObject(ty) => ty.bounds.iter().find_map(|bound| match bound {
            TypeParamBound::Trait(bound) => last(&bound.path),
            _ => None,
        }),
        _ => None,
    };
    name.unwrap_or_else(|| {
        let text = ty.to_token_stream().to_string();
        text.split_whitespace().collect()
    })
}

/// The members of a block. What is no function, or only the beginning of one, passes as it is.
fn members(input: ParseStream<'_>) -> Vec<Member> {
    let mut members = Vec::new();
    while !input.is_empty() {
        let ahead = input.fork();
        let read = is_function(&input.fork()).then(|| ahead.parse::<Function>());
        if let Some(Ok(function)) = read {
            input.advance_to(&ahead);
            members.push(Member::Function(Box::new(function)));
        } else {
            members.push(Member::Other(other(input)));
        }
    }
    members
}

fn is_function(ahead: ParseStream<'_>) -> bool {
    let head = ahead
        .call(Attribute::parse_outer)
        .and_then(|_| ahead.parse::<Visibility>());
    if head.is_err() {
        return false;
    }
    while !ahead.peek(Token![fn]) {
        let qualifier = ahead.peek(Token![const])
            || ahead.peek(Token![async])
            || ahead.peek(Token![unsafe])
            || ahead.peek(Token![extern])
            || ahead.peek(syn::LitStr);
        if !qualifier || ahead.parse::<TokenTree>().is_err() {
            return false;
        }
    }
    true
}

/// To the next semicolon or braces. Where that is not the end of the member, the rest of it comes next.
fn other(input: ParseStream<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    while let Ok(token) = input.parse::<TokenTree>() {
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        tokens.extend([token]);
        if ends {
            break;
        }
    }
    tokens
}
