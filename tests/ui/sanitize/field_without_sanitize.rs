use vigil::Sanitize;

struct Card;

#[derive(Sanitize)]
struct Payment {
    cents: u64,
    card: Card,
    #[audit(display)]
    shown: Card,
}

#[derive(Sanitize)]
enum Method {
    Card(Card),
    Cash { card: Card },
}

#[derive(Sanitize)]
struct Generic<T>(T);

fn main() {
    fn sanitized<T: Sanitize>() {}
    sanitized::<Generic<u8>>();
    sanitized::<Generic<Card>>();
}
