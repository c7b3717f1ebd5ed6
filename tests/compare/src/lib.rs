//! Compiles the same code with Vigil's attribute and with those of others, and puts what comes of it into the pages of
//! vigil/docs.

pub mod compiler;
pub mod page;
pub mod shapes;
