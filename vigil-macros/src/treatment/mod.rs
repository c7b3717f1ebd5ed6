//! What `#[audit(...)]` on an argument and `#[audit(...)]` on a field may say: the same words, read once.

mod expand;
mod words;

use proc_macro2::TokenStream;
use syn::parse::ParseStream;
use syn::{Expr, Ident, LitStr};

use crate::arguments::{equals, flag};
use crate::errors::Errors;
pub(crate) use expand::{form_name, key, key_name, value};
pub(crate) use words::{WORDS, grammar};

/// How a value becomes something that can be written.
#[derive(Default, Clone)]
pub(crate) enum Form {
    #[default]
    Sanitize,
    /// Its type's name stands for it.
    Opaque,
    Display,
    Debug,
    /// A function of the user's writes it.
    With(Box<Expr>),
}

/// What is done to it when it is written.
#[derive(Default)]
pub(crate) enum Treatment {
    #[default]
    Default,
    Redact,
    RedactAs(LitStr),
    Mask {
        first: usize,
        last: usize,
        char: char,
    },
    Hash,
    HashAs(LitStr),
    Truncate(usize),
    Keep,
    /// The variant of `Pii`.
    Pii(&'static str),
    /// The variant of `Generalize`.
    Generalize(&'static str),
    Bucket(u64),
    Tokenize,
    Encrypt,
    Drop,
    /// The variant of `Class`.
    Class(&'static str),
}

impl Treatment {
    /// Whether the value is never looked at.
    fn leaves_unseen(&self) -> bool {
        matches!(self, Self::Redact | Self::RedactAs(_) | Self::Drop)
    }
}

/// All that is said of one argument or field; each part with the word that said it.
#[derive(Default)]
pub(crate) struct Directions {
    pub(crate) skip: Option<Ident>,
    pub(crate) rename: Option<(Ident, LitStr)>,
    form: Option<(Ident, Form)>,
    treatment: Option<(Ident, Treatment)>,
}

impl Directions {
    /// The word that asks for the value to be encrypted.
    pub(crate) fn encrypts(&self) -> Option<&Ident> {
        let (key, treatment) = self.treatment.as_ref()?;
        matches!(treatment, Treatment::Encrypt).then_some(key)
    }

    /// Reads what stands behind one of [`WORDS`] and takes it up, unless it contradicts what was said before.
    pub(crate) fn take(
        &mut self,
        name: &'static str,
        key: &Ident,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        match name {
            "skip" => {
                flag(key, input)?;
                self.skip = Some(key.clone());
            }
            "rename" => {
                equals(key, input, "rename = \"name\"")?;
                let to: LitStr = input.parse()?;
                if to.value().is_empty() {
                    return Err(syn::Error::new(to.span(), "a name cannot be empty"));
                }
                self.rename = Some((key.clone(), to));
            }
            "opaque" | "display" | "debug" | "with" => {
                let form = words::form(name, key, input)?;
                self.refuse_two(self.form.as_ref().map(|(other, _)| other), key)?;
                self.form = Some((key.clone(), form));
            }
            _ => {
                let treatment = words::treatment(name, key, input, errors)?;
                self.refuse_two(self.treatment.as_ref().map(|(other, _)| other), key)?;
                self.treatment = Some((key.clone(), treatment));
            }
        }
        self.refuse_contradictions(key)
    }

    fn refuse_two(&self, other: Option<&Ident>, key: &Ident) -> syn::Result<()> {
        match other {
            Some(other) => Err(syn::Error::new(
                key.span(),
                format!("`{key}` contradicts `{other}`: keep one of the two"),
            )),
            None => Ok(()),
        }
    }

    fn refuse_contradictions(&self, key: &Ident) -> syn::Result<()> {
        if let Some(skip) = &self.skip
            && let Some(other) = self.first_other_than_skip()
        {
            let message = format!(
                "`{skip}` leaves the value out, so `{other}` has no effect: keep one of the two"
            );
            return Err(syn::Error::new(key.span(), message));
        }
        let (Some((form_key, form)), Some((treatment_key, treatment))) =
            (&self.form, &self.treatment)
        else {
            return Ok(());
        };
        let unseen = treatment.leaves_unseen();
        if unseen || matches!(form, Form::Opaque) {
            let message =
                format!("`{form_key}` contradicts `{treatment_key}`: keep one of the two");
            return Err(syn::Error::new(key.span(), message));
        }
        Ok(())
    }

    fn first_other_than_skip(&self) -> Option<&Ident> {
        let form = self.form.as_ref().map(|(key, _)| key);
        let treatment = self.treatment.as_ref().map(|(key, _)| key);
        form.or(treatment)
            .or(self.rename.as_ref().map(|(key, _)| key))
    }

    /// The first word that asks for the value to be recorded in some way.
    pub(crate) fn recorded_by(&self) -> Option<&Ident> {
        if self.skip.is_some() {
            None
        } else {
            self.first_other_than_skip()
        }
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.form.is_none() && self.treatment.is_none()
    }

    /// How the value becomes something that can be written. One that is redacted is never looked at, so it needs to
    /// be nothing in particular.
    pub(crate) fn form(&self) -> &Form {
        match (&self.form, &self.treatment) {
            (_, Some((_, treatment))) if treatment.leaves_unseen() => &Form::Opaque,
            (Some((_, form)), _) => form,
            (None, _) => &Form::Sanitize,
        }
    }

    /// The word for the catalogue, if the attribute says one.
    pub(crate) fn form_name(&self) -> Option<String> {
        self.form.as_ref().and_then(|(_, form)| form_name(form))
    }

    /// A constant expression for the treatment, if the attribute says one.
    pub(crate) fn expand_treatment(&self, private: &TokenStream) -> Option<TokenStream> {
        self.treatment
            .as_ref()
            .map(|(_, treatment)| treatment.expand(private))
    }

    pub(crate) fn treatment(&self) -> &Treatment {
        self.treatment
            .as_ref()
            .map_or(&Treatment::Default, |(_, treatment)| treatment)
    }
}
