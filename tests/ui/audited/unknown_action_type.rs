use vigil::audited;

#[audited(category = "DATABASE", type = "QUERRY")]
fn query() {}

#[audited(category = "DATABASE", action_type = "FROBNICATE_EVERYTHING")]
async fn query_later() {}

fn main() {
    query();
    let _ = query_later();
}
