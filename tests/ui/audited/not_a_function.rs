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
impl Form {
    fn name(&self) -> &str {
        &self.name
    }
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
    let _ = Form { name: String::new() }.name();
    let _ = Plan::Basic;
    let _ = COUNT;
}
