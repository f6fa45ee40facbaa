//! Lenient reading: a record with a field that cannot be read loses the field, not its life.

use super::given;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Reads a wire type. A null counts as absent; a field that cannot be read is left out and named to
/// `report`. The error says what is missing, in serde's words.
pub(crate) fn read<T: DeserializeOwned>(
    text: &str,
    mut report: impl FnMut(String),
) -> Result<T, String> {
    let mut told = |name: &str, error| report(format!("field `{name}`: {}", in_words(&error)));
    given::read(text, &mut told).map_err(|error| match error.is_data() {
        true => in_words(&error),
        false => error.to_string(),
    })
}

/// Reads a document in which nothing may be odd; a null counts as absent. The error says what is
/// odd or missing, in serde's words.
pub fn strict<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let mut odd = None;
    let read = read(text, |what| odd = odd.take().or(Some(what)));
    match odd {
        Some(what) => Err(what),
        None => read,
    }
}

/// The members of an object, in order, their values unread.
#[derive(Debug, Default)]
pub(crate) struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }

    #[inline(never)]
    pub(super) fn parse(text: &'a str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// All of them, in the order in which they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &'a str)> {
        self.0.iter().map(|(name, value)| (&**name, value.get()))
    }

    /// One by its place.
    pub(super) fn nth(&self, index: usize) -> Option<(&str, &'a str)> {
        let (name, value) = self.0.get(index)?;
        Some((name, value.get()))
    }

    /// A member by name; `null` is the same as absent, the last of several counts.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        let (_, value) = self.0.iter().rev().find(|(key, _)| key == name)?;
        Some(value.get()).filter(|text| *text != "null")
    }

    /// The object without some of its members, as JSON.
    pub(crate) fn without(&self, names: &[&str]) -> String {
        let mut text = String::from("{");
        for (name, value) in &self.0 {
            if names.contains(&&**name) {
                continue;
            }
            if text.len() > 1 {
                text.push(',');
            }
            // Text as JSON cannot fail.
            text.push_str(&serde_json::to_string(name).unwrap_or_default());
            text.push(':');
            text.push_str(value.get());
        }
        text.push('}');
        text
    }

    /// Whether there is a member of this name, `null` or not.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// A text, or a number as text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let raw = self.get(name)?;
        match raw.as_bytes().first()? {
            b'"' => serde_json::from_str(raw).ok(),
            b'-' | b'0'..=b'9' => Some(raw.to_owned()),
            _ => None,
        }
    }
}

/// JSON on one line. A line break inside JSON text is always between tokens: in strings it is
/// escaped.
pub(crate) fn one_line(json: &str) -> String {
    json.replace(['\n', '\r'], " ")
}

/// serde's words without the position, which is that of a part of the text.
fn in_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(Lent(key)) = map.next_key()? {
                    members.push((key, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// Text, lent from what is read where it needs no unescaping.
pub(crate) struct Lent<'a>(pub(crate) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Lent<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Lent<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Lent<'de>, E> {
                Ok(Lent(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Lent<'de>, E> {
                Ok(Lent(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::studio::TraceEvent;

    fn check(text: &str, want: Result<&str, &str>) {
        let mut reports = Vec::new();
        let read = read::<TraceEvent>(text, |report| reports.push(report));
        match (read, want) {
            (Ok(_), Ok(want)) => assert_eq!(reports.join("; "), want, "{text}"),
            (Err(error), Err(want)) => assert_eq!(error, want, "{text}"),
            (read, _) => panic!("{text}: {read:?}"),
        }
    }

    #[test]
    fn a_bad_field_costs_the_field_alone() {
        let with = |rest: &str| {
            format!(r#"{{"id":"1","type":"STARTED","timestamp":"2026-01-01T00:00:00Z"{rest}}}"#)
        };
        for (rest, want) in [
            ("", ""),
            (r#","nodeId":null"#, ""),
            (
                "\n,\n\"nodeId\": \n null, \"error\": {\"message\":\nnull}",
                "",
            ),
            (
                r#","message":7"#,
                "field `message`: invalid type: integer `7`, expected a string",
            ),
            (
                r#","metadata":{"attempt":"two"},"message":{}"#,
                "field `message`: invalid type: map, expected a string; field `metadata`: invalid type: string \"two\", expected u32",
            ),
            (
                r#","metadata":{"attempt":2,"failure":[null]},"error":{"code":[]}"#,
                "field `error`: invalid type: sequence, expected an id (text or a whole number)",
            ),
            (r#","id":"2","id":"3""#, ""),
            (r#","__proto__":{"id":[]},"constructor":null"#, ""),
        ] {
            check(&with(rest), Ok(want));
        }
    }

    #[test]
    fn what_cannot_do_without_is_named() {
        for (text, want) in [
            ("{}", "missing field `id`"),
            (
                r#"{"id":"1","type":"STARTED"}"#,
                "missing field `timestamp`",
            ),
            (
                r#"{"id":"1","type":"STARTED","timestamp":null}"#,
                "missing field `timestamp`",
            ),
            (
                r#"{"id":{},"type":"STARTED","timestamp":""}"#,
                "missing field `id`",
            ),
        ] {
            check(text, Err(want));
        }
    }
}
