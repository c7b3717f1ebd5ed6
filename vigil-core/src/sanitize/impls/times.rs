//! Times and durations of the standard library.

use std::time::{Duration, Instant, SystemTime};

use crate::sanitize::{Sanitize, Writer};

/// As `Debug` writes it, exact and with its unit: `"1.5s"`, `"20ms"`.
impl Sanitize for Duration {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.plain(format_args!("{self:?}"));
    }
}

/// RFC 3339 in UTC: `"2026-11-23T20:01:57.963017Z"`. A time beyond the year 9999 is told in seconds.
impl Sanitize for SystemTime {
    fn sanitize(&self, out: &mut Writer<'_>) {
        match jiff::Timestamp::try_from(*self) {
            Ok(time) => out.plain(format_args!("{time}")),
            Err(_) => match self.duration_since(Self::UNIX_EPOCH) {
                Ok(after) => out.plain(format_args!("{}s after 1970", after.as_secs())),
                Err(before) => {
                    out.plain(format_args!("{}s before 1970", before.duration().as_secs()));
                }
            },
        }
    }
}

/// An instant means nothing outside its process.
impl Sanitize for Instant {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.name("<Instant>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::to_json;

    #[test]
    fn durations_and_times() {
        assert_eq!(to_json(&Duration::from_millis(1500)), r#""1.5s""#);
        assert_eq!(to_json(&Duration::from_millis(20)), r#""20ms""#);
        let time = SystemTime::UNIX_EPOCH + Duration::from_micros(1_795_464_117_963_017);
        assert_eq!(to_json(&time), r#""2026-11-23T20:01:57.963017Z""#);
        let far = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 50);
        assert_eq!(to_json(&far), r#""1125899906842624s after 1970""#);
        assert_eq!(to_json(&Instant::now()), r#""<Instant>""#);
    }
}
