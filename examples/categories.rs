//! Categories and action types of your own, checked by the compiler: `cargo run --example categories`.
//!
//! Misspell one, `category = "BILLNG"`, and the program does not compile:
//!
//! ```text
//! error[E0080]: evaluation panicked: unknown audit category "BILLNG"; did you mean "BILLING"? Built-in: …
//! ```

use vigil::{audit, audited};

vigil::categories! {
    /// Invoices and what becomes of them.
    BILLING = "BILLING",
    /// Looking at health data.
    PHI_ACCESS = "PHI_ACCESS",
}

vigil::action_types! {
    /// Money goes back.
    REFUND = "REFUND",
}

#[audited(category = "BILLING", type = "REFUND", resource = ("invoice", invoice))]
fn refund(invoice: u64, cents: u64) -> Result<u64, String> {
    if cents == 0 {
        return Err("nothing to refund".to_owned());
    }
    Ok(cents)
}

mod clinic {
    // The words of the crate root hold in every module; a constant does as well as a string.
    #[vigil::audited(category = crate::PHI_ACCESS, type = "READ")]
    pub(crate) fn read_chart(patient: &str) -> usize {
        patient.len()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let vigil = vigil::builder()
        .service("categories-example")
        // Of the billing events the operator wants all, of the charts none.
        .category("PHI_ACCESS", false)
        .init()?;

    println!("refunded {:?}", refund(42, 1999));
    println!("refunded {:?}", refund(43, 0));
    println!("chart of {} bytes", clinic::read_chart("p-7"));
    audit!(
        category = "BILLING",
        operation = "close_month",
        fields(month = "2026-10")
    );

    let dir = vigil.trail_dir().to_owned();
    println!("{}", vigil.shutdown()?);
    vigil_examples::show_trail(&dir, 3)?;
    Ok(())
}
