//! What `#[audit(...)]` on an argument and `#[audit(...)]` on a field may say: the same words, read once.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Ident, LitChar, LitInt, LitStr, Token, token};

use crate::arguments::{self, Grammar, equals, flag};
use crate::errors::Errors;
use crate::suggest::did_you_mean;
use crate::written::written;

/// The words themselves.
pub(crate) const WORDS: &[&str] = &[
    "skip",
    "redact",
    "mask",
    "hash",
    "truncate",
    "generalize",
    "bucket",
    "tokenize",
    "encrypt",
    "drop",
    "class",
    "keep",
    "pii",
    "opaque",
    "display",
    "debug",
    "with",
    "rename",
];

const MASK: Grammar = Grammar {
    noun: "argument",
    known: &["keep_first", "keep_last", "char"],
    synonyms: &[],
    elsewhere: &[],
};

const PII: &[(&str, &str)] = &[
    ("email", "Email"),
    ("phone", "Phone"),
    ("card", "Card"),
    ("iban", "Iban"),
    ("ssn", "Ssn"),
    ("name", "Name"),
    ("ip", "Ip"),
];

const GENERALIZE: &[(&str, &str)] = &[
    ("year", "Year"),
    ("month", "Month"),
    ("birth_year", "BirthYear"),
    ("age", "Age"),
    ("zip3", "Zip3"),
    ("network", "Network"),
];

const CLASSES: &[(&str, &str)] = &[
    ("public", "Public"),
    ("internal", "Internal"),
    ("personal", "Personal"),
    ("sensitive", "Sensitive"),
    ("secret", "Secret"),
];

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
                let form = form(name, key, input)?;
                self.refuse_two(self.form.as_ref().map(|(other, _)| other), key)?;
                self.form = Some((key.clone(), form));
            }
            _ => {
                let treatment = treatment(name, key, input, errors)?;
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

/// A grammar of [`WORDS`], called by `noun`, with `elsewhere` for words of other places.
pub(crate) const fn grammar(
    noun: &'static str,
    elsewhere: &'static [(&'static str, &'static str)],
) -> Grammar {
    Grammar {
        noun,
        known: WORDS,
        synonyms: &[],
        elsewhere,
    }
}

fn form(name: &str, key: &Ident, input: ParseStream<'_>) -> syn::Result<Form> {
    if name == "with" {
        equals(key, input, "with = path::to::function")?;
        return Ok(Form::With(input.parse()?));
    }
    flag(key, input)?;
    Ok(match name {
        "opaque" => Form::Opaque,
        "display" => Form::Display,
        _ => Form::Debug,
    })
}

fn treatment(
    name: &str,
    key: &Ident,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Treatment> {
    match name {
        "redact" if input.peek(Token![=]) => {
            equals(key, input, "redact = \"text\"")?;
            Ok(Treatment::RedactAs(input.parse()?))
        }
        "mask" if input.peek(token::Paren) => mask(key, input, errors),
        "truncate" => {
            equals(key, input, "truncate = 64")?;
            Ok(Treatment::Truncate(
                input.parse::<LitInt>()?.base10_parse()?,
            ))
        }
        "pii" => {
            equals(key, input, "pii = \"email\"")?;
            Ok(Treatment::Pii(one_of(
                &input.parse()?,
                "kind of personal data",
                PII,
            )?))
        }
        "hash" if input.peek(Token![=]) => {
            equals(key, input, "hash = \"customer\"")?;
            let kind: LitStr = input.parse()?;
            if kind.value().is_empty() {
                let message = "the name of a kind cannot be empty";
                return Err(syn::Error::new(kind.span(), message));
            }
            Ok(Treatment::HashAs(kind))
        }
        "generalize" => {
            equals(key, input, "generalize = \"year\"")?;
            Ok(Treatment::Generalize(one_of(
                &input.parse()?,
                "generalization",
                GENERALIZE,
            )?))
        }
        "bucket" => {
            equals(key, input, "bucket = 100")?;
            let width: LitInt = input.parse()?;
            match width.base10_parse()? {
                0 => Err(syn::Error::new(
                    width.span(),
                    "a bucket has a width of at least 1",
                )),
                width => Ok(Treatment::Bucket(width)),
            }
        }
        "class" => {
            equals(key, input, "class = \"personal\"")?;
            Ok(Treatment::Class(one_of(&input.parse()?, "class", CLASSES)?))
        }
        _ => {
            flag(key, input)?;
            Ok(match name {
                "redact" => Treatment::Redact,
                "mask" => Treatment::Mask {
                    first: 0,
                    last: 4,
                    char: '*',
                },
                "hash" => Treatment::Hash,
                "tokenize" => Treatment::Tokenize,
                "encrypt" => Treatment::Encrypt,
                "drop" => Treatment::Drop,
                _ => Treatment::Keep,
            })
        }
    }
}

fn mask(key: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Treatment> {
    let (mut first, mut last, mut char) = (0, 4, '*');
    arguments::parenthesized(key, input, "mask(keep_last = 4)", |content| {
        arguments::parse(content, &MASK, errors, |name, key, input, _| {
            match name {
                "char" => {
                    equals(key, input, "char = '*'")?;
                    char = input.parse::<LitChar>()?.value();
                }
                "keep_first" => {
                    equals(key, input, "keep_first = 2")?;
                    first = input.parse::<LitInt>()?.base10_parse()?;
                }
                _ => {
                    equals(key, input, "keep_last = 4")?;
                    last = input.parse::<LitInt>()?.base10_parse()?;
                }
            }
            Ok(())
        });
    })?;
    Ok(Treatment::Mask { first, last, char })
}

/// The variant that one of the known names stands for.
fn one_of(
    name: &LitStr,
    noun: &str,
    known: &[(&'static str, &'static str)],
) -> syn::Result<&'static str> {
    let text = name.value();
    match known.iter().find(|(known, _)| *known == text) {
        Some((_, variant)) => Ok(variant),
        None => {
            let meant = did_you_mean(&text, known.iter().map(|(known, _)| *known));
            let list: Vec<_> = known.iter().map(|(known, _)| *known).collect();
            let message = format!(
                "unknown {noun} `{text}`{meant} (expected one of {})",
                list.join(", ")
            );
            Err(syn::Error::new(name.span(), message))
        }
    }
}

impl Treatment {
    /// Whether the value is never looked at.
    fn leaves_unseen(&self) -> bool {
        matches!(self, Self::Redact | Self::RedactAs(_) | Self::Drop)
    }

    /// A constant expression of the core's type of the same name.
    pub(crate) fn expand(&self, private: &TokenStream) -> TokenStream {
        let here = Span::mixed_site();
        let treatment = match self {
            Self::Default => quote_spanned!(here=> Default),
            Self::Redact => quote_spanned!(here=> Redact),
            Self::RedactAs(text) => quote_spanned!(here=> RedactAs(#text)),
            Self::Mask { first, last, char } => quote_spanned! {here=>
                Mask(#private::Mask { keep_first: #first, keep_last: #last, char: #char })
            },
            Self::Hash => quote_spanned!(here=> Hash),
            Self::HashAs(kind) => quote_spanned!(here=> HashAs(#kind)),
            Self::Truncate(limit) => quote_spanned!(here=> Truncate(#limit)),
            Self::Keep => quote_spanned!(here=> Keep),
            Self::Pii(variant) => {
                let variant = format_ident!("{variant}", span = here);
                quote_spanned!(here=> Pii(#private::Pii::#variant))
            }
            Self::Generalize(variant) => {
                let variant = format_ident!("{variant}", span = here);
                quote_spanned!(here=> Generalize(#private::Generalize::#variant))
            }
            Self::Bucket(width) => {
                quote_spanned!(here=> Generalize(#private::Generalize::Bucket(#width)))
            }
            Self::Tokenize => quote_spanned!(here=> Tokenize),
            Self::Encrypt => quote_spanned!(here=> Encrypt),
            Self::Drop => quote_spanned!(here=> Drop),
            Self::Class(variant) => {
                let variant = format_ident!("{variant}", span = here);
                quote_spanned!(here=> Class(#private::Class::#variant))
            }
        };
        quote_spanned!(here=> #private::Treatment::#treatment)
    }
}

/// An expression of type `&dyn Sanitize` for the value that `reference` refers to. What does not compile because of
/// the value's type is reported where the tokens of `reference` stand.
pub(crate) fn value(form: &Form, reference: &TokenStream, private: &TokenStream) -> TokenStream {
    let here = Span::mixed_site();
    match form {
        Form::Sanitize => quote_spanned!(here=> #private::sanitizable(#reference)),
        Form::Opaque => quote_spanned!(here=> &#private::Opaque(#reference)),
        Form::Display => quote_spanned!(here=> &#private::Displayed(#reference)),
        Form::Debug => quote_spanned!(here=> &#private::Debugged(#reference)),
        // The function first: it says which type it takes, so that a `&String` becomes the `&str` it wants.
        Form::With(path) => quote_spanned!(here=> &#private::With { 1: #path, 0: #reference }),
    }
}

/// How the value becomes something that can be written, in a word for the catalogue; `None` if its type says so.
pub(crate) fn form_name(form: &Form) -> Option<String> {
    Some(match form {
        Form::Sanitize => return None,
        Form::Opaque => "opaque".to_owned(),
        Form::Display => "display".to_owned(),
        Form::Debug => "debug".to_owned(),
        Form::With(path) => format!("with = {}", written(path.to_token_stream())),
    })
}

/// The name under which something is recorded: `rename`, else its own without `r#`.
pub(crate) fn key_name(directions: &Directions, own: &Ident) -> String {
    match &directions.rename {
        Some((_, to)) => to.value(),
        None => own.unraw().to_string(),
    }
}

/// The constant `Key` of that name. A name given by `rename` does not take a sensitive one out of reach of the key
/// rule: both are looked at.
pub(crate) fn key(name: &str, own: &str, private: &TokenStream) -> TokenStream {
    let here = Span::mixed_site();
    if name == own {
        quote_spanned!(here=> #private::Key::new(#name))
    } else {
        quote_spanned!(here=> #private::Key::renamed(#name, #own))
    }
}
