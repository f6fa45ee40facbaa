//! What is shown at the playhead, for embedding hosts and tests.

use crate::state::run_store::RunStore;
use leptos::prelude::*;
use model::playhead::Playhead;
use std::fmt::Write as _;

/// JSON text: `{runId, t, mode, connection, status, nodes: {ref: state}, logLines, records, problems}`.
pub fn snapshot(store: &RunStore) -> String {
    untrack(|| {
        let state = store.state();
        let mode = match store.playhead() {
            Playhead::Following => "following",
            Playhead::Paused { .. } => "paused",
            Playhead::Playing { .. } | Playhead::CatchingUp { .. } => "playing",
        };
        let frozen = store
            .frozen()
            .filter(|_| store.playhead() == Playhead::Following);
        store.journal(|journal| {
            let log_lines = match frozen {
                Some(frozen) => frozen.log_lines,
                None => journal.logs().upto(store.at()),
            };
            let present = journal.graph().nodes().iter().zip(&state.nodes).filter(|(_, view)| view.present);
            let nodes: Vec<_> = present
                .map(|(node, view)| format!("{}:{}", quoted(&node.reference), quoted(view.state.as_str())))
                .collect();
            format!(
                r#"{{"runId":{},"t":{},"mode":"{mode}","connection":"{}","status":{},"nodes":{{{}}},"logLines":{},"records":{},"problems":{}}}"#,
                quoted(&store.id()),
                store.t(),
                store.link().badge().key(),
                quoted(state.status.as_str()),
                nodes.join(","),
                log_lines,
                journal.records(),
                journal.problems().count,
            )
        })
    })
}

/// A JSON string.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if control < ' ' => {
                // Writing to a String cannot fail.
                write!(quoted, "\\u{:04x}", control as u32).ok();
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    #[test]
    fn any_name_makes_valid_json() {
        assert_eq!(
            super::quoted("a\"b\\c\nd\u{1}é"),
            r#""a\"b\\c\u000ad\u0001é""#
        );
    }
}
