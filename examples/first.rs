//! The program of the README: `cargo run --example first`.

use vigil::{Actor, Context, Sanitize, audited};

#[derive(Sanitize)]
struct Registration {
    email: String,
    password: String,
    plan: String,
    note: String,
}

#[audited(category = "AUTH", type = "CREATE", result)]
fn register_user(form: Registration) -> Result<u64, String> {
    if form.plan.is_empty() {
        return Err(format!("{} has chosen no plan", form.email));
    }
    Ok(42)
}

fn main() -> Result<(), vigil::Error> {
    let _vigil = vigil::init()?; // runs until it is dropped

    Context::current()
        .actor(Actor::user("u-17"))
        .request_id("7f3c")
        .run(|| {
            for plan in ["basic", ""] {
                let _ = register_user(Registration {
                    email: "jane.smith@example.com".to_owned(),
                    password: "correct horse".to_owned(),
                    plan: plan.to_owned(),
                    note: "card 4111 1111 1111 1111, call jane.smith@example.com".to_owned(),
                });
            }
        });
    Ok(())
}
