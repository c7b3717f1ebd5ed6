use vigil::Sanitize;

#[derive(Sanitize)]
#[audit(transparant)]
struct Newtype(String);

#[derive(Sanitize)]
#[audit(redact)]
struct Form {
    #[audit(redakt)]
    password: String,
    #[audit(rename_all = "camelCase")]
    name: String,
    #[audit]
    empty: String,
    #[audit = "hash"]
    value: String,
}

#[derive(Sanitize)]
enum Plan {
    #[audit(hash)]
    Paid(String),
    #[audit(rename)]
    Basic,
}

// No further errors where the types are recorded.
fn main() {
    fn sanitized<T: Sanitize>() {}
    sanitized::<Newtype>();
    sanitized::<Form>();
    sanitized::<Plan>();
}
