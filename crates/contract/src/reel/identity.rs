//! Which records are one and the same, and in what order they stand.

use super::Kind;
use crate::order::natural_key;
use crate::time;
use serde_json::{Map, Value};

/// The identity of a canonical record: two records with equal identity are one, and the one that
/// came first is kept. Records without an id of their own are their whole content.
///
/// Lifecycle events count by id, instant, type and node together, because Studio's sequences repeat
/// after a worker restarts, and two workers may use one number in the same millisecond (contract A.5).
pub fn identity(kind: &Kind, record: &Map<String, Value>) -> String {
    let text = |name: &str| record.get(name).map(plain).unwrap_or_default();
    match kind {
        Kind::Trace => join(
            kind,
            &[text("id"), text("timestamp"), text("type"), text("nodeId")],
        ),
        Kind::Log => join(kind, &[text("id"), text("timestamp")]),
        Kind::Terminal => join(
            kind,
            &[
                text("nodeRef"),
                text("stream"),
                text("chunkIndex"),
                text("recordedAt"),
            ],
        ),
        Kind::Agent => join(kind, &[text("agentRunId"), text("sequence")]),
        Kind::HumanInput => join(kind, &[text("id"), text("status"), text("updatedAt")]),
        Kind::Packet | Kind::Artifact | Kind::Note => join(kind, &[text("id")]),
        Kind::Status | Kind::Io | Kind::Graph | Kind::Other(_) => {
            join(kind, &[Value::Object(record.clone()).to_string()])
        }
    }
}

/// Where a record stands among the others of its run: by instant, then kind, then natural order of
/// what identifies it. Total, so that the order of arrival never shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Nanoseconds since the epoch; the smallest number where a record carries no instant.
    pub at: i64,
    /// Rank of the kind within one instant.
    pub rank: u8,
    /// Tie-break within the kind.
    pub key: String,
}

/// The place of a canonical record.
pub fn place(kind: &Kind, record: &Map<String, Value>) -> Place {
    let text = |name: &str| record.get(name).map(plain).unwrap_or_default();
    let instant = |name: &str| {
        record
            .get(name)
            .and_then(Value::as_str)
            .and_then(time::parse_nanos)
    };
    let at = match kind {
        Kind::Packet => record
            .get("timestamp")
            .and_then(Value::as_i64)
            .map(|millis| millis.saturating_mul(1_000_000)),
        Kind::Terminal => instant("recordedAt"),
        Kind::Status => instant("updatedAt"),
        Kind::Io => instant("completedAt").or_else(|| instant("startedAt")),
        Kind::HumanInput => instant("updatedAt").or_else(|| instant("createdAt")),
        Kind::Artifact => instant("createdAt"),
        _ => instant("timestamp")
            .or_else(|| instant("updatedAt"))
            .or_else(|| instant("createdAt")),
    };
    let key = match kind {
        Kind::Log => join(kind, &[text("sequence"), text("id")]),
        _ => identity(kind, record),
    };
    Place {
        at: at.unwrap_or(i64::MIN),
        rank: rank(kind),
        key: natural_key(&key),
    }
}

fn rank(kind: &Kind) -> u8 {
    match kind {
        Kind::Graph => 0,
        Kind::Status => 1,
        Kind::Trace => 2,
        Kind::Packet => 3,
        Kind::Io => 4,
        Kind::Terminal => 5,
        Kind::Log => 6,
        Kind::Agent => 7,
        Kind::Artifact => 8,
        Kind::HumanInput => 9,
        Kind::Note => 10,
        Kind::Other(_) => 11,
    }
}

fn join(kind: &Kind, parts: &[String]) -> String {
    let mut joined = kind.as_str().to_owned();
    for part in parts {
        // A separator that JSON text cannot hold unescaped and ids do not use.
        joined.push('\u{1f}');
        joined.push_str(part);
    }
    joined
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reel::canonical_record;

    fn read(text: &str) -> (Kind, Map<String, Value>) {
        let mut map = serde_json::from_str(text).unwrap();
        (canonical_record(&mut map).unwrap(), map)
    }

    #[test]
    fn a_repeated_sequence_is_not_a_repeated_event() {
        let event = |id: u32, second: u32, kind: &str| {
            let (kind, map) = read(&format!(
                r#"{{"kind":"trace","id":"{id}","nodeId":"a","type":"{kind}","timestamp":"2026-01-01T00:00:{second:02}Z"}}"#
            ));
            identity(&kind, &map)
        };
        assert_eq!(event(1, 1, "STARTED"), event(1, 1, "NODE_STARTED"));
        assert_ne!(event(1, 1, "STARTED"), event(1, 2, "STARTED"));
        assert_ne!(event(1, 1, "STARTED"), event(1, 1, "COMPLETED"));
        assert_ne!(event(1, 1, "STARTED"), event(2, 1, "STARTED"));
        let (kind, mut other) = read(
            r#"{"kind":"trace","id":"1","nodeId":"a","type":"STARTED","timestamp":"2026-01-01T00:00:01Z"}"#,
        );
        assert_eq!(identity(&kind, &other), event(1, 1, "STARTED"));
        other.insert("nodeId".into(), "b".into());
        assert_ne!(identity(&kind, &other), event(1, 1, "STARTED"));
    }

    #[test]
    fn records_stand_by_instant_then_kind_then_natural_order() {
        let drawn = [
            r#"{"kind":"weather"}"#,
            r#"{"kind":"status","status":"RUNNING","updatedAt":"2026-01-01T00:00:00Z"}"#,
            r#"{"kind":"trace","id":"2","nodeId":"a","type":"STARTED","timestamp":"2026-01-01T00:00:00Z"}"#,
            r#"{"kind":"trace","id":"10","nodeId":"a","type":"STARTED","timestamp":"2026-01-01T00:00:00Z"}"#,
            r#"{"kind":"log","id":"l2","message":"","timestamp":"2026-01-01T00:00:00Z"}"#,
            r#"{"kind":"log","id":"l10","message":"","timestamp":"2026-01-01T00:00:00Z"}"#,
            r#"{"kind":"log","id":"l1","message":"","timestamp":"2026-01-01T00:00:00.000001Z"}"#,
            r#"{"kind":"packet","id":"p","sourceNode":"a","targetNode":"b","timestamp":1767225601000}"#,
        ];
        let mut sorted: Vec<_> = drawn.iter().rev().copied().collect();
        sorted.sort_by_key(|text| {
            let (kind, map) = read(text);
            place(&kind, &map)
        });
        assert_eq!(sorted, drawn);
    }
}
