use vigil::audited;

#[audited(category = "DATA")]
struct Form {
    name: String,
}

#[audited(category = "DATA")]
enum Plan {
    Basic,
}

#[audited(category = "DATA")]
trait Store {
    fn put(&self);
}

#[audited(category = "DATA")]
mod inside {}

#[audited(category = "DATA")]
static COUNT: u8 = 1;

fn main() {
    let _ = Form { name: String::new() };
    let _ = Plan::Basic;
    let _ = COUNT;
}
