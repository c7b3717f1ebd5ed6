use vigil::audited;

#[audited(category = some_function(), type = 1)]
fn words() {}

#[audited(category = "DATA", operation = "")]
fn empty_operation() {}

#[audited(category = "DATA", operation = 1 + 1)]
fn computed_operation() {}

#[audited(category = "DATA", slow = "250")]
fn no_unit() {}

#[audited(category = "DATA", skip_all = true)]
fn flag_with_value(a: u8) {
    let _ = a;
}

#[audited(category = "DATA", skip)]
fn skip_nothing(a: u8) {
    let _ = a;
}

#[audited(category = "DATA", fields())]
fn no_fields() {}

#[audited(category = "DATA" type = "READ")]
fn no_comma() {}

#[audited("DATA")]
fn no_name() {}

#[audited(category = )]
fn no_value() {}

#[audited(category = "DATA", err)]
fn err_without_form() -> Result<(), ()> {
    Ok(())
}

#[audited(category = "DATA", result(json))]
fn unknown_form() {}

#[audited(category = "DATA", err(display, debug))]
fn two_forms() -> Result<(), String> {
    Ok(())
}

fn main() {
    words();
    empty_operation();
    computed_operation();
    no_unit();
    flag_with_value(1);
    skip_nothing(1);
    no_fields();
    no_comma();
    no_name();
    no_value();
    let _ = err_without_form();
    unknown_form();
    let _ = two_forms();
}
