//! What people and runners tell a run: answers, cancel; and what agents say.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{TestServer, every_kind, header, instant, reel, status, trace};
use contract::studio;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn questions_hold_the_run_up_until_they_are_answered() {
    let server = TestServer::start().await;
    let mut lines = every_kind();
    lines.pop();
    server.put("r", &reel("r", &lines)).await;
    assert_eq!(server.run("r", "/status").await["status"], "AWAITING_INPUT");
    assert_eq!(
        server.json("/workflows/runs?status=AWAITING_INPUT").await["total"],
        1
    );
    let pending = server
        .json("/human-inputs?status=pending&inputType=approval")
        .await;
    assert_eq!(
        (
            &pending[0]["id"],
            &pending[0]["runId"],
            &pending[0]["responseData"]
        ),
        (&json!("q1"), &json!("r"), &Value::Null)
    );

    let cursor = server.run("r", "/records").await["cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/workflows/runs/r/control?after={cursor}");
    let (control, (code, answered)) = tokio::join!(
        server.json(&path),
        server.post(
            "/human-inputs/q1/resolve",
            r#"{"responseData":{"approved":true},"respondedBy":"me"}"#
        )
    );
    assert_eq!(code, 201, "{answered}");
    assert_eq!(
        (
            &answered["status"],
            &answered["responseData"],
            &answered["respondedBy"]
        ),
        (&json!("resolved"), &json!({"approved": true}), &json!("me"))
    );
    assert_eq!(
        (&control["cancel"], &control["inputs"][0]["id"]),
        (&json!(false), &json!("q1"))
    );
    assert_eq!(server.run("r", "/status").await["status"], "RUNNING");
    let (code, answer) = server.post("/human-inputs/q1/resolve", "{}").await;
    assert_eq!(
        (code, &answer["message"]),
        (409, &json!("Human input q1 is already answered"))
    );
    assert_eq!(server.post("/human-inputs/zz/resolve", "{}").await.0, 404);
    // A pending record that arrives late does not open it again.
    server
        .put("r", &every_kind()[13].replace("Go on?", "Go on, please?"))
        .await;
    assert_eq!(server.json("/human-inputs/q1").await["status"], "resolved");
}

#[tokio::test]
async fn an_agent_is_read_in_parts_and_as_a_stream() {
    let server = TestServer::start().await;
    let mut lines = every_kind();
    lines.retain(|line| !line.contains("finish"));
    lines.pop();
    server.put("r", &reel("r", &lines)).await;
    let id = "r:plan:1";
    let parts = server.json(&format!("/agents/{id}/parts")).await;
    let typed: studio::AgentParts = serde_json::from_value(parts.clone()).unwrap();
    assert_eq!(
        (
            typed.workflow_run_id.as_str(),
            typed.node_ref.as_str(),
            typed.cursor
        ),
        ("r", "b", 1)
    );
    assert_eq!(
        parts["parts"][0],
        json!({"sequence": 1, "timestamp": instant(5, 0), "chunk": {"type": "start", "messageId": "m1"}})
    );
    assert_eq!(
        server.json("/agents/r%3Aplan%3A1/parts?cursor=1").await["parts"],
        json!([])
    );
    assert_eq!(server.get("/api/v1/agents/zz/parts").await.status(), 404);

    let request = server
        .request(Method::POST, &format!("/api/v1/agents/{id}/chat"))
        .body("{}");
    let mut chat = request.send().await.unwrap();
    assert_eq!(chat.headers()["x-vercel-ai-ui-message-stream"], "v1");
    let mut text = String::new();
    while !text.contains("m1") {
        text.push_str(std::str::from_utf8(&chat.chunk().await.unwrap().unwrap()).unwrap());
    }
    server
        .put(
            "r",
            every_kind()
                .iter()
                .find(|line| line.contains("finish"))
                .unwrap(),
        )
        .await;
    while let Some(part) = chat.chunk().await.unwrap() {
        text.push_str(std::str::from_utf8(&part).unwrap());
    }
    assert!(
        text.ends_with("data: {\"type\":\"finish\"}\n\ndata: [DONE]\n\n"),
        "{text}"
    );
}

#[tokio::test]
async fn cancel_ends_the_run_once_and_wakes_its_runner() {
    let server = TestServer::start().await;
    server
        .put("r", &reel("r", &[trace(1, "a", "STARTED", 1)]))
        .await;
    let (control, (code, answer)) = tokio::join!(
        server.json("/workflows/runs/r/control"),
        server.post("/workflows/runs/r/cancel", "")
    );
    assert_eq!(
        (code, answer),
        (201, json!({"status": "cancelled", "runId": "r"}))
    );
    assert_eq!(control["cancel"], true);
    let (code, again) = server.post("/workflows/runs/r/cancel", "").await;
    assert_eq!((code, &again["status"]), (201, &json!("cancelled")));
    assert_eq!(server.run("r", "/status").await["status"], "CANCELLED");
    let trace = server.run("r", "/trace").await;
    let warned: Vec<&Value> = trace["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["level"] == "warn")
        .collect();
    assert_eq!(warned.len(), 1);
    assert_eq!(
        (&warned[0]["message"], &warned[0]["nodeId"]),
        (&json!("Run cancelled by user"), &json!(server::RUN_NODE))
    );
    assert_eq!(
        server.run("r", "").await["nodeCount"],
        3,
        "the run's own event is no node"
    );

    server
        .put("done", &reel("done", &[status("COMPLETED", 1)]))
        .await;
    let (code, answer) = server.post("/workflows/runs/done/cancel", "").await;
    assert_eq!(
        (code, &answer["message"]),
        (
            409,
            &json!("Workflow run done has already ended as COMPLETED")
        )
    );
    assert_eq!(server.post("/workflows/runs/none/cancel", "").await.0, 404);
}

#[tokio::test]
async fn control_waits_no_longer_than_it_says() {
    let server =
        TestServer::with(|config| config.control_wait = std::time::Duration::from_millis(30)).await;
    server.put("r", &header("r")).await;
    let control = server.run("r", "/control").await;
    assert_eq!(
        (&control["cancel"], &control["inputs"]),
        (&json!(false), &json!([]))
    );
}
