use vigil::not_audited;

#[not_audited]
fn nothing() {}

#[not_audited(reason = "")]
fn empty() {}

#[not_audited(raeson = "it is called often")]
fn misspelt() {}

#[not_audited("it is called often")]
fn unnamed() {}

#[not_audited(reason = often)]
fn no_text() {}

fn main() {
    nothing();
    empty();
    misspelt();
    unnamed();
    no_text();
}
