//! [`Sanitize`](super::Sanitize) for the types that every program uses.

mod collections;
mod json;
mod net;
mod numbers;
mod pointers;
mod shared;
mod text;
mod times;
mod tuples;

#[cfg(feature = "time")]
mod time_crate;
#[cfg(feature = "uuid")]
mod uuid_crate;
