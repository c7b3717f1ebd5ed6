use vigil::{Category, audited};

#[audited(category = Category::DATABSE)]
fn query() {}

fn main() {
    query();
}
