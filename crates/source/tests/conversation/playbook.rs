//! The conversation in the Playbook dialect: what is asked when, and what the answers become.

use model::{Item, Millis};
use serde_json::{Value, json};
use source::conversation::{Answer, Conversation, Extent, Heard, Listings, Reply, Request};
use source::dialect::Dialect;

fn conversation() -> Conversation {
    Conversation::new(Dialect::Playbook, "/backends/pravado/api/v1", "run 1")
}

fn addresses(requests: &[Request]) -> Vec<&str> {
    let below = |request: &'_ Request| request.address.find("playbook-runs").unwrap_or(0);
    requests
        .iter()
        .map(|request| &request.address[below(request)..])
        .collect()
}

fn view(cursor: Option<&str>, steps: Value) -> String {
    let data = json!({
        "id": "run 1", "state": "running", "startedAt": "2026-01-01T00:00:00Z", "steps": steps,
        "cursor": cursor,
    });
    json!({"success": true, "data": data}).to_string()
}

fn step(key: &str, state: &str) -> Value {
    json!({"key": key, "state": state, "startedAt": "2026-01-01T00:00:01Z"})
}

fn answered(conversation: &mut Conversation, request: &Request, status: u16, body: &str) -> Reply {
    let at = Millis(1_767_225_610_000);
    conversation.answer(request, Answer { status, body, at })
}

/// Answers well; how many items came, and that nothing is to be asked next.
fn read(conversation: &mut Conversation, request: &Request, body: &str) -> Vec<Item> {
    match answered(conversation, request, 200, body) {
        Reply::Read { batch, next } => {
            assert!(next.is_empty());
            batch.items
        }
        Reply::Failed { message } => panic!("{message}"),
    }
}

fn hear(conversation: &mut Conversation, kind: &str, step: &str, payload: &Value) -> bool {
    let data = json!({
        "type": kind, "runId": "run 1", "stepKey": step, "timestamp": "2026-01-01T00:00:05Z",
        "payload": payload,
    });
    let at = Millis(1_767_225_605_000);
    let mut heard = Heard::default();
    conversation.frame(kind, "", &data.to_string(), at, &mut heard);
    heard.last
}

#[test]
fn the_whole_and_what_is_new_are_the_same_view() {
    let mut conversation = conversation();
    for extent in [Extent::Full, Extent::Delta] {
        let requests = conversation.begin(extent);
        assert_eq!(addresses(&requests), ["playbook-runs/run%201"]);
        let body = view(None, json!([step("a", "running")]));
        let items = read(&mut conversation, &requests[0], &body);
        // Run, graph, start and status; then nothing new.
        assert_eq!(items.len(), if extent == Extent::Full { 4 } else { 0 });
    }
    assert_eq!(
        conversation.cancel().as_deref(),
        Some("/backends/pravado/api/v1/playbooks/runs/run%201/cancel")
    );
    assert_eq!(conversation.artifact("x"), None);
    assert_eq!(conversation.cadence(), Vec::<i64>::new());
}

#[test]
fn refusals_are_told_in_words() {
    for (status, body, want) in [
        (
            404,
            r#"{"success":false,"error":{"code":"NOT_FOUND","message":"Run not found"}}"#,
            "the server answered 404 to /backends/pravado/api/v1/playbook-runs/run%201: Run not found (NOT_FOUND)",
        ),
        (
            502,
            "<html>",
            "the server answered 502 to /backends/pravado/api/v1/playbook-runs/run%201",
        ),
        (
            200,
            r#"{"success":false,"error":{"code":"INTERNAL_ERROR","message":"boom"}}"#,
            "the server refused /backends/pravado/api/v1/playbook-runs/run%201: boom (INTERNAL_ERROR)",
        ),
        (
            200,
            "",
            "the answer to /backends/pravado/api/v1/playbook-runs/run%201 has no run `run 1`: it is no JSON object: EOF while parsing a value at line 1 column 0",
        ),
        (
            200,
            "{}",
            "the answer to /backends/pravado/api/v1/playbook-runs/run%201 has no run `run 1`: missing field `id`",
        ),
        (
            200,
            r#"{"success":true,"data":{"id":"run 2","state":"failed"}}"#,
            "the answer to /backends/pravado/api/v1/playbook-runs/run%201 has no run `run 1`: it is the run `run 2`",
        ),
    ] {
        let mut conversation = conversation();
        let requests = conversation.begin(Extent::Full);
        match answered(&mut conversation, &requests[0], status, body) {
            Reply::Failed { message } => assert_eq!(message, want),
            Reply::Read { batch, .. } => panic!("{batch:?}"),
        }
    }
}

#[test]
fn an_answer_that_had_no_run_stays_a_problem() {
    let mut conversation = conversation();
    let mut problems = Vec::new();
    for body in [
        &view(None, json!([])),
        "{}",
        "[]",
        &view(None, json!([])),
        &view(None, json!([])),
    ] {
        let request = &conversation.begin(Extent::Delta)[0];
        match answered(&mut conversation, request, 200, body) {
            Reply::Read { batch, .. } => problems.extend(batch.problems),
            Reply::Failed { message } => assert!(message.contains("has no run"), "{message}"),
        }
    }
    let said: Vec<_> = problems.iter().map(|it| it.what.to_string()).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].contains("playbook-runs/run%201 has no run `run 1`"),
        "{said:?}"
    );
}

#[test]
fn the_stream_goes_on_where_the_run_is_known_up_to() {
    let mut conversation = conversation();
    let position = |conversation: &mut Conversation| {
        let stream = conversation.stream();
        assert!(stream.address.ends_with("/playbook-runs/run%201/stream"));
        stream.after.map(|token| token.to_string())
    };
    assert_eq!(position(&mut conversation), None);
    let requests = conversation.begin(Extent::Full);
    // Heard while the view was under way: the view may be older.
    let late = conversation.begin(Extent::Delta);
    read(
        &mut conversation,
        &requests[0],
        &view(Some("e-5"), json!([])),
    );
    assert_eq!(position(&mut conversation).as_deref(), Some("e-5"));
    let data = r#"{"type":"run.updated","runId":"run 1","timestamp":"2026-01-01T00:00:05Z","payload":{"status":"RUNNING"}}"#;
    conversation.frame("run.updated", "e-9", data, Millis(0), &mut Heard::default());
    read(&mut conversation, &late[0], &view(Some("e-7"), json!([])));
    assert_eq!(position(&mut conversation).as_deref(), Some("e-9"));
    let now = conversation.begin(Extent::Delta);
    read(&mut conversation, &now[0], &view(Some("e-12"), json!([])));
    assert_eq!(position(&mut conversation).as_deref(), Some("e-12"));
}

#[test]
fn steps_that_ended_are_looked_at_beside_the_stream() {
    let done = json!({"status": "SUCCESS"});
    let mut conversation = conversation();
    let all = ["a", "b", "c", "d"].map(|key| step(key, "running"));
    let first = conversation.begin(Extent::Full);
    read(&mut conversation, &first[0], &view(None, json!(all)));
    assert_eq!(conversation.asides(), []);
    hear(
        &mut conversation,
        "step.updated",
        "a",
        &json!({"status": "RUNNING"}),
    );
    assert_eq!(conversation.asides(), []);
    hear(&mut conversation, "step.completed", "a", &done);
    let asides = conversation.asides();
    assert_eq!(addresses(&asides), ["playbook-runs/run%201/steps/a"]);
    // It was not answered yet; what ends meanwhile waits.
    for key in ["b", "c", "d"] {
        hear(
            &mut conversation,
            "step.failed",
            key,
            &json!({"status": "FAILED", "attempt": 0}),
        );
    }
    assert_eq!(conversation.asides(), []);
    let body = json!({"success": true, "data": {
        "key": "a", "state": "success", "startedAt": "2026-01-01T00:00:01Z",
        "completedAt": "2026-01-01T00:00:05Z", "output": {"n": 1}, "logs": ["one"],
    }});
    let items = read(&mut conversation, &asides[0], &body.to_string());
    let words = items.iter().map(|item| match item {
        Item::Io(io, _) => io.outputs.as_ref().unwrap().as_str().to_owned(),
        Item::Log(line) => line.message.to_string(),
        other => panic!("{other:?}"),
    });
    assert_eq!(words.collect::<Vec<_>>(), [r#"{"n":1}"#, "one"]);
    let asides = conversation.asides();
    assert_eq!(asides.len(), 3);
    for aside in &asides {
        match answered(&mut conversation, aside, 200, r#"{"success":false}"#) {
            Reply::Read { batch, .. } => assert_eq!(batch.problems.len(), 1),
            Reply::Failed { message } => panic!("a step alone fails no fetch: {message}"),
        }
    }
    // Many at once, or a step nobody knew: the whole run.
    for key in ["a", "b", "c", "d"] {
        hear(&mut conversation, "step.completed", key, &done);
    }
    let asides = conversation.asides();
    assert_eq!(addresses(&asides), ["playbook-runs/run%201"]);
    // An answer that never comes is not waited for for ever.
    hear(
        &mut conversation,
        "step.updated",
        "new",
        &json!({"status": "RUNNING"}),
    );
    let rounds = (0..100).find(|_| !conversation.asides().is_empty());
    assert_eq!(rounds, Some(10));
}

#[test]
fn a_step_that_the_stream_shows_is_not_asked_for() {
    let done = json!({"status": "SUCCESS", "completedAt": "2026-01-01T00:00:05Z"});
    let shown = |key: &str| {
        json!({
            "key": key, "state": "success", "startedAt": "2026-01-01T00:00:01Z",
            "completedAt": "2026-01-01T00:00:05Z", "input": {"n": 0}, "output": {"n": 1},
            "logs": ["one"],
        })
    };
    let all = ["a", "b"].map(|key| step(key, "running"));
    for (what, frames, wanted) in [
        ("no view", vec![("a", None)], vec!["a"]),
        ("its view", vec![("a", Some(shown("a")))], vec![]),
        (
            "one of two",
            vec![("a", Some(shown("a"))), ("b", None)],
            vec!["b"],
        ),
        ("another's", vec![("a", Some(shown("b")))], vec!["a"]),
        (
            "one that cannot be read",
            vec![("a", Some(json!(7)))],
            vec!["a"],
        ),
    ] {
        let mut conversation = conversation();
        let first = conversation.begin(Extent::Full);
        read(&mut conversation, &first[0], &view(None, json!(all)));
        let mut items = Vec::new();
        let mut problems = 0;
        for (key, view) in frames {
            hear(&mut conversation, "step.completed", key, &done);
            let Some(view) = view else { continue };
            let data = json!({
                "type": "step.view", "runId": "run 1", "stepKey": key,
                "timestamp": "2026-01-01T00:00:05Z", "payload": view,
            });
            // What comes twice tells nothing again.
            for _ in 0..2 {
                let mut heard = Heard::default();
                let data = data.to_string();
                conversation.frame("step.view", "", &data, Millis(0), &mut heard);
                items.extend(heard.batch.items);
                problems += heard.batch.problems.len();
            }
        }
        let wanted: Vec<_> = wanted
            .iter()
            .map(|key| format!("playbook-runs/run%201/steps/{key}"))
            .collect();
        assert_eq!(addresses(&conversation.asides()), wanted, "{what}");
        let good = wanted.is_empty() || what == "one of two";
        assert_eq!(problems > 0, !good && what != "no view", "{what}");
        if good {
            let told = items.iter().map(|item| match item {
                Item::Io(io, _) => format!("{:?}", io.outputs.is_some()),
                Item::Log(line) => line.message.to_string(),
                other => panic!("{other:?}"),
            });
            assert_eq!(told.collect::<Vec<_>>(), ["false", "true", "one"], "{what}");
        }
    }
}

#[test]
fn a_view_that_was_long_under_way_takes_nothing_back() {
    let mut conversation = conversation();
    let first = conversation.begin(Extent::Full);
    let mut now = step("a", "running");
    now["attempt"] = json!(1);
    read(&mut conversation, &first[0], &view(None, json!([now])));
    let mut before = step("a", "failed");
    before["completedAt"] = json!("2026-01-01T00:00:01Z");
    let data = json!({
        "type": "step.view", "runId": "run 1", "stepKey": "a",
        "timestamp": "2026-01-01T00:00:05Z", "payload": before,
    });
    let mut heard = Heard::default();
    let data = data.to_string();
    conversation.frame("step.view", "", &data, Millis(0), &mut heard);
    assert!(heard.batch.items.is_empty(), "{:?}", heard.batch.items);
}

#[test]
fn another_history_is_said_and_nothing_is_counted_as_lost() {
    let problems = |reply: Reply| match reply {
        Reply::Read { batch, .. } => batch.problems.len(),
        Reply::Failed { message } => panic!("{message}"),
    };
    let mut known = conversation();
    for (cursor, said) in [
        (Some("one-5"), 0),
        (Some("one-6"), 0),
        (Some("two-1"), 1),
        (Some("two-2"), 0),
        (None, 0),
        (Some("two-2"), 0),
    ] {
        let request = &known.begin(Extent::Delta)[0];
        let body = view(cursor, json!([step("a", "running")]));
        let reply = answered(&mut known, request, 200, &body);
        assert_eq!(problems(reply), said, "{cursor:?}");
    }
    for (resume, said) in [("start", 0), ("resumed", 0), ("restarted", 1)] {
        let data = json!({"message": "", "resume": resume}).to_string();
        let mut heard = Heard::default();
        known.frame("connected", "two-0", &data, Millis(0), &mut heard);
        let batch = heard.batch;
        assert_eq!(batch.problems.len(), said, "{resume}");
        assert!(!batch.restarted, "a fetch would bring nothing again");
    }
}

#[test]
fn the_end_is_the_streams_last_word() {
    let mut conversation = conversation();
    assert!(!hear(
        &mut conversation,
        "run.updated",
        "",
        &json!({"status": "COMPLETED"})
    ));
    assert!(hear(
        &mut conversation,
        "run.completed",
        "",
        &json!({"status": "COMPLETED"})
    ));
    assert!(hear(
        &mut conversation,
        "run.failed",
        "",
        &json!({"status": "CANCELLED"})
    ));
    let other = r#"{"type":"run.completed","runId":"other","timestamp":"2026-01-01T00:00:05Z","payload":{"status":"COMPLETED"}}"#;
    let mut heard = Heard::default();
    conversation.frame("run.completed", "", other, Millis(0), &mut heard);
    assert!(!heard.last);
}

#[test]
fn the_list_is_only_ours() {
    let listings = Listings::new(Dialect::Playbook, "/api/v1/");
    assert_eq!(listings.address(20), "/api/v1/playbook-runs?limit=20");
    let body = r#"{"success":true,"data":{"runs":[{"id":"r","state":"failed"}],"total":1}}"#;
    assert_eq!(listings.read(body).runs[0].status, model::RunStatus::Failed);
    assert_eq!(
        listings.refusal("/x", 404, ""),
        "this backend does not list its runs; open one by its address: /runs/ and its id"
    );
    assert_eq!(
        listings.refusal(
            "/x",
            403,
            r#"{"success":false,"error":{"code":"NO_ORG_ACCESS"}}"#
        ),
        "the server answered 403 to /x: NO_ORG_ACCESS"
    );
}
