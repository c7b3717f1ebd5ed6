//! The ring on ordinary memory, on a file, and under a model checker that tries every order of its steps.

mod model;
mod recovered;
mod ring;
