//! Who runs this process, as the operating system says it.

use serde::{Deserialize, Serialize};

/// Who has started a command.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Operator {
    /// The number of the user that the process runs as; none where the system has no such numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) uid: Option<u32>,
    /// The name that goes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
    /// The number of the user who logged in, whoever they have become since: what the kernel's own audit goes by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) login_uid: Option<u32>,
}

impl Operator {
    #[cfg(unix)]
    pub(crate) fn of_this_process() -> Self {
        let uid = rustix::process::getuid().as_raw();
        Self {
            uid: Some(uid),
            user: name_of(uid),
            login_uid: login_uid(),
        }
    }

    #[cfg(not(unix))]
    pub(crate) fn of_this_process() -> Self {
        Self {
            user: std::env::var("USERNAME").ok(),
            ..Self::default()
        }
    }
}

/// By the list of the system. A user of some directory service is not in it, and is known by the number.
#[cfg(unix)]
fn name_of(uid: u32) -> Option<String> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    name_in(&users, uid)
}

#[cfg(unix)]
fn name_in(users: &str, uid: u32) -> Option<String> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let number: u32 = fields.nth(1)?.parse().ok()?;
        (number == uid && !name.is_empty()).then(|| name.to_owned())
    })
}

/// Only Linux keeps it.
#[cfg(unix)]
fn login_uid() -> Option<u32> {
    let text = std::fs::read_to_string("/proc/self/loginuid").ok()?;
    // The largest number says that nobody has logged in, as in a service.
    text.trim().parse().ok().filter(|uid| *uid != u32::MAX)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_known_by_the_list_of_the_system() {
        let users = "root:x:0:0:root:/root:/bin/sh\nbroken\n:x:7:7::/:\nshop:x:1001:1001::/srv:/bin/false\n";
        assert_eq!(name_in(users, 1001).as_deref(), Some("shop"));
        assert_eq!(name_in(users, 0).as_deref(), Some("root"));
        assert_eq!(name_in(users, 7), None);
        assert_eq!(name_in(users, 9), None);
        assert!(Operator::of_this_process().uid.is_some());
    }
}
