//! A recorded run as an operation: polled, followed, stopped, its files fetched.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{Event, Events, TestServer, every_kind, header, instant, log, reel, status, trace};
use reqwest::Method;
use serde_json::{Value, json};

const MARKER: &str = "[... logs truncated at 10MB limit ...]";

async fn poll(server: &TestServer, run: &str) -> Value {
    server.json(&format!("/operations/{run}")).await
}

async fn follow(server: &TestServer, run: &str, last: Option<&str>) -> Events {
    let path = format!("/operations/{run}/stream");
    server.events(&path, last).await
}

/// Frames up to and with the first of a type.
async fn until(stream: &mut Events, kind: &str) -> Vec<Event> {
    let mut events = Vec::new();
    while let Some(event) = stream.next().await {
        let found = event.data["type"] == kind;
        events.push(event);
        if found {
            return events;
        }
    }
    panic!("the stream ended without {kind}");
}

fn kinds(events: &[Event]) -> Vec<&str> {
    let kind = |event: &'_ Event| event.data["type"].as_str().unwrap().to_owned();
    assert!(events.iter().all(|event| event.name.is_empty()));
    events
        .iter()
        .map(|event| match kind(event).as_str() {
            "log" => "log",
            "status" => "status",
            "gap" => "gap",
            "complete" => "complete",
            "hb" => "hb",
            other => panic!("{other}"),
        })
        .collect()
}

fn lines(events: &[Event]) -> Vec<&str> {
    let logs = events.iter().filter(|event| event.data["type"] == "log");
    logs.map(|event| event.data["content"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_poll_says_how_it_stands() {
    let server = TestServer::start().await;
    for (run, word, want, result) in [
        ("q", "QUEUED", "starting", "processing"),
        ("r", "RUNNING", "processing", "processing"),
        ("s", "COMPLETED", "succeeded", "ok"),
        ("f", "FAILED", "failed", "error"),
        ("t", "TIMED_OUT", "failed", "error"),
        ("c", "CANCELLED", "canceled", "error"),
        ("x", "TERMINATED", "canceled", "error"),
    ] {
        server.put(run, &reel(run, &[status(word, 2)])).await;
        let answer = poll(&server, run).await;
        assert_eq!(answer["kind"], "OperationStatus");
        assert_eq!(
            (&answer["id"], &answer["status"]),
            (&json!(run), &json!(want))
        );
        assert_eq!(answer["started_at"], instant(0, 0));
        assert_eq!(answer["result"]["status"], result, "{run}");
        let ended = answer
            .get("finished_at")
            .map(|end| end.as_str().unwrap().to_owned());
        assert_eq!(
            ended,
            (result != "processing").then(|| instant(2, 0)),
            "{run}"
        );
        let took = answer["result"]
            .get("execution_time")
            .and_then(Value::as_f64);
        assert_eq!(took, (result != "processing").then_some(2.0));
    }
    let list = server.json("/operations?limit=3").await;
    assert_eq!(
        (&list["kind"], &list["total"]),
        (&json!("OperationList"), &json!(7))
    );
    assert_eq!(list["operations"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_result_tells_of_steps_files_and_the_last_lines() {
    let server = TestServer::start().await;
    server.put("r", &reel("r", &every_kind())).await;
    let answer = poll(&server, "r").await;
    assert_eq!(
        answer["result"],
        json!({
            "status": "ok", "summary": "1 of 4 steps succeeded",
            "result": {"a": {"big": "x"}},
            "artifacts": [{"path": "näme\".html", "size": 5, "content_type": "text/html"}],
            "logs": ["<b>slow</b> host \u{1f980}", "same instant", "same instant"],
            "log_count": 3, "truncated": false, "execution_time": 10.0,
        })
    );
    assert_eq!(poll(&server, "r").await, answer);

    server.put("n", &header("n")).await;
    for from in [0, 60, 120] {
        let more: Vec<_> = (from..from + 60)
            .map(|number| log(&format!("l{number}"), &format!("line {number}"), 1 + number))
            .collect();
        server.put("n", &more.join("\n")).await;
        let result = poll(&server, "n").await["result"].clone();
        assert_eq!(result["log_count"], from + 60);
        let first = (from - 40).max(0);
        let want: Vec<_> = (first..from + 60).map(|it| format!("line {it}")).collect();
        assert_eq!(result["logs"], json!(want));
    }
}

#[tokio::test]
async fn a_log_is_cut_at_the_byte_and_the_stream_has_it_whole() {
    let server = TestServer::start().await;
    let big = "x".repeat(1_000_000);
    let mut all: Vec<_> = (0..9).map(|it| log(&format!("l{it}"), &big, 1)).collect();
    all.push(log("m1", &"y".repeat(999_999), 2));
    all.push(log("m2", "z", 3));
    server.put("r", &reel("r", &all)).await;
    let full = poll(&server, "r").await["result"].clone();
    assert_eq!(
        (&full["log_count"], &full["truncated"]),
        (&json!(11), &json!(false))
    );
    assert_eq!(full["logs"][10], "z");
    server.put("r", &log("m3", "", 4)).await;
    let still = poll(&server, "r").await["result"].clone();
    assert_eq!(
        (&still["log_count"], &still["truncated"]),
        (&json!(12), &json!(false))
    );
    server
        .put("r", &format!("{}\n{}", log("m4", "1", 5), log("m5", "", 6)))
        .await;
    let other = json!({"kind": "log", "id": "o", "nodeId": "b", "message": "elsewhere", "timestamp": instant(7, 0)});
    server
        .put("r", &format!("{other}\n{}", status("COMPLETED", 8)))
        .await;
    let cut = poll(&server, "r").await["result"].clone();
    assert_eq!(
        (&cut["log_count"], &cut["truncated"]),
        (&json!(14), &json!(true))
    );
    let logs = cut["logs"].as_array().unwrap();
    assert_eq!(logs[11..], [json!(""), json!(MARKER), json!("elsewhere")]);

    let events = follow(&server, "r", None).await.rest().await;
    let sent = lines(&events);
    assert_eq!(sent[11..], ["", "1", "", "elsewhere"]);
}

#[tokio::test]
async fn the_stream_brings_lines_once_and_closes_at_the_end() {
    let server = TestServer::start().await;
    server.put("r", &header("r")).await;
    let mut stream = follow(&server, "r", None).await;
    assert_eq!(stream.block().await.unwrap(), ": ok");
    let opened = until(&mut stream, "status").await;
    assert_eq!(opened[0].data["status"], "processing");
    let more: Vec<_> = (0..1_300)
        .map(|it| log(&format!("l{it}"), &format!("line {it}"), 1))
        .chain([trace(1, "a", "STARTED", 2)])
        .collect();
    server.put("r", &more.join("\n")).await;
    let note = json!({"kind": "trace", "id": "9", "nodeId": "a", "type": "NODE_LOG", "message": "by event", "timestamp": instant(3, 0)});
    server.put("r", &note.to_string()).await;
    server.put("r", &status("COMPLETED", 4)).await;
    let mut events = opened;
    events.extend(stream.rest().await);
    assert_eq!(*kinds(&events).last().unwrap(), "complete");
    assert_eq!(events.last().unwrap().data["status"], "succeeded");
    let sent = lines(&events);
    assert_eq!(sent.len(), 1_301);
    assert!(
        sent[..1_300]
            .iter()
            .enumerate()
            .all(|(it, line)| *line == format!("line {it}"))
    );
    assert_eq!(sent[1_300], "by event");
    assert_eq!(events[1].data["node"], "a");
    assert_eq!(events[1].data["timestamp"], instant(1, 0));

    for cut in [1, 2, 700, 1_000, 1_300, events.len() - 1] {
        let rest = follow(&server, "r", Some(&events[cut - 1].id))
            .await
            .rest()
            .await;
        let mut both = lines(&events[..cut]);
        both.extend(lines(&rest));
        assert_eq!(both, sent, "cut at {cut}");
        assert_eq!(*kinds(&rest).last().unwrap(), "complete");
    }
    let strange = follow(&server, "r", Some("ffff-3")).await.rest().await;
    assert_eq!(
        strange[0].data,
        json!({"type": "gap", "reason": "restarted"})
    );
    assert_eq!(lines(&strange), sent);
}

#[tokio::test]
async fn silence_is_broken_and_cancel_does_what_studios_does() {
    let server = TestServer::with(|config| {
        config.heartbeat = std::time::Duration::from_millis(20);
    })
    .await;
    server.put("r", &header("r")).await;
    let mut stream = follow(&server, "r", None).await;
    until(&mut stream, "hb").await;
    for _ in 0..2 {
        let (code, body) = server.post("/operations/r/cancel", "").await;
        assert_eq!((code, body), (204, Value::String(String::new())));
    }
    let rest = stream.rest().await;
    assert_eq!(
        rest.last().unwrap().data,
        json!({"type": "complete", "status": "canceled"})
    );
    assert_eq!(server.run("r", "/status").await["status"], "CANCELLED");
    server
        .put("done", &reel("done", &[status("COMPLETED", 1)]))
        .await;
    let (code, body) = server.post("/operations/done/cancel", "").await;
    assert_eq!(
        (code, &body["detail"]["error_code"]),
        (409, &json!("CONFLICT"))
    );
}

#[tokio::test]
async fn files_are_listed_and_fetched_and_never_run() {
    let server = TestServer::start().await;
    let file = |id: &str, name: &str, content: &str| {
        json!({"kind": "artifact", "id": id, "name": name, "mimeType": "text/html", "size": 1,
               "createdAt": instant(1, 0), "content": content})
        .to_string()
    };
    let all = [
        file("f1", "out/a.html", "MQ=="),
        file("f2", "out/b.html", "Mg=="),
        file("f3", "out/b.html", "Mw=="),
    ];
    server.put("r", &reel("r", &all)).await;
    let (code, list) = server
        .post(
            "/artifacts/r/list",
            r#"{"operation_id":"r","signature":"0x00"}"#,
        )
        .await;
    assert_eq!(code, 200);
    assert_eq!(list, server.json("/artifacts/r/list").await);
    assert_eq!(
        (&list["kind"], &list["operation_id"]),
        (&json!("ArtifactList"), &json!("r"))
    );
    let paths: Vec<_> = list["artifacts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["path"].clone())
        .collect();
    assert_eq!(paths, ["out/a.html", "f2/out/b.html", "f3/out/b.html"]);
    for (path, want) in [
        ("out/a.html", Some("1")),
        ("f1/out/a.html", Some("1")),
        ("f3/out/b.html", Some("3")),
        ("out/b.html", None),
        ("../../etc/passwd", None),
        ("", None),
    ] {
        let asked = json!({"operation_id": "r", "artifact_path": path, "signature": "0x00"});
        let response = server
            .request(Method::POST, "/api/v1/artifacts/download")
            .body(asked.to_string())
            .send();
        let response = response.await.unwrap();
        let Some(want) = want else {
            assert_eq!(response.status(), 404, "{path}");
            continue;
        };
        let headers = response.headers();
        assert!(
            headers["content-disposition"]
                .to_str()
                .unwrap()
                .starts_with("attachment")
        );
        assert_eq!(headers["content-type"], "application/octet-stream");
        assert_eq!(response.text().await.unwrap(), want);
    }
}

#[tokio::test]
async fn errors_have_the_dialects_shape() {
    let server = TestServer::with(|config| config.token = Some("secret".into())).await;
    for (method, path, token, body, status, code) in [
        (
            Method::GET,
            "/operations/r",
            false,
            "",
            401,
            "AUTHENTICATION_ERROR",
        ),
        (
            Method::GET,
            "/operations/r/stream",
            false,
            "",
            401,
            "AUTHENTICATION_ERROR",
        ),
        (
            Method::POST,
            "/operations/r/cancel",
            false,
            "",
            401,
            "AUTHENTICATION_ERROR",
        ),
        (
            Method::POST,
            "/artifacts/download",
            false,
            "",
            401,
            "AUTHENTICATION_ERROR",
        ),
        (Method::GET, "/operations/r", true, "", 404, "NOT_FOUND"),
        (
            Method::GET,
            "/operations/r/stream",
            true,
            "",
            404,
            "NOT_FOUND",
        ),
        (
            Method::POST,
            "/operations/r/cancel",
            true,
            "",
            404,
            "NOT_FOUND",
        ),
        (
            Method::POST,
            "/artifacts/r/list",
            true,
            "",
            404,
            "NOT_FOUND",
        ),
        (
            Method::GET,
            "/operations/a%2fb",
            true,
            "",
            400,
            "VALIDATION_ERROR",
        ),
        (
            Method::GET,
            "/operations/%ff/stream",
            true,
            "",
            400,
            "VALIDATION_ERROR",
        ),
        (
            Method::GET,
            "/operations?limit=many",
            true,
            "",
            400,
            "VALIDATION_ERROR",
        ),
        (
            Method::DELETE,
            "/operations/r",
            true,
            "",
            405,
            "VALIDATION_ERROR",
        ),
        (
            Method::POST,
            "/artifacts/download",
            true,
            "[]",
            400,
            "VALIDATION_ERROR",
        ),
        (
            Method::POST,
            "/artifacts/download",
            true,
            "{}",
            400,
            "VALIDATION_ERROR",
        ),
        (
            Method::POST,
            "/artifacts/download",
            true,
            r#"{"operation_id":"..","artifact_path":"a"}"#,
            400,
            "VALIDATION_ERROR",
        ),
        (
            Method::POST,
            "/artifacts/download",
            true,
            r#"{"operation_id":"r","artifact_path":"a"}"#,
            404,
            "NOT_FOUND",
        ),
    ] {
        let mut request = server.request(method, &format!("/api/v1{path}")).body(body);
        if token {
            request = request.bearer_auth("secret");
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        let answer: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        let detail = &answer["detail"];
        assert_eq!(
            (&detail["kind"], &detail["error_code"]),
            (&json!("Error"), &json!(code)),
            "{path}"
        );
        assert!(!detail["detail"].as_str().unwrap().is_empty());
        assert_eq!(answer.as_object().unwrap().len(), 1);
    }
}
