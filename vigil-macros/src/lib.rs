//! The macros of Vigil.
