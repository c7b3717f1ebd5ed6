//! The beginning of an event: the two statics of the place in the code, and the statements that record what is known
//! before it happens. The same for a function, a scope and an `audit!`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Attribute;

use crate::parts::Parts;
use crate::words::{ACTION_TYPES, CATEGORIES, Word};

/// A value to record, ready for the expansion.
pub(crate) struct Recorded {
    /// Copied from the parameter: where it is not compiled, neither is what records it.
    pub(crate) cfg: Vec<Attribute>,
    pub(crate) name: String,
    /// Its name in the code, which the key rule sees as well.
    pub(crate) own_name: String,
    /// Its type as the source has it.
    pub(crate) ty: String,
    /// `None`: it is as usual.
    pub(crate) treatment: Option<TokenStream>,
    pub(crate) form: Option<String>,
    /// An expression of type `&dyn Sanitize`.
    pub(crate) value: TokenStream,
}

/// A value to record and what the catalogue says of it: one line of both lists that the expansion makes.
struct Entry<'a> {
    cfg: &'a [Attribute],
    /// A constant expression of type `Argument`.
    argument: TokenStream,
    value: TokenStream,
}

/// Whether events below are nested in this one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nesting {
    /// By the thread, until the call ends.
    Thread,
    /// By other means: those of the future or scope that the call is handed to.
    Elsewhere,
}

/// All that the expansion of a beginning needs.
pub(crate) struct Beginning<'a> {
    pub(crate) parts: &'a Parts,
    pub(crate) category: &'a Word,
    pub(crate) operation: TokenStream,
    pub(crate) arguments: Vec<Recorded>,
    /// The return value, where it is recorded: its type as the source has it, and its form.
    pub(crate) result: Option<(String, Option<String>)>,
    pub(crate) nesting: Nesting,
    /// Whether the call is a future, which must not block the thread that runs it.
    pub(crate) future: bool,
    /// The line, where that of the attribute or macro is not near enough.
    pub(crate) line: Option<u32>,
    /// Statements about `active` that come after all others.
    pub(crate) further: TokenStream,
}

impl Beginning<'_> {
    /// An expression of type `Call`. It is a block of its own, so that neither the statics nor the local variables
    /// can be seen by the user's code behind it.
    pub(crate) fn expand(self) -> TokenStream {
        let here = Span::mixed_site();
        let private = self.parts.private();
        let recorded = self.recorded(&private);
        let callsite = self.callsite(&recorded, &private);
        let enter = match self.nesting {
            Nesting::Thread => quote_spanned!(here=> #private::Call::enter(&__VIGIL_CALLSITE)),
            Nesting::Elsewhere => quote_spanned!(here=> #private::Call::begin(&__VIGIL_CALLSITE)),
        };
        let enter = match &self.parts.when {
            Some(when) => quote_spanned!(here=> if #when { #enter } else { #private::Call::off() }),
            None => enter,
        };
        let statements = self.statements(&recorded);
        if statements.is_empty() {
            return quote_spanned!(here=> { #callsite #enter });
        }
        quote_spanned! {here=> {
            #callsite
            let mut call = #enter;
            if let #private::core::option::Option::Some(active) = call.active() {
                #statements
            }
            call
        }}
    }

    fn recorded(&self, private: &TokenStream) -> Vec<Entry<'_>> {
        let here = Span::mixed_site();
        let arguments = self.arguments.iter().map(|recorded| Entry {
            cfg: &recorded.cfg,
            argument: recorded.describe(private),
            value: recorded.value.clone(),
        });
        let fields = self.parts.fields.iter().map(|field| {
            let (name, written) = (&field.name, field.written());
            let form = formed(field.form_name().as_ref());
            Entry {
                cfg: &[],
                argument: quote_spanned!(here=> #private::Argument::field(#name, #written) #form),
                value: field.expand(private),
            }
        });
        arguments.chain(fields).collect()
    }

    fn callsite(&self, recorded: &[Entry<'_>], private: &TokenStream) -> TokenStream {
        let here = Span::mixed_site();
        let execute;
        let action_word = match &self.parts.action {
            Some(action) => action,
            None => {
                execute = Word::Literal(syn::LitStr::new("EXECUTE", here));
                &execute
            }
        };
        let (category_const, category) =
            CATEGORIES.by_itself("__VIGIL_CATEGORY", self.category, private);
        let (action_const, action) = ACTION_TYPES.by_itself("__VIGIL_ACTION", action_word, private);
        let operation = &self.operation;
        let line = match self.line {
            Some(line) => line.to_token_stream(),
            None => quote_spanned!(here=> #private::core::line!()),
        };
        let slow = match self.parts.slow {
            Some(slow) => {
                let (seconds, nanos) = (slow.as_secs(), slow.subsec_nanos());
                quote_spanned! {here=>
                    #private::core::option::Option::Some(#private::core::time::Duration::new(#seconds, #nanos))
                }
            }
            None => quote_spanned!(here=> #private::core::option::Option::None),
        };
        let future = self.future.then(|| quote_spanned!(here=> .__future()));
        let delivering = self.parts.delivering.expand(private);
        let droppable = self.parts.delivering.check(&category, private);
        let result = self.result.as_ref().map(|(ty, form)| {
            let form = formed(form.as_ref());
            quote_spanned!(here=> .__returning(#private::Argument::parameter("result", #ty) #form))
        });
        let arguments = recorded
            .iter()
            .map(|Entry { cfg, argument, .. }| quote_spanned!(here=> #(#cfg)* #argument));
        quote_spanned! {here=>
            #category_const
            #action_const
            #droppable
            static __VIGIL_CALLSITE: #private::Callsite = #private::Callsite::__new(
                #category,
                #action,
                #operation,
                (#private::core::module_path!(), #private::core::file!(), #line),
                #slow,
                &[#(#arguments),*],
            )#result #future #delivering;
            #private::link!(__VIGIL_CALLSITE);
        }
    }

    fn statements(&self, recorded: &[Entry<'_>]) -> TokenStream {
        let here = Span::mixed_site();
        let mut statements = TokenStream::new();
        // Before the values, which may have to be encrypted under the key of the subject.
        if let Some(subject) = &self.parts.subject {
            quote_spanned!(here=> active.subject(#subject);).to_tokens(&mut statements);
        }
        for (index, Entry { cfg, value, .. }) in recorded.iter().enumerate() {
            let index = position(recorded, index);
            quote_spanned!(here=> #(#cfg)* active.param(#index, #value);)
                .to_tokens(&mut statements);
        }
        if let Some(actor) = &self.parts.actor {
            quote_spanned!(here=> active.actor(#actor);).to_tokens(&mut statements);
        }
        if let Some(resource) = &self.parts.resource {
            quote_spanned!(here=> active.resource(#resource);).to_tokens(&mut statements);
        }
        self.further.to_tokens(&mut statements);
        statements
    }
}

impl Recorded {
    /// A constant expression of type `Argument`, as short as it can be.
    fn describe(&self, private: &TokenStream) -> TokenStream {
        let here = Span::mixed_site();
        let Self {
            name, own_name, ty, ..
        } = self;
        // A name given by `rename` does not take a sensitive one out of reach of the key rule: both are looked at.
        let called = (name != own_name).then(|| quote_spanned!(here=> .called(#own_name)));
        let treated = self
            .treatment
            .as_ref()
            .map(|treatment| quote_spanned!(here=> .treated(#treatment)));
        let form = formed(self.form.as_ref());
        quote_spanned!(here=> #private::Argument::parameter(#name, #ty) #called #treated #form)
    }
}

fn formed(form: Option<&String>) -> Option<TokenStream> {
    form.map(|form| quote_spanned!(Span::mixed_site()=> .formed(#form)))
}

/// How many of the first `index` values there are, as a constant expression. Where some of them are compiled only
/// under a condition, the compiler has to count.
fn position(recorded: &[Entry<'_>], index: usize) -> TokenStream {
    let here = Span::mixed_site();
    let before = recorded.get(..index).unwrap_or(recorded);
    if before.iter().all(|entry| entry.cfg.is_empty()) {
        return index.to_token_stream();
    }
    let units = before
        .iter()
        .map(|Entry { cfg, .. }| quote_spanned!(here=> #(#cfg)* ()));
    quote_spanned! {here=> {
        const BEFORE: &[()] = &[#(#units),*];
        BEFORE.len()
    }}
}
