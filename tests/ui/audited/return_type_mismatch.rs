use vigil::audited;

#[audited(category = "DATA")]
fn wrong(n: u64) -> u64 {
    if n > 0 {
        return "one";
    }
    "zero"
}

#[audited(category = "DATA")]
async fn wrong_later(n: u64) -> u64 {
    if n > 0 {
        return "one";
    }
    "zero"
}

#[audited(category = "DATA", skip(unused))]
#[deny(unused_variables)]
fn unused_is_still_seen(unused: u8) {}

fn main() {
    wrong(1);
    let _ = wrong_later(1);
    unused_is_still_seen(1);
}
