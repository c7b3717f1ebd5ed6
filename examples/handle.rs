//! The handle: a function adds to its own event what it learns on the way: `cargo run --example handle`.

use std::time::Duration;

use vigil::{Sanitize, audited};

#[derive(Sanitize, Clone)]
struct Account {
    owner: u64,
    email: String,
    limit: u32,
}

// `ev` is the event of this call. It may be handed on, cloned, and kept over an `.await`.
#[audited(category = "ADMIN", type = "UPDATE", event = ev, skip(account))]
async fn raise_limit(account: &mut Account, user: u64, limit: u32) -> Result<(), String> {
    ev.actor(user).resource(("account", account.owner));
    let score = rate(account).await;
    // Where the time went: milliseconds from the beginning of the call.
    ev.checkpoint("rated").field("score", &score);
    if user != account.owner {
        // The outcome is DENIED, not FAILURE.
        ev.deny();
        return Err(format!("{user} does not own the account"));
    }
    let before = account.clone();
    account.limit = limit;
    "jane.smith@example.org".clone_into(&mut account.email);
    // Sanitized like everything else: the addresses are masked.
    ev.change("limit", &before.limit, &account.limit).change(
        "email",
        &before.email,
        &account.email,
    );
    ev.checkpoint("stored");
    Ok(())
}

async fn rate(account: &Account) -> u32 {
    tokio::time::sleep(Duration::from_millis(5)).await;
    account.limit / 10
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let vigil = vigil::builder().service("limits").init()?;

    let mut account = Account {
        owner: 7,
        email: "jane@example.com".to_owned(),
        limit: 500,
    };
    println!("{:?}", raise_limit(&mut account, 8, 9_000).await);
    println!("{:?}", raise_limit(&mut account, 7, 800).await);

    let dir = vigil.trail_dir().to_owned();
    println!("{}", vigil.shutdown()?);
    vigil_examples::show_trail(&dir, 2)?;
    Ok(())
}
