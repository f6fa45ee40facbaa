//! Records in and the whole run out: what is taken, what is refused, and that nothing else shows.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{TestServer, every_kind, header, instant, log, reel, status, trace};
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use reqwest::Method;
use serde_json::{Value, json};
use std::io::Write;

#[tokio::test]
async fn a_reel_posted_twice_changes_nothing() {
    let server = TestServer::start().await;
    let lines = every_kind();
    let given = reel("r", &lines);
    let (status, answer) = server.ingest("r", given.clone()).await;
    assert_eq!(
        (status, &answer),
        (200, &json!({"accepted": lines.len(), "duplicates": 0}))
    );
    let once = server.reel("r").await;
    let (status, answer) = server.ingest("r", given).await;
    assert_eq!(
        (status, &answer),
        (200, &json!({"accepted": 0, "duplicates": lines.len()}))
    );
    assert_eq!(server.reel("r").await, once);
}

#[tokio::test]
async fn export_import_export_gives_the_same_bytes() {
    let (first, second) = (TestServer::start().await, TestServer::start().await);
    first.put("r", &reel("r", &every_kind())).await;
    let exported = first.reel("r").await;
    second.put("r", &exported).await;
    assert_eq!(second.reel("r").await, exported);
    assert_eq!(
        second.run("r", "/status").await,
        first.run("r", "/status").await
    );
    assert_eq!(second.run("r", "").await, first.run("r", "").await);

    let head: Value = serde_json::from_str(exported.lines().next().unwrap()).unwrap();
    assert_eq!(head["run"]["status"], "COMPLETED");
    assert_eq!(head["run"]["endTime"], json!(instant(10, 0)));
    assert_eq!(head["run"]["duration"], 10_000);
    assert_eq!(head["run"]["eventCount"], 2);
    assert_eq!(head["run"]["nodeCount"], 4, "the newest graph counts");
    // Numbers of any size, contents and unknown kinds travel.
    assert!(
        exported.contains(r#""exact":1.10,"huge":123456789012345678901234567890"#),
        "{exported}"
    );
    assert!(exported.contains(r#""content":"PGI+aGk=""#), "{exported}");
    assert_eq!(exported.lines().count(), every_kind().len() + 1);
}

#[test]
fn neither_order_nor_cuts_nor_repeats_show() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(TestServer::start());
    let lines = every_kind();
    runtime.block_on(server.put("r", &reel("r", &lines)));
    let want = runtime.block_on(server.reel("r"));
    let order = Just((0..lines.len()).collect::<Vec<_>>()).prop_shuffle();
    let cases = (
        order,
        1_usize..7,
        prop::collection::vec(0..lines.len(), 0..4),
    );
    let number = std::cell::Cell::new(0);
    TestRunner::new(Cases::with_cases(24))
        .run(&cases, |(order, size, repeats)| {
            number.set(number.get() + 1);
            let run = format!("r{}", number.get());
            let got = runtime.block_on(async {
                server.put(&run, &header(&run)).await;
                let sent: Vec<&String> = order
                    .iter()
                    .chain(&repeats)
                    .map(|index| &lines[*index])
                    .collect();
                for part in sent.chunks(size) {
                    let text: Vec<&str> = part.iter().map(|line| line.as_str()).collect();
                    server.put(&run, &text.join("\n")).await;
                }
                server.reel(&run).await
            });
            prop_assert_eq!(
                got,
                want.replacen(r#""id":"r""#, &format!(r#""id":"{run}""#), 1)
            );
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn a_malformed_line_is_named_and_ends_the_reading() {
    let server = TestServer::start().await;
    let good = log("ok", "kept", 1);
    for (name, bad, line, field, message) in [
        (
            "not json",
            "{\"kind\":\"log\",",
            4,
            None,
            "line 4: not JSON: EOF while parsing a value at column 14",
        ),
        ("a list", "[1]", 4, None, "line 4: a line is a JSON object"),
        (
            "no kind",
            "{\"id\":1}",
            4,
            Some("kind"),
            "line 4, field `kind`: missing; every record says what it is",
        ),
        (
            "no instant",
            "{\"kind\":\"log\",\"id\":1,\"message\":\"x\"}",
            4,
            Some("timestamp"),
            "line 4, field `timestamp`: missing; expected a date and time with a zone, as 2026-01-01T00:00:00.000Z",
        ),
        (
            "chunk zero",
            "{\"kind\":\"terminal\",\"nodeRef\":\"a\",\"stream\":\"pty\",\"chunkIndex\":0,\"payload\":\"\",\"recordedAt\":\"2026-01-01T00:00:00Z\"}",
            4,
            Some("chunkIndex"),
            "line 4, field `chunkIndex`: expected a whole number from 1, got 0",
        ),
        (
            "a second header",
            &header("r"),
            4,
            Some("reel"),
            "line 4, field `reel`: a header can only be the first line",
        ),
        (
            "half a surrogate",
            "{\"kind\":\"x\",\"a\":\"\\ud800\"}",
            4,
            None,
            "line 4: not JSON: unexpected end of hex escape at column 24",
        ),
    ] {
        let run = name.replace(' ', "-");
        // A blank line counts as a line, and is no record.
        let body = format!(
            "{}\n\n{good}\n{bad}\n{}\n",
            header(&run),
            log("after", "lost", 2)
        );
        let (status, answer) = server.ingest(&run, body).await;
        assert_eq!(status, 400, "{name}: {answer}");
        assert_eq!(answer["line"], line, "{name}: {answer}");
        assert_eq!(
            answer.get("field").and_then(Value::as_str),
            field,
            "{name}: {answer}"
        );
        assert_eq!(answer["message"], message, "{name}");
        assert_eq!(
            (&answer["accepted"], &answer["duplicates"]),
            (&json!(1), &json!(0)),
            "{name}"
        );
        assert_eq!(
            (&answer["statusCode"], &answer["error"]),
            (&json!(400), &json!("Bad Request"))
        );
        let kept = server.reel(&run).await;
        assert!(
            kept.contains("kept") && !kept.contains("lost"),
            "{name}: {kept}"
        );
    }
    let (code, answer) = server
        .ingest(
            "bytes",
            [header("bytes").as_bytes(), b"\n{\"kind\":\"\xff\"}"].concat(),
        )
        .await;
    assert_eq!((code, &answer["line"]), (400, &json!(2)), "{answer}");
}

#[tokio::test]
async fn headers_create_runs_and_their_mistakes_do_not() {
    let server = TestServer::start().await;
    let (code, answer) = server.ingest("r", log("1", "", 1)).await;
    assert_eq!(
        (code, &answer["message"]),
        (404, &json!("Workflow run r not found"))
    );
    let (code, answer) = server.ingest("r", header("other")).await;
    assert_eq!(
        (code, &answer["field"]),
        (400, &json!("run.id")),
        "{answer}"
    );
    let (code, _) = server
        .ingest("r", header("r").replace("\"reel\":1", "\"reel\":2"))
        .await;
    assert_eq!(code, 400);
    let (code, _) = server.ingest("r", "").await;
    assert_eq!(code, 404);
    assert_eq!(server.json("/workflows/runs").await["total"], 0);

    // A run without a graph gets one from a later header; nothing else changes.
    let bare = json!({"reel": 1, "run": {"id": "r", "workflowId": "w", "workflowName": "First",
                      "status": "RUNNING", "startTime": instant(0, 0)}});
    server.put("r", &format!("\n{bare}\n")).await;
    assert_eq!(server.run("r", "").await["nodeCount"], 0);
    server.put("r", &header("r")).await;
    let run = server.run("r", "").await;
    assert_eq!(
        (&run["workflowName"], &run["nodeCount"]),
        (&json!("First"), &json!(3))
    );
    server.put("r", "").await;
}

#[tokio::test]
async fn packed_bodies_are_read_and_bombs_are_not() {
    let server = TestServer::with(|config| config.body_limit = 100_000).await;
    let pack = |text: &str| {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(text.as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    let post = async |body: Vec<u8>, coding: &str| {
        let request = server
            .request(Method::POST, "/api/v1/workflows/runs/r/reel")
            .body(body);
        request
            .header("content-encoding", coding)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    let given = reel("r", &every_kind());
    assert_eq!(post(pack(&given), "gzip").await, 200);
    assert_eq!(
        post(pack(&given), "").await,
        200,
        "a .reel.gz sent as it is"
    );
    assert_eq!(post(given.into_bytes(), "br").await, 415);
    assert_eq!(post(b"\x1f\x8bnot really".to_vec(), "gzip").await, 400);

    let before = server.reel("r").await;
    let bomb = (0..3_000)
        .map(|id| log(&format!("big{id}"), &"z".repeat(90), 1))
        .collect::<Vec<_>>()
        .join("\n");
    assert!(pack(&bomb).len() < 50_000);
    assert_eq!(post(pack(&bomb), "gzip").await, 413);
    assert_eq!(post(bomb.clone().into_bytes(), "identity").await, 413);
    // Also where nobody says how much is coming.
    let parts = bomb
        .into_bytes()
        .chunks(1_000)
        .map(|part| Ok::<_, std::io::Error>(part.to_vec()))
        .collect::<Vec<_>>();
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(parts));
    let (code, answer) = server.ingest("r", body).await;
    assert_eq!((code, &answer["error"]), (413, &json!("Payload Too Large")));
    assert_eq!(server.reel("r").await, before, "nothing of it is kept");
}

#[tokio::test]
async fn a_reel_goes_out_packed_and_as_a_file() {
    let server = TestServer::start().await;
    server
        .put(
            "a \"b",
            &reel("a \"b", &every_kind()).replace("\"id\":\"a \"b\"", "\"id\":\"a \\\"b\""),
        )
        .await;
    let plain = server
        .get("/api/v1/workflows/runs/a%20%22b/reel?download=1")
        .await;
    assert_eq!(
        plain.headers()["content-disposition"],
        "attachment; filename=\"a__b.reel\"; filename*=UTF-8''a%20%22b.reel"
    );
    let plain = plain.text().await.unwrap();
    let client = reqwest::Client::builder()
        .no_proxy()
        .gzip(true)
        .build()
        .unwrap();
    let packed = client
        .get(format!(
            "{}/api/v1/workflows/runs/a%20%22b/reel",
            server.base
        ))
        .send()
        .await
        .unwrap();
    assert_eq!(packed.text().await.unwrap(), plain);
}

#[tokio::test]
async fn large_runs_go_in_and_out() {
    let server = TestServer::start().await;
    let lines: Vec<String> = (0..20_000)
        .map(|id| match id % 2 {
            0 => trace(id, &format!("n{}", id % 300), "PROGRESS", id / 100),
            _ => log(
                &format!("l{id}"),
                "a line as long as lines are, more or less",
                id / 100,
            ),
        })
        .collect();
    let given = reel("r", &lines);
    let (code, answer) = server.ingest("r", given.clone()).await;
    assert_eq!(
        (code, &answer["accepted"]),
        (200, &json!(20_000)),
        "{answer}"
    );
    let out = server.reel("r").await;
    assert_eq!(out.lines().count(), 20_001);
    let instants: Vec<String> = out
        .lines()
        .skip(1)
        .map(|line| {
            let record: Value = serde_json::from_str(line).unwrap();
            record["timestamp"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(instants.is_sorted());
}

#[tokio::test]
async fn the_end_of_a_run_holds_against_latecomers() {
    let server = TestServer::start().await;
    server.put("r", &reel("r", &[status("COMPLETED", 5)])).await;
    // A clock that runs ahead, and an event of the trace document.
    let ahead = json!({"kind": "trace", "id": 9, "nodeId": "workflow", "type": "WORKFLOW_STATUS",
                       "timestamp": instant(9, 0), "data": {"status": "RUNNING"}});
    server
        .put("r", &format!("{}\n{ahead}", status("RUNNING", 8)))
        .await;
    let run = server.run("r", "/status").await;
    assert_eq!(
        (&run["status"], &run["completedAt"]),
        (&json!("COMPLETED"), &json!(instant(5, 0)))
    );
    let ended = ahead.to_string().replace("RUNNING", "FAILED");
    server
        .put("r", &ended.replace("\"id\":9", "\"id\":10"))
        .await;
    assert_eq!(server.run("r", "").await["status"], "COMPLETED");
    // Of two ends the earlier holds, in whatever order they arrive: what was cancelled does not complete.
    server.put("r", &status("CANCELLED", 4)).await;
    assert_eq!(server.run("r", "").await["status"], "CANCELLED");
}
