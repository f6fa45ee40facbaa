//! A recorded run as an operation: polled, its files fetched, its errors.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{TestServer, every_kind, header, instant, log, reel, status};
use reqwest::Method;
use serde_json::{Value, json};

async fn poll(server: &TestServer, run: &str) -> Value {
    server.json(&format!("/operations/{run}")).await
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
