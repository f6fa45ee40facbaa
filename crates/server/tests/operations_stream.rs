//! The log of a recorded run as an operation: followed, cut at the byte where it is polled, stopped.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{Event, Events, TestServer, header, instant, log, reel, status, trace};
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
        strange[1].data,
        json!({"type": "gap", "reason": "restarted"})
    );
    assert_eq!(kinds(&strange)[..3], ["status", "gap", "log"]);
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
