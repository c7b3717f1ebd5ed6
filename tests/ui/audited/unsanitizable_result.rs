use vigil::audited;

struct Card;

#[audited(category = "PAYMENT", result)]
fn find() -> Option<Card> {
    None
}

#[audited(category = "PAYMENT", err(display))]
fn fail() -> Result<(), Card> {
    Err(Card)
}

#[audited(category = "PAYMENT", err(type))]
fn no_result() -> u8 {
    1
}

#[audited(category = "PAYMENT", fields(card = Card))]
fn field() {}

fn main() {
    find();
    let _ = fail();
    no_result();
    field();
}
