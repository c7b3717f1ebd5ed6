//! Where else the lines of the trail go.

mod stdout;

pub(crate) use stdout::Stdout;
