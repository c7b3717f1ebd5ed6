//! The examples of Vigil.
