vigil::categories! { BILLING = "BILLING", PHI_ACCESS }

mod charges {
    use vigil::audited;

    #[audited(category = "BILLNG")]
    pub fn charge<T: vigil::Sanitize>(cents: T) {
        let _ = cents;
    }
}

fn main() {
    charges::charge(1);
}
