pub(in crate::trail) mod fixture;
mod input;
mod kept;
mod matrix;
mod stamped;
mod stored;
mod writing;
