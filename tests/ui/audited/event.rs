use vigil::audited;

#[audited(category = "DATA", event = sql)]
fn taken(sql: &str) {
    let _ = sql;
}

#[audited(category = "DATA", event)]
fn nameless() {}

#[audited(category = "DATA", event = "ev")]
fn quoted() {}

#[audited(category = "DATA", event = self)]
fn keyword() {}

struct Card;

#[audited(category = "DATA", event = ev)]
fn unsanitizable() {
    ev.field("card", &Card);
    ev.change("card", &1, &Card);
}

#[audited(category = "DATA", event = ev)]
#[deny(unused_variables)]
fn unused() {}

fn main() {
    taken("");
    nameless();
    quoted();
    keyword();
    unsanitizable();
    unused();
}
