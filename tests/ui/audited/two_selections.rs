use vigil::audited;

#[audited(category = "DATA", skip(a), only(b))]
fn skip_and_only(a: u8, b: u8) -> u8 {
    a + b
}

#[audited(category = "DATA", skip_all, only(b))]
fn skip_all_and_only(a: u8, b: u8) -> u8 {
    a + b
}

#[audited(category = "DATA", ok_if = |_| true, err_if = |_| false)]
fn two_verdicts() {}

fn main() {
    skip_and_only(1, 2);
    skip_all_and_only(1, 2);
    two_verdicts();
}
