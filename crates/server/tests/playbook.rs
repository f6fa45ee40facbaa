//! A recorded run as Playbook's viewer sees it: view, steps, and deltas that a cut does not lose.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{
    Event, Events, SOON, TestServer, every_kind, header, instant, log, reel, status, terminal,
    trace,
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

/// `key: state/status` of every step.
fn states(view: &Value) -> Vec<String> {
    let steps = view["steps"].as_array().unwrap().iter();
    let word = |step: &Value, name: &str| step[name].as_str().unwrap().to_owned();
    steps
        .map(|step| {
            let (key, state) = (word(step, "key"), word(step, "state"));
            format!("{key}: {state}/{}", word(step, "status"))
        })
        .collect()
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

#[tokio::test]
async fn every_state_of_ours_has_its_word() {
    let server = TestServer::start().await;
    let start = |id, second| trace(id, "a", "STARTED", second);
    let cases: [(&str, Vec<String>, &str, [&str; 3]); 9] = [
        (
            "queued",
            vec![],
            "running",
            [
                "a: queued/PENDING",
                "b: waiting_for_dependencies/PENDING",
                "c: waiting_for_dependencies/PENDING",
            ],
        ),
        (
            "running",
            vec![start(1, 1)],
            "running",
            [
                "a: running/RUNNING",
                "b: waiting_for_dependencies/PENDING",
                "c: waiting_for_dependencies/PENDING",
            ],
        ),
        (
            "freed",
            vec![start(1, 1), trace(2, "a", "COMPLETED", 2)],
            "running",
            [
                "a: success/SUCCEEDED",
                "b: queued/PENDING",
                "c: waiting_for_dependencies/PENDING",
            ],
        ),
        (
            "asked",
            vec![start(1, 1), trace(2, "a", "AWAITING_INPUT", 2)],
            "running",
            [
                "a: running/RUNNING",
                "b: waiting_for_dependencies/PENDING",
                "c: waiting_for_dependencies/PENDING",
            ],
        ),
        (
            "blocked",
            vec![start(1, 1), failed(2, 1, 2, None)],
            "running",
            [
                "a: failed/FAILED",
                "b: blocked/PENDING",
                "c: blocked/PENDING",
            ],
        ),
        (
            "skipped",
            vec![trace(2, "a", "SKIPPED", 2)],
            "running",
            [
                "a: canceled/SKIPPED",
                "b: blocked/PENDING",
                "c: blocked/PENDING",
            ],
        ),
        (
            "done",
            vec![
                start(1, 1),
                trace(2, "a", "COMPLETED", 2),
                status("COMPLETED", 3),
            ],
            "success",
            [
                "a: success/SUCCEEDED",
                "b: canceled/SKIPPED",
                "c: canceled/SKIPPED",
            ],
        ),
        (
            "stopped",
            vec![start(1, 1), status("CANCELLED", 3)],
            "canceled",
            [
                "a: canceled/RUNNING",
                "b: canceled/PENDING",
                "c: canceled/PENDING",
            ],
        ),
        (
            "late",
            vec![start(1, 1), status("TIMED_OUT", 3)],
            "failed",
            [
                "a: canceled/RUNNING",
                "b: canceled/PENDING",
                "c: canceled/PENDING",
            ],
        ),
    ];
    for (run, lines, state, want) in cases {
        server.put(run, &reel(run, &lines)).await;
        let view = view(&server, run).await;
        assert_eq!(view["state"], state, "{run}");
        assert_eq!(states(&view), want, "{run}");
    }
}

#[tokio::test]
async fn the_view_has_every_field_and_a_poll_sees_what_is_new() {
    let server = TestServer::start().await;
    server
        .put("r", &reel("r", &every_kind()[..every_kind().len() - 1]))
        .await;
    let first = view(&server, "r").await;
    for (name, want) in [
        ("id", json!("r")),
        ("playbookId", json!("w")),
        ("playbookName", json!("Night scan")),
        ("playbookVersion", json!(1)),
        ("orgId", json!("local")),
        ("state", json!("running")),
        ("status", json!("RUNNING")),
        ("triggeredBy", json!("manual")),
        ("output", Value::Null),
        ("error", Value::Null),
        ("webhookUrl", Value::Null),
        ("workerInfo", Value::Null),
        ("startedAt", json!(instant(0, 0))),
        ("completedAt", Value::Null),
        ("createdAt", json!(instant(0, 0))),
        ("updatedAt", json!(instant(9, 0))),
        (
            "progress",
            json!({"total": 4, "completed": 1, "failed": 0, "running": 0, "pending": 3}),
        ),
    ] {
        assert_eq!(first[name], want, "{name}");
    }
    let step = &first["steps"][0];
    for (name, want) in [
        ("id", json!("r:a")),
        ("key", json!("a")),
        ("type", json!("DATA")),
        ("attempt", json!(0)),
        ("maxAttempts", json!(1)),
        ("input", json!({"n": 1})),
        ("output", json!({"big": "x"})),
        ("error", Value::Null),
        (
            "logs",
            json!(["<b>slow</b> host \u{1f980}", "same instant", "same instant"]),
        ),
        ("collaborationContext", Value::Null),
        ("episodicTraces", json!([])),
        ("personality", Value::Null),
        ("startedAt", json!(instant(1, 0))),
        ("completedAt", json!(instant(4, 0))),
        ("dependencies", json!([])),
        ("logCount", Value::Null),
    ] {
        assert_eq!(step[name], want, "{name}");
    }
    // The graph as it was drawn last: no edges.
    assert_eq!(first["steps"][3]["key"], "d");
    assert_eq!(view(&server, "r").await, first, "nothing new, nothing else");
    let one = server.json("/playbook-runs/r/steps/a").await;
    assert_eq!(one["data"], *step);

    server.put("r", &log("l11", "one more", 11)).await;
    let later = view(&server, "r").await;
    assert_eq!(later["steps"][0]["logs"].as_array().unwrap().len(), 4);
    assert_ne!(later["cursor"], first["cursor"]);
    server.put("r", &status("COMPLETED", 12)).await;
    let ended = view(&server, "r").await;
    assert_eq!(ended["state"], "success");
    assert_eq!(ended["completedAt"], instant(12, 0));

    let list = server.json("/playbook-runs").await;
    assert_eq!(list["data"]["total"], 1);
    assert_eq!(list["data"]["runs"][0]["state"], "success");
}

#[tokio::test]
async fn large_values_are_previews_in_the_run_and_whole_in_the_step() {
    let server = TestServer::start().await;
    let large = "y".repeat(100_000);
    let io = json!({"kind": "io", "nodeRef": "a", "status": "completed", "startedAt": instant(1, 0),
        "completedAt": instant(2, 0), "inputs": {"n": 1}, "outputs": {"text": large}});
    let lines = [
        trace(1, "a", "STARTED", 1),
        trace(2, "a", "COMPLETED", 2),
        io.to_string(),
    ];
    server.put("r", &reel("r", &lines)).await;
    let shown = view(&server, "r").await["steps"][0]["output"].clone();
    assert!(shown.as_str().unwrap().ends_with("... (truncated)"));
    let step = server.json("/playbook-runs/r/steps/a").await;
    assert_eq!(step["data"]["output"]["text"], large);
    assert_eq!(step["data"]["input"], json!({"n": 1}));
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

#[tokio::test]
async fn a_canceled_run_ends_its_stream_and_silence_is_broken() {
    let server = TestServer::with(|config| {
        config.heartbeat = std::time::Duration::from_millis(20);
    })
    .await;
    server.put("r", &header("r")).await;
    let mut stream = follow(&server, "r", "", None).await;
    stream.until("hb").await;
    let (code, _) = server.post("/workflows/runs/r/cancel", "").await;
    assert_eq!(code, 201);
    let rest = tokio::time::timeout(SOON, stream.rest()).await.unwrap();
    let last = rest.last().unwrap();
    assert_eq!(last.name, "run.failed");
    assert_eq!(last.data["payload"]["status"], "CANCELLED");
}

#[tokio::test]
async fn errors_have_the_dialects_shape() {
    let server = TestServer::with(|config| config.token = Some("secret".into())).await;
    let get = async |path: &str, token: bool| {
        let mut request = server.request(reqwest::Method::GET, path);
        if token {
            request = request.bearer_auth("secret");
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let body = response.text().await.unwrap();
        (status, serde_json::from_str::<Value>(&body).unwrap())
    };
    let long = format!("/api/v1/playbook-runs/{}", "x".repeat(3_000));
    for (path, token, status, code) in [
        ("/api/v1/playbook-runs/r", false, 401, "UNAUTHORIZED"),
        ("/api/v1/playbook-runs/r/stream", false, 401, "UNAUTHORIZED"),
        ("/api/v1/playbook-runs/r", true, 404, "NOT_FOUND"),
        ("/api/v1/playbook-runs/r/stream", true, 404, "NOT_FOUND"),
        ("/api/v1/playbook-runs/r/steps/a", true, 404, "NOT_FOUND"),
        (
            "/api/v1/playbook-runs/r/nowhere/at/all",
            true,
            404,
            "NOT_FOUND",
        ),
        ("/api/v1/playbook-runs/a%2fb", true, 400, "BAD_REQUEST"),
        ("/api/v1/playbook-runs/a%00b", true, 400, "BAD_REQUEST"),
        ("/api/v1/playbook-runs/%ff", true, 400, "BAD_REQUEST"),
        ("/api/v1/playbook-runs?limit=0", true, 400, "BAD_REQUEST"),
        (&long, true, 400, "BAD_REQUEST"),
    ] {
        let (got, body) = get(path, token).await;
        assert_eq!(got, status, "{path} {body}");
        assert_eq!(body["success"], false, "{path}");
        assert_eq!(body["error"]["code"], code, "{path}");
        assert!(!body["error"]["message"].as_str().unwrap().is_empty());
        assert_eq!(body.as_object().unwrap().len(), 2);
    }
    let response = server
        .request(reqwest::Method::POST, "/api/v1/playbook-runs/r")
        .bearer_auth("secret")
        .send();
    let response = response.await.unwrap();
    assert_eq!(response.status(), 405);
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(body["success"], false);
    // Ids that name nothing take no place, and Studio's errors stay Studio's.
    let (_, body) = get("/api/v1/workflows/runs/r", true).await;
    assert_eq!(body["statusCode"], 404);
}
