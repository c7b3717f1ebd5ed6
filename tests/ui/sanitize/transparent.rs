use vigil::Sanitize;

#[derive(Sanitize)]
#[audit(transparent)]
struct Two(u8, u8);

#[derive(Sanitize)]
#[audit(transparent)]
enum Plan {
    Basic,
}

#[derive(Sanitize)]
struct Named(#[audit(rename = "n")] u8, u8);

#[derive(Sanitize)]
enum Same {
    A,
    #[audit(rename = "A")]
    B,
}

fn main() {}
