vigil::categories! {
    BILLING,
    AUTH,
    billing,
    MONEY = "Money",
    PHI = "PHI_ACCESS",
    PHI_ACCESS,
    BILLING = "OTHER",
    TRAILING_ = "TRAILING_",
    LONG = "A2345678901234567890123456789012345678901234567890123456789012345",
    5,
    NUMBER = 5,
}

vigil::action_types! {
    TRANSFER = "TRANSFER",
    CREATE,
    TRANSFER,
}

// What was right is there.
const _: vigil::Category = BILLING;
const _: vigil::ActionType = TRANSFER;

fn main() {}
