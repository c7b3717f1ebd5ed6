use vigil::audited;

#[audited(category = "DATABASE", category = "FILE")]
fn twice() {}

#[audited(category = "DATABASE", type = "QUERY", action_type = "READ")]
fn by_synonym() {}

fn main() {
    twice();
    by_synonym();
}
