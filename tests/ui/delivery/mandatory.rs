use vigil::audited;

vigil::categories! {
    #[mandatory]
    HEALTH,
}

#[audited(category = "HEALTH", overflow = "drop")]
fn by_word() {}

#[audited(category = HEALTH, overflow = "drop")]
fn by_constant() {}

#[audited(category = "HEALTH", overflow = "block")]
fn blocks() {}

fn main() {
    by_word();
    by_constant();
    blocks();
}
