//! Lenient reading: a record with a field that cannot be read loses the field, not its life.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// How deep nulls are dropped.
const DEPTH: usize = 8;

/// Reads `text`. Where that fails, nulls count as absent, and fields that cannot be read are left
/// out and named to `report`. The error says what is missing, in serde's words.
pub(crate) fn read<T: DeserializeOwned>(
    text: &str,
    mut report: impl FnMut(String),
) -> Result<T, String> {
    let mut value = None;
    let mut attempt = |text: &str| {
        value = Some(serde_json::from_str(text)?);
        Ok(())
    };
    let mended = match attempt(text) {
        Ok(()) => Ok(()),
        Err(error) => repair(text, &error, &mut attempt, &mut report),
    };
    mended.and_then(|()| value.ok_or_else(|| "nothing was read".to_owned()))
}

/// The members of an object, in order, their values unread.
#[derive(Debug, Default)]
pub(crate) struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// A member by name; `null` is the same as absent, the last of several counts.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        let (_, value) = self.0.iter().rev().find(|(key, _)| key == name)?;
        Some(value.get()).filter(|text| *text != "null")
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

struct Member {
    key: String,
    value: String,
    cleaned: bool,
}

/// The same code for all types, and each type's reading only once: they are many.
///
/// serde tells the column of an error, and so which member it is in. Each turn mends one member or
/// gives up, so it ends after twice as many turns as there are members.
#[cold]
fn repair(
    text: &str,
    first: &serde_json::Error,
    attempt: &mut dyn FnMut(&str) -> serde_json::Result<()>,
    report: &mut dyn FnMut(String),
) -> Result<(), String> {
    let Ok(Members(raw)) = Members::read(text) else {
        return Err(first.to_string());
    };
    let mut members: Vec<Member> = Vec::with_capacity(raw.len());
    for (key, value) in raw {
        members.retain(|member| member.key != key);
        members.push(Member {
            key: key.into_owned(),
            value: one_line(value.get()),
            cleaned: false,
        });
    }
    loop {
        let (rebuilt, starts) = assemble(&members);
        let error = match attempt(&rebuilt) {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let culprit = starts.iter().rposition(|start| *start <= error.column());
        let Some(index) = culprit.filter(|_| error.column() < rebuilt.len()) else {
            return Err(in_words(&error));
        };
        let member = &mut members[index];
        if !member.cleaned {
            member.cleaned = true;
            let cleaned = without_nulls(&member.value, DEPTH);
            if cleaned.is_some() {
                member.value = cleaned.unwrap_or_default();
                continue;
            }
        }
        let member = members.remove(index);
        if member.value != "null" {
            report(format!("field `{}`: {}", member.key, in_words(&error)));
        }
    }
}

/// The object as one line, and where each value begins.
fn assemble(members: &[Member]) -> (String, Vec<usize>) {
    let mut text = String::from("{");
    let mut starts = Vec::with_capacity(members.len());
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&quoted(&member.key));
        text.push(':');
        starts.push(text.len());
        text.push_str(&member.value);
    }
    text.push('}');
    (text, starts)
}

/// An object without the members that are null, at any depth; `None` where nothing changes.
fn without_nulls(text: &str, depth: usize) -> Option<String> {
    if depth == 0 || !text.starts_with('{') {
        return None;
    }
    let Members(raw) = Members::read(text).ok()?;
    let mut changed = false;
    let mut members = Vec::with_capacity(raw.len());
    for (key, value) in raw {
        if value.get() == "null" {
            changed = true;
            continue;
        }
        let cleaned = without_nulls(value.get(), depth - 1);
        changed |= cleaned.is_some();
        members.push(Member {
            key: key.into_owned(),
            value: cleaned.unwrap_or_else(|| value.get().to_owned()),
            cleaned: true,
        });
    }
    changed.then(|| assemble(&members).0)
}

/// JSON on one line. A line break inside JSON text is always between tokens: in strings it is
/// escaped.
pub(crate) fn one_line(json: &str) -> String {
    json.replace(['\n', '\r'], " ")
}

/// serde's words without the position, which is that of the repaired text.
fn in_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

fn quoted(text: &str) -> String {
    // Text as JSON cannot fail; an empty key would only cost the member.
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned())
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
                "field `metadata`: invalid type: string \"two\", expected u32; field `message`: invalid type: map, expected a string",
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
