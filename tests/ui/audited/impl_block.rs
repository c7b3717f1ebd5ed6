use vigil::{audited, not_audited};

struct Card;

struct Store;

#[audited(category = "DATA", operation = "store", only(id), skip(crad), future = "off", kategory = 1)]
impl Store {
    pub fn first(&self, card: Card) {}
}

#[audited(type = "READ")]
impl Store {
    pub const fn constant() {}

    #[not_audited]
    pub fn without_reason(&self) {}

    #[not_audited(reason = " ")]
    pub fn empty_reason(&self) {}

    #[audited(off)]
    pub fn off(&self) {}

    #[audited(off = "", category = "DATA")]
    pub fn off_and_more(&self) {}

    #[audited(category = "DATA")]
    #[not_audited(reason = "both")]
    pub fn both(&self) {}

    #[cfg_attr(test, audited(category = "DATA"))]
    pub fn sometimes(&self) {}

    #[audited = "DATA"]
    pub fn assigned(&self) {}

    pub fn no_category(&self) {}

    #[cfg(any())]
    pub const fn not_compiled() {}
}

#[audited(category = "DATA")]
impl Store {
    pub fn misspelt(&self, #[audit(hsh)] id: u64) {}

    pub fn unsanitizable(&self, card: Card) {}

    #[audited(skip(idd))]
    pub fn skipped(&self, id: u64) {}
}

#[audited(category = "DATA")]
impl Clone for Store {
    fn clone(&self) -> Self {
        Store
    }

    fn clone_from(&mut self, source: &Self) {}
}

fn main() {
    let store = Store;
    store.first(Card);
    store.both();
    store.no_category();
    store.misspelt(1);
}
