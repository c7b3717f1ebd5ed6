use std::future::{Future, ready};

use vigil::audited;

#[audited(category = "DATA", future = "retuned")]
fn misspelt() -> impl Future<Output = u8> {
    ready(1)
}

#[audited(category = "DATA", future = "returned")]
async fn by_itself() -> u8 {
    1
}

#[audited(category = "DATA", future = "returned")]
fn nothing() {}

#[audited(category = "DATA")]
#[track_caller]
fn tracked() -> impl Future<Output = u8> {
    ready(1)
}

#[audited(category = "DATA", err(display))]
fn no_result() -> impl Future<Output = u8> {
    ready(1)
}

#[audited(category = "DATA")]
fn wrong_output() -> impl Future<Output = u8> {
    async { "a" }
}

#[audited(category = "DATA", future = "desugar")]
fn not_async() -> u8 {
    1
}

#[audited(category = "DATA", future = "desugar")]
async fn never() -> ! {
    panic!()
}

fn main() {
    let _ = (not_async(), never());
    let _ = (misspelt(), by_itself(), nothing(), tracked(), no_result(), wrong_output());
}
