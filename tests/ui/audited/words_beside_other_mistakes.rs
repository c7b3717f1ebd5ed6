use vigil::{audit, audited, scope};

vigil::categories! {
    BILLING,
}

// Words are looked up when constants are evaluated, long after the rest; all of it is told in one compile.

#[audited(category = "BILLNG", type = "QUERRY", slow = "soon", skp(a), err)]
fn five_mistakes(a: u8) -> Result<u8, String> {
    Ok(a)
}

struct Store;

#[audited(category = "BILING", slow = 1.5)]
impl Store {
    #[audited(type = "REED", skip(b))]
    pub fn method(&self, a: u8) {}
}

trait Get {
    #[audited(category = "BILLIN", skip(b))]
    fn get(&self) {}
}

fn main() {
    let _ = five_mistakes(1);
    audit!(category = "BILLINGS", operation = "told", outcome = okay);
    scope!("SCOPE", category = "BLLING", slow = "soon").success();
}
