use vigil::Sanitize;

#[derive(Sanitize)]
struct Form {
    #[audit(redact, keep)]
    password: String,
    #[audit(hash)]
    #[audit(hash)]
    twice: String,
    #[audit(skip)]
    #[audit(mask)]
    token: String,
    #[audit(display, debug)]
    shown: String,
    #[audit(redact = "gone", display)]
    gone: String,
    #[audit(opaque, truncate = 3)]
    pool: String,
    #[audit(rename = "pool")]
    renamed: String,
}

fn main() {}
