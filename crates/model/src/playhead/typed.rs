//! An instant as a person types it: `12:30`, `1h 5m`, `+90s`, `50%`.

use super::Extent;
use crate::time::{Millis, Span};

/// The instant that `text` names, within the run; none where it names none. What begins with a sign
/// counts from `at`, all else from the run's start. A bare number is none: it may be anything.
///
/// ```text
/// 12:30   12 min 30 s      1:02:03.5   an hour, 2 min, 3.5 s      90s, 1h5m, 500ms
/// +90s    90 s later       -1:30       90 s earlier               50%   half of the run
/// ```
pub fn typed_instant(text: &str, at: Millis, extent: &Extent) -> Option<Millis> {
    let text = text.trim();
    let (sign, rest) = match text.chars().next()? {
        '+' => (1, text[1..].trim_start()),
        '-' => (-1, text[1..].trim_start()),
        // As word processors write it.
        '−' => (-1, text['−'.len_utf8()..].trim_start()),
        _ => (0, text),
    };
    let millis = if let Some(part) = rest.strip_suffix('%') {
        number(part.trim_end())? / 100.0 * extent.length().0 as f64
    } else if rest.contains(':') {
        by_colons(rest)?
    } else {
        by_units(rest, sign != 0)?
    };
    // A float too large for it becomes the largest span.
    let span = Span(millis.round() as i64);
    Some(extent.clamp(match sign {
        0 => extent.start + span,
        1 => at + span,
        _ => at - span,
    }))
}

fn by_colons(text: &str) -> Option<f64> {
    let parts: Vec<_> = text.split(':').collect();
    if parts.len() > 3 {
        return None;
    }
    let mut seconds = 0.0;
    for (index, part) in parts.iter().enumerate() {
        let value = number(part)?;
        // Sixty seconds are a minute, except where there is nothing greater to count them in.
        if index > 0 && value >= 60.0 || index + 1 < parts.len() && part.contains('.') {
            return None;
        }
        seconds = seconds * 60.0 + value;
    }
    Some(seconds * 1_000.0)
}

/// `1h 5m`, `90s`; a number without a unit, where that is `allowed`, is of seconds.
fn by_units(text: &str, allowed: bool) -> Option<f64> {
    let mut rest = text;
    let mut millis = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
        let (value, behind) = rest.split_at(digits.unwrap_or(rest.len()));
        let behind = behind.trim_start();
        let letters = behind.find(|letter: char| !letter.is_ascii_alphabetic());
        let (unit, behind) = behind.split_at(letters.unwrap_or(behind.len()));
        millis += number(value)?
            * match unit {
                "ms" => 1.0,
                "" if allowed && behind.is_empty() && millis == 0.0 => 1_000.0,
                "s" | "sec" => 1_000.0,
                "m" | "min" => 60_000.0,
                "h" => 3_600_000.0,
                "d" => 86_400_000.0,
                _ => return None,
            };
        rest = behind.trim_start();
    }
    (!text.is_empty()).then_some(millis)
}

/// Digits with at most one point; none of the other things that a float may look like.
fn number(text: &str) -> Option<f64> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = text.parse().ok()?;
    plain.then_some(number)
}
