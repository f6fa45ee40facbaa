//! The ids of lines, kept as what tells one from the next: most sources count.

use super::line::LineId;
use crate::time::Millis;
use std::collections::HashMap;

/// Ids that are words and a number, as `l17` or `run-1-2026-01-01T00:00:00.000Z-3`: the words stand
/// here once, the number with the line. All others are kept as they are.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    templates: Vec<Template>,
    known: HashMap<Box<str>, usize>,
    last: usize,
    whole: Vec<Vec<u8>>,
}

/// What stands before a number; `after` only where the line's instant stands between.
#[derive(Clone, Debug)]
struct Template {
    before: Box<str>,
    after: Option<Box<str>>,
}

/// The template of ids that are kept whole; the number is where.
const WHOLE: u64 = 0;
/// Templates that are remembered; ids that would need more are kept whole.
const MAX_TEMPLATES: usize = 1_024;
/// Words longer than this make no template.
const MAX_WORDS: usize = 256;
/// Bytes of ids in one piece.
const PIECE: usize = 1 << 16;
/// Stands in a key where the instant does.
const INSTANT: char = '\0';

impl Ids {
    /// Longer ids are cut: they still differ in their first part.
    pub const LONGEST: usize = 1 << 15;

    /// Keeps an id; its template and number tell it again.
    pub fn put(&mut self, id: &str, at: Millis) -> (u64, u64) {
        if let Some((words, number)) = parts(id) {
            let last = self.templates.get(self.last);
            if last.is_some_and(|last| last.fits(words, at)) {
                return (self.last as u64 + 1, number);
            }
            if let Some(template) = self.template(words, at) {
                self.last = template;
                return (template as u64 + 1, number);
            }
        }
        (WHOLE, self.keep(id))
    }

    pub fn get(&self, template: u64, number: u64, at: Millis) -> LineId<'_> {
        let known = (template as usize).checked_sub(1);
        match known.and_then(|index| self.templates.get(index)) {
            Some(template) => LineId {
                before: &template.before,
                instant: template.after.is_some().then_some(at),
                after: template.after.as_deref().unwrap_or_default(),
                number: Some(number),
            },
            None => LineId {
                before: self.kept(number as usize).unwrap_or_default(),
                instant: None,
                after: "",
                number: None,
            },
        }
    }

    /// Bytes of memory taken, about.
    pub fn weight(&self) -> usize {
        let words = self.known.keys().map(|key| 2 * key.len() + 64);
        words.sum::<usize>() + self.whole.iter().map(Vec::capacity).sum::<usize>()
    }

    fn template(&mut self, words: &str, at: Millis) -> Option<usize> {
        if words.len() > MAX_WORDS || words.contains(INSTANT) {
            return None;
        }
        let instant = written(at).filter(|text| words.len() >= text.len());
        let parts = instant.and_then(|text| words.split_once(&text));
        let key = match parts {
            Some((before, after)) => format!("{before}{INSTANT}{after}"),
            None => words.to_owned(),
        };
        if let Some(known) = self.known.get(&*key) {
            return Some(*known);
        }
        if self.templates.len() == MAX_TEMPLATES {
            return None;
        }
        let (before, after) = match parts {
            Some((before, after)) => (before, Some(after.into())),
            None => (words, None),
        };
        self.templates.push(Template {
            before: before.into(),
            after,
        });
        let index = self.templates.len() - 1;
        self.known.insert(key.into(), index);
        Some(index)
    }

    fn keep(&mut self, id: &str) -> u64 {
        let takes = id.len() + 2;
        if self
            .whole
            .last()
            .is_none_or(|piece| piece.len() + takes > PIECE)
        {
            self.whole.push(Vec::new());
        }
        let pieces = self.whole.len();
        let Some(piece) = self.whole.last_mut() else {
            return 0;
        };
        let place = (pieces - 1) * PIECE + piece.len();
        piece.extend((id.len() as u16).to_le_bytes());
        piece.extend(id.as_bytes());
        place as u64
    }

    fn kept(&self, place: usize) -> Option<&str> {
        let piece = &self.whole.get(place / PIECE)?[place % PIECE..];
        let (length, rest) = piece.split_first_chunk()?;
        std::str::from_utf8(rest.get(..u16::from_le_bytes(*length) as usize)?).ok()
    }
}

impl Template {
    fn fits(&self, words: &str, at: Millis) -> bool {
        let Some(after) = &self.after else {
            return *words == *self.before;
        };
        let between = words
            .strip_prefix(&*self.before)
            .and_then(|rest| rest.strip_suffix(&**after));
        between.is_some() && between == written(at).as_deref()
    }
}

/// What stands before the number at the end, and that number; none where the two would not make the
/// same text again.
fn parts(id: &str) -> Option<(&str, u64)> {
    // 19 digits always fit.
    let digits = id.bytes().rev().take(19);
    let digits = digits.take_while(u8::is_ascii_digit).count();
    let number = id[id.len() - digits..].trim_start_matches('0');
    match number.is_empty() {
        true if digits > 0 => Some((&id[..id.len() - 1], 0)),
        true => None,
        false => Some((&id[..id.len() - number.len()], number.parse().ok()?)),
    }
}

/// An instant as sources write it (`contract::time` does so on the wire, of which the model does not know), `2026-01-01T00:00:00.000Z`; none for years of more than four digits.
pub fn written(at: Millis) -> Option<String> {
    const DAY: i64 = 86_400_000;
    let (days, millis) = (at.0.div_euclid(DAY), at.0.rem_euclid(DAY));
    let (year, month, day) = date(days)?;
    let (hours, minutes) = (millis / 3_600_000, millis / 60_000 % 60);
    let (seconds, millis) = (millis / 1_000 % 60, millis % 1_000);
    Some(format!(
        "{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{millis:03}Z"
    ))
}

/// Year, month and day so many days after 1970-01-01. The year is counted from March, so that the
/// leap day is its last.
fn date(days: i64) -> Option<(i64, i64, i64)> {
    const ERA: i64 = 146_097;
    let days = days.checked_add(719_468)?;
    let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (day - day / 1_460 + day / 36_524 - day / (ERA - 1)) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (0..10_000).contains(&year).then_some((year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (millis, text) in [
            (0, Some("1970-01-01T00:00:00.000Z")),
            (-1, Some("1969-12-31T23:59:59.999Z")),
            (951_782_400_000, Some("2000-02-29T00:00:00.000Z")),
            (1_735_689_599_999, Some("2024-12-31T23:59:59.999Z")),
            (1_767_225_600_123, Some("2026-01-01T00:00:00.123Z")),
            (i64::MAX, None),
            (i64::MIN, None),
        ] {
            assert_eq!(written(Millis(millis)).as_deref(), text, "{millis}");
        }
    }

    #[test]
    fn every_id_is_told_again_and_those_that_count_weigh_nothing() {
        let at = Millis(1_767_225_600_123);
        for (id, kept_whole) in [
            ("l17", false),
            ("17", false),
            ("0", false),
            ("l000", false),
            ("line-0007", false),
            ("l18446744073709551615", false),
            ("run-1-2026-01-01T00:00:00.123Z-3", false),
            ("run-1-2026-01-01T00:00:00.124Z-3", false),
            ("2026-01-01T00:00:00.123Z2026-01-01T00:00:00.123Z3", false),
            ("", true),
            ("no number", true),
            ("\u{0}1", true),
            ("ünï1", false),
        ] {
            let mut ids = Ids::default();
            for _ in 0..2 {
                let (template, number) = ids.put(id, at);
                assert_eq!(ids.get(template, number, at).to_string(), id);
                assert_eq!(template == WHOLE, kept_whole, "{id}");
            }
            assert!(ids.templates.len() < 2, "{id}");
        }
    }

    #[test]
    fn templates_are_bounded_and_what_is_beyond_is_kept_whole() {
        let mut ids = Ids::default();
        let long = "x".repeat(Ids::LONGEST);
        let all: Vec<_> = (0..MAX_TEMPLATES + 9)
            .map(|number| format!("writer-{number}-7"))
            .chain((0..9).map(|number| format!("{long}{number}")))
            .collect();
        let put: Vec<_> = all.iter().map(|id| ids.put(id, Millis(0))).collect();
        assert_eq!(ids.templates.len(), MAX_TEMPLATES);
        for (id, (template, number)) in all.iter().zip(put) {
            assert_eq!(ids.get(template, number, Millis(0)).to_string(), *id);
        }
    }
}
