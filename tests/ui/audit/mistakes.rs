fn main() {
    vigil::audit!(category = "AUTH");
    vigil::audit!(operation = "login");
    vigil::audit!(categroy = "AUTH", operation = "login");
    vigil::audit!(category = "AUTH", operation = "login", outcome = denyed);
    vigil::audit!(category = "AUTH", operation = "login", outcome = err);
    vigil::audit!(category = "AUTH", operation = "login", slow = "1s", actor);
    vigil::audit!("AUTH");
    vigil::audit!("AUTH", login);
    vigil::audit!("AUTH", "login", user = 1, user = 2);
    vigil::audit!("AUTH", "login", actor = "jane");
    // With errors, too, it is an `Option<EventId>`.
    let _: Option<vigil::EventId> = vigil::audit!();
}
