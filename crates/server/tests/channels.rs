//! What a run holds, channel by channel, in the Studio dialect.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{TestServer, every_kind, instant, log, reel, status, terminal, trace};
use contract::studio;
use serde_json::{Value, json};

#[tokio::test]
async fn trace_goes_on_from_its_cursor() {
    let server = TestServer::start().await;
    server
        .put(
            "r",
            &reel(
                "r",
                &[
                    trace(2, "a", "COMPLETED", 2),
                    log("l", "", 1),
                    trace(1, "a", "NODE_STARTED", 1),
                ],
            ),
        )
        .await;
    let all = server.run("r", "/trace").await;
    let ids = |page: &Value| -> Vec<String> {
        let events = page["events"].as_array().unwrap();
        events
            .iter()
            .map(|event| event["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        ids(&all),
        ["1", "2"],
        "in their places, whatever came first"
    );
    assert_eq!(all, server.run("r", "/events").await);
    let first = server.run("r", "/trace?limit=1").await;
    assert_eq!(
        (ids(&first), &first["hasMore"]),
        (vec!["2".to_owned()], &json!(true)),
        "by arrival"
    );
    let next = server
        .run(
            "r",
            &format!(
                "/trace?limit=1&cursor={}",
                first["cursor"].as_str().unwrap()
            ),
        )
        .await;
    assert_eq!(ids(&next), ["1"]);
    let end = next["cursor"].as_str().unwrap();
    assert_eq!(
        ids(&server.run("r", &format!("/trace?cursor={end}")).await),
        Vec::<String>::new()
    );
    server.put("r", &trace(3, "b", "STARTED", 3)).await;
    assert_eq!(
        ids(&server.run("r", &format!("/trace?cursor={end}")).await),
        ["3"]
    );
    let packets = server.run("r", "/dataflows").await;
    assert_eq!(packets["packets"], json!([]));
}

#[tokio::test]
async fn logs_are_filtered_and_paged_through_ties() {
    let server = TestServer::start().await;
    let mut lines: Vec<String> = (0..50).map(|id| log(&format!("l{id}"), "tie", 1)).collect();
    lines.reverse();
    lines.push(log("last", "later", 5));
    lines.push(
        json!({"kind": "log", "id": "bare", "message": "", "timestamp": instant(3, 0)}).to_string(),
    );
    server.put("r", &reel("r", &lines)).await;
    let mut got = Vec::new();
    let mut query = "?limit=7".to_owned();
    loop {
        let page = server.run("r", &format!("/logs{query}")).await;
        assert_eq!(page["totalCount"], 52);
        let logs = page["logs"].as_array().unwrap();
        got.extend(
            logs.iter()
                .map(|line| line["id"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page.get("nextCursor").and_then(Value::as_str) else {
            assert_eq!(page["hasMore"], false);
            break;
        };
        query = format!("?limit=7&cursor={next}");
    }
    let mut want: Vec<String> = (0..50).map(|id| format!("l{id}")).collect();
    want.extend(["bare".to_owned(), "last".to_owned()]);
    assert_eq!(got, want);
    let count = async |query: &str| {
        server.run("r", &format!("/logs{query}")).await["totalCount"]
            .as_i64()
            .unwrap()
    };
    for (query, want) in [
        ("?level=warn", 51),
        ("?level=INFO", 1),
        ("?nodeRef=unknown", 1),
        ("?nodeRef=a&stream=stdout", 51),
        ("?stream=stderr", 0),
        (&format!("?startTime={}", instant(3, 0)), 2),
        (&format!("?endTime={}", instant(3, 0)), 51),
        ("?startTime=2026-01-01T01:00:05%2B01:00", 1),
    ] {
        assert_eq!(count(query).await, want, "{query}");
    }
    for bad in ["?limit=0", "?level=loud", "?stream=tty9", "?startTime=soon"] {
        assert_eq!(
            server
                .get(&format!("/api/v1/workflows/runs/r/logs{bad}"))
                .await
                .status(),
            400,
            "{bad}"
        );
    }
}

#[tokio::test]
async fn terminals_are_read_and_archived() {
    let server = TestServer::start().await;
    let crab = "🦀".as_bytes();
    let chunks = [terminal(1, &crab[..3], 1), terminal(2, &crab[3..], 2)];
    server.put("r", &reel("r", &chunks)).await;
    let page = server.run("r", "/terminal?nodeRef=a&stream=pty").await;
    let read: studio::TerminalPage = serde_json::from_value(page).unwrap();
    assert_eq!((read.run_id.as_str(), read.chunks.len()), ("r", 2));
    let rest = server
        .run("r", &format!("/terminal?cursor={}", read.cursor))
        .await;
    assert_eq!(rest["chunks"], json!([]));
    assert_eq!(
        server.run("r", "/terminal?nodeRef=b").await["chunks"],
        json!([])
    );

    assert_eq!(
        server.run("r", "/terminal/archive").await["records"],
        json!([]),
        "not before the end, unless asked"
    );
    let (code, made) = server
        .post(
            "/workflows/runs/r/terminal/archive",
            r#"{"nodeRef":"a","width":100,"height":30}"#,
        )
        .await;
    assert_eq!(code, 201, "{made}");
    assert_eq!(
        (&made["chunkCount"], &made["durationMs"], &made["stream"]),
        (&json!(2), &json!(1_000), &json!("pty"))
    );
    let (code, again) = server
        .post("/workflows/runs/r/terminal/archive", r#"{"nodeRef":"a"}"#)
        .await;
    assert_eq!((code, &again["id"]), (201, &made["id"]));
    for bad in [
        "{}",
        r#"{"nodeRef":"a","stream":"x"}"#,
        r#"{"nodeRef":"a","width":401}"#,
        "no",
    ] {
        assert_eq!(
            server
                .post("/workflows/runs/r/terminal/archive", bad)
                .await
                .0,
            400,
            "{bad}"
        );
    }
    server.put("r", &status("COMPLETED", 3)).await;
    let list: studio::RecordingList =
        serde_json::from_value(server.run("r", "/terminal/archive").await).unwrap();
    assert_eq!(list.records.len(), 1);
    let cast = server
        .get(&format!(
            "/api/v1/workflows/runs/r/terminal/archive/{}/download",
            list.records[0].id
        ))
        .await;
    assert_eq!(cast.headers()["content-type"], "application/x-asciinema");
    let cast = cast.text().await.unwrap();
    assert!(
        cast.contains("[1.000000,\"o\",\"🦀\"]") && cast.contains("\"width\":100"),
        "{cast}"
    );
    assert_eq!(
        server
            .get("/api/v1/workflows/runs/r/terminal/archive/99/download")
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn node_io_is_whole_null_where_it_may_be_and_previewed_when_large() {
    let server = TestServer::start().await;
    let row = |status: &str, more: Value| {
        let mut row = json!({"kind": "io", "nodeRef": "a", "status": status});
        row.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        row.to_string()
    };
    server.put("r", &reel("r", &[
        row("running", json!({"startedAt": instant(1, 0), "inputs": {"n": 1}})),
        row("completed", json!({"startedAt": instant(1, 0), "completedAt": instant(3, 0), "outputs": "x".repeat(200_000)})),
    ])).await;
    let list = server.run("r", "/node-io").await;
    let node = &list["nodes"][0];
    assert_eq!(
        (&node["inputs"], &node["durationMs"], &node["errorMessage"]),
        (&json!({"n": 1}), &json!(2_000), &Value::Null)
    );
    assert_eq!(
        (
            &node["outputsSize"],
            &node["outputsTruncated"],
            &node["inputsTruncated"]
        ),
        (&json!(200_002), &json!(true), &json!(false))
    );
    assert!(
        node["outputs"]
            .as_str()
            .unwrap()
            .ends_with("\n... (truncated)")
    );
    let full = server.run("r", "/node-io/a?full=1").await;
    assert_eq!(
        (
            full["outputs"].as_str().unwrap().len(),
            &full["outputsTruncated"]
        ),
        (200_000, &json!(false))
    );
    assert_eq!(
        server
            .get("/api/v1/workflows/runs/r/node-io/zz")
            .await
            .status(),
        404
    );
    let typed: studio::NodeIo = serde_json::from_value(full).unwrap();
    assert_eq!(typed.node_ref, "a");
}

#[tokio::test]
async fn artifacts_are_saved_and_never_shown() {
    let server = TestServer::start().await;
    let bare =
        json!({"kind": "artifact", "id": "../f2", "name": "gone", "createdAt": instant(9, 0)})
            .to_string();
    let mut lines = every_kind();
    lines.push(bare);
    server.put("r", &reel("r", &lines)).await;
    let list = server.run("r", "/artifacts").await;
    let artifact = &list["artifacts"][0];
    assert_eq!(
        (
            &artifact["runId"],
            &artifact["workflowId"],
            artifact.get("content")
        ),
        (&json!("r"), &json!("w"), None)
    );
    let file = server
        .get("/api/v1/workflows/runs/r/artifacts/f1/download")
        .await;
    for (name, want) in [
        ("content-type", "application/octet-stream"),
        (
            "content-disposition",
            "attachment; filename=\"n_me_.html\"; filename*=UTF-8''n%C3%A4me%22.html",
        ),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(file.headers()[name], want, "{name}");
    }
    assert_eq!(file.text().await.unwrap(), "<b>hi");
    for missing in ["zz", "..%2Ff2", "%2e%2e%2ff1", "..%5Cf1", "f1%00"] {
        let response = server
            .get(&format!(
                "/api/v1/workflows/runs/r/artifacts/{missing}/download"
            ))
            .await;
        assert_eq!(response.status(), 404, "{missing}");
    }
}
