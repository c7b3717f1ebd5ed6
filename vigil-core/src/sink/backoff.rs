//! How long to wait before the next try.

use std::time::Duration;

/// The pause after so many failures in a row: drawn by `random` from between nothing and a bound that doubles with each
/// failure. Without the drawing, all that were thrown out by one server would come back to it at one moment (Marc
/// Brooker, "Exponential Backoff And Jitter", 2015).
pub(crate) fn pause(failures: u32, first: Duration, longest: Duration, random: u64) -> Duration {
    let doubled = 1_u32.checked_shl(failures.saturating_sub(1));
    let bound = doubled
        .and_then(|times| first.checked_mul(times))
        .map_or(longest, |bound| bound.min(longest));
    // 64 bits of nanoseconds are 584 years.
    let nanos = u64::try_from(bound.as_nanos()).unwrap_or(u64::MAX);
    let drawn = (u128::from(nanos) * u128::from(random)) >> 64;
    Duration::from_nanos(drawn as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_up_to_the_longest() {
        let (first, longest) = (Duration::from_millis(100), Duration::from_secs(3));
        let bounds: Vec<_> = [1, 2, 3, 5, 6, 40, u32::MAX]
            .iter()
            .map(|failures| pause(*failures, first, longest, u64::MAX).as_micros())
            .collect();
        assert_eq!(
            bounds,
            [
                99_999, 199_999, 399_999, 1_599_999, 2_999_999, 2_999_999, 2_999_999
            ]
        );
        assert_eq!(pause(3, first, longest, 0), Duration::ZERO);
        assert!(pause(9, Duration::MAX, Duration::MAX, u64::MAX) > longest);
        assert_eq!(
            pause(3, first, longest, 1 << 63),
            Duration::from_millis(200)
        );
    }
}
