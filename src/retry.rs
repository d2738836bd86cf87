//! How long to wait before another try.

use crate::http_date;

/// The first backoff's upper bound, in milliseconds; each further one's is twice as high.
const BASE_MS: u32 = 500;
/// No backoff is longer than this, in milliseconds.
const CAP_MS: u32 = 8_000;

/// Seconds that a `Retry-After` header asks for: a whole number, or an HTTP date (RFC 9110, 10.2.3) seen from
/// `now_unix_ms`. `None` where it is neither.
pub(crate) fn retry_after(value: &str, now_unix_ms: u64) -> Option<u32> {
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(value.parse().unwrap_or(u32::MAX));
    }
    let wait_ms = (http_date::parse(value)? * 1000).saturating_sub(now_unix_ms);
    Some(wait_ms.div_ceil(1000).try_into().unwrap_or(u32::MAX))
}

/// Exponential backoff with full jitter, in milliseconds. `retry` counts from 1; `random` is in [0, 1).
pub(crate) fn backoff_ms(retry: u32, random: f64) -> u32 {
    let doublings = retry.saturating_sub(1).min(16);
    let bound = (BASE_MS << doublings).min(CAP_MS);
    (f64::from(bound) * random) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // Sun, 06 Nov 1994 08:49:37 GMT
    const NOW: u64 = 784_111_777_000;

    #[test]
    fn seconds_and_dates_are_read() {
        for (value, seconds) in [
            ("0", Some(0)),
            ("10", Some(10)),
            ("99999999999", Some(u32::MAX)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
            ("Sunday, 06-Nov-94 08:49:47 GMT", Some(10)),
            ("Sun Nov  6 08:49:47 1994", Some(10)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("Sun, 06 Nov 1994", None),
        ] {
            assert_eq!(retry_after(value, NOW), seconds, "{value:?}");
        }
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:47 GMT", NOW + 1), Some(10), "a part of a second counts whole");
    }

    #[test]
    fn backoff_doubles_up_to_its_cap() {
        let bounds: Vec<u32> = (1..=7).map(|retry| backoff_ms(retry, 1.0)).collect();
        assert_eq!(bounds, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(backoff_ms(3, 0.0), 0);
        assert_eq!(backoff_ms(u32::MAX, 0.5), 4000);
    }

    proptest! {
        #[test]
        fn any_header_ends_well(value in "\\PC{0,40}", now in any::<u64>()) {
            retry_after(&value, now);
        }

        #[test]
        fn jitter_stays_in_bounds(retry in any::<u32>(), random in 0.0..1.0f64) {
            prop_assert!(backoff_ms(retry, random) < CAP_MS);
        }
    }
}
