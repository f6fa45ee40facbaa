//! Backends behind the proxy: what passes, what does not, and that nothing is held on the way.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod backend;
mod common;

use backend::{Upstream, backend, with_lab};
use common::SOON;
use futures_util::StreamExt;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use server::Dialect;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

const STREAM: &str = "/backends/lab/api/v1/workflows/runs/r/stream";
const EVENTS: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

async fn piece(response: &mut Response) -> reqwest::Result<Option<String>> {
    let piece = timeout(SOON, response.chunk()).await.unwrap()?;
    Ok(piece.map(|piece| String::from_utf8(piece.to_vec()).unwrap()))
}

async fn told(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    (
        status,
        serde_json::from_str(&response.text().await.unwrap()).unwrap(),
    )
}

#[tokio::test]
async fn frames_pass_one_by_one_and_a_reader_that_leaves_ends_the_request() {
    let upstream = Upstream::start().await;
    let server = with_lab(&upstream, |_| {}).await;
    let asked = server
        .request(Method::GET, &format!("{STREAM}?after=t"))
        .send();
    let (mut call, mut response) = {
        let asked = tokio::spawn(asked);
        let mut call = upstream.call().await;
        call.write(EVENTS).await;
        (call, asked.await.unwrap().unwrap())
    };
    assert!(
        call.head
            .starts_with("GET /api/v1/workflows/runs/r/stream?after=t HTTP/1.1\r\n")
    );
    for (name, want) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-cache, no-transform"),
        ("x-accel-buffering", "no"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(response.headers()[name], want);
    }
    // The backend sends the next one only when this one has arrived.
    for frame in ["data: 1\n\n", ": 2\n", "\n"] {
        call.chunk(frame).await;
        assert_eq!(piece(&mut response).await.unwrap().as_deref(), Some(frame));
    }
    drop(response);
    call.gone().await;
}

#[tokio::test]
async fn a_reader_that_leaves_before_the_answer_ends_the_request() {
    let upstream = Upstream::start().await;
    let server = with_lab(&upstream, |_| {}).await;
    for path in [STREAM, "/backends/lab/api/v1/slow"] {
        let asked = tokio::spawn(server.request(Method::GET, path).send());
        let mut call = upstream.call().await;
        asked.abort();
        call.gone().await;
    }
}

#[tokio::test]
async fn what_breaks_behind_us_breaks_before_us() {
    let upstream = Upstream::start().await;
    let server = with_lab(&upstream, |_| {}).await;
    let chunked = |kind| {
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"
        )
    };
    for (path, answer) in [
        (STREAM, chunked("text/event-stream")),
        ("/backends/lab/x", chunked("application/json")),
        ("/backends/lab/x", chunked("text/plain")),
        (
            "/backends/lab/x",
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".to_owned(),
        ),
    ] {
        let asked = tokio::spawn(server.request(Method::GET, path).send());
        let mut call = upstream.call().await;
        call.write(&answer).await;
        let mut response = asked.await.unwrap().unwrap();
        assert_eq!(
            piece(&mut response).await.unwrap().unwrap(),
            "half",
            "{answer}"
        );
        drop(call);
        assert!(piece(&mut response).await.is_err(), "{answer}");
    }
}

#[tokio::test]
async fn streams_end_with_the_session_and_with_the_server() {
    let upstream = Upstream::start().await;
    let mut server = with_lab(&upstream, |config| {
        config.token = Some("s3cret".to_owned());
        config.heartbeat = Duration::from_millis(5);
    })
    .await;
    let login = server
        .request(Method::POST, "/api/v1/session")
        .body(json!({"token": "s3cret"}).to_string())
        .send();
    let cookie = login.await.unwrap().headers()["set-cookie"]
        .to_str()
        .unwrap()
        .to_owned();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    for (name, value) in [("cookie", &*cookie), ("authorization", "Bearer s3cret")] {
        let asked = tokio::spawn(
            server
                .request(Method::GET, STREAM)
                .header(name, value)
                .send(),
        );
        let mut call = upstream.call().await;
        call.write(EVENTS).await;
        let mut response = asked.await.unwrap().unwrap();
        if name == "cookie" {
            let close = server.request(Method::DELETE, "/api/v1/session");
            let close = close
                .header("cookie", &cookie)
                .header("sec-fetch-site", "same-origin");
            assert_eq!(close.send().await.unwrap().status(), 204);
        } else {
            server.begin_to_stop();
        }
        assert!(piece(&mut response).await.is_err(), "{name}");
        call.gone().await;
    }
}

#[tokio::test]
async fn bodies_go_up_piece_by_piece_and_are_bounded() {
    let upstream = Upstream::start().await;
    let server = with_lab(&upstream, |_| {}).await;
    let path = "/backends/lab/api/v1/human-inputs/q/resolve";
    let (send, receive) = mpsc::channel::<&'static str>(1);
    let pieces = futures_util::stream::unfold(receive, async |mut receive| {
        let piece = receive.recv().await?;
        Some((Ok::<_, std::io::Error>(piece), receive))
    });
    let body = reqwest::Body::wrap_stream(pieces.boxed());
    let asked = tokio::spawn(server.request(Method::POST, path).body(body).send());
    send.send("{\"a\"").await.unwrap();
    let mut call = upstream.call().await;
    call.read_until("{\"a\"").await;
    send.send(":1}").await.unwrap();
    drop(send);
    call.read_until(":1}\r\n0\r\n\r\n").await;
    call.write(
        "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    )
    .await;
    let response = asked.await.unwrap().unwrap();
    assert_eq!(
        (response.status().as_u16(), &*response.text().await.unwrap()),
        (201, "{}")
    );

    let asked = tokio::spawn(server.request(Method::POST, path).body("{}").send());
    let mut call = upstream.call_or(call).await;
    call.read_until("{}").await;
    assert_eq!(call.header("content-length"), Some("2"));
    drop(call);
    assert_eq!(asked.await.unwrap().unwrap().status(), 502);

    let large = "x".repeat((1 << 20) + 1);
    let refused = server
        .request(Method::POST, path)
        .body(large.clone())
        .send();
    assert_eq!(refused.await.unwrap().status(), 413);
    let pieces = futures_util::stream::iter([Ok::<_, std::io::Error>(large)]);
    let refused = server
        .request(Method::POST, path)
        .body(reqwest::Body::wrap_stream(pieces));
    let (refused, call) = tokio::join!(refused.send(), upstream.call());
    assert_eq!(refused.unwrap().status(), 413);
    drop(call);
}

#[tokio::test]
async fn streams_have_places_whether_asked_for_or_not() {
    let upstream = Upstream::start().await;
    let server = with_lab(&upstream, |config| config.stream_limit = 1).await;
    let asked = tokio::spawn(server.request(Method::GET, STREAM).send());
    let mut call = upstream.call().await;
    call.write(EVENTS).await;
    let held = asked.await.unwrap().unwrap();
    let refused = server.get(STREAM).await;
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["retry-after"]),
        (503, &"2".parse().unwrap())
    );
    // No address tells that this one would stream.
    let asked = tokio::spawn(server.request(Method::GET, "/backends/lab/x").send());
    let mut other = upstream.call().await;
    other.write(EVENTS).await;
    assert_eq!(asked.await.unwrap().unwrap().status(), 503);
    other.gone().await;
    drop(held);
}

#[tokio::test]
async fn a_backend_that_does_not_answer_is_told_in_words() {
    let nobody = Upstream::start().await.url;
    let upstream = Upstream::start().await;
    let plain = upstream.url.replace("http://", "https://user:s3cret@");
    let server = with_lab(&upstream, |config| {
        config
            .backends
            .push(backend("gone", Dialect::Studio, &nobody, "X-A: s3cret"));
        config
            .backends
            .push(backend("tls", Dialect::Studio, &plain, ""));
        config.backend_wait = Duration::from_millis(20);
    })
    .await;
    let (status, body) = told(server.get("/backends/gone/api/v1/x?q=s3cret").await).await;
    assert_eq!(
        (status, body),
        (
            502,
            json!({"statusCode": 502, "error": "Bad Gateway",
                     "message": "the backend gone cannot be reached: Connection refused (os error 111)"})
        )
    );
    let (call, silent) = tokio::join!(upstream.call(), server.get("/backends/lab/x"));
    assert_eq!(
        told(silent).await,
        (
            504,
            json!({"statusCode": 504, "error": "Gateway Timeout",
                     "message": "the backend lab did not answer in time"})
        )
    );
    drop(call);
    // It hangs up, it talks nonsense, it does not speak TLS.
    for (path, answer) in [
        ("/backends/lab/api/v1/stream", ""),
        ("/backends/lab/api/v1/stream", "nonsense\r\n\r\n"),
        ("/backends/tls/api/v1/stream", "HTTP/1.1 200 OK\r\n\r\n"),
    ] {
        let asked = tokio::spawn(server.request(Method::GET, path).send());
        upstream.answer_raw(answer).await;
        let (status, body) = told(asked.await.unwrap().unwrap()).await;
        let message = body["message"].as_str().unwrap();
        assert_eq!(status, 502, "{body}");
        assert!(message.contains(" cannot be reached: "), "{message}");
        for secret in ["s3cret", "127.0.0.1"] {
            assert!(!message.contains(secret), "{message}");
        }
    }
}
