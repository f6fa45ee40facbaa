//! Each fault over real sockets, with the test at both ends.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{Client, Stage};
use fault_proxy::{Answer, Connections, Fault, Kind, Rule};
use std::io::ErrorKind;
use std::time::{Duration, Instant};

const LONG: &[u8] = &[b'x'; 300_000];

#[tokio::test]
async fn without_a_fault_all_passes_both_ways_and_each_request_has_a_connection() {
    let stage = Stage::open().await;
    let mut client = stage.connect().await;
    let asked =
        "POST /a?b=1 HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhe";
    client.send(asked.as_bytes()).await;
    let mut server = stage.accept().await;
    let head =
        "POST /a?b=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhe";
    assert_eq!(server.read(head.len()).await, head.as_bytes());
    client.send(b"llo").await;
    assert_eq!(server.read(3).await, b"llo");
    tokio::join!(
        async {
            server.send(LONG).await;
            server.end().await;
        },
        async { assert_eq!(client.rest().await.unwrap(), LONG) },
    );
    drop(client);
    let stats = stage.until(|stats| stats.open == 0).await;
    assert_eq!((stats.opened, stats.down), (1, LONG.len() as u64));
    assert_eq!(stats.up, asked.len() as u64 + 3);
    assert_eq!((stats.paths["/a"].requests, stats.paths["/a"].open), (1, 0));
}

#[tokio::test]
async fn latency_holds_every_byte_each_way() {
    let stage = Stage::open().await;
    stage.set([Rule::all(Fault::Latency { ms: 60 })]).await;
    let began = Instant::now();
    let (mut client, mut server) = stage.exchange("/slow").await;
    assert!(began.elapsed() >= Duration::from_millis(60));
    // Sent together, they come together: later, not slower.
    tokio::join!(
        async {
            server.send(LONG).await;
            server.end().await;
        },
        async { assert_eq!(client.rest().await.unwrap(), LONG) },
    );
    assert!(began.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn a_half_open_link_is_silent_for_good_and_ends_only_by_a_reset() {
    let stage = Stage::open().await;
    let (mut client, mut server) = stage.exchange("/stream").await;
    server.send(b"before").await;
    assert_eq!(client.read(6).await, b"before");
    assert_eq!(stage.set([Rule::all(Fault::HalfOpen)]).await, 1);
    assert_eq!(stage.set([]).await, 0);
    server.send(b"after").await;
    client.send(b"more").await;
    stage.passes_elsewhere().await;
    assert!(client.has_nothing());
    stage
        .set([Rule::all(Fault::Reset { after: 0 }).at("/stream")])
        .await;
    assert_eq!(
        client.rest().await.unwrap_err(),
        (ErrorKind::ConnectionReset, vec![])
    );
    assert_eq!(server.rest().await.unwrap_or_else(|(_, bytes)| bytes), b"");
}

#[tokio::test]
async fn a_client_that_leaves_a_half_open_link_frees_it() {
    let stage = Stage::open().await;
    let (client, mut server) = stage.exchange("/stream").await;
    stage.set([Rule::all(Fault::HalfOpen)]).await;
    drop(client);
    assert_eq!(server.rest().await.unwrap(), b"");
    stage.until(|stats| stats.open == 0).await;
}

#[tokio::test]
async fn half_open_can_concern_new_or_existing_connections() {
    let stage = Stage::open().await;
    let (mut old, mut old_server) = stage.exchange("/old").await;
    let half_open = Rule::all(Fault::HalfOpen);
    assert_eq!(
        stage.set([half_open.clone().only(Connections::New)]).await,
        0
    );
    let new = stage.request("/new").await;
    stage.until(|stats| stats.paths.contains_key("/new")).await;
    old_server.send(b"old").await;
    assert_eq!(old.read(3).await, b"old");

    assert_eq!(stage.set([half_open.only(Connections::Existing)]).await, 2);
    // Had the server heard of /new, it would have been accepted here first.
    let (mut newest, mut newest_server) = stage.exchange("/newest").await;
    newest_server.send(b"newest").await;
    assert_eq!(newest.read(6).await, b"newest");
    old_server.send(b"old").await;
    stage.passes_elsewhere().await;
    assert!(old.has_nothing() && new.has_nothing());
}

#[tokio::test]
async fn a_reset_comes_after_exactly_so_many_bytes() {
    for after in [1, 7, 20_000] {
        let stage = Stage::open().await;
        stage.set([Rule::all(Fault::Reset { after })]).await;
        let (client, mut server) = stage.exchange("/").await;
        let cut = broken_off(client, &mut server).await;
        assert_eq!(cut.0, ErrorKind::ConnectionReset, "after {after}");
        assert_eq!(cut.1.len() as u64, after);
    }
}

async fn broken_off(mut client: Client, server: &mut Client) -> (ErrorKind, Vec<u8>) {
    let sends = async {
        server.try_send(LONG).await;
        std::future::pending().await
    };
    tokio::select! {
        () = sends => unreachable!("it never ends"),
        cut = client.rest() => cut.unwrap_err(),
    }
}

#[tokio::test]
async fn a_reset_counts_from_when_it_was_set() {
    let stage = Stage::open().await;
    let (mut client, mut server) = stage.exchange("/").await;
    server.send(b"before").await;
    assert_eq!(client.read(6).await, b"before");
    stage.set([Rule::all(Fault::Reset { after: 3 })]).await;
    server.send(b"after").await;
    assert_eq!(
        client.rest().await.unwrap_err(),
        (ErrorKind::ConnectionReset, b"aft".to_vec())
    );
}

#[tokio::test]
async fn a_reset_now_breaks_requests_that_come_too() {
    let stage = Stage::open().await;
    stage.set([Rule::all(Fault::Reset { after: 0 })]).await;
    let mut client = stage.request("/").await;
    assert_eq!(
        client.rest().await.unwrap_err(),
        (ErrorKind::ConnectionReset, vec![])
    );
}

#[tokio::test]
async fn a_truncated_answer_ends_in_order() {
    for after in [0, 1, 20_000] {
        let stage = Stage::open().await;
        let (mut client, mut server) = stage.exchange("/").await;
        stage.set([Rule::all(Fault::Truncate { after })]).await;
        tokio::join!(server.try_send(LONG), async {
            assert_eq!(client.rest().await.unwrap().len() as u64, after);
        });
    }
}

#[tokio::test]
async fn one_byte_a_write_loses_none() {
    let stage = Stage::open().await;
    stage.set([Rule::all(Fault::OneByte)]).await;
    let (mut client, mut server) = stage.exchange("/").await;
    let said: Vec<u8> = (0..5_000_u16).map(|i| i as u8).collect();
    server.send(&said).await;
    server.end().await;
    assert_eq!(client.rest().await.unwrap(), said);
}

#[tokio::test]
async fn a_stalled_request_is_held_until_the_stall_is_over() {
    let stage = Stage::open().await;
    let (mut old, mut old_server) = stage.exchange("/old").await;
    stage.set([Rule::all(Fault::Stall)]).await;
    let mut new = stage.request("/new").await;
    old_server.send(b"old").await;
    old_server.end().await;
    stage.until(|stats| stats.paths.contains_key("/new")).await;
    assert!(old.has_nothing() && new.has_nothing());
    stage.set([]).await;
    assert_eq!(old.rest().await.unwrap(), b"old");
    let mut new_server = stage.accept_request("/new").await;
    new_server.send(b"new").await;
    assert_eq!(new.read(3).await, b"new");
}

#[tokio::test]
async fn a_buffered_answer_comes_when_the_server_has_ended_it() {
    let stage = Stage::open().await;
    stage.set([Rule::all(Fault::Buffer).at("/stream")]).await;
    let (mut client, mut server) = stage.exchange("/stream").await;
    // More than is held otherwise.
    server.send(&[b'x'; 3 << 20]).await;
    stage.passes_elsewhere().await;
    assert!(client.has_nothing());
    server.end().await;
    assert_eq!(client.rest().await.unwrap().len(), 3 << 20);
}

#[tokio::test]
async fn refused_is_who_comes_not_who_is_there() {
    let stage = Stage::open().await;
    let (mut client, mut server) = stage.exchange("/").await;
    stage.set([Rule::all(Fault::Refuse)]).await;
    let refused = tokio::net::TcpStream::connect(stage.proxy.address()).await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    server.send(b"on").await;
    assert_eq!(client.read(2).await, b"on");
    stage.set([]).await;
    stage.passes_elsewhere().await;
}

#[tokio::test]
async fn an_answer_of_its_own_keeps_the_request_from_the_server() {
    let html = "<!doctype html><title>503</title><h1>Answered by a proxy</h1>";
    let json = "{\"statusCode\":404,\"message\":\"answered by a proxy\"}";
    let cases = [
        (503, Kind::Html, Some(7), "text/html; charset=utf-8", html),
        (404, Kind::Json, None, "application/json", json),
    ];
    for (status, kind, retry_after, content_type, body) in cases {
        let stage = Stage::open().await;
        let answer = Fault::Answer(Answer {
            status,
            kind,
            retry_after,
        });
        stage.set([Rule::all(answer).at("/stream")]).await;
        let mut client = stage.request("/r/stream?after=1").await;
        let wait = retry_after.map_or(String::new(), |s| format!("Retry-After: {s}\r\n"));
        let want = format!(
            "HTTP/1.1 {status} Fault\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\
             {wait}Connection: close\r\n\r\n{body}",
            body.len()
        );
        assert_eq!(
            String::from_utf8(client.rest().await.unwrap()).unwrap(),
            want
        );
        // The next that the server accepts is another one.
        stage.passes_elsewhere().await;
    }
}

#[tokio::test]
async fn the_first_rule_that_concerns_a_path_holds() {
    let stage = Stage::open().await;
    stage
        .set([
            Rule::all(Fault::Truncate { after: 1 }).at("/a"),
            Rule::all(Fault::Truncate { after: 2 }),
        ])
        .await;
    for (path, want) in [("/x/a/y", 1), ("/b?q=/a", 2)] {
        let (mut client, mut server) = stage.exchange(path).await;
        server.try_send(b"abc").await;
        assert_eq!(client.rest().await.unwrap().len(), want, "{path}");
    }
}

#[tokio::test]
async fn what_is_no_request_is_told_so() {
    let stage = Stage::open().await;
    let mut client = stage.connect().await;
    client.send(b"hello\r\n\r\n").await;
    assert!(client.rest().await.unwrap().starts_with(b"HTTP/1.1 400 "));
}

#[tokio::test]
async fn where_there_is_no_server_the_client_is_reset() {
    let mut stage = Stage::open().await;
    stage.close_server();
    let mut client = stage.request("/").await;
    assert_eq!(
        client.rest().await.unwrap_err().0,
        ErrorKind::ConnectionReset
    );
}

#[tokio::test]
async fn a_proxy_that_is_dropped_lets_go_of_all() {
    let stage = Stage::open().await;
    let (_client, mut server) = stage.exchange("/").await;
    drop(stage.proxy);
    server.rest().await.unwrap();
}
