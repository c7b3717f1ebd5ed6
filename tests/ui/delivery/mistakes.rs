use vigil::{audit, audited, scope};

vigil::categories! {
    #[mandatory]
    HEALTH,
    #[mandatory(always)]
    GENOME,
    #[mandatory]
    #[mandatory]
    LABORATORY,
    #[mandatory]
    PAYMENT,
}

vigil::action_types! {
    #[mandatory]
    WIPE,
}

#[audited(category = "DATA", delivery = "durabel", overflow = "denny")]
fn misspelt() -> Result<(), vigil::Error> {
    Ok(())
}

#[audited(category = "DATA", delivery = durable, overflow)]
fn mistyped() -> Result<(), vigil::Error> {
    Ok(())
}

#[audited(category = "DATA", delivery = "required")]
fn returns_nothing() {}

#[audited(category = "DATA", overflow = "deny")]
fn never_returns() -> ! {
    panic!()
}

struct Store;

#[audited(category = "DATA", delivery = "required", overflow = "deni")]
impl Store {}

#[audited(category = "DATA", delivery = "required")]
impl Store {
    pub fn wipe(&self) {}

    pub fn read(&self) -> Result<(), vigil::Error> {
        Ok(())
    }
}

fn main() {
    let _ = misspelt();
    let _ = mistyped();
    returns_nothing();
    Store.wipe();
    let _ = Store.read();
    audit!(category = "DATA", operation = "told", delivery = "required");
    audit!(category = "DATA", operation = "told", overflow = "deny");
    let _ = scope!("SCOPE", category = "DATA", delivery = "require");
    never_returns();
}
