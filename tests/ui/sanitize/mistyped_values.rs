use vigil::Sanitize;

#[derive(Sanitize)]
#[audit(default = "hash", rename_all = "camlCase", bound = "T Sanitize")]
struct Form<T> {
    #[audit(mask(keep_frist = 4))]
    card: String,
    #[audit(truncate = "long")]
    note: String,
    #[audit(pii = "e-mail")]
    email: String,
    #[audit(with)]
    other: T,
    #[audit(generalize = "yaer")]
    born: String,
    #[audit(bucket = 0)]
    income: u32,
    #[audit(class = "privat")]
    nickname: String,
    #[audit(hash = "")]
    customer: String,
    #[audit(drop, display)]
    raw: String,
}

fn main() {}
