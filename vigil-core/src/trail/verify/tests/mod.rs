pub(in crate::trail) mod fixture;
mod input;
mod kept;
mod matrix;
mod stored;
mod writing;
