//! Which day it is: in a time zone, by the clock that is passed in.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Days in a time zone. The day last asked for is remembered with its ends, so that asking for it again is a
/// comparison.
#[derive(Debug)]
pub(super) struct Calendar {
    zone: TimeZone,
    today: Option<Day>,
}

#[derive(Debug, Clone, Copy)]
struct Day {
    date: Date,
    begins: Timestamp,
    ends: Timestamp,
}

impl Calendar {
    pub(super) fn new(zone: TimeZone) -> Self {
        Self { zone, today: None }
    }

    /// The date at `unix_nanos`.
    pub(super) fn date(&mut self, unix_nanos: u64) -> Date {
        // 64 bits of nanoseconds end in the year 2554, which jiff still knows.
        let now = Timestamp::from_nanosecond(i128::from(unix_nanos)).unwrap_or(Timestamp::MAX);
        if let Some(day) = self.today
            && day.begins <= now
            && now < day.ends
        {
            return day.date;
        }
        let date = self.zone.to_datetime(now).date();
        self.today = self.day(date);
        date
    }

    /// `None` where the calendar ends.
    fn day(&self, date: Date) -> Option<Day> {
        // A day begins at midnight, except where a zone skips midnight: jiff then gives the first instant after it.
        let begin = |date: Date| {
            date.to_zoned_datetime(self.zone.clone())
                .and_then(|midnight| midnight.start_of_day())
                .map(|begin| begin.timestamp())
                .ok()
        };
        Some(Day {
            date,
            begins: begin(date)?,
            ends: begin(date.tomorrow().ok()?)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000_000_000;

    fn at(text: &str) -> u64 {
        u64::try_from(text.parse::<Timestamp>().unwrap().as_nanosecond()).unwrap()
    }

    #[test]
    fn a_day_of_25_hours_has_one_date() {
        // The clocks of Berlin go back on 25 October 2026.
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let mut calendar = Calendar::new(zone);
        let midnight = at("2026-10-24T22:00:00Z");
        assert_eq!(calendar.date(midnight - 1).to_string(), "2026-10-24");
        for hour in 0..25 {
            let date = calendar.date(midnight + hour * HOUR);
            assert_eq!(date.to_string(), "2026-10-25", "{hour}");
        }
        assert_eq!(
            calendar.date(midnight + 25 * HOUR).to_string(),
            "2026-10-26"
        );
    }

    #[test]
    fn a_day_that_begins_at_one_o_clock_begins() {
        // Where the clocks go forward at midnight there is no midnight.
        let zone = TimeZone::posix("<-03>3<-02>,M10.3.0/0,M2.3.0/0").unwrap();
        let mut calendar = Calendar::new(zone);
        let skipped = at("2026-10-18T03:00:00Z");
        assert_eq!(calendar.date(skipped - 1).to_string(), "2026-10-17");
        assert_eq!(calendar.date(skipped).to_string(), "2026-10-18");
        assert_eq!(calendar.date(skipped + 23 * HOUR).to_string(), "2026-10-19");
    }

    #[test]
    fn the_ends_of_time_are_days_too() {
        let mut calendar = Calendar::new(TimeZone::UTC);
        assert_eq!(calendar.date(0).to_string(), "1970-01-01");
        assert_eq!(calendar.date(u64::MAX).to_string(), "2554-07-21");
    }
}
