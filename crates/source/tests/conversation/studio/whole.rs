//! A full fetch: in waves, complete, and without what cannot be had.

use super::talk::{Talk, UNKNOWN, logs, run, status, terminal, trace};
use model::RunStatus;
use source::conversation::Extent;

const EVERYTHING: &str = "/status /trace /logs?limit=500 /terminal workflows/w/versions/v /dataflows /node-io /artifacts human-inputs?runId=r";

#[test]
fn a_run_that_goes_on_takes_two_waves() {
    let mut talk = Talk::plain();
    talk.says("/trace", 200, &trace(&["1 a STARTED 5"]));
    talk.says("/logs", 200, &logs(&["6 a hello"], ""));
    let fetched = talk.fetch(Extent::Full);
    assert_eq!(fetched.waves, ["/records?limit=20000", "", EVERYTHING]);
    assert_eq!(talk.events(), "a Started");
    assert_eq!(talk.lines(), "a hello");
    assert_eq!(talk.journal.graph().edges().len(), 1);
    assert_eq!(talk.problems, [""; 0]);
    assert!(!talk.ended);
}

#[test]
fn an_ended_run_gives_its_archive_and_its_agents_too() {
    let mut talk = Talk::plain();
    talk.says("", 200, &run("COMPLETED", ""));
    talk.says(
        "/status",
        200,
        &status(
            "COMPLETED",
            90_000,
            r#","completedAt":"2026-01-01T00:00:50.000Z""#,
        ),
    );
    talk.says(
        "/trace",
        200,
        &trace(&[r#"1 a PROGRESS 5 {"agentRunId":"r:a:1","agentStatus":"started"}"#]),
    );
    talk.says("/result", 200, r#"{"runId":"r","result":{"outputs":{"b":{"agentRunId":"r:b:2"},"c":7,"d":{"agentRunId":""}}}}"#);
    talk.says("/terminal/archive", 200, r#"{"runId":"r","records":[{"id":10,"runId":"r","nodeRef":"a","stream":"pty","fileId":"f","chunkCount":2,"durationMs":5,"createdAt":"2026-01-01T00:00:51.000Z"}]}"#);
    talk.says(
        "/terminal?nodeRef=a&stream=pty",
        200,
        &terminal(
            r#"{"archive":{"recordId":10,"offset":2}}"#,
            &["1 5 aGk=", "2 6 IQ=="],
        ),
    );
    for (id, node) in [("r%3Aa%3A1", "a"), ("r%3Ab%3A2", "b")] {
        let part = r#"{"sequence":1,"timestamp":"2026-01-01T00:00:06.000Z","chunk":{"type":"text-delta","id":"t","delta":"hi"}}"#;
        let id = format!("agents/{id}/parts");
        talk.says(&id, 200, &format!(r#"{{"agentRunId":"{node}","workflowRunId":"r","nodeRef":"{node}","cursor":1,"parts":[{part}]}}"#));
    }
    let fetched = talk.fetch(Extent::Full);
    assert_eq!(
        fetched.waves[2..],
        [
            format!("{EVERYTHING} /result"),
            "agents/r%3Aa%3A1/parts /terminal/archive agents/r%3Ab%3A2/parts".to_owned(),
            "/terminal?nodeRef=a&stream=pty".to_owned(),
            "/terminal?nodeRef=a&stream=pty&cursor=%7B%22archive%22%3A%7B%22recordId%22%3A10%2C%22offset%22%3A2%7D%7D".to_owned(),
        ]
    );
    assert_eq!(talk.printed("a"), "hi!");
    assert_eq!(talk.problems, [""; 0]);
    assert!(talk.ended);
    // As the status says it, not the run, whose end is that of its last update.
    let end = talk.journal.ended().unwrap();
    assert_eq!(
        contract::time::format_millis(end.0),
        "2026-01-01T00:00:50.000Z"
    );
}

#[test]
fn what_is_essential_fails_the_fetch() {
    for path in ["", "/status", "/trace"] {
        for code in [401, 403, 404, 429, 500, 503] {
            let mut talk = Talk::plain();
            talk.says(path, code, UNKNOWN);
            let failed = talk.fetch(Extent::Full).failed.unwrap();
            assert_eq!(failed.0, code, "{path}");
            assert!(failed.1.contains(path), "{}", failed.1);
        }
        let mut talk = Talk::plain();
        talk.says(path, 200, "<!doctype html><title>Sign in</title>");
        assert_eq!(talk.fetch(Extent::Full).failed.unwrap().0, 200, "{path}");
    }
}

#[test]
fn what_else_cannot_be_had_is_said_once() {
    for (path, word) in [
        ("/logs", "logs"),
        ("/terminal", "terminal"),
        ("/dataflows", "data flows"),
        ("/node-io", "inputs and outputs"),
        ("/artifacts", "artifacts"),
        ("human-inputs", "questions to people"),
        ("workflows/w/versions/v", "graph"),
    ] {
        for code in [401, 403, 500, 503] {
            let mut talk = Talk::plain();
            talk.says(
                path,
                code,
                r#"{"statusCode":503,"message":"Loki is not configured","error":"x"}"#,
            );
            for extent in [Extent::Full, Extent::Delta, Extent::Delta, Extent::Full] {
                assert_eq!(talk.fetch(extent).failed, None, "{path} {code}");
                talk.round();
            }
            let want = format!(
                "{word}: could not be fetched: the server answered {code}: Loki is not configured"
            );
            assert_eq!(talk.problems, [want], "{path} {code}");
        }
        let mut talk = Talk::plain();
        talk.says(path, 200, "<html>");
        for extent in [Extent::Full, Extent::Delta, Extent::Delta] {
            assert_eq!(talk.fetch(extent).failed, None, "{path}");
        }
        assert_eq!(talk.problems.len(), 1, "{path}: {:?}", talk.problems);
    }
}

#[test]
fn without_the_version_the_workflow_gives_the_graph() {
    let workflow = r#"{"id":"w","name":"W","graph":{"nodes":[{"id":"x"}],"edges":[]}}"#;
    let mut talk = Talk::plain();
    talk.says("workflows/w/versions/v", 404, UNKNOWN);
    talk.says("workflows/w", 200, workflow);
    let fetched = talk.fetch(Extent::Full);
    assert_eq!(fetched.waves.last().unwrap(), "workflows/w");
    assert!(talk.journal.graph().find("x").is_some());

    let mut talk = Talk::plain();
    let unversioned =
        run("RUNNING", "").replace(r#""workflowVersionId":"v""#, r#""workflowVersionId":null"#);
    talk.says("", 200, &unversioned);
    talk.says("workflows/w", 200, workflow);
    let fetched = talk.fetch(Extent::Full);
    assert!(fetched.waves[2].contains(" workflows/w "), "{fetched:?}");
    assert!(talk.journal.graph().find("x").is_some());
    assert_eq!(talk.problems, [""; 0]);

    // Its server failed: asked again later.
    let mut talk = Talk::plain();
    talk.says("workflows/w/versions/v", 503, "");
    talk.fetch(Extent::Full);
    talk.says(
        "workflows/w/versions/v",
        200,
        r#"{"id":"v","workflowId":"w","version":1,"graph":{"nodes":[{"id":"late"}],"edges":[]}}"#,
    );
    let asked: Vec<_> = (0..30).flat_map(|_| talk.round()).collect();
    assert_eq!(asked, ["workflows/w/versions/v"]);
    assert!(talk.journal.graph().find("late").is_some());
}

#[test]
fn statuses_of_a_real_one() {
    for (of_run, of_status, want, ended) in [
        ("RUNNING", "RUNNING", RunStatus::Running, false),
        (
            "AWAITING_INPUT",
            "AWAITING_INPUT",
            RunStatus::AwaitingInput,
            false,
        ),
        ("STALE", "STALE", RunStatus::Stale, false),
        ("TERMINATED", "TERMINATED", RunStatus::Terminated, true),
        ("FAILED", "FAILED", RunStatus::Failed, true),
        ("TIMED_OUT", "TIMED_OUT", RunStatus::TimedOut, true),
        // It ended in between.
        ("RUNNING", "COMPLETED", RunStatus::Completed, true),
    ] {
        let mut talk = Talk::plain();
        talk.says("", 200, &run(of_run, ""));
        talk.says("/status", 200, &status(of_status, 90_000, ""));
        assert_eq!(talk.fetch(Extent::Full).failed, None);
        assert_eq!(talk.journal.statuses().last().unwrap().status, want);
        assert_eq!(talk.ended, ended, "{of_run}");
        assert_eq!(talk.journal.ended().is_some(), ended, "{of_run}");
        assert_eq!(talk.problems, [""; 0]);
        // A run that waits now ran when it began.
        let first = &talk.journal.statuses()[0].status;
        assert_ne!(*first, RunStatus::AwaitingInput);
    }
    // An end that only the run dates is placed there, not at the instant of the question.
    let mut talk = Talk::plain();
    talk.says("", 200, &run("FAILED", ""));
    talk.says("/status", 200, &status("FAILED", 999_000, ""));
    talk.fetch(Extent::Full);
    let end = contract::time::format_millis(talk.journal.ended().unwrap().0);
    assert_eq!(end, super::talk::at(60_000));
}
