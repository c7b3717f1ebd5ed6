//! The implementation that the derive writes: a call into the writer for each field.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::attr::Fallback;
use super::model::{Field, Fields, Input, Shape, Variant};
use super::{bound, canary};
use crate::parts;
use crate::treatment::{self, Form, Treatment, value};

/// The implementation, in a block of its own so that nothing of it can be seen outside.
pub(crate) fn expand(input: &Input) -> TokenStream {
    let here = Span::mixed_site();
    let private = parts::private(input.container.krate.as_ref());
    let fallback = input.container.default;
    let mut keys = Keys::default();
    let body = match &input.data {
        Shape::Struct(fields) if input.container.transparent.is_some() => {
            let field = fields.recorded().next();
            field.map_or_else(TokenStream::new, |field| {
                single(field, &of_self(field), fallback, &private)
            })
        }
        Shape::Struct(Fields::Tuple(all))
            if all.len() == 1 && all.iter().all(|field| field.directions.skip.is_none()) =>
        {
            all.iter()
                .map(|field| single(field, &of_self(field), fallback, &private))
                .collect()
        }
        Shape::Struct(Fields::Unit) => {
            let name = syn::ext::IdentExt::unraw(&input.ident).to_string();
            quote_spanned!(here=> out.name(#name);)
        }
        Shape::Struct(fields) => content(fields, of_self, fallback, &mut keys, &private),
        Shape::Enum(variants) if variants.is_empty() => quote_spanned!(here=> match *self {}),
        Shape::Enum(variants) => {
            let arms = variants
                .iter()
                .map(|variant| arm(variant, fallback, &mut keys, &private));
            let arms: TokenStream = arms.collect();
            quote_spanned!(here=> match self { #arms })
        }
    };
    let keys = keys.expand(&private);
    let ident = &input.ident;
    let mut generics = input.generics.clone();
    let predicates = bound::predicates(input, &private);
    if !predicates.is_empty() {
        generics.make_where_clause().predicates.extend(predicates);
    }
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let canary = input
        .container
        .canary
        .then(|| canary::expand(input, &private));
    // `deprecated`: to be recorded is no use of a field that anybody should be warned of.
    // `unused_variables`: a type all of whose values are left out does not look at the writer.
    quote_spanned! {here=>
        #[doc(hidden)]
        const _: () = {
            #[automatically_derived]
            #[allow(deprecated, unused_variables)]
            impl #impl_generics #private::Sanitize for #ident #ty_generics #where_clause {
                fn sanitize(&self, out: &mut #private::Writer<'_>) {
                    #keys
                    #body
                }
            }
            #canary
        };
    }
}

/// The keys of all fields and variants, in one static.
#[derive(Default)]
struct Keys(Vec<(String, String)>);

impl Keys {
    /// A `&'static Key`.
    fn reference(&mut self, name: &str, own_name: &str) -> TokenStream {
        let index = self.0.len();
        self.0.push((name.to_owned(), own_name.to_owned()));
        quote_spanned!(Span::mixed_site()=> &__VIGIL_KEYS[#index])
    }

    fn expand(&self, private: &TokenStream) -> TokenStream {
        if self.0.is_empty() {
            return TokenStream::new();
        }
        let len = self.0.len();
        let keys = self
            .0
            .iter()
            .map(|(name, own_name)| treatment::key(name, own_name, private));
        quote_spanned!(Span::mixed_site()=> static __VIGIL_KEYS: [#private::Key; #len] = [#(#keys),*];)
    }
}

/// How a field is turned into something that can be written, the default of its type considered.
pub(crate) fn form(field: &Field, fallback: Fallback) -> &Form {
    match (field.directions.is_plain(), fallback) {
        (true, Fallback::Redact) => &Form::Opaque,
        _ => field.directions.form(),
    }
}

pub(crate) fn treatment_of(
    field: &Field,
    fallback: Fallback,
    private: &TokenStream,
) -> TokenStream {
    let by_default;
    let treatment = match (field.directions.is_plain(), fallback) {
        (true, Fallback::Redact) => {
            by_default = Treatment::Redact;
            &by_default
        }
        (true, Fallback::Keep) => {
            by_default = Treatment::Keep;
            &by_default
        }
        _ => field.directions.treatment(),
    };
    treatment.expand(private)
}

fn of_self(field: &Field) -> TokenStream {
    let member = &field.member;
    quote_spanned!(Span::mixed_site().located_at(field.span)=> &self.#member)
}

fn of_variable(field: &Field) -> TokenStream {
    let variable = &field.variable;
    quote!(#variable)
}

/// A field alone, without its name.
fn single(
    field: &Field,
    reference: &TokenStream,
    fallback: Fallback,
    private: &TokenStream,
) -> TokenStream {
    let here = Span::mixed_site();
    let value = value(form(field, fallback), reference, private);
    if field.directions.is_plain() && fallback == Fallback::Rules {
        return quote_spanned!(here=> #private::Sanitize::sanitize(#value, out););
    }
    let treatment = treatment_of(field, fallback, private);
    quote_spanned!(here=> out.value(#treatment, #value);)
}

/// An object of the fields that have names, an array of those that have none.
fn content(
    fields: &Fields,
    reference: impl Fn(&Field) -> TokenStream,
    fallback: Fallback,
    keys: &mut Keys,
    private: &TokenStream,
) -> TokenStream {
    let here = Span::mixed_site();
    let mut statements = TokenStream::new();
    for field in fields.recorded() {
        let treatment = treatment_of(field, fallback, private);
        let value = value(form(field, fallback), &reference(field), private);
        statements.extend(match fields {
            Fields::Tuple(_) => quote_spanned!(here=> out.element_as(#treatment, #value);),
            _ => {
                let key = keys.reference(&field.name, &field.own_name);
                quote_spanned!(here=> out.field(#key, #treatment, #value);)
            }
        });
    }
    let open = match fields {
        Fields::Tuple(_) => quote_spanned!(here=> out.array()),
        _ => quote_spanned!(here=> out.object()),
    };
    if statements.is_empty() {
        return quote_spanned!(here=> #open.end(););
    }
    quote_spanned!(here=> let mut out = #open; #statements out.end();)
}

/// `"Unit"`, or an object whose only key is the variant's name.
fn arm(
    variant: &Variant,
    fallback: Fallback,
    keys: &mut Keys,
    private: &TokenStream,
) -> TokenStream {
    let here = Span::mixed_site();
    let (ident, name) = (&variant.ident, &variant.name);
    let recorded: Vec<&Field> = variant.fields.recorded().collect();
    let patterns = variant.fields.all().iter().map(|field| {
        let Field {
            member, variable, ..
        } = field;
        match field.directions.skip {
            Some(_) => quote_spanned!(here=> #member: _),
            None => quote_spanned!(here=> #member: #variable),
        }
    });
    let pattern = quote_spanned!(here=> Self::#ident { #(#patterns),* });
    let own_name = syn::ext::IdentExt::unraw(ident).to_string();
    let (treatment, value) = match (&variant.fields, recorded.as_slice()) {
        (Fields::Unit, _) => return quote_spanned!(here=> #pattern => out.name(#name),),
        (Fields::Tuple(all), [field]) if all.len() == 1 => {
            let value = value(form(field, fallback), &of_variable(field), private);
            (treatment_of(field, fallback, private), value)
        }
        (fields, recorded) => {
            // The function cannot capture, so that it needs no type of its own: the fields come in a tuple.
            let variables: Vec<_> = recorded.iter().map(|field| &field.variable).collect();
            let content = content(fields, of_variable, fallback, keys, private);
            let default = Treatment::Default.expand(private);
            let content = quote_spanned!(here=> &#private::With(&(#(#variables,)*), |&(#(#variables,)*), out| { #content }));
            (default, content)
        }
    };
    let key = keys.reference(name, &own_name);
    let object = format_ident!("object", span = here);
    quote_spanned! {here=>
        #pattern => {
            let mut #object = out.object();
            #object.field(#key, #treatment, #value);
            #object.end();
        }
    }
}

/// An implementation that stands in for one with errors, so that what uses the type does not report them again.
pub(crate) fn placeholder(input: &Input) -> TokenStream {
    let here = Span::mixed_site();
    let private = parts::private(input.container.krate.as_ref());
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    quote_spanned! {here=>
        const _: () = {
            #[automatically_derived]
            impl #impl_generics #private::Sanitize for #ident #ty_generics #where_clause {
                fn sanitize(&self, out: &mut #private::Writer<'_>) {
                    out.redacted();
                }
            }
        };
    }
}
