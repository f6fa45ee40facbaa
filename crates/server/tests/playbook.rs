//! A recorded run as Playbook's viewer sees it: view, steps and errors.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{TestServer, every_kind, instant, log, reel, status, trace};
use serde_json::{Value, json};

async fn view(server: &TestServer, run: &str) -> Value {
    let answer = server.json(&format!("/playbook-runs/{run}")).await;
    assert_eq!(answer["success"], true);
    answer["data"].clone()
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
