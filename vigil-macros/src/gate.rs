//! `#[audit_scope]`: nothing public inside may be forgotten.
//!
//! It writes no code. The item passes as it is, and beside it stands an error for each public function that is neither
//! audited nor exempt, under the conditions under which that function is compiled.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::{Attribute, ImplItem, Item, ItemImpl, Meta, TraitItem, Visibility};

use crate::audited::{conditions, is_called, is_conditional, is_public};
use crate::errors::Errors;

/// The expansion.
pub(crate) fn audit_scope(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if arguments.to_string() == PASSED {
        return item;
    }
    let mut errors = Errors::default();
    if let Some(first) = arguments.into_iter().next() {
        errors.at(first.span(), "`#[audit_scope]` takes no arguments");
    }
    // Half-typed code is the compiler's to report, and it does.
    let Ok(read) = syn::parse2::<Item>(item.clone()) else {
        return [item, errors.into_tokens()].into_iter().collect();
    };
    let mut gate = Gate::default();
    match &read {
        Item::Mod(module) if module.content.is_some() => gate.item(&read, true),
        Item::Impl(_) => gate.item(&read, true),
        Item::Mod(module) => errors.at(
            module.ident.span(),
            "`#[audit_scope]` sees the functions of a module only where its body stands: put it on the `impl` blocks and \
             inline modules in the file",
        ),
        _ => errors.at(
            Span::call_site(),
            "`#[audit_scope]` goes on an inline module or an `impl` block",
        ),
    }
    [item, errors.into_tokens(), gate.missing]
        .into_iter()
        .collect()
}

/// Says that nothing is missing.
const PASSED: &str = "__passed";

/// Turns an attribute `#[audit_scope]` into one that looks at nothing: after an `#[audited]` on the same block it would
/// not see any more what is audited. It stays there, so that the import of its name is used.
pub(crate) fn pass(attr: &mut Attribute) {
    let path = attr.path().clone();
    let passed = Ident::new(PASSED, Span::mixed_site());
    attr.meta = syn::parse_quote!(#path(#passed));
}

/// The walk through the item.
#[derive(Default)]
struct Gate {
    /// The conditions of the items around the one looked at.
    cfg: Vec<Attribute>,
    missing: TokenStream,
}

impl Gate {
    /// Looks at an item; `asked` if it is the one that bears the attribute.
    fn item(&mut self, item: &Item, asked: bool) {
        match item {
            Item::Fn(function) => {
                self.function(
                    &function.attrs,
                    is_public(&function.vis),
                    &function.sig.ident,
                );
            }
            Item::Mod(module) if asked || !answers_for_itself(&module.attrs) => {
                let items = module.content.iter().flat_map(|(_, items)| items);
                self.within(&module.attrs, |gate| {
                    items.for_each(|item| gate.item(item, false));
                });
            }
            // What a trait asks for is audited where somebody says so: not every `Display` is an operation.
            Item::Impl(block)
                if asked || (block.trait_.is_none() && !answers_for_itself(&block.attrs)) =>
            {
                self.block(block);
            }
            Item::Trait(item) if matches!(item.vis, Visibility::Public(_)) => {
                self.within(&item.attrs, |gate| {
                    for member in &item.items {
                        if let TraitItem::Fn(function) = member
                            && function.default.is_some()
                        {
                            gate.function(&function.attrs, true, &function.sig.ident);
                        }
                    }
                });
            }
            _ => {}
        }
    }

    fn block(&mut self, block: &ItemImpl) {
        let in_trait = block.trait_.is_some();
        self.within(&block.attrs, |gate| {
            for member in &block.items {
                if let ImplItem::Fn(function) = member {
                    let public = in_trait || is_public(&function.vis);
                    gate.function(&function.attrs, public, &function.sig.ident);
                }
            }
        });
    }

    fn within(&mut self, attrs: &[Attribute], look: impl FnOnce(&mut Self)) {
        let before = self.cfg.len();
        self.cfg.extend(conditions(attrs));
        look(self);
        self.cfg.truncate(before);
    }

    fn function(&mut self, attrs: &[Attribute], public: bool, name: &Ident) {
        let answered = attrs
            .iter()
            .any(|attr| is_called(attr, "audited") || is_called(attr, "not_audited"));
        if answered || !public {
            return;
        }
        let mut cfg = self.cfg.clone();
        cfg.extend(conditions(attrs));
        // Audited or exempt under a condition: it is forgotten where that does not hold.
        for attr in attrs.iter().filter(|attr| is_conditional(attr)) {
            if let Some(condition) = condition(attr) {
                cfg.push(syn::parse_quote!(#[cfg(not(#condition))]));
            }
        }
        let mut errors = Errors::default();
        let message = format!(
            "public function `{name}` is not audited: put `#[audited(category = \"...\")]` on it, or \
             `#[not_audited(reason = \"...\")]`"
        );
        errors.at(name.span(), message);
        self.missing.extend(errors.under(&cfg));
    }
}

/// Whether an item inside is looked after already, or exempt as a whole.
fn answers_for_itself(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| {
        ["audited", "audit_scope", "not_audited"]
            .iter()
            .any(|name| is_called(attr, name))
    })
}

/// The condition of a `cfg_attr`: all before its first comma.
fn condition(attr: &Attribute) -> Option<TokenStream> {
    let Meta::List(list) = &attr.meta else {
        return None;
    };
    let condition =
        list.tokens.clone().into_iter().take_while(
            |token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','),
        );
    Some(condition.collect())
}
