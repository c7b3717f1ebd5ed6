use vigil::Sanitize;

#[derive(Sanitize)]
struct Login {
    #[sanitize(redact)]
    password: String,
}

fn main() {}
