//! Nothing forgotten: an `impl` block audited as a whole, and a module whose public functions must all be accounted for:
//! `cargo run --example impl_block`.

#![allow(
    unreachable_pub,
    reason = "in a library these functions would be its interface"
)]

use vigil::{audit_scope, audited, not_audited};

struct Connection;

struct Accounts {
    tenant: &'static str,
    balances: Vec<i64>,
}

// Said once for all functions; operations are called `Accounts::open` and so on.
#[audited(category = "PAYMENT", type = "UPDATE", fields(self.tenant), skip(connection))]
impl Accounts {
    // It has no `self`, so the field is left out here.
    #[audited(type = "CREATE")]
    pub fn new(tenant: &'static str) -> Self {
        Self {
            tenant,
            balances: Vec::new(),
        }
    }

    pub fn open(&mut self, connection: &Connection, deposit: i64) -> usize {
        self.store(connection);
        self.balances.push(deposit);
        self.balances.len() - 1
    }

    #[audited(result)]
    pub fn withdraw(&mut self, account: usize, cents: i64) -> Result<i64, String> {
        let balance = self.balances.get_mut(account).ok_or("no such account")?;
        if *balance < cents {
            return Err(format!("only {balance} left"));
        }
        *balance -= cents;
        Ok(*balance)
    }

    #[not_audited(reason = "reads one number; every withdrawal is audited")]
    pub fn balance(&self, account: usize) -> Option<i64> {
        self.balances.get(account).copied()
    }

    // Private functions are the inside of the public ones.
    fn store(&self, connection: &Connection) {
        let _ = connection;
    }
}

// A public function added here does not compile before somebody has decided about it.
#[audit_scope]
mod reports {
    use vigil::{audited, not_audited};

    #[audited(category = "DATA", type = "EXPORT")]
    pub fn monthly(month: u8) -> String {
        title(month)
    }

    #[not_audited(reason = "formats text")]
    pub fn title(month: u8) -> String {
        format!("Report of month {month}")
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let vigil = vigil::builder().service("bank").init()?;

    let mut accounts = Accounts::new("acme");
    let account = accounts.open(&Connection, 500);
    println!("withdrawn: {:?}", accounts.withdraw(account, 200));
    println!("withdrawn: {:?}", accounts.withdraw(account, 1_000));
    println!("balance: {:?}", accounts.balance(account));
    println!("{}", reports::monthly(11));
    println!("{}", reports::title(12));

    let dir = vigil.trail_dir().to_owned();
    println!("{}", vigil.shutdown()?);
    vigil_examples::show_trail(&dir, 1)?;
    Ok(())
}
