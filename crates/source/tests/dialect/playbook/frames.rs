//! Frames, as documented and as coded, alone and together with views.

use super::{Watch, all_are, brief, check, clock, event, run, step};
use model::item::Provenance;
use serde_json::{Value, json};

fn check_event(value: &Value, want: &str) {
    let mut watch = Watch::new();
    let batch = watch.frame(value, 99);
    assert!(all_are(&batch, Provenance::Observed));
    check(&brief(&batch), want);
    let again = watch.frame(value, 99);
    assert!(again.items.is_empty(), "{value}");
}

#[test]
fn each_event_in_both_spellings() {
    let started = "event 00:00:03.000#65792 a@1:started \"a\" Started info @1";
    let completed = "event 00:00:04.000#66048 a@1:completed \"a\" Completed info @1";
    let failed = "event 00:00:04.000#66304 a@1:failed \"a\" Failed error @1";
    for (kind, payload, want) in [
        (
            "step.updated",
            json!({"status": "RUNNING", "startedAt": clock(3)}),
            started.to_owned(),
        ),
        (
            "step.updated",
            json!({"status": "running", "attempt": 0, "startedAt": clock(3)}),
            started.to_owned(),
        ),
        (
            "step.updated",
            json!({"status": "PENDING"}),
            "event 00:00:04.000#2048 a@0:queued:1767225604000 \"a\" Stated(Queued) info".to_owned(),
        ),
        (
            "step.updated",
            json!({"status": "QUEUED", "state": "waiting_for_dependencies"}),
            "event 00:00:04.000#2048 a@0:waiting:1767225604000 \"a\" Stated(Waiting) info"
                .to_owned(),
        ),
        (
            "step.updated",
            json!({"status": "SKIPPED", "state": "canceled"}),
            "event 00:00:04.000#1024 a@0:skipped \"a\" Skipped info".to_owned(),
        ),
        (
            "step.updated",
            json!({"status": "SUCCEEDED"}),
            "event 00:00:04.000#66048 a@1:completed \"a\" Completed info @1".to_owned(),
        ),
        (
            "step.completed",
            json!({"status": "SUCCESS", "completedAt": clock(4), "result": {"n": 1}, "duration": 12.5}),
            format!("{completed} output {{\"n\":1}}"),
        ),
        (
            "step.completed",
            json!({"status": "SUCCEEDED"}),
            completed.to_owned(),
        ),
        (
            "step.failed",
            json!({"status": "FAILED", "error": "no", "failedAt": clock(4), "attempt": 1, "willRetry": false}),
            format!(
                "{failed} error ErrorInfo {{ message: \"no\", kind: None, code: None, stack: None, details: None, fields: [] }}"
            ),
        ),
        (
            "step.failed",
            json!({"status": "FAILED", "failedAt": clock(4), "attempt": 0, "willRetry": true}),
            format!("{failed} message \"it will be tried again\""),
        ),
        (
            "step.log.appended",
            json!({"logEntry": {"level": "WARN", "message": "m", "timestamp": clock(2)}}),
            "log 00:00:02.000#1048576 a#0 \"a\" warn console \"m\"".to_owned(),
        ),
        (
            "step.log.appended",
            json!({"logEntry": {"level": "debug", "message": "m", "metadata": {"id": "l1", "stream": "stderr"}}}),
            "log 00:00:04.000#1048576 a#0 \"a\" debug stderr \"m\"".to_owned(),
        ),
    ] {
        if kind == "step.log.appended" && payload["logEntry"]["metadata"].is_null() {
            // Without an id two lines of the same words are two lines.
            let mut watch = Watch::new();
            let batch = watch.frame(&event(kind, "a", 4, payload), 99);
            check(&brief(&batch), &want);
        } else {
            check_event(&event(kind, "a", 4, payload), &want);
        }
    }
    let of_run = |kind: &str, payload: Value| json!({"type": kind, "runId": "r", "timestamp": clock(4), "payload": payload});
    for (value, want) in [
        (
            of_run(
                "run.updated",
                json!({"status": "RUNNING", "currentStepKey": "a", "progress": 0.5}),
            ),
            "status 00:00:04.000#0 RUNNING",
        ),
        (
            of_run("run.updated", json!({"status": "QUEUED"})),
            "status 00:00:04.000#0 QUEUED",
        ),
    ] {
        check_event(&value, want);
    }
    for (value, want) in [
        (
            of_run(
                "run.completed",
                json!({"status": "COMPLETED", "completedAt": clock(3), "totalSteps": 1, "successfulSteps": 1}),
            ),
            "status 00:00:03.000#0 COMPLETED\nended",
        ),
        (
            of_run("run.completed", json!({"status": "SUCCEEDED"})),
            "status 00:00:04.000#0 COMPLETED\nended",
        ),
        (
            of_run(
                "run.failed",
                json!({"status": "FAILED", "error": "no", "failedAt": clock(3), "failedStepKey": "a"}),
            ),
            "status 00:00:03.000#0 FAILED failure Failure { reason: \"no\", code: None, details: None }\nended",
        ),
        (
            of_run(
                "run.failed",
                json!({"status": "CANCELLED", "failedAt": clock(3)}),
            ),
            "status 00:00:03.000#0 CANCELLED\nended",
        ),
    ] {
        check_event(&value, want);
    }
}

#[test]
fn the_streams_own_words() {
    let mut watch = Watch::new();
    for (name, data, want) in [
        (
            "connected",
            r#"{"message":"Connected to execution stream"}"#,
            "",
        ),
        (
            "connected",
            r#"{"message":"","resume":"restarted"}"#,
            "restarted",
        ),
        ("hb", "{}", ""),
        ("heartbeat", "", ""),
        (
            "error",
            r#"{"message":"no store"}"#,
            "! frame `error`: the server says: no store",
        ),
        (
            "weather",
            r#"{"sky":"blue"}"#,
            "! frame `weather`: a frame of this name is not known here",
        ),
        (
            "run.updated",
            "{",
            "! frame `run.updated`: EOF while parsing an object at line 1 column 1",
        ),
        (
            "step.updated",
            r#"{"type":"step.updated","payload":{"status":"RUNNING"}}"#,
            "! frame `step.updated`: which step's it is: `stepKey` is needed",
        ),
        (
            "step.updated",
            r#"{"type":"step.updated","stepKey":"a"}"#,
            "! frame `step.updated`: missing field `payload`",
        ),
        (
            "step.updated",
            r#"{"type":"step.updated","runId":"other","stepKey":"a","payload":{"status":"RUNNING"}}"#,
            "! frame `step.updated`: it is of another run, `other`",
        ),
        (
            "step.updated",
            r#"{"type":"step.updated","stepKey":"a","payload":{"status":"DREAMING"}}"#,
            "! frame `step.updated`: status `DREAMING` is not known here",
        ),
        // The name may be missing: then the data says it.
        (
            "message",
            r#"{"type":"step.completed","runId":"r","stepKey":"z","timestamp":"2026-01-01T00:00:05Z","payload":{"status":"SUCCESS"}}"#,
            "event 00:00:05.000#66048 z@1:completed \"z\" Completed info @1",
        ),
    ] {
        let batch = watch.known.frame(name, "", data, super::second(9));
        check(&brief(&batch), want);
    }
    // Said once, as often as it comes.
    let batch = watch
        .known
        .frame("weather", "", r#"{"sky":"blue"}"#, super::second(9));
    assert!(batch.problems.is_empty());
}

#[test]
fn a_view_after_an_event_tells_it_no_second_time() {
    let mut watch = Watch::new();
    watch.view(
        &run("running", json!({}), vec![step("a", "queued", json!({}))]),
        1,
    );
    watch.frame(
        &event(
            "step.updated",
            "a",
            2,
            json!({"status": "RUNNING", "startedAt": clock(2)}),
        ),
        2,
    );
    // The view states other instants for the same facts: the first to say them is believed.
    watch.view(
        &run(
            "running",
            json!({}),
            vec![step(
                "a",
                "running",
                json!({"startedAt": "2026-01-01T00:00:01.990Z"}),
            )],
        ),
        3,
    );
    watch.frame(
        &event(
            "step.completed",
            "a",
            4,
            json!({"status": "SUCCESS", "completedAt": clock(4)}),
        ),
        4,
    );
    watch.view(&run("running", json!({}), vec![step("a", "success", json!({"startedAt": "2026-01-01T00:00:01.990Z", "completedAt": "2026-01-01T00:00:03.980Z"}))]), 5);
    assert_eq!(watch.stands(), "a=success@1 2-4; RUNNING ");
    assert_eq!(
        watch.events(),
        [
            "a@0:queued:1767225600000 Inferred",
            "a@1:started Observed",
            "a@1:completed Observed"
        ]
    );
}

#[test]
fn an_event_after_a_view_tells_it_no_second_time() {
    let mut watch = Watch::new();
    let done = json!({"startedAt": clock(2), "completedAt": clock(4)});
    watch.view(
        &run("running", json!({}), vec![step("a", "success", done)]),
        5,
    );
    for late in [
        event("step.updated", "a", 1, json!({"status": "PENDING"})),
        event("step.updated", "a", 2, json!({"status": "RUNNING"})),
        event(
            "step.updated",
            "a",
            3,
            json!({"status": "RUNNING", "attempt": 0, "startedAt": clock(2)}),
        ),
        event(
            "step.completed",
            "a",
            6,
            json!({"status": "SUCCESS", "completedAt": clock(6)}),
        ),
        event(
            "step.failed",
            "a",
            6,
            json!({"status": "FAILED", "attempt": 1, "failedAt": clock(6)}),
        ),
    ] {
        let batch = watch.frame(&late, 7);
        assert!(batch.items.is_empty(), "{late}");
    }
    assert_eq!(watch.stands(), "a=success@1 2-4; RUNNING ");
}

#[test]
fn a_step_that_the_graph_does_not_have_is_looked_at() {
    let mut watch = Watch::new();
    watch.view(
        &run("running", json!({}), vec![step("a", "queued", json!({}))]),
        1,
    );
    assert_eq!(watch.known.wants(), Default::default());
    watch.frame(
        &event("step.updated", "a", 2, json!({"status": "RUNNING"})),
        2,
    );
    assert_eq!(watch.known.wants(), Default::default());
    watch.frame(
        &event("step.completed", "a", 3, json!({"status": "SUCCESS"})),
        3,
    );
    assert_eq!(watch.known.wants().steps, ["a"]);
    watch.frame(
        &event(
            "step.updated",
            "b",
            3,
            json!({"status": "RUNNING", "dependencies": ["a"], "name": "Bee"}),
        ),
        3,
    );
    assert!(watch.known.wants().run);
    let graph = watch.journal.graph();
    let b = graph.find("b").unwrap();
    assert_eq!(
        (&*graph.nodes()[b.index()].label, graph.parents(b).len()),
        ("Bee", 1)
    );
}
