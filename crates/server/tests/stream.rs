//! The stream: its frames, and that a cut at any point loses nothing and repeats nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{
    Event, SOON, TestServer, every_kind, header, log, name_of, records_in, reel, status, terminal,
    trace,
};
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

fn names(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.name.as_str()).collect()
}

fn all_names(lines: &[String]) -> Vec<String> {
    let named = lines.iter().map(|line| {
        let record: Value = serde_json::from_str(line).unwrap();
        let mut named = record.clone();
        if let Some(id) = record["id"].as_i64() {
            named["id"] = id.to_string().into();
        }
        name_of(record["kind"].as_str().unwrap(), &named)
    });
    named.filter(|name| !name.starts_with("graph")).collect()
}

#[tokio::test]
async fn an_ended_run_comes_whole_in_studios_order_and_then_the_stream_ends() {
    let server = TestServer::start().await;
    server.put("r", &reel("r", &every_kind())).await;
    let mut stream = server.stream("r", "", None).await;
    assert_eq!(stream.block().await.unwrap(), ": ok");
    let events = stream.rest().await;
    assert_eq!(
        names(&events),
        [
            "ready",
            "graph",
            "graph",
            "trace",
            "dataflow",
            "terminal",
            "logs",
            "agent",
            "node-io",
            "artifacts",
            "human-inputs",
            "records",
            "status",
            "complete"
        ]
    );
    assert_eq!(
        events[0].data,
        json!({"mode": "realtime", "runId": "r", "resume": "start"})
    );
    assert_eq!(
        events.last().unwrap().data,
        json!({"runId": "r", "status": "COMPLETED"})
    );
    let event = &events[3].data["events"][0];
    assert_eq!(
        (&event["runId"], &event["level"], &event["id"]),
        (&json!("r"), &json!("info"), &json!("1"))
    );
    assert!(
        !events
            .iter()
            .any(|event| event.data.to_string().contains("PGI+")),
        "contents are not streamed"
    );
    // Until the last frame of the batch the id stays where the reader was.
    let before = events[0].id.clone();
    assert!(before.ends_with("-0"));
    assert!(
        events[..11].iter().all(|event| event.id == before),
        "{events:?}"
    );
    assert!(
        events[11..].iter().all(|event| event.id != before),
        "{events:?}"
    );

    // Come back with the last id: only how it stands.
    let last = events.last().unwrap().id.clone();
    let again = server.stream("r", "", Some(&last)).await.rest().await;
    assert_eq!(names(&again), ["ready", "status", "complete"]);
    assert_eq!(again[0].data["resume"], "resumed");
}

#[tokio::test]
async fn news_come_at_once_and_the_end_ends() {
    let server = TestServer::start().await;
    server.put("r", &header("r")).await;
    let mut stream = server.stream("r", "", None).await;
    assert_eq!(
        names(&stream.until("status").await),
        ["ready", "graph", "status"]
    );
    server.put("r", &trace(1, "a", "STARTED", 1)).await;
    assert_eq!(names(&stream.until("trace").await), ["trace"]);
    server.put("r", &trace(2, "a", "COMPLETED", 2)).await;
    let events = stream.until("trace").await;
    assert_eq!(names(&events), ["trace"], "an event alone is no new status");
    let events = stream.until("status").await;
    assert_eq!(
        events[0].data["progress"],
        json!({"completedActions": 1, "totalActions": 3})
    );
    server
        .put(
            "r",
            &format!("{}\n{}", log("l", "last words", 3), status("FAILED", 3)),
        )
        .await;
    assert_eq!(
        names(&stream.rest().await),
        ["logs", "records", "status", "complete"]
    );
}

#[tokio::test]
async fn frames_stay_small_unless_one_record_is_large() {
    let server = TestServer::start().await;
    let mut lines: Vec<String> = (0..3_000)
        .map(|id| log(&format!("l{id}"), &"ä".repeat(200), 1))
        .collect();
    lines.push(log("huge", &"x".repeat(200_000), 2));
    lines.push(status("COMPLETED", 3));
    server.put("r", &reel("r", &lines)).await;
    let events = server.stream("r", "", None).await.rest().await;
    let large: Vec<_> = events
        .iter()
        .filter(|event| event.bytes >= 64 * 1_024)
        .collect();
    assert_eq!(large.len(), 1);
    assert_eq!(records_in(large[0]), ["log \"huge\""]);
    assert_eq!(events.iter().flat_map(records_in).count(), lines.len());
}

#[test]
fn cut_anywhere_and_resumed_nothing_is_lost_and_nothing_comes_twice() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(TestServer::start());
    let mut lines = every_kind();
    let end = lines.pop().unwrap();
    for id in 0..1_500 {
        lines.push(match id % 3 {
            0 => trace(100 + id, "b", "PROGRESS", 20 + id),
            1 => log(&format!("m{id}"), &"text ".repeat(20), 20 + id),
            _ => terminal(100 + id, b"more", 20 + id),
        });
    }
    lines.push(end);
    runtime.block_on(server.put("r", &reel("r", &lines)));
    let want: BTreeSet<String> = all_names(&lines).into_iter().collect();
    TestRunner::new(Cases::with_cases(24))
        .run(&prop::collection::vec(0_usize..25, 0..8), |cuts| {
            let got = runtime.block_on(async {
                let mut got: Vec<String> = Vec::new();
                let mut last: Option<String> = None;
                // What came in a frame counts once a frame's id covers it; the rest is sent again.
                let mut open: Vec<String> = Vec::new();
                for cut in cuts.into_iter().map(Some).chain([None]) {
                    let mut stream = server.stream("r", "", last.as_deref()).await;
                    open.clear();
                    let mut seen = 0;
                    while cut.is_none_or(|cut| seen < cut) {
                        let Some(event) = stream.next().await else {
                            break;
                        };
                        seen += 1;
                        open.extend(records_in(&event));
                        if last.as_ref() != Some(&event.id) {
                            got.append(&mut open);
                            last = Some(event.id);
                        }
                    }
                }
                got
            });
            let unique: BTreeSet<String> = got.iter().cloned().collect();
            prop_assert_eq!(got.len(), unique.len(), "something came twice");
            prop_assert_eq!(&unique, &want);
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn tokens_of_another_history_start_over_and_say_so() {
    let server = TestServer::start().await;
    server.put("r", &reel("r", &every_kind())).await;
    let whole = server.stream("r", "", None).await.rest().await;
    let epoch = whole[0].id.split('-').next().unwrap().to_owned();
    for foreign in [
        "00000000-3",
        "nonsense",
        "-1",
        &format!("{epoch}-9999"),
        &format!("{epoch}--1"),
    ] {
        let events = server.stream("r", "", Some(foreign)).await.rest().await;
        assert_eq!(events[0].data["resume"], "restarted", "{foreign}");
        assert_eq!(names(&events), names(&whole), "{foreign}");
    }
    // The header wins over the query; both are understood.
    let last = &whole.last().unwrap().id;
    let events = server
        .stream("r", &format!("?after={last}"), None)
        .await
        .rest()
        .await;
    assert_eq!(events[0].data["resume"], "resumed");
    let events = server
        .stream("r", &format!("?after={last}"), Some("00000000-1"))
        .await
        .rest()
        .await;
    assert_eq!(events[0].data["resume"], "restarted");
}

#[tokio::test]
async fn studios_three_cursors_are_taken() {
    let server = TestServer::start().await;
    server.put("r", &reel("r", &every_kind())).await;
    let find = |events: &[Event], name: &str| {
        events
            .iter()
            .filter(|event| event.name == name)
            .cloned()
            .collect::<Vec<_>>()
    };
    let whole = server.stream("r", "", None).await.rest().await;
    let cursor = find(&whole, "trace")[0].data["cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    let shell = find(&whole, "terminal")[0].data["cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    let lines = find(&whole, "logs")[0].data["cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    let query = format!("?cursor={cursor}&terminalCursor={shell}&logCursor={lines}");
    let rest = server.stream("r", &query, None).await.rest().await;
    assert!(find(&rest, "trace").is_empty() && find(&rest, "terminal").is_empty());
    assert_eq!(
        find(&rest, "logs")[0].data["logs"]
            .as_array()
            .unwrap()
            .len(),
        3,
        "lines of the last instant come again"
    );
    assert_eq!(find(&rest, "agent").len(), 1);
    // Who goes on by ids alone is told ids alone.
    let first = &whole[0].id;
    for (query, told) in [
        (String::new(), true),
        (format!("?after={first}"), false),
        (format!("?after={first}&cursor=0"), true),
    ] {
        let events = server.stream("r", &query, None).await.rest().await;
        for name in ["trace", "terminal", "logs"] {
            let data = &find(&events, name)[0].data;
            assert_eq!(data.get("cursor").is_some(), told, "{query} {name}");
        }
    }
    // Studio's plain sequence number, and what is none.
    let events = server.stream("r", "?cursor=1", None).await.rest().await;
    assert_eq!(
        find(&events, "trace")[0].data["events"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let events = server.stream("r", "?cursor=NaN", None).await.rest().await;
    assert_eq!(
        find(&events, "trace")[0].data["events"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn silence_is_broken_and_refusals_come_before_the_stream() {
    let server = TestServer::with(|config| {
        config.heartbeat = Duration::from_millis(20);
        config.stream_limit = 1;
    })
    .await;
    let missing = server.get("/api/v1/workflows/runs/none/stream").await;
    assert_eq!(missing.status(), 404);
    assert_eq!(
        missing.headers()["content-type"],
        "application/json; charset=utf-8"
    );
    server.put("r", &header("r")).await;
    let mut stream = server.stream("r", "", None).await;
    let beat = stream.until("hb").await.pop().unwrap();
    assert_eq!(beat.data, json!({}));
    let full = server.get("/api/v1/workflows/runs/r/stream").await;
    assert_eq!(
        (
            full.status().as_u16(),
            full.headers()["retry-after"].to_str().unwrap()
        ),
        (503, "2")
    );
    drop(stream);
    // The place comes free as soon as the server notices that the reader has gone.
    tokio::time::timeout(SOON, async {
        while server.get("/api/v1/workflows/runs/r/stream").await.status() != 200 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_stopping_server_ends_its_streams_cleanly() {
    let mut server = TestServer::start().await;
    server.put("r", &header("r")).await;
    let mut stream = server.stream("r", "", None).await;
    stream.until("status").await;
    server.begin_to_stop();
    let block = stream.block().await.unwrap();
    let retry: u64 = block.strip_prefix("retry: ").unwrap().parse().unwrap();
    assert!((1_000..=4_000).contains(&retry));
    assert_eq!(stream.block().await, None);
}

#[tokio::test]
async fn the_stream_says_how_it_wants_to_be_carried() {
    let server = TestServer::start().await;
    server.put("r", &header("r")).await;
    let response = server.get("/api/v1/workflows/runs/r/stream").await;
    for (name, want) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-cache, no-transform"),
        ("x-accel-buffering", "no"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(response.headers()[name], want, "{name}");
    }
}

#[tokio::test]
async fn polling_brings_the_same() {
    let server = TestServer::start().await;
    let lines = every_kind();
    server.put("r", &reel("r", &lines)).await;
    let mut got = Vec::new();
    let mut query = "?limit=5".to_owned();
    loop {
        let page = server.run("r", &format!("/records{query}")).await;
        assert_eq!(
            page.get("run").is_some(),
            got.is_empty(),
            "the run comes along from the start"
        );
        let records = page["records"].as_array().unwrap();
        got.extend(
            records
                .iter()
                .map(|record| name_of(record["kind"].as_str().unwrap(), record)),
        );
        if page["hasMore"] == false {
            break;
        }
        query = format!("?limit=5&after={}", page["cursor"].as_str().unwrap());
    }
    got.retain(|name| !name.starts_with("graph"));
    assert_eq!(got, all_names(&lines));
}
