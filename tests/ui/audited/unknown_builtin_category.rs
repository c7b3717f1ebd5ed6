use vigil::audited;

#[audited(category = "DATABSE")]
fn query(sql: &str) -> usize {
    sql.len()
}

fn main() {
    query("select 1");
}
