fn main() {
    let _ = vigil::scope!();
    let _ = vigil::scope!("EXPORT");
    let _ = vigil::scope!(category = "FILE");
    let _ = vigil::scope!("EXPORT", catgory = "FILE");
    let _ = vigil::scope!("EXPORT", category = "FILE", operation = "EXPORT");
    let _ = vigil::scope!("EXPORT", category = "FILE", outcome = ok);
    let _ = vigil::scope!(1, category = "FILE", slow = "long");
    // With errors, too, it is a `Scope`.
    vigil::scope!("EXPORT", category = 1).success();
}
