//! An event that is told of in one place.

use syn::Expr;

use crate::parts::Parts;

/// The arguments of `audit!`.
#[derive(Default)]
pub(crate) struct Event {
    pub(crate) parts: Parts,
    pub(crate) outcome: Outcome,
}

/// How what is told of ended.
#[derive(Default)]
pub(crate) enum Outcome {
    #[default]
    Ok,
    Denied,
    Failed,
    Err(Box<Expr>),
}
