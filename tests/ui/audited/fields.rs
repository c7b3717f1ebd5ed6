use vigil::audited;

#[audited(category = "DATA", fields(sql, sql_length = sql.len()))]
fn recorded_already(sql: &str) {
    let _ = sql;
}

#[audited(category = "DATA", fields(rows = 1, rows = 2, "total", = 3, empty =))]
fn badly_formed() {}

#[audited(category = "DATA")]
fn renamed_to_another(#[audit(rename = "b")] a: u8, b: u8) {
    let _ = (a, b);
}

fn main() {
    recorded_already("");
    badly_formed();
    renamed_to_another(1, 2);
}
