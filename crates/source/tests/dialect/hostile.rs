//! Hostile input: nothing panics, nothing is swallowed.

use crate::reel::REEL;
use model::{Journal, Millis, RunState};
use proptest::prelude::*;
use source::dialect::Batch;
use source::dialect::studio::{Endpoint, decode_answer, decode_frame, decode_runs};
use source::reel::decode;

const FRAMES: [&str; 16] = [
    "ready",
    "trace",
    "dataflow",
    "terminal",
    "logs",
    "status",
    "complete",
    "error",
    "agent",
    "node-io",
    "artifacts",
    "human-inputs",
    "records",
    "graph",
    "hb",
    "other",
];
const ENDPOINTS: [Endpoint; 14] = [
    Endpoint::Run,
    Endpoint::Status,
    Endpoint::Trace,
    Endpoint::Version,
    Endpoint::Graph,
    Endpoint::Dataflows,
    Endpoint::Logs,
    Endpoint::Terminal,
    Endpoint::NodeIo,
    Endpoint::Artifacts,
    Endpoint::AgentParts,
    Endpoint::HumanInputs,
    Endpoint::Records,
    Endpoint::Reel,
];

/// Decodes a text as everything it could be, and takes in what comes out.
fn decode_as_all(text: &str) -> Vec<Batch> {
    let frames = FRAMES.iter().map(|name| decode_frame(name, text));
    let answers = ENDPOINTS
        .iter()
        .map(|endpoint| decode_answer(*endpoint, text));
    let batches: Vec<_> = frames.chain(answers).collect();
    let mut journal = Journal::default();
    for batch in &batches {
        journal.append(batch.items.clone());
        journal.note_problems(Millis(0), batch.problems.clone());
    }
    RunState::at(&journal, Millis(0));
    RunState::at(&journal, journal.end().unwrap_or_default());
    decode_runs(text);
    batches
}

/// The lines of the reel as lists under every name a list has.
fn envelope(records: &str) -> String {
    let lists = [
        "events",
        "packets",
        "chunks",
        "logs",
        "nodes",
        "artifacts",
        "inputs",
        "parts",
        "records",
        "runs",
    ];
    let lists: Vec<_> = lists
        .iter()
        .map(|name| format!(r#""{name}":[{records}]"#))
        .collect();
    format!("{{{},\"cursor\":1}}", lists.join(","))
}

#[test]
fn extremes_are_problems() {
    let deep = format!("{}1{}", "[".repeat(2_000), "]".repeat(2_000));
    let deep_object = format!("{}1{}", r#"{"a":"#.repeat(2_000), "}".repeat(2_000));
    for value in [
        "null",
        "{}",
        "[]",
        "\"\"",
        "true",
        "-1",
        "1e400",
        "123456789012345678901234567890",
        "1.5",
        "\"\\ud83d\\ude00\"",
        "\"2026-01-01T00:00:00Z\"",
        r#"{"__proto__":{"polluted":true},"constructor":{"prototype":{}}}"#,
        &deep,
        &deep_object,
    ] {
        decode_as_all(value);
        for line in REEL.lines() {
            // Each member of each record in turn.
            for (start, _) in line.match_indices("\":") {
                let rest = &line[start + 2..];
                let length = serde_json::Deserializer::from_str(rest)
                    .into_iter::<serde_json::Value>()
                    .next()
                    .map_or(0, |value| value.map_or(0, |value| value.to_string().len()));
                let end = start + 2 + length.min(rest.len());
                if length == 0 || !line.is_char_boundary(end) {
                    continue;
                }
                let mutant = format!("{}{value}{}", &line[..start + 2], &line[end..]);
                let batch = decode(&mutant);
                assert!(
                    !batch.items.is_empty() || !batch.problems.is_empty(),
                    "swallowed: {mutant}"
                );
            }
        }
    }
}

#[test]
fn deep_data_is_kept_as_it_came() {
    let deep = format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000));
    let event = format!(
        r#"{{"kind":"trace","id":"1","nodeId":"a","type":"PROGRESS","timestamp":"2026-01-01T00:00:01Z","data":{{"current":{deep},"x":{deep}}}}}"#
    );
    let batch = decode(&event);
    assert_eq!((batch.items.len(), batch.problems.len()), (1, 0));
}

/// Cuts, doubles, moves and replaces pieces of a text.
fn mutate(text: &str, edits: &[(usize, usize, u8, String)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (at, length, what, piece) in edits {
        let start = at % (chars.len() + 1);
        let end = (start + length).min(chars.len());
        let cut: Vec<char> = chars[start..end].to_vec();
        let put: Vec<char> = match what % 4 {
            0 => Vec::new(),
            1 => [cut.clone(), cut].concat(),
            2 => piece.chars().collect(),
            _ => cut.into_iter().rev().collect(),
        };
        chars.splice(start..end, put);
    }
    chars.into_iter().collect()
}

fn pieces() -> impl Strategy<Value = String> {
    let words = [
        "null",
        "{}",
        "[]",
        "-1",
        "9e99",
        "\"",
        ",",
        ":",
        "\\",
        "{\"__proto__\":null}",
        "\\u0000",
        "\"0001-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59Z\"",
        "18446744073709551616",
        "\n",
    ];
    prop_oneof![
        prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ]
}

proptest! {
    #[test]
    fn mutants_never_panic(
        line in prop::sample::select(REEL.lines().collect::<Vec<_>>()),
        edits in prop::collection::vec((any::<usize>(), 0..12_usize, any::<u8>(), pieces()), 1..6),
    ) {
        let mutant = mutate(line, &edits);
        decode_as_all(&mutant);
        decode_as_all(&envelope(&mutant));
    }

    #[test]
    fn any_text_is_read_or_reported(text in "\\PC{0,80}") {
        for batch in decode_as_all(&text) {
            prop_assert!(batch.items.is_empty());
        }
        let blank = text.trim_ascii().is_empty();
        prop_assert_eq!(decode(&text).problems.is_empty(), blank);
    }

    #[test]
    fn good_lines_among_mutants_are_kept(
        number in 1..REEL.lines().count(),
        edits in prop::collection::vec((any::<usize>(), 0..12_usize, any::<u8>(), "[^\n]{0,4}"), 1..6),
    ) {
        let mut lines: Vec<String> = REEL.lines().map(str::to_owned).collect();
        let whole = decode(REEL).items.len();
        lines[number] = mutate(&lines[number], &edits);
        prop_assume!(!lines[number].contains('\n'));
        // A record is at most two facts.
        prop_assert!(decode(&lines.join("\n")).items.len() >= whole - 2);
    }
}
