use vigil::audited;

#[audited(category = "DATABSE", type = "QERY")]
fn find(id: u64) -> u64 {
    id
}

fn main() {
    find(1);
}
