use vigil::audited;

#[audited(category = "DATA")]
fn store<T>(value: T, #[audit(opaque)] other: T) {
    let _ = (value, other);
}

fn main() {
    store(1, 2);
}
