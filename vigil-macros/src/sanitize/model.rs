//! The type under the derive, with its attributes read.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Generics, Index, Type};

use super::attr::{self, Container};
use crate::errors::Errors;
use crate::treatment::{Directions, key_name};

/// A struct or an enum.
pub(crate) struct Input {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) container: Container,
    pub(crate) data: Shape,
}

pub(crate) enum Shape {
    Struct(Fields),
    Enum(Vec<Variant>),
}

pub(crate) struct Variant {
    pub(crate) ident: Ident,
    /// Its name in the trail.
    pub(crate) name: String,
    pub(crate) fields: Fields,
}

/// The fields in their order, those left out included.
pub(crate) enum Fields {
    Named(Vec<Field>),
    Tuple(Vec<Field>),
    Unit,
}

pub(crate) struct Field {
    /// `name` or `0`, as behind the dot.
    pub(crate) member: TokenStream,
    /// The variable that a pattern binds it to.
    pub(crate) variable: Ident,
    /// Its name in the code.
    pub(crate) own_name: String,
    /// Its name in the trail.
    pub(crate) name: String,
    /// Where to point when its type will not do.
    pub(crate) span: Span,
    pub(crate) ty: Type,
    pub(crate) directions: Directions,
}

impl Fields {
    pub(crate) fn all(&self) -> &[Field] {
        match self {
            Self::Named(fields) | Self::Tuple(fields) => fields,
            Self::Unit => &[],
        }
    }

    /// The fields that are not skipped.
    pub(crate) fn recorded(&self) -> impl Iterator<Item = &Field> {
        self.all()
            .iter()
            .filter(|field| field.directions.skip.is_none())
    }
}

impl Input {
    /// `None`: a union.
    pub(crate) fn read(input: DeriveInput, errors: &mut Errors) -> Option<Self> {
        let container = Container::parse(&input.attrs, errors);
        let data = match input.data {
            Data::Struct(data) => Shape::Struct(fields(data.fields, &container, true, errors)),
            Data::Enum(data) => {
                let variants = data.variants.into_iter().map(|variant| {
                    let rename = attr::variant(&variant.attrs, errors);
                    let own = variant.ident.unraw().to_string();
                    let name = match (rename, container.rename_all) {
                        (Some(rename), _) => rename.value(),
                        (None, Some(style)) => style.apply(&own),
                        (None, None) => own,
                    };
                    Variant {
                        ident: variant.ident,
                        name,
                        fields: fields(variant.fields, &container, false, errors),
                    }
                });
                Shape::Enum(variants.collect())
            }
            Data::Union(data) => {
                let message = "`Sanitize` cannot be derived for a union: nobody can tell which field is the valid one; \
                               implement it by hand";
                errors.at(data.union_token.span, message);
                return None;
            }
        };
        Some(Self {
            ident: input.ident,
            generics: input.generics,
            container,
            data,
        })
    }
}

/// `rename_all` of an enum is about its variants and leaves their fields alone, as in serde.
fn fields(
    fields: syn::Fields,
    container: &Container,
    of_struct: bool,
    errors: &mut Errors,
) -> Fields {
    let style = if of_struct {
        container.rename_all
    } else {
        None
    };
    let read = |(index, field): (usize, syn::Field)| {
        let directions = attr::field(&field.attrs, errors);
        let (own_name, member, span) = match &field.ident {
            Some(ident) => (
                ident.unraw().to_string(),
                ident.to_token_stream(),
                ident.span(),
            ),
            None => {
                let span = syn::spanned::Spanned::span(&field.ty);
                (
                    index.to_string(),
                    Index::from(index).to_token_stream(),
                    span,
                )
            }
        };
        let name = match (&directions.rename, style, &field.ident) {
            (None, Some(style), Some(_)) => style.apply(&own_name),
            (_, _, Some(ident)) => key_name(&directions, ident),
            (_, _, None) => own_name.clone(),
        };
        if let (Some((key, _)), None) = (&directions.rename, &field.ident) {
            errors.at(
                key.span(),
                "`rename` has no effect: a field of a tuple is recorded without a name",
            );
        }
        let variable = format_ident!(
            "field_{}",
            index,
            span = Span::mixed_site().located_at(span)
        );
        Field {
            member,
            variable,
            own_name,
            name,
            span,
            ty: field.ty,
            directions,
        }
    };
    match fields {
        syn::Fields::Named(fields) => {
            Fields::Named(fields.named.into_iter().enumerate().map(read).collect())
        }
        syn::Fields::Unnamed(fields) => {
            Fields::Tuple(fields.unnamed.into_iter().enumerate().map(read).collect())
        }
        syn::Fields::Unit => Fields::Unit,
    }
}
