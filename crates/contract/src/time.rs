//! Timestamps on the wire: ISO 8601 with a zone in, UTC ending in `Z` out.
//!
//! Written here because a run of a million records spends most of its decoding time on dates, and
//! because `contract` depends on nothing but serde (design §4). Checked against chrono in tests.

/// Nanoseconds since 1970-01-01T00:00:00Z.
pub type Nanos = i64;

/// Reads `2026-01-01T00:00:00[.fraction](Z|±hh:mm)` as nanoseconds since the epoch; `None` when it
/// is not such a date, or outside 1678–2262, where `i64` nanoseconds end.
// Inlined, that is compiled where it is called: `scan` is built for speed, this crate is not.
#[inline]
pub fn parse_nanos(text: &str) -> Option<Nanos> {
    let bytes = text.as_bytes();
    if bytes.len() < 20 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    if !matches!(bytes[10], b'T' | b't' | b' ') || bytes[13] != b':' || bytes[16] != b':' {
        return None;
    }
    let year = digits(&bytes[0..4])?;
    let month = digits(&bytes[5..7])?;
    let day = digits(&bytes[8..10])?;
    let hour = digits(&bytes[11..13])?;
    let minute = digits(&bytes[14..16])?;
    let second = digits(&bytes[17..19])?;
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    // A leap second (60) is folded onto the next one, as chrono and POSIX do.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (fraction, zone) = fraction(&bytes[19..])?;
    let of_day = hour * 3_600 + minute * 60 + second - offset_seconds(zone)?;
    let seconds = i64::from(days_from_civil(year, month, day)) * 86_400 + i64::from(of_day);
    seconds
        .checked_mul(1_000_000_000)?
        .checked_add(i64::from(fraction))
}

/// As [`parse_nanos`], in whole milliseconds (rounded down).
pub fn parse_millis(text: &str) -> Option<i64> {
    parse_nanos(text).map(|nanos| nanos.div_euclid(1_000_000))
}

/// Writes milliseconds since the epoch as `2026-01-01T00:00:00.000Z`.
pub fn format_millis(millis: i64) -> String {
    let (date, millis) = date_time(millis.div_euclid(1_000), millis.rem_euclid(1_000));
    format!("{date}.{millis:03}Z")
}

/// Writes nanoseconds with as many fraction digits as they need: 3, 6 or 9.
pub fn format_nanos(nanos: Nanos) -> String {
    let (date, fraction) = date_time(
        nanos.div_euclid(1_000_000_000),
        nanos.rem_euclid(1_000_000_000),
    );
    if fraction % 1_000_000 == 0 {
        format!("{date}.{:03}Z", fraction / 1_000_000)
    } else if fraction % 1_000 == 0 {
        format!("{date}.{:06}Z", fraction / 1_000)
    } else {
        format!("{date}.{fraction:09}Z")
    }
}

fn date_time(seconds: i64, fraction: i64) -> (String, i64) {
    let (year, month, day) = civil_from_days(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    (
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
        fraction,
    )
}

/// The number that up to nine digits make. In 32 bits, as the calendar below: in wasm a division of
/// 64 bits is a slow one.
#[inline]
fn digits(bytes: &[u8]) -> Option<i32> {
    bytes.iter().try_fold(0, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + i32::from(byte - b'0'))
    })
}

/// Reads `.123456789` (any length, rest cut) in nanoseconds; returns what follows it.
#[inline]
fn fraction(bytes: &[u8]) -> Option<(i32, &[u8])> {
    if bytes
        .first()
        .is_none_or(|byte| !matches!(byte, b'.' | b','))
    {
        return Some((0, bytes));
    }
    let length = bytes[1..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if length == 0 {
        return None;
    }
    let kept = length.min(9);
    let scale = 10_i32.pow(9 - kept as u32);
    Some((digits(&bytes[1..1 + kept])? * scale, &bytes[1 + length..]))
}

#[inline]
fn offset_seconds(zone: &[u8]) -> Option<i32> {
    let (sign, rest) = match zone {
        b"Z" | b"z" => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest {
        [h1, h2, b':', m1, m2] | [h1, h2, m1, m2] => (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?),
        [h1, h2] => (digits(&[*h1, *h2])?, 0),
        _ => return None,
    };
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3_600 + minutes * 60))
}

#[inline]
fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar. Years are counted from
/// March, so that the leap day is the last of its year.
#[inline]
fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, SecondsFormat};
    use proptest::prelude::*;

    #[test]
    fn reads_what_is_a_date_and_nothing_else() {
        for (text, want) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1970-01-01T00:00:00.001Z", Some(1)),
            ("1970-01-01T01:00:00+01:00", Some(0)),
            ("1969-12-31T19:00:00-0500", Some(0)),
            ("1970-01-01 00:00:00.5z", Some(500)),
            ("2024-02-29T00:00:00Z", Some(1_709_164_800_000)),
            ("2023-02-29T00:00:00Z", None),
            ("2026-13-01T00:00:00Z", None),
            ("2026-01-01T24:00:00Z", None),
            ("2026-01-01T00:00:00", None),
            ("2026-01-01T00:00:00.Z", None),
            ("2026-01-01", None),
            ("yesterday, at about tea", None),
            ("0001-01-01T00:00:00Z", None),
            ("9999-12-31T23:59:59Z", None),
            ("２０２６-01-01T00:00:00Z", None),
        ] {
            assert_eq!(parse_millis(text), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_chrono_both_ways(millis in -9_000_000_000_000_i64..9_000_000_000_000) {
            let text = DateTime::from_timestamp_millis(millis).unwrap().to_rfc3339_opts(SecondsFormat::Millis, true);
            prop_assert_eq!(&format_millis(millis), &text);
            prop_assert_eq!(parse_millis(&text), Some(millis));
        }

        #[test]
        fn nanoseconds_survive(nanos in (i64::MIN + 1_000_000_000)..i64::MAX) {
            // Years before 1000 or after 9999 cannot occur in i64 nanoseconds.
            prop_assert_eq!(parse_nanos(&format_nanos(nanos)), Some(nanos));
        }

        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,40}") {
            let _ = parse_nanos(&text);
        }
    }
}
