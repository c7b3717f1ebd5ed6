//! How the files of a trail are called: `audit_<name>_<YYYY-MM-DD>.log`, and `.1.log`, `.2.log` and so on when a day
//! fills more than one. Writer and reader of the names stand here side by side.

use jiff::civil::Date;

/// One file of a trail, in the order in which they were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SegmentName {
    pub(super) date: Date,
    /// 0 for the first file of the day.
    pub(super) index: u32,
}

impl SegmentName {
    pub(super) fn first_of(date: Date) -> Self {
        Self { date, index: 0 }
    }

    /// The file after this one on the same day.
    pub(super) fn next(self) -> Self {
        Self {
            index: self.index.saturating_add(1),
            ..self
        }
    }

    pub(super) fn file_name(self, trail: &str) -> String {
        let Self { date, index } = self;
        match index {
            0 => format!("audit_{trail}_{date}.log"),
            index => format!("audit_{trail}_{date}.{index}.log"),
        }
    }

    /// `None` for every other file that may lie in the directory.
    pub(super) fn parse(file_name: &str, trail: &str) -> Option<Self> {
        let rest = file_name
            .strip_prefix("audit_")?
            .strip_prefix(trail)?
            .strip_prefix('_')?
            .strip_suffix(".log")?;
        let (date, index) = match rest.split_once('.') {
            Some((date, index)) => (date, index.parse().ok()?),
            None => (rest, 0),
        };
        let name = Self {
            date: date.parse().ok()?,
            index,
        };
        // Only what this module writes: jiff also reads "20261123", and numbers may have zeros in front.
        (name.file_name(trail) == file_name).then_some(name)
    }
}

/// Why `name` cannot be the name of a trail, if so.
pub(crate) fn check_trail_name(name: &str) -> Result<(), &'static str> {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
    if !name.is_empty() && name.len() <= 64 && name.bytes().all(allowed) {
        Ok(())
    } else {
        Err("1 to 64 characters of a-z, 0-9, _ and -")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_others_are_not() {
        let date = jiff::civil::date(2026, 11, 23);
        let first = SegmentName::first_of(date);
        assert_eq!(first.file_name("audit"), "audit_audit_2026-11-23.log");
        let tenth = SegmentName { date, index: 10 };
        assert_eq!(tenth.file_name("a-b_c"), "audit_a-b_c_2026-11-23.10.log");
        assert_eq!(
            SegmentName::parse("audit_a-b_c_2026-11-23.10.log", "a-b_c"),
            Some(tenth)
        );
        assert!(first < tenth);
        for foreign in [
            "audit_audit_2026-11-23.log.zst",
            "audit_audit_2026-11-23.0.log",
            "audit_audit_2026-11-23.01.log",
            "audit_audit_20261123.log",
            "audit_audit_x_2026-11-23.log",
            "audit_other_2026-11-23.log",
            "audit_audit_2026-13-23.log",
            "audit_audit_.log",
        ] {
            assert_eq!(SegmentName::parse(foreign, "audit"), None, "{foreign}");
        }
    }

    #[test]
    fn a_name_that_could_leave_the_directory_is_refused() {
        assert!(check_trail_name("audit-2_x").is_ok());
        for name in ["", "..", "a/b", "A", "ä", "a b", &"a".repeat(65)] {
            assert!(check_trail_name(name).is_err(), "{name}");
        }
    }
}
