//! How far a node says it is: from the numbers it attaches, else from its words.

use super::lenient::Members;
use model::item::Fraction;

/// Numbers attached to a progress event: done under `current`, `completed`, `done` or `processed`,
/// all there is under `total`, `max` or `count`; else `percent` or `percentage`.
pub(crate) fn from_data(json: &str) -> Option<Fraction> {
    // Where there is no digit there is no number, and most data has none.
    match json.bytes().any(|byte| byte.is_ascii_digit()) {
        true => numbers(json),
        false => None,
    }
}

#[inline(never)]
fn numbers(json: &str) -> Option<Fraction> {
    let members = Members::read(json).ok()?;
    let number = |name: &&str| {
        let number: f64 = members.get(name)?.parse().ok()?;
        (number.is_finite() && number >= 0.0).then_some(number)
    };
    let first = |names: &[&str]| names.iter().find_map(number);
    match first(&["current", "completed", "done", "processed"]) {
        Some(done) => Some(Fraction {
            done,
            total: first(&["total", "max", "count"]).filter(|total| *total > 0.0),
        }),
        None => first(&["percent", "percentage"]).and_then(of_hundred),
    }
}

/// Words such as `scanned 89/127`, `3 of 10`, `42%`; counts before percentages. Dates, addresses
/// and versions are none of these.
pub(crate) fn from_message(message: &str) -> Option<Fraction> {
    // A long message is output, not progress.
    if message.len() > 1_000 || !message.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    counted(message).or_else(|| {
        message
            .split_whitespace()
            .map(bare)
            .filter_map(|word| word.strip_suffix('%')?.parse().ok())
            .find_map(of_hundred)
    })
}

fn counted(message: &str) -> Option<Fraction> {
    slashed(message).or_else(|| {
        let words: Vec<_> = message.split_whitespace().map(bare).collect();
        words.windows(3).enumerate().find_map(|(index, three)| {
            let total = match (three[1], three[2]) {
                ("of", total) => total,
                ("out", "of") => words.get(index + 3)?,
                _ => return None,
            };
            fraction(three[0], total)
        })
    })
}

/// From the slashes outwards, as most words have none.
fn slashed(message: &str) -> Option<Fraction> {
    let mut rest = message;
    loop {
        let (before, after) = rest.split_at(rest.find('/')?);
        let start = before.rsplit(char::is_whitespace).next().unwrap_or(before);
        let end = after.split(char::is_whitespace).next().unwrap_or(after);
        let word = &rest[before.len() - start.len()..before.len() + end.len()];
        let found = bare(word).split_once('/').and_then(|(done, total)| {
            (!looks_like_a_date(done, total)).then_some(())?;
            fraction(done, total)
        });
        if found.is_some() {
            return found;
        }
        rest = &after[end.len()..];
    }
}

/// A word without brackets and punctuation around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c| {
        matches!(
            c,
            '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '"' | '\''
        )
    })
    .trim_end_matches(['.', ',', ';', ':', '!', ')', ']'])
}

fn fraction(done: &str, total: &str) -> Option<Fraction> {
    let (done, total) = (whole(done)?, whole(total)?);
    (total > 0 && done <= total).then_some(Fraction {
        done: done as f64,
        total: Some(total as f64),
    })
}

/// A whole number, thousands perhaps set apart by commas.
fn whole(text: &str) -> Option<u64> {
    if text.bytes().all(|c| c.is_ascii_digit()) {
        return text.parse().ok();
    }
    let grouped = text.split(',').skip(1).all(|group| group.len() == 3);
    let plain = text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|c| c.is_ascii_digit() || c == b',');
    (grouped && plain).then(|| text.replace(',', "").parse().ok())?
}

/// `03/14` and `12/2025`; `3/14/2025` is no two numbers anyway.
fn looks_like_a_date(first: &str, second: &str) -> bool {
    let padded = |text: &str| text.len() == 2 && text.starts_with('0');
    let month = first
        .parse()
        .is_ok_and(|month: u32| (1..=12).contains(&month));
    let year = second
        .parse()
        .is_ok_and(|year: u32| (1990..2100).contains(&year));
    padded(second) || (padded(first) && second.len() == 2) || (month && year)
}

fn of_hundred(percent: f64) -> Option<Fraction> {
    (0.0..=100.0).contains(&percent).then_some(Fraction {
        done: percent,
        total: Some(100.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(fraction: Option<Fraction>) -> String {
        fraction.map_or("-".into(), |it| match it.total {
            Some(total) => format!("{} of {total}", it.done),
            None => it.done.to_string(),
        })
    }

    #[test]
    fn words_that_say_how_far() {
        for (message, want) in [
            ("scanned 89/127", "89 of 127"),
            ("HTTPX scanned 89/127 hosts (70%)", "89 of 127"),
            ("70% done (89/127)", "89 of 127"),
            ("[3/10] compiling", "3 of 10"),
            ("3/10: compiling", "3 of 10"),
            ("step 3 of 10.", "3 of 10"),
            ("3 out of 10", "3 of 10"),
            ("1,234/5,678 rows", "1234 of 5678"),
            ("[007/127]", "7 of 127"),
            ("42%", "42 of 100"),
            ("at 42.5%, going on", "42.5 of 100"),
            ("0/5", "0 of 5"),
            ("page 2/9 of https://x.test/3/4", "2 of 9"),
        ] {
            assert_eq!(drawn(from_message(message)), want, "{message}");
        }
    }

    #[test]
    fn words_that_do_not() {
        for message in [
            "",
            "scanning",
            "done 5",
            "since 2026/01/02",
            "on 03/14",
            "on 3/14/2025",
            "valid until 12/2025",
            "https://example.test/3/10",
            "GET /runs/3/10",
            "10.0.0.0/24",
            "HTTP/1.1",
            "v1.2/1.3",
            "3.10/3.12",
            "1.2.3",
            "24/7 service",
            "5/0",
            "100000000000000000000/7",
            "140%",
            "-5%",
            "NaN% inf%",
            "of of of",
            "12,34/56,78",
        ] {
            assert_eq!(drawn(from_message(message)), "-", "{message}");
        }
    }

    #[test]
    fn numbers_attached() {
        for (data, want) in [
            (r#"{"current":3,"total":10}"#, "3 of 10"),
            (r#"{"completed":3,"max":10,"stage":{"a":[1]}}"#, "3 of 10"),
            (r#"{"processed":3.5,"count":10}"#, "3.5 of 10"),
            (r#"{"done":3}"#, "3"),
            (r#"{"done":3,"total":0}"#, "3"),
            (r#"{"done":3,"total":"ten"}"#, "3"),
            (r#"{"percent":42}"#, "42 of 100"),
            (r#"{"total":10}"#, "-"),
            (r#"{"done":-1,"total":5}"#, "-"),
            (r#"{"done":1e999,"total":5}"#, "-"),
            (r#"{"done":null,"total":5}"#, "-"),
            (r#"{"done":1,"done":2}"#, "2"),
            ("[1,2]", "-"),
            ("7", "-"),
            ("null", "-"),
        ] {
            assert_eq!(drawn(from_data(data)), want, "{data}");
        }
    }
}
