use vigil::audited;

struct Card {
    _number: String,
}

#[audited(category = "PAYMENT")]
fn charge(card: &Card, cents: u64) -> u64 {
    let _ = card;
    cents
}

#[audited(category = "PAYMENT")]
async fn charge_later(card: Card) {
    let _ = card;
}

fn main() {
    charge(&Card { _number: String::new() }, 1);
    let _ = charge_later(Card { _number: String::new() });
}
