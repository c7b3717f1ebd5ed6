//! `fields(key = value, ...)`: what is recorded beside the arguments of a function.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Expr, Ident, LitStr, Token};

use crate::arguments;
use crate::errors::Errors;
use crate::treatment::{Form, form_name, value};
use crate::written::written;

/// One field.
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// Where the name stands.
    pub(crate) span: Span,
    form: Form,
    value: Value,
}

#[derive(Clone)]
enum Value {
    /// `key = EXPR`
    Given(Box<Expr>),
    /// `key`: the variable of that name, or `a.b`, the field of it.
    Named(TokenStream),
}

/// Reads fields to the end of `input`.
pub(crate) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    arguments::each(input, errors, |input, errors| {
        let field = one(input)?;
        if fields.iter().any(|other| other.name == field.name) {
            errors.at(field.span, format!("duplicate field `{}`", field.name));
        } else {
            fields.push(field);
        }
        Ok(())
    });
    fields
}

fn one(input: ParseStream<'_>) -> syn::Result<Field> {
    let span = input.span();
    let (name, named) = if input.peek(LitStr) {
        (input.parse::<LitStr>()?.value(), None)
    } else {
        let (name, tokens) = dotted(input)?;
        (name, Some(tokens))
    };
    if !input.peek(Token![=]) {
        return match named {
            Some(tokens) => Ok(Field {
                name,
                span,
                form: Form::Sanitize,
                value: Value::Named(tokens),
            }),
            None => Err(syn::Error::new(
                span,
                format!("field \"{name}\" needs a value: `\"{name}\" = ...`"),
            )),
        };
    }
    input.parse::<Token![=]>()?;
    let form = if input.parse::<Option<Token![%]>>()?.is_some() {
        Form::Display
    } else if input.parse::<Option<Token![?]>>()?.is_some() {
        Form::Debug
    } else {
        Form::Sanitize
    };
    if input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new(
            span,
            format!("field `{name}` needs a value after the `=`"),
        ));
    }
    let value = Value::Given(Box::new(input.parse()?));
    Ok(Field {
        name,
        span,
        form,
        value,
    })
}

/// `a`, `a.b`, `self.a`, `self.0`: the name, and the tokens as an expression.
fn dotted(input: ParseStream<'_>) -> syn::Result<(String, TokenStream)> {
    let first = input.call(Ident::parse_any).map_err(|_| {
        syn::Error::new(
            input.span(),
            "expected the name of a field: `name` or `name = value`",
        )
    })?;
    let mut name = first.unraw().to_string();
    let mut tokens = first.into_token_stream();
    while let Some(dot) = input.parse::<Option<Token![.]>>()? {
        name.push('.');
        dot.to_tokens(&mut tokens);
        if input.peek(syn::LitInt) {
            let place: syn::Index = input.parse()?;
            name.push_str(&place.index.to_string());
            place.to_tokens(&mut tokens);
        } else {
            let part = input.call(Ident::parse_any)?;
            name.push_str(&part.unraw().to_string());
            part.to_tokens(&mut tokens);
        }
    }
    Ok((name, tokens))
}

impl Field {
    /// The tokens of its value.
    pub(crate) fn value(&self) -> TokenStream {
        match &self.value {
            Value::Given(expr) => expr.to_token_stream(),
            Value::Named(tokens) => tokens.clone(),
        }
    }

    /// How it stands in the source.
    pub(crate) fn written(&self) -> String {
        written(self.value())
    }

    /// See [`form_name`].
    pub(crate) fn form_name(&self) -> Option<String> {
        form_name(&self.form)
    }

    /// An expression of type `&dyn Sanitize`.
    pub(crate) fn expand(&self, private: &TokenStream) -> TokenStream {
        let (span, tokens) = match &self.value {
            Value::Given(expr) => (expr.span(), expr.to_token_stream()),
            Value::Named(tokens) => (self.span, tokens.clone()),
        };
        let here = Span::mixed_site().located_at(span);
        value(&self.form, &quote_spanned!(here=> &(#tokens)), private)
    }
}
