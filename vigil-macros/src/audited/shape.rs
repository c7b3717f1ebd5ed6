//! How the body of a function is run, which its signature decides; and the functions that cannot be audited.

use syn::LitStr;

use super::attr::FutureMode;
use super::model::{Body, Function};
use super::returns::Future;
use super::valid::Place;
use crate::errors::Errors;

/// How the body is run.
pub(crate) enum Shape {
    /// In a closure, so that `return` and `?` come back to us.
    Sync,
    /// In a future.
    Async,
    /// In place: it comes to no end but a panic.
    Never,
    /// In a future that the function makes and returns, though it was written as an `async fn`.
    Desugared,
    /// In a future that comes to no end.
    AsyncNever,
    /// In place, because in a closure `Location::caller()` would tell of us and not of the caller.
    TrackCaller,
    /// In a closure that makes a future, with which the call ends.
    Returned(Future),
}

impl Shape {
    /// Whether what is audited is a future.
    pub(crate) fn is_future(&self) -> bool {
        matches!(self, Self::Async | Self::AsyncNever | Self::Returned(_))
    }

    /// The shape of `function`, where the attribute says `future` of it.
    pub(crate) fn of(
        function: &Function,
        future: Option<&(LitStr, FutureMode)>,
        errors: &mut Errors,
    ) -> Self {
        let is_async = function.sig.asyncness.is_some();
        if let Some((word, FutureMode::Returned)) = future
            && is_async
        {
            let advice = "an `async fn` is timed to its end by itself: leave `future` out";
            errors.at(word.span(), advice);
        }
        if let Some((word, FutureMode::Desugar)) = future {
            match (is_async, function.never_returns()) {
                (true, false) => return Self::Desugared,
                (true, true) => errors.at(
                    word.span(),
                    "`future = \"desugar\"` needs a type that the future yields, but the function never returns",
                ),
                (false, _) => errors.at(
                    word.span(),
                    "`future = \"desugar\"` is for an `async fn`; this function is none",
                ),
            }
        }
        match (is_async, function.never_returns()) {
            (true, true) => return Self::AsyncNever,
            (true, false) => return Self::Async,
            (false, _) => {}
        }
        let by_type = Future::of(&function.sig.output);
        let returned = match future {
            Some((_, FutureMode::Off)) => None,
            Some((word, FutureMode::Returned)) => {
                let decreed = by_type.or_else(|| Future::by_decree(&function.sig.output));
                if decreed.is_none() {
                    let message = "`future = \"returned\"` needs a function that returns a future";
                    errors.at(word.span(), message);
                }
                decreed
            }
            Some((_, FutureMode::Auto | FutureMode::Desugar)) | None => by_type,
        };
        match (returned, function.has_attribute("track_caller")) {
            (Some(_), Some(track_caller)) => {
                let advice = "with `#[track_caller]` the body is left in its place, so the future that it returns cannot \
                              be followed; take this away, or write `future = \"off\"` to audit the making of the future alone";
                errors.push(syn::Error::new_spanned(track_caller.path(), advice));
                Self::TrackCaller
            }
            (Some(future), None) => Self::Returned(future),
            (None, _) if function.never_returns() => Self::Never,
            (None, Some(_)) => Self::TrackCaller,
            (None, None) => Self::Sync,
        }
    }
}

/// Reports what no attribute can be put on.
pub(crate) fn refuse_functions(function: &Function, place: &Place, errors: &mut Errors) {
    if let Some(constness) = &function.sig.constness {
        let advice = match place {
            Place::ByItself => {
                "a `const fn` cannot be audited, because it may run while the program is compiled; \
                 audit the function that calls it"
                    .to_owned()
            }
            Place::InBlock { .. } => format!(
                "`{}` is a `const fn`, which cannot be audited, because it may run while the program is compiled; \
                 exempt it by `#[not_audited(reason = \"...\")]`",
                function.sig.ident
            ),
        };
        errors.at(constness.span, advice);
    }
    if let Body::None(_) = function.body {
        let advice = "a method without a body cannot be audited here; put `#[audited]` on it in each `impl` of the trait";
        errors.at(function.sig.ident.span(), advice);
    }
    if let Some(exemption) = function.has_attribute("not_audited") {
        errors.push(syn::Error::new_spanned(
            exemption.path(),
            "`#[not_audited]` contradicts `#[audited]`: keep one of the two",
        ));
    }
    if let Some(second) = function.has_attribute("audited") {
        errors.push(syn::Error::new_spanned(
            second.path(),
            "a function is audited once: join the two `#[audited]`",
        ));
    }
}
