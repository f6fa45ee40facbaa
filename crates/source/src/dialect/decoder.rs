//! What every decoder needs: where it is, what it found, and a word for what it could not read.

use super::{Batch, ResumeToken, lenient};
use contract::time::parse_nanos;
use model::{Item, JsonText, Millis, Problem, Stamp, Text};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// Characters of a received text that a problem shows.
const EXCERPT: usize = 160;
/// Turns the records of one answer, frame or file into a [`Batch`].
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    pub(crate) batch: Batch,
    origin: String,
    noun: &'static str,
    /// Which of a list, from 1; 0 outside a list.
    number: usize,
    names: Names,
    pub(crate) data: Data,
}

impl Decoder {
    /// `origin` as a person would say it: "frame `trace`".
    pub(crate) fn new(origin: String) -> Self {
        Self {
            origin,
            ..Self::default()
        }
    }

    /// Goes on at another place of the same source.
    pub(crate) fn at(&mut self, origin: String) {
        self.origin = origin;
        self.noun = "";
        self.number = 0;
    }

    /// Hands out what was found so far.
    pub(crate) fn take(&mut self) -> Batch {
        std::mem::take(&mut self.batch)
    }

    pub(crate) fn push(&mut self, item: Item) {
        self.batch.items.push(item);
    }

    /// Notes what is wrong with `received`.
    pub(crate) fn problem(&mut self, what: impl Into<String>, received: &str) {
        let place = match (self.noun, self.number) {
            ("", _) => self.origin.clone(),
            (noun, 0) => format!("{}, {noun}", self.origin),
            (noun, number) => format!("{}, {noun} {number}", self.origin),
        };
        self.batch.problems.push(Problem {
            place: place.into(),
            what: what.into().into(),
            excerpt: excerpt(received),
        });
    }

    /// Reads a wire type; what it cannot do without, and what had to be left out, are problems.
    pub(crate) fn read<T: DeserializeOwned>(&mut self, text: &str) -> Option<T> {
        let read = lenient::read(text, |what| {
            self.problem(format!("left out: {what}"), text);
        });
        match read {
            Ok(value) => Some(value),
            Err(what) => {
                self.problem(what, text);
                None
            }
        }
    }

    /// Decodes each element of a list by itself, so that one costs no other.
    pub(crate) fn each(
        &mut self,
        noun: &'static str,
        list: &[&RawValue],
        mut decode: impl FnMut(&mut Self, &str),
    ) {
        let before = (self.noun, self.number);
        for (index, raw) in list.iter().enumerate() {
            (self.noun, self.number) = (noun, index + 1);
            decode(self, raw.get());
        }
        (self.noun, self.number) = before;
    }

    /// The instant of a record. Without one the record has no place: a problem, never a guess.
    pub(crate) fn stamp(&mut self, field: &str, text: &str, received: &str) -> Option<Stamp> {
        if let Some(nanos) = parse_nanos(text) {
            return Some(stamp_of(nanos));
        }
        self.problem(
            format!(
                "`{field}` is not a date and time with a zone between 1678 and 2262: {:?}",
                excerpt(text)
            ),
            received,
        );
        None
    }

    /// An instant that may be missing: then, and when it is empty, there is no problem.
    pub(crate) fn optional_stamp(
        &mut self,
        field: &str,
        text: Option<&str>,
        received: &str,
    ) -> Option<Stamp> {
        let text = text.filter(|text| !text.is_empty())?;
        self.stamp(field, text, received)
    }

    /// As [`Self::optional_stamp`], the instant alone.
    pub(crate) fn optional_instant(
        &mut self,
        field: &str,
        text: Option<&str>,
        received: &str,
    ) -> Option<Millis> {
        Some(self.optional_stamp(field, text, received)?.at)
    }

    /// A name that many records share, held once.
    pub(crate) fn name(&mut self, name: &str) -> Text {
        self.names.share(name)
    }

    /// Where to go on from, unless the source left it empty.
    pub(crate) fn resume(&mut self, token: Option<String>) {
        self.batch.resume = token.filter(|token| !token.is_empty()).map(ResumeToken);
    }
}

/// Names that many records share, held once where it is cheap to know: a cache, so that nobody's
/// names can make it slow or big. A name that fell out of it is held twice, and that is all.
#[derive(Debug, Default)]
struct Names {
    /// The newest; alone it is enough for a frame of one record.
    last: Text,
    /// By hash; made with the second name.
    slots: Vec<Text>,
}

impl Names {
    const SLOTS: usize = 1_024;

    fn share(&mut self, name: &str) -> Text {
        if name.is_empty() {
            return Text::default();
        }
        if *self.last == *name {
            return self.last.clone();
        }
        if self.last.is_empty() {
            self.last = name.into();
            return self.last.clone();
        }
        if self.slots.is_empty() {
            self.slots.resize(Self::SLOTS, Text::default());
            let slot = Self::slot(&self.last);
            self.slots[slot] = self.last.clone();
        }
        let slot = &mut self.slots[Self::slot(name)];
        if **slot != *name {
            *slot = name.into();
        }
        self.last = slot.clone();
        self.last.clone()
    }

    fn slot(name: &str) -> usize {
        let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
        (hash ^ (hash >> 16)) as usize % Self::SLOTS
    }
}

/// The newest data of an event, which often is that of the event before: then it is held once.
#[derive(Debug, Default)]
pub(crate) struct Data(Text);

impl Data {
    /// What an event attaches, unless it is nothing.
    pub(crate) fn share(&mut self, json: Option<&str>) -> Option<JsonText> {
        let json = json.filter(|json| *json != "null")?;
        if *self.0 != *json {
            self.0 = json.into();
        }
        Some(JsonText(self.0.clone()))
    }
}

/// An instant, whose source's count is not known yet.
pub(crate) fn stamp_of(nanos: i64) -> Stamp {
    let millis = nanos.div_euclid(1_000_000);
    Stamp {
        at: Millis(millis),
        nanos: (nanos - millis * 1_000_000) as u32,
        sequence: 0,
    }
}

/// The source's count within a run: the decimal id, else the number the id ends in, else 0.
pub(crate) fn sequence_of(id: &str) -> u64 {
    let digits = id.bytes().rev().take_while(u8::is_ascii_digit).count();
    id[id.len() - digits..].parse().unwrap_or(0)
}

/// A count on the wire, which is signed there.
pub(crate) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

pub(crate) fn json(raw: Option<Box<RawValue>>) -> Option<JsonText> {
    raw.map(|raw| JsonText(raw.get().into()))
}

/// Text that says something.
pub(crate) fn text(text: Option<String>) -> Option<Text> {
    text.filter(|text| !text.is_empty()).map(Text::from)
}

fn excerpt(received: &str) -> Text {
    match received.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &received[..end]).into(),
        None => received.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_their_sequence() {
        for (id, want) in [
            ("10", 10),
            ("0", 0),
            ("18446744073709551615", u64::MAX),
            ("18446744073709551616", 0),
            ("l7", 7),
            ("run-1-2026-01-01T00:00:00.000Z-12", 12),
            ("evt", 0),
            ("", 0),
            ("ü9", 9),
            ("-5", 5),
        ] {
            assert_eq!(sequence_of(id), want, "{id}");
        }
    }
}
