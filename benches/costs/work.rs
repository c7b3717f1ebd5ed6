//! The work that every peer does: a function that takes no time, called with the same arguments.

use std::hint::black_box;

pub(crate) const SQL: &str = "SELECT id, name, email FROM users WHERE role = ?1 LIMIT 100;";
pub(crate) const PASSWORD: &str = "correct horse battery staple";

pub(crate) const CATEGORY: &str = "DATABASE";
pub(crate) const ACTION: &str = "QUERY";
pub(crate) const OPERATION: &str = "execute_query";
/// What stands in a line in place of the password, for those who leave it out by hand.
pub(crate) const HIDDEN: &str = "***REDACTED***";

pub(crate) type Returned = Result<usize, std::io::Error>;

#[inline(always)]
pub(crate) fn work(sql: &str, user_id: u64, password: &str) -> Returned {
    Ok(black_box(sql.len() + user_id as usize + password.len()))
}

pub(crate) fn status(result: &Returned) -> &'static str {
    match result {
        Ok(_) => "SUCCESS",
        Err(_) => "FAILURE",
    }
}

/// So many calls of `call`. Never inlined: it is by this name that valgrind knows when to count.
#[inline(never)]
pub(crate) fn calls(call: fn(&str, u64, &str) -> Returned, count: usize) {
    for user_id in 0..count as u64 {
        let _ = black_box(call(black_box(SQL), user_id, black_box(PASSWORD)));
    }
}
