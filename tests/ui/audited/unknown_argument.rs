use vigil::audited;

#[audited(categroy = "DATABASE")]
fn near() {}

#[audited(category = "DATABASE", payload = Vec::<(u8, u8)>::new(), level(info))]
fn far() {}

#[audited(category = "DATABASE", outcome = ok)]
fn elsewhere() {}

fn main() {
    near();
    far();
    elsewhere();
}
