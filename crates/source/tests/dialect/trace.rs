//! Lifecycle events: payloads of the documents and the code, and their quirks (contract A.5).

use crate::draw::{check_answer, check_frame};
use source::dialect::studio::Endpoint;

/// One event with the usual id and time.
fn check(members: &str, want: &str) {
    let event = format!(r#"{{"id":"1","timestamp":"2026-01-01T00:00:01.000Z",{members}}}"#);
    check_frame("trace", &format!(r#"{{"events":[{event}]}}"#), want);
}

#[test]
fn the_real_example() {
    check_answer(
        Endpoint::Trace,
        r#"{"runId":"service-run-meta","events":[{"id":"10","runId":"service-run-meta","nodeId":"node-meta","type":"COMPLETED","level":"info","timestamp":"2025-01-02T00:00:00.000Z","data":{"detail":"value"},"metadata":{"activityId":"activity-42","attempt":2,"correlationId":"corr"}}],"cursor":"10"}"#,
        r#"event 2025-01-02T00:00:00.000#10 10 "node-meta" Completed info @2 data {"detail":"value"} correlation corr
        resume 10"#,
    );
}

#[test]
fn every_type_in_both_spellings() {
    for (word, want) in [
        ("STARTED", "Started info"),
        ("NODE_STARTED", "Started info"),
        ("PROGRESS", "Progress info"),
        ("COMPLETED", "Completed info"),
        ("NODE_COMPLETED", "Completed info"),
        ("FAILED", "Failed error"),
        ("AWAITING_INPUT", "AwaitingInput info"),
        ("SKIPPED", "Skipped info"),
        ("HTTP_REQUEST_SENT", "Http(Sent) info"),
        ("HTTP_RESPONSE_RECEIVED", "Http(Received) info"),
        ("HTTP_REQUEST_ERROR", "Http(Error) error"),
    ] {
        check(
            &format!(r#""nodeId":"a","type":"{word}""#),
            &format!(r#"event 00:00:01.000#1 1 "a" {want}"#),
        );
    }
    check(
        r#""nodeId":"a","type":"NODE_DREAMT""#,
        r#"event 00:00:01.000#1 1 "a" Other("NODE_DREAMT") info
        ! frame `trace`, event 1: event type `NODE_DREAMT` is not known here"#,
    );
}

#[test]
fn what_an_event_carries() {
    for (members, want) in [
        (
            r#""nodeId":"a","type":"FAILED","level":"warn","error":{"message":"no","type":"ValidationError","code":404,"stack":"at x","details":{"b":[1]},"fieldErrors":{"url":["bad","long"]}},"metadata":{"attempt":1}"#,
            r#"event 00:00:01.000#1 1 "a" Failed warn @1 error ErrorInfo { message: "no", kind: Some("ValidationError"), code: Some("404"), stack: Some("at x"), details: Some(JsonText("{\"b\":[1]}")), fields: [("url", ["bad", "long"])] }"#,
        ),
        (
            r#""nodeId":"a","type":"COMPLETED","outputSummary":{"n":12345678901234567890,"itemsCount":3,"_truncated":true},"data":{"activatedPorts":["approved"]}"#,
            r#"event 00:00:01.000#1 1 "a" Completed info output {"n":12345678901234567890,"itemsCount":3,"_truncated":true} data {"activatedPorts":["approved"]}"#,
        ),
        (
            r#""nodeId":"sub","type":"STARTED","metadata":{"childRunId":"r2","depth":1}"#,
            r#"event 00:00:01.000#1 1 "sub" Started info child r2"#,
        ),
        (
            r#""nodeId":"tool-call:abc","type":"HTTP_REQUEST_SENT","data":{"correlationId":"x1","request":{}},"metadata":{"correlationId":"r:a:1"}"#,
            r#"event 00:00:01.000#1 1 "tool-call:abc" Http(Sent) info data {"correlationId":"x1","request":{}} correlation x1"#,
        ),
        (
            r#""nodeId":"a","type":"PROGRESS","level":"error","message":"","data":{"stream":"stderr","origin":"docker"}"#,
            r#"event 00:00:01.000#1 1 "a" Progress error data {"stream":"stderr","origin":"docker"}"#,
        ),
        (
            r#""nodeId":"a","type":"STARTED","level":"TRACE""#,
            r#"event 00:00:01.000#1 1 "a" Started trace"#,
        ),
        (
            r#""nodeId":"a","type":"FAILED","level":"loud""#,
            r#"event 00:00:01.000#1 1 "a" Failed error
            ! frame `trace`, event 1: level `loud` is not known here"#,
        ),
    ] {
        check(members, want);
    }
}

#[test]
fn progress_is_read_from_data_then_words_of_progress_events_alone() {
    for (members, want) in [
        (
            r#""type":"PROGRESS","message":"scanned 89/127""#,
            r#"Progress info message "scanned 89/127" progress 89/127"#,
        ),
        (
            r#""type":"PROGRESS","message":"scanned 89/127","data":{"current":90,"total":127}"#,
            r#"Progress info message "scanned 89/127" progress 90/127 data {"current":90,"total":127}"#,
        ),
        (
            r#""type":"PROGRESS","message":"half","data":{"agentRunId":"r:a:1","agentStatus":"running"}"#,
            r#"Progress info message "half" data {"agentRunId":"r:a:1","agentStatus":"running"}"#,
        ),
        (
            r#""type":"COMPLETED","message":"scanned 127/127""#,
            r#"Completed info message "scanned 127/127""#,
        ),
    ] {
        check(
            &format!(r#""nodeId":"a",{members}"#),
            &format!(r#"event 00:00:01.000#1 1 "a" {want}"#),
        );
    }
}

#[test]
fn notes_of_the_run_name_no_node() {
    let cancel = r#""type":"PROGRESS","level":"warn","message":"Run cancelled by user""#;
    for (node, want) in [
        (
            r#""nodeId":"workflow","metadata":{"activityId":"workflow-orchestration"}"#,
            "",
        ),
        (r#""nodeId":"""#, ""),
        (r#""nodeId":null"#, ""),
        (r#""nodeId":"workflow""#, "workflow"),
        (
            r#""nodeId":"a","metadata":{"activityId":"workflow-orchestration"}"#,
            "a",
        ),
    ] {
        check(
            &format!("{cancel},{node}"),
            &format!(
                r#"event 00:00:01.000#1 1 "{want}" Progress warn message "Run cancelled by user""#
            ),
        );
    }
}

#[test]
fn the_trace_documents_own_types_go_to_their_channels() {
    for (members, want) in [
        (
            r#""nodeId":"a","type":"NODE_LOG","level":"warn","message":"slow","data":{"stream":"stderr"}"#,
            r#"log 00:00:01.000#1 1 "a" warn stderr "slow""#,
        ),
        (
            r#""nodeId":"a","type":"NODE_LOG","data":{"line":"hi"}"#,
            r#"log 00:00:01.000#1 1 "a" info console "hi""#,
        ),
        (
            r#""nodeId":"a","type":"NODE_ARTIFACT","data":{"artifactId":"f1","fileName":"out.csv","contentType":"text/csv","size":12}"#,
            r#"artifact 00:00:01.000 f1 a "out.csv" text/csv 12"#,
        ),
        (
            r#""nodeId":"a","type":"NODE_ARTIFACT","message":"report""#,
            r#"artifact 00:00:01.000 1 a "report" 0"#,
        ),
        (
            r#""nodeId":"","type":"WORKFLOW_STATUS","data":{"status":"RUNNING"}"#,
            "status 00:00:01.000#0 RUNNING",
        ),
        (
            r#""nodeId":"","type":"WORKFLOW_STATUS","message":" completed ""#,
            "status 00:00:01.000#0 COMPLETED\nended",
        ),
        (
            r#""nodeId":"","type":"WORKFLOW_STATUS","message":"thinking""#,
            r#"event 00:00:01.000#1 1 "" Other("WORKFLOW_STATUS") info message "thinking"
            ! frame `trace`, event 1: no status that is known here"#,
        ),
    ] {
        check(members, want);
    }
}

#[test]
fn ids_and_instants_place_an_event() {
    let started = |id: &str, at: &str| {
        format!(r#"{{"events":[{{"id":{id},"nodeId":"a","type":"STARTED","timestamp":"{at}"}}]}}"#)
    };
    for (id, at, want) in [
        ("7", "2026-01-01T01:00:00+01:00", "00:00:00.000#7 7"),
        (
            r#""evt-12""#,
            "2026-01-01T00:00:00Z",
            "00:00:00.000#12 evt-12",
        ),
        (
            r#""01J-X""#,
            "2026-01-01T00:00:00.0015Z",
            "00:00:00.001+500000ns#0 01J-X",
        ),
    ] {
        check_frame(
            "trace",
            &started(id, at),
            &format!(r#"event {want} "a" Started info"#),
        );
    }
    for at in [
        "",
        "2026-01-01T00:00:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "1767225600",
        "yesterday",
    ] {
        check_frame(
            "trace",
            &started("1", at),
            &format!(
                "! frame `trace`, event 1: `timestamp` is not a date and time with a zone between 1678 and 2262: {at:?}"
            ),
        );
    }
}

#[test]
fn one_bad_event_costs_no_other() {
    check_frame(
        "trace",
        r#"{"events":[{"id":"1"},7,{"id":"2","nodeId":"a","type":"STARTED","timestamp":"2026-01-01T00:00:01Z","metadata":{"attempt":-1}}],"cursor":2}"#,
        r#"event 00:00:01.000#2 2 "a" Started info
        ! frame `trace`, event 1: missing field `type`
        ! frame `trace`, event 2: invalid type: integer `7`, expected an object
        ! frame `trace`, event 3: left out: field `metadata`: invalid value: integer `-1`, expected u32
        resume 2"#,
    );
}
