use vigil::audited;

#[audited(category = "SYSTEM", result, ok_if = |_| true)]
fn run() -> ! {
    std::process::exit(0)
}

#[audited(category = "SYSTEM", err(type))]
#[track_caller]
fn tracked() -> Result<(), String> {
    Ok(())
}

#[audited(category = "SYSTEM")]
#[vigil::audited(category = "SYSTEM")]
fn twice() {}

fn main() {
    let _ = tracked();
    twice();
    run();
}
