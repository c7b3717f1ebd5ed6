//! The function under the attribute: its signature is read, its body stays tokens.
//!
//! A body that is not parsed costs nothing, and one that is half typed still expands, so that editors can complete in
//! it.

use std::rc::Rc;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, FnArg, Ident, Pat, ReturnType, Signature, Token, Type, Visibility, token};

use super::moved::{Moved, moved};
use crate::arguments;
use crate::errors::Errors;
use crate::treatment::{self, Directions};
use crate::written::written;

const PARAMETER: arguments::Grammar = treatment::grammar("attribute", &[]);

/// A function, or the head of one.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: Body,
}

pub(crate) enum Body {
    /// A method that a trait only declares.
    None(Token![;]),
    Block {
        brace: token::Brace,
        inner: Vec<Attribute>,
        content: TokenStream,
    },
}

/// A name that the parameters bind.
pub(crate) struct Binding {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    /// `whole` of `whole @ (a, b)`, for `a` and `b`.
    pub(crate) part_of: Option<String>,
    /// The parameter by its place, which its attributes are found under.
    pub(crate) parameter: usize,
    /// Where the name is bound only in the body: the parameter, and the pattern that takes it apart there.
    pub(crate) moved: Option<Rc<Moved>>,
}

/// What the attributes of a parameter say; those of ours are taken off the signature.
#[derive(Default)]
pub(crate) struct Parameter {
    pub(crate) cfg: Vec<Attribute>,
    pub(crate) directions: Directions,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let sig = input.parse()?;
        let body = if input.peek(Token![;]) {
            Body::None(input.parse()?)
        } else {
            let content;
            let brace = syn::braced!(content in input);
            Body::Block {
                brace,
                inner: content.call(Attribute::parse_inner)?,
                content: content.parse()?,
            }
        };
        Ok(Self {
            attrs,
            vis,
            sig,
            body,
        })
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attrs);
        self.vis.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        match &self.body {
            Body::None(semi) => semi.to_tokens(tokens),
            Body::Block {
                brace,
                inner,
                content,
            } => brace.surround(tokens, |tokens| {
                tokens.append_all(inner);
                content.to_tokens(tokens);
            }),
        }
    }
}

impl Function {
    /// Takes `#[audit(...)]` off the parameters and reads it; one entry for each parameter, `self` included.
    pub(crate) fn take_parameters(&mut self, errors: &mut Errors) -> Vec<Parameter> {
        self.sig
            .inputs
            .iter_mut()
            .map(|input| parameter(input, errors))
            .collect()
    }

    /// All names that the parameters bind, `self` included.
    pub(crate) fn bindings(&self) -> Vec<Binding> {
        let mut bindings = Vec::new();
        for (parameter, input) in self.sig.inputs.iter().enumerate() {
            match input {
                FnArg::Receiver(receiver) => bindings.push(Binding {
                    ident: Ident::new("self", receiver.self_token.span),
                    name: "self".to_owned(),
                    part_of: None,
                    parameter,
                    moved: None,
                }),
                FnArg::Typed(typed) => match moved(&typed.pat, &self.body) {
                    Some(moved) => {
                        let first = bindings.len();
                        collect(&moved.pattern, parameter, None, &mut bindings);
                        let moved = Rc::new(moved);
                        for binding in bindings.iter_mut().skip(first) {
                            binding.moved = Some(Rc::clone(&moved));
                        }
                    }
                    None => collect(&typed.pat, parameter, None, &mut bindings),
                },
            }
        }
        bindings
    }

    /// The type of a parameter as the source has it. What a pattern takes apart has that of the whole.
    pub(crate) fn written_type(&self, parameter: usize) -> String {
        match self.sig.inputs.get(parameter) {
            Some(FnArg::Typed(typed)) => written(typed.ty.to_token_stream()),
            // However it is passed.
            Some(FnArg::Receiver(_)) | None => "Self".to_owned(),
        }
    }

    /// The return type as the source has it.
    pub(crate) fn written_output(&self) -> String {
        match &self.sig.output {
            ReturnType::Default => "()".to_owned(),
            ReturnType::Type(_, ty) => written(ty.to_token_stream()),
        }
    }

    pub(crate) fn has_attribute(&self, name: &str) -> Option<&Attribute> {
        self.attrs.iter().find(|attr| is_called(attr, name))
    }

    /// Puts items in front of the body: the one place for them that there is in a trait as well.
    pub(crate) fn begin_with(&mut self, items: TokenStream) {
        if let Body::Block { content, .. } = &mut self.body {
            let body = std::mem::replace(content, items);
            content.extend(body);
        }
    }

    /// Takes the attribute `name` off the function; the first, if there are several.
    pub(crate) fn take_attribute(&mut self, name: &str) -> Option<Attribute> {
        let at = self.attrs.iter().position(|attr| is_called(attr, name))?;
        Some(self.attrs.remove(at))
    }

    /// Whether the function has a return value by which it could tell something.
    pub(crate) fn returns_something(&self) -> bool {
        matches!(self.sig.output, ReturnType::Type(..)) && !self.never_returns()
    }

    /// `-> !`
    pub(crate) fn never_returns(&self) -> bool {
        fn never(ty: &Type) -> bool {
            match ty {
                Type::Never(_) => true,
                Type::Group(group) => never(&group.elem),
                Type::Paren(paren) => never(&paren.elem),
                _ => false,
            }
        }
        matches!(&self.sig.output, ReturnType::Type(_, ty) if never(ty))
    }
}

/// Whether an attribute bears this name, under whatever path.
pub(crate) fn is_called(attr: &Attribute, name: &str) -> bool {
    let last = attr.path().segments.last();
    last.is_some_and(|last| last.ident == name)
}

fn parameter(input: &mut FnArg, errors: &mut Errors) -> Parameter {
    let (attrs, receiver) = match input {
        FnArg::Receiver(receiver) => (&mut receiver.attrs, true),
        FnArg::Typed(typed) => (&mut typed.attrs, false),
    };
    let mut parameter = Parameter::default();
    attrs.retain(|attr| {
        if attr.path().is_ident("cfg") {
            parameter.cfg.push(attr.clone());
        }
        let ours = attr.path().is_ident("audit");
        if ours && receiver {
            let advice = "`self` is recorded only where `only(self)` or `fields(...)` names it or a part of it";
            errors.push(syn::Error::new_spanned(attr, advice));
        } else if ours {
            directions(attr, &mut parameter.directions, errors);
        }
        !ours
    });
    parameter
}

fn directions(attr: &Attribute, directions: &mut Directions, errors: &mut Errors) {
    if !matches!(&attr.meta, syn::Meta::List(list) if !list.tokens.is_empty()) {
        let advice = format!(
            "`audit` needs one of {} in parentheses",
            treatment::WORDS.join(", ")
        );
        errors.push(syn::Error::new_spanned(attr, advice));
        return;
    }
    let read = attr.parse_args_with(|input: ParseStream<'_>| {
        arguments::parse(input, &PARAMETER, errors, |name, key, input, errors| {
            directions.take(name, key, input, errors)
        });
        Ok(())
    });
    errors.keep(read);
}

fn collect(pat: &Pat, parameter: usize, part_of: Option<&str>, bindings: &mut Vec<Binding>) {
    let mut inside = |pat: &Pat| collect(pat, parameter, part_of, bindings);
    match pat {
        Pat::Ident(pat) => {
            let name = pat.ident.unraw().to_string();
            // `f(UNIT: Unit)` matches a unit struct or constant and binds nothing.
            let constant = pat.by_ref.is_none() && pat.mutability.is_none() && pat.subpat.is_none();
            if constant && name.starts_with(char::is_uppercase) {
                return;
            }
            if let Some((_, sub)) = &pat.subpat {
                collect(sub, parameter, Some(part_of.unwrap_or(&name)), bindings);
            }
            let part_of = part_of.map(str::to_owned);
            bindings.push(Binding {
                ident: pat.ident.clone(),
                name,
                part_of,
                parameter,
                moved: None,
            });
        }
        Pat::Paren(pat) => inside(&pat.pat),
        Pat::Reference(pat) => inside(&pat.pat),
        Pat::Slice(pat) => pat.elems.iter().for_each(inside),
        Pat::Struct(pat) => pat.fields.iter().for_each(|field| inside(&field.pat)),
        Pat::Tuple(pat) => pat.elems.iter().for_each(inside),
        Pat::TupleStruct(pat) => pat.elems.iter().for_each(inside),
        Pat::Type(pat) => inside(&pat.pat),
        // All cases bind the same names.
        Pat::Or(pat) => pat.cases.iter().take(1).for_each(inside),
        _ => {}
    }
}

/// Why an item that could not be read as a function is none: the error, with advice where it is clear what it is.
pub(crate) fn not_a_function(item: TokenStream, error: syn::Error) -> syn::Error {
    let head = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let rest: TokenStream = input.parse()?;
        Ok(rest
            .into_iter()
            .find(|token| !matches!(token, TokenTree::Ident(word) if word == "unsafe")))
    };
    let Ok(Some(TokenTree::Ident(keyword))) = head.parse2(item) else {
        return error;
    };
    let advice = match keyword.to_string().as_str() {
        "trait" => {
            "put it on the methods of the implementations, or on those that have a body here"
        }
        "struct" | "enum" | "union" => "a type is made fit for recording by `#[derive(Sanitize)]`",
        "mod" => {
            "put it on each function of this module that is to be audited, and `#[audit_scope]` here to miss none"
        }
        "const" | "static" | "type" | "use" | "extern" | "macro_rules" => "this is none",
        _ => return error,
    };
    syn::Error::new(
        keyword.span(),
        format!("`#[audited]` goes on a function or an `impl` block; {advice}"),
    )
}
