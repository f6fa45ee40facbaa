//! Deltas of a recorded run, as Playbook's viewer follows them: a cut loses nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{
    Event, Events, SOON, TestServer, header, instant, log, reel, status, terminal, trace,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

async fn view(server: &TestServer, run: &str) -> Value {
    let answer = server.json(&format!("/playbook-runs/{run}")).await;
    assert_eq!(answer["success"], true);
    answer["data"].clone()
}

async fn follow(server: &TestServer, run: &str, query: &str, last: Option<&str>) -> Events {
    server
        .events(&format!("/playbook-runs/{run}/stream{query}"), last)
        .await
}

fn failed(id: i64, attempt: i64, second: i64, retry: Option<i64>) -> String {
    let mut event = json!({"kind": "trace", "id": id, "nodeId": "a", "type": "FAILED",
        "timestamp": instant(second, 0), "error": {"message": "no route", "type": "NetworkError"},
        "metadata": {"attempt": attempt}});
    if let Some(most) = retry {
        event["metadata"]["retryPolicy"] = json!({"maxAttempts": most});
    }
    event.to_string()
}

/// What a reader of deltas knows: state of each step, its log, and how the run stands.
#[derive(Clone, Debug, Default, PartialEq)]
struct Reader {
    states: BTreeMap<String, String>,
    attempts: BTreeMap<String, i64>,
    logs: BTreeMap<String, Vec<String>>,
    run: String,
    facts: Vec<String>,
}

impl Reader {
    fn take(&mut self, event: &Event) {
        let data = &event.data;
        if data["type"].is_string() {
            assert_eq!(data["type"], event.name);
            assert_eq!(data["runId"], "r");
        }
        let payload = &data["payload"];
        let key = data["stepKey"].as_str().unwrap_or_default().to_owned();
        let text = |name: &str| payload[name].as_str().unwrap_or_default().to_owned();
        if let Some(attempt) = payload["attempt"].as_i64() {
            self.attempts.insert(key.clone(), attempt);
        }
        match event.name.as_str() {
            "step.updated" => {
                self.states.insert(key, text("state"));
            }
            "step.completed" => {
                self.facts
                    .push(format!("{key} completed {}", text("completedAt")));
                self.states.insert(key, "success".into());
            }
            "step.failed" => {
                self.facts
                    .push(format!("{key} failed {}", text("failedAt")));
                self.states.insert(key, "failed".into());
            }
            "step.log.appended" => {
                let message = payload["logEntry"]["message"].as_str().unwrap();
                self.logs.entry(key).or_default().push(message.to_owned());
            }
            "step.view" => {
                assert_eq!(payload["key"], key);
                assert_eq!(payload["state"], self.states[&key], "{key}");
                assert_eq!(
                    payload["logs"],
                    json!(self.logs.get(&key).cloned().unwrap_or_default())
                );
            }
            "run.updated" => self.run = text("state"),
            "connected" | "run.completed" | "run.failed" => {}
            other => panic!("{other}"),
        }
    }

    fn agrees_with(&self, view: &Value) {
        assert_eq!(self.run, view["state"]);
        for step in view["steps"].as_array().unwrap() {
            let key = step["key"].as_str().unwrap();
            assert_eq!(self.states[key], step["state"], "{key}");
            assert_eq!(
                self.attempts.get(key).copied().unwrap_or(0),
                step["attempt"].as_i64().unwrap()
            );
            let logs = self.logs.get(key).cloned().unwrap_or_default();
            assert_eq!(json!(logs), step["logs"], "{key}");
        }
    }
}

fn story() -> Vec<String> {
    let mut lines = vec![
        status("RUNNING", 0),
        trace(1, "a", "STARTED", 1),
        log("l1", "first", 1),
        terminal(1, b"beside", 1),
        failed(2, 1, 2, Some(3)),
        trace(3, "a", "STARTED", 3),
    ];
    lines.extend((0..40).map(|number| log(&format!("m{number}"), &format!("line {number}"), 4)));
    lines.extend([
        trace(4, "a", "COMPLETED", 5),
        trace(5, "b", "STARTED", 6),
        trace(6, "tool-call:7", "STARTED", 6),
        trace(7, "tool-call:7", "COMPLETED", 7),
        trace(8, "b", "COMPLETED", 8),
        trace(9, "c", "STARTED", 9),
        trace(10, "c", "COMPLETED", 10),
        status("COMPLETED", 11),
    ]);
    lines
}

#[tokio::test]
async fn deltas_cut_anywhere_and_resumed_end_where_the_view_stands() {
    let server = TestServer::start().await;
    server.put("r", &reel("r", &story())).await;
    let view = view(&server, "r").await;
    let whole = follow(&server, "r", "", None).await.rest().await;
    let mut straight = Reader::default();
    for event in &whole {
        straight.take(event);
    }
    straight.agrees_with(&view);
    assert_eq!(view["steps"][0]["maxAttempts"], 3);
    assert_eq!(whole[0].name, "connected");
    assert_eq!(whole.last().unwrap().name, "run.completed");
    assert_eq!(
        whole.last().unwrap().data["payload"],
        json!({"status": "SUCCEEDED", "completedAt": instant(11, 0), "totalSteps": 4, "successfulSteps": 4})
    );
    let failures: Vec<_> = whole.iter().filter(|it| it.name == "step.failed").collect();
    assert_eq!(failures.len(), 1);
    assert_eq!(
        failures[0].data["payload"],
        json!({"status": "FAILED", "error": "no route", "failedAt": instant(2, 0), "attempt": 0, "willRetry": true})
    );
    let drawn = whole.iter().find(|it| it.data["stepKey"] == "b").unwrap();
    assert_eq!(drawn.data["payload"]["dependencies"], json!(["a"]));

    // Every frame says where its reader is, and none promises more than was sent.
    for cut in 1..whole.len() {
        let mut reader = Reader::default();
        for event in &whole[..cut] {
            reader.take(event);
        }
        let last = whole[cut - 1].id.clone();
        assert!(!last.is_empty());
        for event in follow(&server, "r", "", Some(&last)).await.rest().await {
            reader.take(&event);
        }
        assert_eq!(reader, straight, "cut at {cut}");
    }
    let asked = format!("?after={}", view["cursor"].as_str().unwrap());
    let rest = follow(&server, "r", &asked, None).await.rest().await;
    let names: Vec<_> = rest.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["connected", "run.updated", "run.completed"]);
    assert_eq!(rest[0].data["resume"], "resumed");
    let strange = follow(&server, "r", "", Some("ffff-3")).await.rest().await;
    assert_eq!(strange[0].data["resume"], "restarted");
    assert_eq!(strange.len(), whole.len());
}

#[tokio::test]
async fn news_come_as_deltas_with_what_follows_from_them() {
    let server = TestServer::start().await;
    server.put("r", &header("r")).await;
    let mut stream = follow(&server, "r", "", None).await;
    assert_eq!(stream.block().await.unwrap(), ": ok");
    let opened = stream.until("run.updated").await;
    assert_eq!(opened[0].data["message"], "Connected to execution stream");
    let mut reader = Reader::default();
    opened.iter().for_each(|event| reader.take(event));
    reader.agrees_with(&view(&server, "r").await);
    for (lines, last, will_retry) in [
        (trace(1, "a", "STARTED", 1), "run.updated", None),
        // Nothing says that it will be tried again, until it is.
        (failed(2, 1, 2, None), "run.updated", Some(false)),
        (trace(3, "a", "STARTED", 3), "run.updated", None),
        (failed(4, 2, 4, Some(2)), "run.updated", Some(false)),
        (status("FAILED", 5), "run.failed", None),
    ] {
        server.put("r", &lines).await;
        let events = stream.until(last).await;
        events.iter().for_each(|event| reader.take(event));
        reader.agrees_with(&view(&server, "r").await);
        let failure = events.iter().find(|event| event.name == "step.failed");
        let said = failure.map(|event| event.data["payload"]["willRetry"].as_bool().unwrap());
        assert_eq!(said, will_retry, "{lines}");
        if last == "run.failed" {
            let payload = &events.last().unwrap().data["payload"];
            assert_eq!(
                *payload,
                json!({"status": "FAILED", "error": "no route", "failedAt": instant(5, 0), "failedStepKey": "a"})
            );
        }
    }
    assert!(stream.next().await.is_none());
    assert_eq!(reader.states["b"], "canceled");
}

fn io(node: &str, inputs: Value, outputs: Value) -> String {
    json!({"kind": "io", "nodeRef": node, "status": "running", "startedAt": instant(1, 0),
        "inputs": inputs, "outputs": outputs})
    .to_string()
}

fn line_of(id: &str, node: &str, message: &str) -> String {
    json!({"kind": "log", "id": id, "nodeId": node, "message": message, "timestamp": instant(2, 0)})
        .to_string()
}

#[tokio::test]
async fn what_events_do_not_carry_comes_as_the_view_that_would_be_asked_for() {
    let server = TestServer::start().await;
    server.put("r", &header("r")).await;
    let mut stream = follow(&server, "r", "", None).await;
    stream.until("run.updated").await;
    // Each ends with something that is always said, so that what is not said shows.
    for (number, (what, lines, shown)) in [
        ("a start", vec![trace(1, "a", "STARTED", 1)], vec![]),
        (
            "an input",
            vec![io("a", json!({"n": 1}), Value::Null)],
            vec!["a"],
        ),
        (
            "another",
            vec![io("a", json!({"n": 2}), Value::Null)],
            vec![],
        ),
        ("a line", vec![line_of("l1", "a", "one")], vec![]),
        ("a failure", vec![failed(2, 1, 2, Some(3))], vec!["a"]),
        (
            "an end",
            vec![trace(3, "a", "STARTED", 3), trace(4, "a", "COMPLETED", 4)],
            vec!["a"],
        ),
        (
            "an output",
            vec![io("a", json!({"n": 2}), json!("late"))],
            vec!["a"],
        ),
        (
            "two at once",
            ["a", "b"]
                .map(|node| trace(5, node, "COMPLETED", 5))
                .to_vec(),
            vec!["a", "b"],
        ),
        (
            "a large value",
            vec![
                io("b", json!("x".repeat(20_000)), Value::Null),
                trace(6, "b", "COMPLETED", 6),
            ],
            vec![],
        ),
        (
            "a long log",
            vec![
                line_of("l2", "c", &"x".repeat(49_200)),
                trace(7, "c", "COMPLETED", 7),
            ],
            vec![],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        server.put("r", &lines.join("\n")).await;
        let mark = format!("mark {number}");
        let mut views = Vec::new();
        let mut marked = false;
        loop {
            // Views come when all is sent: the mark waits for those that are due.
            if !marked && views.len() == shown.len() {
                server.put("r", &line_of(&mark, "d", &mark)).await;
                marked = true;
            }
            let event = stream.next().await.unwrap();
            if event.name == "step.view" {
                let key = event.data["stepKey"].as_str().unwrap();
                let asked = server.json(&format!("/playbook-runs/r/steps/{key}")).await;
                assert_eq!(event.data["payload"], asked["data"], "{what}");
                assert!(event.data.to_string().len() < 50_000, "{what}");
                views.push(key.to_owned());
            }
            if event.data["payload"]["logEntry"]["message"] == mark {
                break;
            }
        }
        assert_eq!(views, shown, "{what}");
    }
    let end = [trace(8, "d", "STARTED", 8), status("CANCELLED", 9)];
    server.put("r", &end.join("\n")).await;
    let end = stream.rest().await;
    assert_eq!(end.last().unwrap().name, "run.failed");
    let canceled = end.iter().find(|event| event.name == "step.view").unwrap();
    assert_eq!(canceled.data["payload"]["key"], "d");
}

#[tokio::test]
async fn a_canceled_run_ends_its_stream_and_silence_is_broken() {
    let server = TestServer::with(|config| {
        config.heartbeat = std::time::Duration::from_millis(20);
    })
    .await;
    server.put("r", &header("r")).await;
    let mut stream = follow(&server, "r", "", None).await;
    stream.until("hb").await;
    let (code, answer) = server.post("/playbooks/runs/r/cancel", "").await;
    assert_eq!(code, 200);
    let data = json!({"runId": "r", "status": "CANCELLED"});
    assert_eq!(answer, json!({"success": true, "data": data}));
    let (code, answer) = server.post("/playbooks/runs/nothing/cancel", "").await;
    assert_eq!((code, &answer["error"]["code"]), (404, &json!("NOT_FOUND")));
    let rest = tokio::time::timeout(SOON, stream.rest()).await.unwrap();
    let last = rest.last().unwrap();
    assert_eq!(last.name, "run.failed");
    assert_eq!(last.data["payload"]["status"], "CANCELLED");
}
