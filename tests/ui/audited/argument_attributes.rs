use vigil::audited;

#[audited(category = "DATA")]
fn unknown(#[audit(maks)] a: &str, #[audit(transparent)] b: &str, #[audit] c: u8) {
    let _ = (a, b, c);
}

#[audited(category = "DATA")]
fn contradicting(#[audit(mask, hash)] a: &str, #[audit(skip, display)] b: u8, #[audit(opaque, keep)] c: u8) {
    let _ = (a, b, c);
}

#[audited(category = "DATA", skip(a))]
fn without_effect(#[audit(hash)] a: &str, #[audit(keep)] _: u8, #[audit(rename = "n")] (b, c): (u8, u8)) {
    let _ = (a, b, c);
}

#[audited(category = "DATA", only(a))]
fn left_out(#[audit(skip)] a: &str, #[audit(hash)] b: &str) {
    let _ = (a, b);
}

#[audited(category = "DATA")]
fn mistyped(#[audit(mask(keep_frist = 2, char = "x"))] a: &str, #[audit(truncate)] b: &str, #[audit(pii = "emial")] c: &str) {
    let _ = (a, b, c);
}

struct Service;

impl Service {
    #[audited(category = "DATA")]
    fn method(#[audit(keep)] &self) {}
}

fn main() {
    unknown("", "", 1);
    contradicting("", 1, 2);
    without_effect("", 1, (2, 3));
    left_out("", "");
    mistyped("", "", "");
    Service.method();
}
