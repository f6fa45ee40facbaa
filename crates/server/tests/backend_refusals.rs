//! What no backend ever sees, and redirects, which nobody does.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod backend;
mod common;

use backend::{Upstream, backend, raw, with_lab};
use common::TestServer;
use reqwest::Method;
use serde_json::Value;
use server::Dialect;

#[tokio::test]
async fn redirects_are_neither_followed_nor_handed_on() {
    let upstream = Upstream::start().await;
    let server = with_lab(&upstream, |_| {}).await;
    for (path, code, want) in [
        ("/backends/lab/api/v1/x", 301, 502),
        ("/backends/lab/api/v1/x", 307, 502),
        ("/backends/lab/api/v1/playbook-runs/r/stream", 303, 404),
        ("/backends/lab/api/v1/workflows/runs/r/stream", 302, 404),
    ] {
        let asked = tokio::spawn(server.request(Method::GET, path).send());
        let mut call = upstream.call().await;
        // Followed, it would come to ourselves again, which nobody awaits: the test would hang.
        let to = format!("{}/elsewhere?token=s3cret", upstream.url);
        call.write(&format!(
            "HTTP/1.1 {code} X\r\nLocation: {to}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        ))
        .await;
        let response = asked.await.unwrap().unwrap();
        assert!(!response.headers().contains_key("location"));
        let (status, text) = (response.status().as_u16(), response.text().await.unwrap());
        assert_eq!(status, want, "{path} {code}");
        let body: Value = serde_json::from_str(&text).unwrap();
        let message = body["message"].as_str().unwrap();
        assert!(
            message.contains(&format!("redirects ({code})")),
            "{message}"
        );
        assert!(
            !message.contains("elsewhere") && !message.contains("s3cret"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn what_is_refused_never_reaches_a_backend() {
    let upstream = Upstream::start().await;
    let server = TestServer::with(|config| {
        let url = format!("{}/base", upstream.url);
        config
            .backends
            .push(backend("lab", Dialect::Studio, &url, ""));
        config.token = Some("t".to_owned());
    })
    .await;
    for (line, want) in [
        ("GET /backends/lab/..", 400),
        ("GET /backends/lab/../x", 400),
        ("GET /backends/lab/a/%2e%2E/%2e%2e/x", 400),
        ("GET /backends/lab/%252e%252e/x", 400),
        ("GET /backends/lab//evil.example/x", 400),
        ("GET /backends/lab/http://evil.example/x", 400),
        ("GET /backends/lab/a%00b", 400),
        ("GET /backends/lab/..\\x", 400),
        ("GET /backends/lab/..%5cx", 400),
        ("GET http://evil.example/backends/lab/../x", 400),
        ("GET /backends/../backends/lab/..", 404),
        ("GET /backends/runreel/api/v1/health", 404),
        ("GET /backends/LAB/x", 404),
        ("GET /backends/la%62/x", 404),
        ("GET /backends/none/x", 404),
        ("GET /backends/lab", 404),
        ("DELETE /backends/lab/api/v1/artifacts/a", 405),
        ("PUT /backends/lab/x", 405),
        ("OPTIONS /backends/lab/x", 405),
        ("POST /backends/lab/api/v1/workflows/w/run", 405),
    ] {
        let (status, head) = raw(&server.base, line, "Authorization: Bearer t\r\n").await;
        assert_eq!(status, want, "{line}");
        assert_eq!(
            head.contains("\r\nallow: GET, HEAD\r\n"),
            want == 405,
            "{line} {head}"
        );
    }
    for (line, headers, want) in [
        ("GET /backends/lab/x", "", 401),
        ("GET /backends/none/x", "", 401),
        ("GET /backends/lab/x", "Authorization: Bearer no\r\n", 401),
        ("GET /backends/lab/x", "Cookie: runreel_session=no\r\n", 401),
        (
            "GET /backends/lab/x",
            "Authorization: Bearer t\r\nSec-Fetch-Site: cross-site\r\n",
            403,
        ),
        (
            "GET /backends/lab/x",
            "Authorization: Bearer t\r\nSec-Fetch-Site: same-site\r\n",
            403,
        ),
        (
            "POST /backends/lab/api/v1/workflows/runs/r/cancel",
            "Authorization: Bearer t\r\nOrigin: null\r\n",
            403,
        ),
        (
            "POST /backends/lab/api/v1/workflows/runs/r/cancel",
            "Authorization: Bearer t\r\nSec-Fetch-Site: same-origin\r\nContent-Type: text/plain\r\n",
            415,
        ),
    ] {
        assert_eq!(
            raw(&server.base, line, headers).await.0,
            want,
            "{line} {headers}"
        );
    }
    // So the first request that the backend sees is this one.
    let headers = "Authorization: Bearer t\r\nSec-Fetch-Site: same-origin\r\n";
    let line = "GET http://evil.example/backends/lab/a%2Fb?c=../d";
    let ((status, _), ()) = tokio::join!(raw(&server.base, line, headers), async {
        let mut call = upstream.call().await;
        assert!(
            call.head.starts_with("GET /base/a%2Fb?c=../d HTTP/1.1\r\n"),
            "{}",
            call.head
        );
        call.write("HTTP/1.1 204 No Content\r\n\r\n").await;
    });
    assert_eq!(status, 204);
}
