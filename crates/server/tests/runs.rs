//! Runs in the Studio dialect, and what is said of those that are not there.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{TestServer, every_kind, header, instant, reel, status};
use contract::studio;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn runs_are_listed_newest_first_and_found() {
    let server = TestServer::start().await;
    for (id, word, second) in [
        ("r1", "COMPLETED", 1),
        ("r2", "RUNNING", 3),
        ("r3", "FAILED", 2),
    ] {
        let head = header(id)
            .replace(&instant(0, 0), &instant(second, 0))
            .replace("Night", id);
        server
            .put(id, &format!("{head}\n{}", status(word, 9)))
            .await;
    }
    let ids = async |query: &str| -> Vec<String> {
        let list = server.json(&format!("/workflows/runs{query}")).await;
        let runs = list["runs"].as_array().unwrap();
        runs.iter()
            .map(|run| run["id"].as_str().unwrap().to_owned())
            .collect()
    };
    for (query, want) in [
        ("", vec!["r2", "r3", "r1"]),
        ("?limit=1&offset=1", vec!["r3"]),
        ("?status=failed", vec!["r3"]),
        ("?status=RUNNING", vec!["r2"]),
        ("?status=CANCELED", vec![]),
        ("?workflowId=w&limit=2", vec!["r2", "r3"]),
        ("?workflowId=%25", vec![]),
        ("?q=scan%20R3", vec!["r3"]),
        ("?q=%25_", vec![]),
    ] {
        assert_eq!(ids(query).await, want, "{query}");
    }
    for bad in [
        "?limit=0",
        "?limit=201",
        "?limit=x",
        "?offset=-1",
        "?status=ASLEEP",
    ] {
        let response = server.get(&format!("/api/v1/workflows/runs{bad}")).await;
        assert_eq!(response.status(), 400, "{bad}");
    }
    // The contract's own type reads what we write.
    let list: studio::RunList = serde_json::from_value(json!({"runs": []})).unwrap();
    assert!(list.runs.is_empty());
}

#[tokio::test]
async fn a_run_in_detail_leaves_nothing_out() {
    let server = TestServer::start().await;
    server.put("r", &reel("r", &every_kind())).await;
    let run = server.run("r", "").await;
    for name in [
        "id",
        "workflowId",
        "organizationId",
        "workflowVersionId",
        "workflowVersion",
        "status",
        "startTime",
        "endTime",
        "workflowName",
        "eventCount",
        "nodeCount",
        "duration",
        "triggerType",
        "triggerSource",
        "triggerLabel",
        "inputPreview",
        "parentRunId",
        "parentNodeRef",
    ] {
        assert!(run.get(name).is_some(), "{name}: {run}");
    }
    let status = server.run("r", "/status").await;
    assert_eq!(
        status,
        json!({"runId": "r", "workflowId": "w", "status": "COMPLETED", "startedAt": instant(0, 0),
               "updatedAt": instant(10, 0), "completedAt": instant(10, 0), "taskQueue": "", "historyLength": 2,
               "progress": {"completedActions": 1, "totalActions": 4}})
    );
    let config = server.run("r", "/config").await;
    assert_eq!(
        (&config["inputs"], &config["workflowVersion"]),
        (&json!({}), &json!(1))
    );
    let result = server.run("r", "/result").await;
    assert_eq!(
        result["result"]["outputs"],
        json!({"a": {"big": "x"}, "b": {"agentRunId": "r:plan:1"}})
    );
    let workflow = server.json("/workflows/w").await;
    assert_eq!(
        (
            &workflow["currentVersionId"],
            workflow["graph"]["nodes"].as_array().unwrap().len()
        ),
        (&json!("v1"), 4)
    );
    let version = server.json("/workflows/w/versions/v1").await;
    assert_eq!(
        (
            &version["version"],
            version["graph"]["nodes"].as_array().unwrap().len()
        ),
        (&json!(1), 4)
    );
    assert_eq!(
        server.run("r", "/graph").await["graph"]["nodes"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[tokio::test]
async fn children_name_their_parent() {
    let server = TestServer::start().await;
    server.put("p", &header("p")).await;
    let child = header("c").replace(
        "\"workflowId\"",
        "\"parentRunId\":\"p\",\"parentNodeRef\":\"b\",\"workflowId\"",
    );
    server.put("c", &child).await;
    assert_eq!(
        server.run("p", "/children").await,
        json!({"runs": [{"runId": "c", "workflowId": "w", "workflowName": "Night scan", "parentNodeRef": "b",
                         "status": "RUNNING", "startedAt": instant(0, 0)}]})
    );
}

#[tokio::test]
async fn what_is_not_there_is_said_in_json() {
    let server = TestServer::start().await;
    server.put("r", &header("r")).await;
    for path in [
        "/workflows/runs/none",
        "/workflows/runs/none/trace",
        "/workflows/runs/none/logs",
        "/workflows/runs/none/reel",
        "/workflows/runs/none/records",
        "/workflows/runs/none/control",
        "/workflows/none",
        "/workflows/w/versions/none",
        "/human-inputs/none",
        "/nothing",
        "/workflows/runs/r/nothing",
        "/workflows/runs/r/artifacts/x/download",
    ] {
        let response = server.get(&format!("/api/v1{path}")).await;
        let (code, kind) = (
            response.status(),
            response.headers()["content-type"].clone(),
        );
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert_eq!(
            (code.as_u16(), kind.to_str().unwrap()),
            (404, "application/json; charset=utf-8"),
            "{path}"
        );
        assert_eq!(
            (&body["statusCode"], &body["error"]),
            (&json!(404), &json!("Not Found")),
            "{path}"
        );
    }
    let response = server
        .get("/api/v1/workflows/runs/none")
        .await
        .text()
        .await
        .unwrap();
    assert!(response.contains("Workflow run none not found"));
    let wrong = server
        .request(Method::PUT, "/api/v1/workflows/runs")
        .send()
        .await
        .unwrap();
    assert_eq!(wrong.status(), 405);
    assert!(wrong.text().await.unwrap().contains("\"statusCode\":405"));
}

#[tokio::test]
async fn hostile_ids_do_no_harm() {
    let server = TestServer::start().await;
    for good in [
        "a b",
        "{run_id=\"x\"}",
        "*",
        "%",
        "'; DROP TABLE runs; --",
        "a:b",
        "ラン",
        "a?b#c",
        "a\\b",
    ] {
        let path: String = good.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let mut head: Value = serde_json::from_str(&header("x")).unwrap();
        head["run"]["id"] = good.into();
        server.put(&path, &head.to_string()).await;
        assert_eq!(server.run(&path, "").await["id"], good);
    }
    assert_eq!(server.json("/workflows/runs").await["total"], 9);
    for bad in [
        "%2E%2E%2F",
        "a%2Fb",
        "a%00",
        "a%0Ab",
        "%7F",
        &"x".repeat(201),
    ] {
        let (code, answer) = server.ingest(bad, header("x")).await;
        assert_eq!(code, 400, "{bad}: {answer}");
        assert!(
            answer["message"]
                .as_str()
                .unwrap()
                .starts_with("a run's id"),
            "{answer}"
        );
    }
    assert_eq!(server.ingest("%FF", header("x")).await.0, 400);
}
