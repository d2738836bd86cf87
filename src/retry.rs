//! How long to wait before a retry.

/// The first back-off's upper bound, in milliseconds; each further one's is twice as high.
const BASE_MS: u32 = 500;

/// The longest back-off, in milliseconds.
const CAP_MS: u32 = 8_000;

/// The most that is added to the wait that the API asks for, in milliseconds.
const JITTER_MS: u32 = 250;

/// Reads a `Retry-After` header: a whole number of seconds, or an HTTP date (RFC 9110, 10.2.3) as
/// seen from `now_ms`. `parse_date` returns a date's Unix time in milliseconds, or NaN, as the
/// platform's `Date.parse` does.
///
/// Returns seconds, or `None` where the value is neither.
pub fn retry_after(value: &str, now_ms: f64, parse_date: impl FnOnce(&str) -> f64) -> Option<u32> {
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(value.parse().unwrap_or(u32::MAX));
    }
    // `Date.parse` takes more than HTTP dates do. All three forms of those begin with a weekday and
    // have a time.
    if !value.starts_with(|c: char| c.is_ascii_alphabetic())
        || !value.bytes().any(|byte| byte == b':')
    {
        return None;
    }
    // The form of C's asctime names no zone. It is UTC, where `Date.parse` would take the local
    // one.
    let date_ms = if value.ends_with("GMT") {
        parse_date(value)
    } else {
        parse_date(&(String::from(value) + " GMT"))
    };
    if date_ms.is_nan() {
        return None;
    }
    // A conversion from f64 saturates: a date in the past is 0 seconds away.
    Some(((date_ms - now_ms) / 1000.0).ceil() as u32)
}

/// Returns how long to wait where the API asked for so many seconds, in milliseconds: up to a
/// quarter of a second longer, since others were told the same, but not past the deadline. 0
/// seconds are 0.
pub(crate) fn wait_ms(seconds: u32, remaining_ms: u32, random: f64) -> u32 {
    let asked = seconds.saturating_mul(1000);
    if asked == 0 {
        return 0;
    }
    let jitter = (f64::from(JITTER_MS) * random) as u32;
    let latest = remaining_ms.saturating_sub(1).max(asked);
    asked.saturating_add(jitter).min(latest)
}

/// Returns an exponential back-off with full jitter, in milliseconds. `retry` counts from 1;
/// `random` is in [0, 1).
pub(crate) fn backoff_ms(retry: u32, random: f64) -> u32 {
    let doublings = retry.saturating_sub(1).min(16);
    let bound = (BASE_MS << doublings).min(CAP_MS);
    (f64::from(bound) * random) as u32
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // Sun, 06 Nov 1994 08:49:37 GMT
    const NOW: f64 = 784_111_777_000.0;

    /// Stands in for `Date.parse`, which the tests of the client run against.
    fn parse_date(value: &str) -> f64 {
        // httpdate knows asctime's form without the zone.
        let value = if value.contains(',') {
            value
        } else {
            value.trim_end_matches(" GMT")
        };
        httpdate::parse_http_date(value).map_or(f64::NAN, |date| {
            date.duration_since(std::time::UNIX_EPOCH)
                .map_or(0.0, |time| time.as_secs_f64() * 1000.0)
        })
    }

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
            ("soon: perhaps", None),
            ("Sun, 06 Nov 1994", None),
        ] {
            assert_eq!(retry_after(value, NOW, parse_date), seconds, "{value:?}");
        }
        let value = "Sun, 06 Nov 1994 08:49:47 GMT";
        assert_eq!(
            retry_after(value, NOW + 1.0, parse_date),
            Some(10),
            "a part of a second counts whole"
        );
    }

    #[test]
    fn a_number_is_never_taken_for_a_date() {
        // `Date.parse("1.5")` and `Date.parse("-1")` are dates in V8.
        for value in ["-1", "1.5", "1e3", " 5", "2026-01-01T00:00:00Z"] {
            assert_eq!(retry_after(value, NOW, |_| NOW + 5000.0), None, "{value:?}");
        }
    }

    #[test]
    fn the_back_off_doubles_up_to_its_cap() {
        let bounds: Vec<u32> = (1..=7).map(|retry| backoff_ms(retry, 1.0)).collect();
        assert_eq!(bounds, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(backoff_ms(3, 0.0), 0);
        assert_eq!(backoff_ms(u32::MAX, 0.5), 4000);
    }

    proptest! {
        #[test]
        fn any_header_ends_well(value in "\\PC{0,40}", now in any::<f64>(), date in any::<f64>()) {
            retry_after(&value, now, |_| date);
        }

        #[test]
        fn a_wait_that_was_asked_for_is_at_least_that_and_ends_before_the_deadline(
            seconds in 0..100u32, remaining_ms in 0..120_000u32, random in 0.0..1.0f64,
        ) {
            let wait = wait_ms(seconds, remaining_ms, random);
            let asked = seconds * 1000;
            prop_assert!((asked..asked + JITTER_MS).contains(&wait));
            prop_assert!(asked >= remaining_ms || wait < remaining_ms);
        }

        #[test]
        fn jitter_stays_in_bounds(retry in any::<u32>(), random in 0.0..1.0f64) {
            prop_assert!(backoff_ms(retry, random) < CAP_MS);
        }
    }
}
