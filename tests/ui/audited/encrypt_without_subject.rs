use vigil::audited;

#[audited(category = "DATA")]
fn unsaid(#[audit(encrypt)] email: &str) {}

#[audited(category = "DATA", subject = id)]
fn said(id: u64, #[audit(encrypt)] email: &str) {}

#[audited(category = "DATA", subjekt = id)]
fn misspelt(id: u64) {}

#[audited(category = "DATA", subject = email)]
fn contradicts(#[audit(encrypt, hash)] email: &str) {}

fn main() {}
