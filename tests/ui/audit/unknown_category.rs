fn main() {
    vigil::audit!("SECURTIY", "login_failed", user = "jane");
}
