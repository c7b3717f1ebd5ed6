use vigil::audited;

#[audited(category = "PAYMENT", skip(cent))]
fn charge(cents: u64) -> u64 {
    cents
}

#[audited(category = "PAYMENT", only(card, cents, cents))]
fn charge_only((cents, currency): (u64, u8)) -> u64 {
    let _ = currency;
    cents
}

#[audited(category = "PAYMENT", skip(a))]
fn part(whole @ (a, _): (u8, u8)) -> u8 {
    whole.1 + a
}

#[audited(category = "PAYMENT", only(self))]
fn no_receiver() {}

fn main() {
    charge(1);
    charge_only((1, 2));
    part((1, 2));
    no_receiver();
}
