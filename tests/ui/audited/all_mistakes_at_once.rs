use vigil::audited;

#[audited(category = 5, typ = "QUERY", skip(cent), slow = "soon", operation)]
fn charge(cents: u64, #[audit(hsah)] card: &str) -> u64 {
    let _ = card;
    cents
}

fn main() {
    // The function is still there, so that this is no further error.
    charge(1, "");
}
