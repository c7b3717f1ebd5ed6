//! The types of the `time` crate.

use time::{
    Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcDateTime, UtcOffset, Weekday,
};

use crate::sanitize::{Sanitize, Writer};

/// RFC 3339 in UTC, as [`SystemTime`](std::time::SystemTime): `"2026-11-23T20:01:57.963017Z"`.
impl Sanitize for OffsetDateTime {
    fn sanitize(&self, out: &mut Writer<'_>) {
        std::time::SystemTime::from(*self).sanitize(out);
    }
}

impl Sanitize for UtcDateTime {
    fn sanitize(&self, out: &mut Writer<'_>) {
        OffsetDateTime::from(*self).sanitize(out);
    }
}

macro_rules! displayed {
    ($($type:ty),*) => {$(
        impl Sanitize for $type {
            fn sanitize(&self, out: &mut Writer<'_>) {
                out.plain(format_args!("{self}"));
            }
        }
    )*};
}

displayed! { Date, Time, PrimitiveDateTime, UtcOffset, Month, Weekday, Duration }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::to_json;

    #[test]
    fn times_are_rfc_3339() {
        let time = OffsetDateTime::from_unix_timestamp(1_795_464_117).unwrap();
        let there = time.to_offset(UtcOffset::from_hms(2, 0, 0).unwrap());
        assert_eq!(to_json(&there), r#""2026-11-23T20:01:57Z""#);
        assert_eq!(to_json(&time.date()), r#""2026-11-23""#);
        assert_eq!(to_json(&Weekday::Monday), r#""Monday""#);
        assert_eq!(to_json(&Duration::seconds(90)), r#""1m30s""#);
    }
}
