//! What a program audits, without running it, and a gate for changes of it: `cargo run --example catalogue`.
//!
//! In a program of your own the gate is a test of one line; see `vigil/docs/catalogue.md`.

use vigil::{Sanitize, audit, audited};

#[derive(Sanitize)]
struct Card {
    number: String,
    holder: String,
}

#[audited(category = "AUTH", type = "LOGIN")]
fn log_in(user: &str, password: &str) -> Result<(), String> {
    let _ = (user, password);
    Ok(())
}

#[audited(category = "PAYMENT", type = "CREATE", fields(currency = "EUR"))]
fn charge(
    card: &Card,
    cents: u64,
    #[audit(hash)] customer: &str,
    #[audit(mask(keep_last = 4))] reference: &str,
) {
    let _ = (card, cents, customer, reference);
}

#[audited(category = "DATA", type = "EXPORT")]
async fn export<W: std::io::Write>(#[audit(opaque)] to: W, #[audit(debug)] since: Option<u32>) {
    let _ = (to, since);
    audit!(
        category = "SYSTEM",
        operation = "export_finished",
        fields(after = since)
    );
}

fn main() {
    // Nothing has been called, and no engine runs: it is the linker that knows.
    let catalogue = vigil::catalogue().within(module_path!());
    println!("{}", catalogue.to_markdown());

    let committed = std::env::args().nth(1);
    let beside_this_file = concat!(env!("CARGO_MANIFEST_DIR"), "/audit-catalogue.json");
    catalogue.assert_committed(committed.as_deref().unwrap_or(beside_this_file));
    println!("That is what audit-catalogue.json says.");

    // For the compiler, which would say that nobody calls these.
    let _ = (log_in, charge, export::<Vec<u8>>);
    let _ = |card: Card| (card.number, card.holder);
}
