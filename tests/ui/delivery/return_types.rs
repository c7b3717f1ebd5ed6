use std::future::Future;
use std::pin::Pin;

use vigil::audited;

struct OwnError;

type Alias<T> = Result<T, OwnError>;

#[audited(category = "DATA", delivery = "required")]
fn no_result(a: u8) -> Option<u8> {
    Some(a)
}

#[audited(category = "DATA", overflow = "deny")]
fn other_error(a: u8) -> Alias<u8> {
    Ok(a)
}

#[audited(category = "DATA", delivery = "required")]
async fn other_error_later(a: u8) -> Result<u8, String> {
    Ok(a)
}

#[audited(category = "DATA", delivery = "required")]
fn other_error_returned(a: u8) -> impl Future<Output = Result<u8, OwnError>> {
    async move { Ok(a) }
}

#[audited(category = "DATA", delivery = "required")]
fn other_error_boxed(a: u8) -> Pin<Box<dyn Future<Output = Alias<u8>>>> {
    Box::pin(async move { Ok(a) })
}

#[audited(category = "DATA", delivery = "required")]
#[track_caller]
fn other_error_tracked(a: u8) -> Alias<u8> {
    Ok(a)
}

// These can say that they were refused.
#[audited(category = "DATA", delivery = "required")]
fn boxed_error(a: u8) -> Result<u8, Box<dyn std::error::Error>> {
    Ok(a)
}

#[audited(category = "DATA", delivery = "durable", overflow = "block")]
fn not_refused(a: u8) -> u8 {
    a
}

fn main() {
    let _ = vigil::scope!("SCOPE", category = "DATA", delivery = "required").run(|| Err::<u8, String>(String::new()));
}
