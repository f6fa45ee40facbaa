//! What the handles write is what the contract accepts, as it stands, and the same each time.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use contract::reel::{canonical_header, canonical_record};
use contract::studio::{Graph, InputType, LogLevel, Stream, TraceLevel};
use recorder::{Failure, NodeIoRow, Recorder, RunStart, WriteSink};
use serde_json::{Map, Value, json};
use std::io::Write;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const NOON: i64 = 1_767_268_800_000;

/// One of everything.
fn record_all() -> String {
    let buffer = Shared::default();
    let mut start = RunStart::new("r", "Test");
    start.graph = Some(Graph::default());
    let run = Recorder::with_sink(WriteSink::new(buffer.clone()), start, || NOON).unwrap();
    run.running(0, 2);
    let a = run.node("a");
    a.started_by(1, "manual");
    a.progress("89 of 127", Some(89), Some(127));
    a.progress_data(
        "agent",
        TraceLevel::Info,
        Some(&json!({"agentRunId": "r:a:1", "agentStatus": "started"})),
    );
    a.log(LogLevel::Warn, Stream::Stderr, "slow");
    a.terminal(Stream::Pty, b"\x1b[32mok", Some((120, 30)));
    a.terminal(Stream::Pty, b"\xc3", None);
    a.terminal(Stream::Pty, b"", None);
    a.agent(
        "r:a:1",
        &json!({"type": "text-delta", "id": "t", "delta": "hi"}),
    )
    .unwrap();
    assert!(a.agent("r:a:1", &json!({"delta": "hi"})).is_err());
    a.emit_artifact("x.csv", b"a,b\n", None);
    let failure = Failure {
        message: "no".into(),
        kind: Some("ExitError".into()),
        code: Some("3".into()),
        details: Some(json!({"x": 1})),
    };
    a.failed(&failure, Some(&json!({"maxAttempts": 2})));
    a.started(2);
    a.awaiting_input(InputType::Approval, "Go?", Some("Really?"));
    a.io(&NodeIoRow {
        started_at: NOON,
        completed_at: Some(NOON + 5),
        outputs: Some(json!({"n": 1})),
        ..NodeIoRow::default()
    });
    let event = a.completed(Some(&json!({"n": 1})));
    a.packet(&event, "b", "n", &json!(1));
    run.node("b").skipped("not needed");
    run.log(LogLevel::Info, "done");
    run.failed("a failed", Some(&json!({"node": "a"})));
    run.finish(std::time::Duration::ZERO).unwrap();
    String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap()
}

#[test]
fn every_line_is_as_the_contract_wants_it() {
    let reel = record_all();
    let mut lines = reel
        .lines()
        .map(|line| serde_json::from_str::<Map<String, Value>>(line).unwrap());
    let mut header = lines.next().unwrap();
    let given = header.clone();
    canonical_header(&mut header).unwrap();
    assert_eq!(header, given);
    let mut kinds = Vec::new();
    for given in lines {
        let mut record = given.clone();
        kinds.push(canonical_record(&mut record).unwrap().to_string());
        assert_eq!(record, given, "nothing was to be corrected");
    }
    for kind in [
        "status",
        "trace",
        "log",
        "terminal",
        "agent",
        "artifact",
        "human_input",
        "io",
        "packet",
    ] {
        assert!(kinds.iter().any(|have| have == kind), "no {kind}");
    }
}

#[test]
fn recording_the_same_gives_the_same_bytes() {
    assert_eq!(record_all(), record_all());
}

#[test]
fn events_carry_attempts_and_count_from_one() {
    let reel = record_all();
    let events: Vec<Value> = reel
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &Value| line["kind"] == "trace")
        .collect();
    let drawn: Vec<(String, String, i64)> = events
        .iter()
        .map(|event| {
            (
                event["id"].as_str().unwrap().into(),
                event["type"].as_str().unwrap().into(),
                event["metadata"]["attempt"].as_i64().unwrap(),
            )
        })
        .collect();
    let want = [
        ("1", "STARTED", 1),
        ("2", "PROGRESS", 1),
        ("3", "PROGRESS", 1),
        ("4", "FAILED", 1),
        ("5", "STARTED", 2),
        ("6", "AWAITING_INPUT", 2),
        ("7", "COMPLETED", 2),
        ("8", "SKIPPED", 1),
    ];
    assert_eq!(
        drawn,
        want.map(|(id, kind, attempt)| (id.to_owned(), kind.to_owned(), attempt))
    );
    assert_eq!(events[1]["data"], json!({"current": 89, "total": 127}));
}
