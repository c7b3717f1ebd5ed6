//! Numbers and times as text, by hand: a formatter that knows all of RFC 3339 takes as long as the rest of the line.

/// `00`, `01` and so on: two digits at a time halve the divisions.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut i = 0;
    while i < 100 {
        pairs[i] = [b'0' + (i / 10) as u8, b'0' + (i % 10) as u8];
        i += 1;
    }
    pairs
};

pub(super) fn push_u64(out: &mut Vec<u8>, value: u64) {
    // 2^64 has 20 digits.
    let mut text = [b'0'; 20];
    let mut start = text.len();
    let mut rest = value;
    while rest >= 100 {
        start -= 2;
        text[start..start + 2].copy_from_slice(&PAIRS[(rest % 100) as usize]);
        rest /= 100;
    }
    start -= 2;
    text[start..start + 2].copy_from_slice(&PAIRS[rest as usize]);
    if rest < 10 {
        start += 1;
    }
    out.extend_from_slice(&text[start..]);
}

/// `value` thousandths: 1512 is `1.512`.
pub(super) fn push_thousandths(out: &mut Vec<u8>, value: u64) {
    push_u64(out, value / 1000);
    let fraction = value % 1000;
    let [tens, ones] = PAIRS[(fraction % 100) as usize];
    out.extend_from_slice(&[b'.', b'0' + (fraction / 100) as u8, tens, ones]);
}

/// A point in time as RFC 3339 in UTC. Events come in about the order of their times, so the text of the last second
/// is kept and only the microseconds change.
#[derive(Debug)]
pub(super) struct Stamp {
    second: u64,
    text: [u8; 27],
}

impl Default for Stamp {
    fn default() -> Self {
        Self {
            second: 0,
            text: *b"1970-01-01T00:00:00.000000Z",
        }
    }
}

impl Stamp {
    /// `2026-11-23T20:01:57.963017Z`
    pub(super) fn at(&mut self, unix_nanos: u64) -> &[u8] {
        let second = unix_nanos / 1_000_000_000;
        if second != self.second {
            self.second = second;
            self.write_second(second);
        }
        let micros = unix_nanos % 1_000_000_000 / 1000;
        self.pair(20, micros / 10_000);
        self.pair(22, micros / 100);
        self.pair(24, micros);
        &self.text
    }

    fn write_second(&mut self, second: u64) {
        let (year, month, day) = civil_date(second / 86_400);
        let second_of_day = second % 86_400;
        self.pair(0, year / 100);
        self.pair(2, year);
        self.pair(5, month);
        self.pair(8, day);
        self.pair(11, second_of_day / 3600);
        self.pair(14, second_of_day / 60 % 60);
        self.pair(17, second_of_day % 60);
    }

    /// The last two digits of `value`.
    fn pair(&mut self, at: usize, value: u64) {
        self.text[at..at + 2].copy_from_slice(&PAIRS[(value % 100) as usize]);
    }
}

/// Year, month and day of a number of days since 1970-01-01 (Howard Hinnant's `civil_from_days`, which counts years
/// from March so that the leap day comes last).
fn civil_date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// A time in nanoseconds since the Unix epoch, as lines have it.
pub(crate) fn stamp(unix_nanos: u64) -> String {
    String::from_utf8_lossy(Stamp::default().at(unix_nanos)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        let mut day = jiff::civil::date(1970, 1, 1);
        for days in 0..213_000 {
            let (year, month, of_month) = civil_date(days);
            let expected = (day.year() as u64, day.month() as u64, day.day() as u64);
            assert_eq!((year, month, of_month), expected);
            day = day.tomorrow().unwrap();
        }
    }

    #[test]
    fn a_stamp_is_right_whatever_was_asked_before() {
        let mut stamp = Stamp::default();
        for (nanos, text) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (1_999, "1970-01-01T00:00:00.000001Z"),
            (1_795_464_117_963_017_999, "2026-11-23T20:01:57.963017Z"),
            (1_795_464_117_000_000_000, "2026-11-23T20:01:57.000000Z"),
            (951_827_696_123_456_789, "2000-02-29T12:34:56.123456Z"),
            (u64::MAX, "2554-07-21T23:34:33.709551Z"),
            (0, "1970-01-01T00:00:00.000000Z"),
        ] {
            assert_eq!(stamp.at(nanos), text.as_bytes());
        }
    }

    #[test]
    fn numbers_are_those_of_the_standard_library() {
        let powers = (0..20).map(|power| 10u64.pow(power));
        for value in powers
            .flat_map(|power| [power - 1, power, power + 1])
            .chain([0, 99, u64::MAX])
        {
            let mut text = Vec::new();
            push_u64(&mut text, value);
            assert_eq!(text, value.to_string().into_bytes());
            text.clear();
            push_thousandths(&mut text, value);
            let expected = format!("{}.{:03}", value / 1000, value % 1000);
            assert_eq!(text, expected.into_bytes());
        }
    }
}
