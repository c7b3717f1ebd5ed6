use vigil::audited;

trait Store {
    #[audited(category = "DATA")]
    fn put(&self, #[audit(hash)] key: &str);
}

struct Memory;

impl Store for Memory {
    fn put(&self, _key: &str) {}
}

fn main() {
    Memory.put("");
}
