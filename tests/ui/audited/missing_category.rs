use vigil::audited;

#[audited]
fn nothing_said() {}

#[audited(type = "QUERY")]
fn no_category() {}

fn main() {
    nothing_said();
    no_category();
}
