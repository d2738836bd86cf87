//! HTTP dates (RFC 9110, 5.6.7), all three forms, as Unix time.
//!
//! Why not the crate `httpdate`: it goes through `SystemTime`, whose errors bring 4 KB of wasm. It is the oracle of the
//! tests instead.

const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";

/// Seconds since 1970 of a date from 1970 to 9999. Whether the day of the week fits is not looked at.
pub(crate) fn parse(date: &str) -> Option<u64> {
    // On bytes, as in api_url.rs.
    let mut words = date.as_bytes().split(|byte| matches!(byte, b' ' | b'-')).filter(|word| !word.is_empty());
    let weekday = words.next()?;
    let (day, month, year, time);
    if weekday.ends_with(b",") {
        // Sun, 06 Nov 1994 08:49:37 GMT, and the obsolete Sunday, 06-Nov-94 08:49:37 GMT
        (day, month) = (number(words.next()?, 2)?, words.next()?);
        let digits = words.next()?;
        year = if digits.len() == 2 { full_year(number(digits, 2)?) } else { number(digits, 4)? };
        time = words.next()?;
        (words.next()? == b"GMT").then_some(())?;
    } else {
        // The obsolete Sun Nov  6 08:49:37 1994
        month = words.next()?;
        let digits = words.next()?;
        day = number(digits, digits.len().min(2))?;
        time = words.next()?;
        year = number(words.next()?, 4)?;
    }
    if words.next().is_some() {
        return None;
    }
    let month = MONTHS.chunks(3).zip(1..).find_map(|(name, number)| (name == month).then_some(number))?;
    Some(u64::from(days_since_1970(year, month, day)?) * 86_400 + u64::from(seconds_of_day(time)?))
}

/// A year of two digits is at most 50 years ahead: here, 1970 to 2069.
const fn full_year(year: u32) -> u32 {
    if year < 70 { 2000 + year } else { 1900 + year }
}

/// The number of days, counting years from March so that leap days come last.
fn days_since_1970(year: u32, month: u32, day: u32) -> Option<u32> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let month_length = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if year < 1970 || day < 1 || day > month_length {
        return None;
    }
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day;
    Some(days - 719_469)
}

fn seconds_of_day(time: &[u8]) -> Option<u32> {
    let [h1, h2, b':', m1, m2, b':', s1, s2] = time else { return None };
    let (hours, minutes, seconds) = (number(&[*h1, *h2], 2)?, number(&[*m1, *m2], 2)?, number(&[*s1, *s2], 2)?);
    (hours < 24 && minutes < 60 && seconds <= 60).then_some(hours * 3600 + minutes * 60 + seconds)
}

/// A number of just so many digits.
fn number(text: &[u8], digits: usize) -> Option<u32> {
    let fits = text.len() == digits && text.iter().all(u8::is_ascii_digit);
    fits.then(|| text.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use proptest::prelude::*;

    use super::*;

    fn oracle(date: &str) -> Option<u64> {
        Some(httpdate::parse_http_date(date).ok()?.duration_since(UNIX_EPOCH).ok()?.as_secs())
    }

    #[test]
    fn all_three_forms_are_read() {
        for date in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(parse(date), Some(784_111_777), "{date}");
        }
        assert_eq!(parse("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(parse("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for date in [
            "",
            "Sun",
            "Sun, 06 Nov 1994",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:60:00 GMT",
            "Sun, 32 Nov 1994 08:49:37 GMT",
            "Thu, 29 Feb 2023 00:00:00 GMT",
            "Thu, 31 Nov 2023 00:00:00 GMT",
            "Sun, 06 Now 1994 08:49:37 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT x",
            "Sun Nov  6 08:49:37 94",
            "Sun, 06 Nov 1994 08:49:37:00 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(parse(date), None, "{date:?}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_httpdate(seconds in 0..253_402_300_800u64) {
            let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
            prop_assert_eq!(parse(&date), Some(seconds));
            prop_assert_eq!(oracle(&date), Some(seconds));
        }

        #[test]
        fn any_text_ends_well(date in "\\PC{0,40}|[A-Z][a-z]{2},? [0-9A-Za-z :,-]{0,30}") {
            parse(&date);
        }
    }
}
