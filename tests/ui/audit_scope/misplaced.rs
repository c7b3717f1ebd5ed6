use vigil::audit_scope;

#[audit_scope]
fn function() {}

#[audit_scope]
struct Type;

#[audit_scope(category = "DATA")]
impl Type {
    pub fn forgotten(&self) {}
}

fn main() {
    function();
    Type.forgotten();
}
