struct Card;

fn main() {
    let card = Card;
    vigil::audit!("PAYMENT", "charge", card);
    vigil::audit!("PAYMENT", "charge", value = card, shown = %card, debugged = ?card);
}
