//! How a value stands in the trail is yours to say: `cargo run --example custom_sanitize`.

use vigil::sanitize::Writer;
use vigil::{Sanitize, audited};

/// Each treatment that a field can have.
#[derive(Sanitize)]
struct Order {
    id: u64,
    /// Sensitive by its name.
    api_key: String,
    /// Only the last four characters, whatever the value.
    #[audit(mask(keep_last = 4))]
    voucher: String,
    /// Equal customers can be told equal, and nothing else: a keyed pseudonym.
    #[audit(hash)]
    customer: String,
    #[audit(truncate = 20)]
    note: String,
    #[audit(pii = "email")]
    contact: String,
    /// The name looks like a secret and is none; this says so where a reviewer sees it.
    #[audit(keep)]
    token: u32,
    #[audit(with = coarse)]
    position: (f64, f64),
    #[audit(rename = "items")]
    lines: Vec<Line>,
    /// Not in the trail at all.
    #[audit(skip)]
    _raw: Vec<u8>,
}

#[derive(Sanitize)]
enum Line {
    Article { sku: String, count: u32 },
    GiftCard(#[audit(redact)] String),
    Delivery,
}

/// Degrees to one decimal: about ten kilometres.
fn coarse(position: &(f64, f64), out: &mut Writer<'_>) {
    let mut array = out.array();
    array.element(&((position.0 * 10.0).round() / 10.0));
    array.element(&((position.1 * 10.0).round() / 10.0));
    array.end();
}

/// A type of another crate, or one that no derive fits: write it by hand.
struct PostCode(String);

impl Sanitize for PostCode {
    fn sanitize(&self, out: &mut Writer<'_>) {
        // The first three characters, as HIPAA's Safe Harbor allows for most areas (45 CFR 164.514(b)(2)(i)(B)).
        let area: String = self.0.chars().take(3).collect();
        out.str(&area);
    }
}

#[audited(category = "DATA", type = "CREATE")]
fn place(
    order: &Order,
    to: &PostCode,
    #[audit(opaque)] printer: &std::process::Command,
    #[audit(mask)] pickup: &str,
) {
    println!(
        "order {} with {} lines to {}, pick-up {pickup}, printed by {:?}",
        order.id,
        order.lines.len(),
        to.0,
        printer.get_program()
    );
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let vigil = vigil::builder()
        .service("sanitize-example")
        // A rule of this shop: its badge numbers are personal, wherever they turn up.
        .pattern("badge", r"\bBDG-\d{6}\b")
        .sensitive_key("locker")
        .init()?;

    place(
        &Order {
            id: 7,
            api_key: "hunter2hunter2".to_owned(),
            voucher: "SUMMER-2026-AB12".to_owned(),
            customer: "c-1047".to_owned(),
            note: "ring twice, badge BDG-004711 opens the door".to_owned(),
            contact: "john.doe@example.com".to_owned(),
            token: 3,
            position: (52.5163, 13.3777),
            lines: vec![
                Line::Article {
                    sku: "A-1".to_owned(),
                    count: 2,
                },
                Line::GiftCard("GC-9999-8888".to_owned()),
                Line::Delivery,
            ],
            _raw: vec![0; 16],
        },
        &PostCode("10117".to_owned()),
        &std::process::Command::new("lp"),
        "tomorrow, 4pm",
    );

    let dir = vigil.trail_dir().to_owned();
    vigil.shutdown()?;
    vigil_examples::show_trail(&dir, 1)?;
    Ok(())
}
