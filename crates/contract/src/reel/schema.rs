//! The strict, canonical form of a reel's line, by the tables in `tables`.
//!
//! Ingest goes through here: what is wrong is named by field, what passes comes out in one
//! rendering (keys sorted, optional nulls dropped, instants in UTC `Z`, ids as text, words in their
//! canonical spelling; unknown fields kept as they are), so that two servers that hold the same
//! records give the same bytes.

use super::Kind;
use super::tables::{Field, HEADER, Need, Shape, fields};
use crate::time;
use serde_json::{Map, Value};
use std::fmt;

/// A field that is missing or is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Path from the line's root, as `error.message`.
    pub field: String,
    /// What is wrong with it, for a person.
    pub problem: String,
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "field `{}`: {}", self.field, self.problem)
    }
}

impl std::error::Error for FieldError {}

/// Checks a header (`{"reel":…,"run":…,"graph":…}`) and brings it into its canonical form.
pub fn canonical_header(header: &mut Map<String, Value>) -> Result<(), FieldError> {
    check(header, HEADER, "")?;
    match header.get("reel").and_then(Value::as_u64) {
        Some(version) if (1..=super::REEL_VERSION).contains(&version) => Ok(()),
        _ => Err(error(
            "reel",
            format!("expected a version from 1 to {}", super::REEL_VERSION),
        )),
    }
}

/// Checks a record and brings it into its canonical form; returns its kind. `runId` is dropped:
/// the header says whose record it is.
pub fn canonical_record(record: &mut Map<String, Value>) -> Result<Kind, FieldError> {
    let kind = match record.get("kind") {
        Some(Value::String(word)) if !word.is_empty() => Kind::from_word(word),
        Some(_) => return Err(error("kind", "expected a word".into())),
        None => {
            return Err(error(
                "kind",
                "missing; every record says what it is".into(),
            ));
        }
    };
    check(record, fields(&kind), "")?;
    record.insert("kind".into(), Value::String(kind.as_str().to_owned()));
    record.remove("runId");
    Ok(kind)
}

fn check(map: &mut Map<String, Value>, fields: &[Field], path: &str) -> Result<(), FieldError> {
    for field in fields {
        let at = || {
            if path.is_empty() {
                field.name.to_owned()
            } else {
                format!("{path}.{}", field.name)
            }
        };
        match map.get_mut(field.name) {
            None if field.need == Need::Required => {
                return Err(error(
                    &at(),
                    format!("missing; expected {}", field.shape.wanted()),
                ));
            }
            None => {}
            Some(Value::Null) if field.need == Need::Optional => {
                map.remove(field.name);
            }
            Some(value) => conform(value, field.shape, &at)?,
        }
    }
    Ok(())
}

fn conform(value: &mut Value, shape: Shape, path: &dyn Fn() -> String) -> Result<(), FieldError> {
    let wrong = |value: &Value| {
        Err(error(
            &path(),
            format!("expected {}, got {}", shape.wanted(), excerpt(value)),
        ))
    };
    match (shape, &mut *value) {
        (Shape::Any, _) | (Shape::Text, Value::String(_)) | (Shape::Bool, Value::Bool(_)) => Ok(()),
        (Shape::Number, Value::Number(_)) => Ok(()),
        (Shape::Id, Value::String(id)) if !id.is_empty() => Ok(()),
        (Shape::Id, Value::Number(number)) if number.is_i64() || number.is_u64() => {
            *value = Value::String(number.to_string());
            Ok(())
        }
        (Shape::Instant, Value::String(text)) => match time::parse_nanos(text) {
            Some(nanos) => {
                *value = Value::String(time::format_nanos(nanos));
                Ok(())
            }
            None => wrong(value),
        },
        (Shape::Integer { min }, Value::Number(number))
            if number.as_i64().is_some_and(|number| number >= min) =>
        {
            Ok(())
        }
        (Shape::Base64, Value::String(text)) if is_base64(text) => Ok(()),
        (Shape::Word(canonical), Value::String(word)) if !word.is_empty() => {
            *word = canonical(word);
            Ok(())
        }
        (Shape::Object(fields), Value::Object(map)) => check(map, fields, &path()),
        (Shape::List(item), Value::Array(list)) => {
            list.iter_mut().enumerate().try_for_each(|(index, value)| {
                conform(value, *item, &|| format!("{}[{index}]", path()))
            })
        }
        (_, _) => wrong(value),
    }
}

/// Standard alphabet, padding as far as given right; decoding proper is the reader's.
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len() - body.len() <= 2
        && text.len().is_multiple_of(4)
        && body
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

fn excerpt(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn error(field: &str, problem: String) -> FieldError {
    FieldError {
        field: field.to_owned(),
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(text: &str) -> Result<String, String> {
        let mut map: Map<String, Value> = serde_json::from_str(text).unwrap();
        canonical_record(&mut map).map_err(|error| error.to_string())?;
        Ok(serde_json::to_string(&map).unwrap())
    }

    #[test]
    fn the_canonical_form_is_strict() {
        let given = r#"{"kind":"trace","runId":"r","id":7,"nodeId":"scan","type":"NODE_STARTED","level":"INFO","timestamp":"2026-01-01T01:00:00+01:00","message":null,"odd":{"b":null,"a":1},"metadata":{"attempt":1,"depth":null}}"#;
        let want = r#"{"id":"7","kind":"trace","level":"info","metadata":{"attempt":1},"nodeId":"scan","odd":{"a":1,"b":null},"timestamp":"2026-01-01T00:00:00.000Z","type":"STARTED"}"#;
        assert_eq!(record(given).unwrap(), want);
        assert_eq!(record(want).unwrap(), want, "canonical is a fixed point");
    }

    #[test]
    fn unknown_kinds_and_words_pass() {
        for text in [
            r#"{"kind":"weather","sky":"blue"}"#,
            r#"{"id":"1","kind":"trace","nodeId":"a","timestamp":"2026-01-01T00:00:00.000Z","type":"NODE_DREAMT"}"#,
        ] {
            assert_eq!(record(text).unwrap(), text);
        }
    }

    #[test]
    fn a_problem_names_its_field() {
        for (text, want) in [
            (
                r#"{"id":1}"#,
                "field `kind`: missing; every record says what it is",
            ),
            (
                r#"{"kind":"log","id":"1","message":"x"}"#,
                "field `timestamp`: missing; expected a date and time with a zone, as 2026-01-01T00:00:00.000Z",
            ),
            (
                r#"{"kind":"log","id":"1","message":"x","timestamp":"soon"}"#,
                "field `timestamp`: expected a date and time with a zone, as 2026-01-01T00:00:00.000Z, got \"soon\"",
            ),
            (
                r#"{"kind":"log","id":{},"message":"x","timestamp":"2026-01-01T00:00:00Z"}"#,
                "field `id`: expected an id (text or a whole number), got {}",
            ),
            (
                r#"{"kind":"trace","id":"1","nodeId":"a","type":"FAILED","timestamp":"2026-01-01T00:00:00Z","error":{"message":7}}"#,
                "field `error.message`: expected text, got 7",
            ),
            (
                r#"{"kind":"terminal","nodeRef":"a","stream":"pty","chunkIndex":0,"payload":"aGk=","recordedAt":"2026-01-01T00:00:00Z"}"#,
                "field `chunkIndex`: expected a whole number from 1, got 0",
            ),
            (
                r#"{"kind":"terminal","nodeRef":"a","stream":"pty","chunkIndex":1,"payload":"<b>","recordedAt":"2026-01-01T00:00:00Z"}"#,
                "field `payload`: expected text in base64, got \"<b>\"",
            ),
            (
                r#"{"kind":"graph","nodes":[{"id":"a"},{}],"edges":[]}"#,
                "field `nodes[1].id`: missing; expected an id (text or a whole number)",
            ),
        ] {
            assert_eq!(record(text).unwrap_err(), want, "{text}");
        }
    }

    #[test]
    fn a_header_is_checked_as_deep() {
        let check = |text: &str| {
            let mut map: Map<String, Value> = serde_json::from_str(text).unwrap();
            canonical_header(&mut map).map_err(|error| error.to_string())
        };
        let run = r#""run":{"id":"r","workflowId":"w","workflowName":"W","status":"RUNNING","startTime":"2026-01-01T00:00:00Z"}"#;
        assert_eq!(check(&format!(r#"{{"reel":1,{run}}}"#)), Ok(()));
        assert_eq!(
            check(&format!(r#"{{"reel":2,{run}}}"#)).unwrap_err(),
            "field `reel`: expected a version from 1 to 1"
        );
        assert_eq!(
            check(r#"{"reel":1}"#).unwrap_err(),
            "field `run`: missing; expected an object"
        );
        assert_eq!(
            check(r#"{"reel":1,"run":{"id":"r","workflowId":"w","workflowName":"W","status":"RUNNING"}}"#).unwrap_err(),
            "field `run.startTime`: missing; expected a date and time with a zone, as 2026-01-01T00:00:00.000Z"
        );
    }
}
