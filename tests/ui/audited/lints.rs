#![deny(unused)]

use vigil::audited;

// What the compiler would say of the function without the attribute it says with it.

#[audited(category = "DATA", skip(not_used))]
pub fn argument(not_used: u8) {}

#[audited(category = "DATA")]
fn function(_a: u8) {}

#[audited(category = "DATA")]
async fn function_later(_a: u8) {}

#[audited(category = "DATA")]
pub fn in_the_body(a: u8) -> u8 {
    let mut b = a;
    return b;
    1
}

struct Store;

#[audited(category = "DATA")]
impl Store {
    pub(crate) fn method(&self) {}
}

#[audited(category = "DATA")]
#[must_use]
fn must_use() -> u8 {
    1
}

fn main() {
    must_use();
    argument(1);
    in_the_body(1);
    let _ = Store;
}
