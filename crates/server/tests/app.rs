//! The app's page, the headers of every answer, and who is let in.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{TestServer, header};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::{AppState, Config};
use std::time::Duration;
use tower::ServiceExt;

#[tokio::test]
async fn the_page_is_served_on_its_routes_and_nowhere_else() {
    let server = TestServer::start().await;
    for path in [
        "/",
        "/open",
        "/runs",
        "/runs/r",
        "/runs/a/compare/b",
        "/runs/%3Cscript%3E?t=5",
    ] {
        let page = server.get(path).await;
        assert_eq!(
            (page.status(), &page.headers()["content-type"]),
            (StatusCode::OK, &"text/html; charset=utf-8".parse().unwrap()),
            "{path}"
        );
        assert_eq!(page.headers()["cache-control"], "no-cache");
        let policy = page.headers()["content-security-policy"].to_str().unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
    }
    for path in [
        "/app.js",
        "/run",
        "/static/x",
        "/..%2f..%2fetc/passwd",
        "/api",
        "/api/v2/x",
        "/backends/x",
    ] {
        let response = server.get(path).await;
        assert_eq!(response.status(), 404, "{path}");
        assert!(!response.text().await.unwrap().contains("<html"), "{path}");
    }
    let config = server.get("/config.json").await;
    assert_eq!(config.headers()["cache-control"], "no-store");
    let config: Value = serde_json::from_str(&config.text().await.unwrap()).unwrap();
    assert_eq!(
        config,
        json!({"ENABLE_EXECUTION_STREAMING": true, "pollIntervalMs": 2000,
               "retryDelaysMs": [3000, 6000, 12000, 24000, 48000],
               "backends": [{"name": "runreel", "dialect": "studio", "baseUrl": "./"}]})
    );
}

#[tokio::test]
async fn every_answer_is_hardened() {
    let server = TestServer::start().await;
    server.put("r", &header("r")).await;
    for path in [
        "/",
        "/nothing.js",
        "/config.json",
        "/api/v1/health",
        "/api/v1/workflows/runs",
        "/api/v1/none",
        "/api/v1/workflows/runs/r/reel",
    ] {
        let response = server.get(path).await;
        for (name, want) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(response.headers()[name], want, "{path} {name}");
        }
        assert!(
            response.headers().contains_key("permissions-policy"),
            "{path}"
        );
        assert!(
            response.headers().contains_key("content-security-policy"),
            "{path}"
        );
        if path.starts_with("/api/") {
            assert_eq!(response.headers()["cache-control"], "no-store", "{path}");
        }
    }
}

#[tokio::test]
async fn other_sites_change_nothing() {
    let server = TestServer::start().await;
    server.put("r", &header("r")).await;
    let own = server.base.clone();
    for (headers, want) in [
        (vec![("sec-fetch-site", "cross-site")], 403),
        (vec![("sec-fetch-site", "same-site")], 403),
        (vec![("origin", "http://evil.example")], 403),
        (vec![("origin", "null")], 403),
        (vec![("cookie", "runreel_session=x")], 403),
        (
            vec![
                ("sec-fetch-site", "same-origin"),
                ("content-type", "text/plain"),
            ],
            415,
        ),
        (
            vec![
                ("origin", &own),
                ("content-type", "application/x-www-form-urlencoded"),
            ],
            415,
        ),
        (
            vec![
                ("sec-fetch-site", "same-origin"),
                ("origin", "http://127.0.0.1:1"),
            ],
            201,
        ),
        (vec![("origin", &own)], 201),
        (
            vec![("content-type", "application/x-www-form-urlencoded")],
            201,
        ),
    ] {
        let mut request = server.request(Method::POST, "/api/v1/workflows/runs/r/cancel");
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        assert_eq!(request.send().await.unwrap().status(), want, "{headers:?}");
        if want != 201 {
            assert_eq!(
                server.run("r", "").await["status"],
                "RUNNING",
                "{headers:?}"
            );
        }
    }
}

#[tokio::test]
async fn without_a_token_a_strangers_name_is_not_ours() {
    let data = tempfile::tempdir().unwrap();
    let config = Config {
        data: data.path().to_owned(),
        allowed_hosts: vec!["runs.example".into()],
        ..Config::default()
    };
    let app = server::app(AppState::open(config).unwrap());
    for (host, want) in [
        ("localhost:4700", 200),
        ("127.0.0.1", 200),
        ("[::1]:4700", 200),
        ("a.localhost", 200),
        ("runs.example:80", 200),
        ("evil.example", 421),
        ("localhost.evil.example:4700", 421),
    ] {
        let request = axum::http::Request::get("/api/v1/workflows/runs").header("host", host);
        let response = app
            .clone()
            .oneshot(request.body(axum::body::Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(response.status().as_u16(), want, "{host}");
    }
}

#[tokio::test]
async fn the_token_opens_and_nothing_else_does() {
    let server = TestServer::with(|config| {
        config.token = Some("open sesame".into());
        config.heartbeat = Duration::from_millis(20);
    })
    .await;
    let runs = "/api/v1/workflows/runs";
    let ask = async |method: Method, path: &str, headers: &[(&str, &str)], body: &str| {
        let mut request = server.request(method, path).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    };
    for headers in [
        vec![],
        vec![("authorization", "Bearer open sesam")],
        vec![("authorization", "Basic open sesame")],
        vec![("cookie", "runreel_session=guess")],
    ] {
        let response = ask(Method::GET, runs, &headers, "").await;
        assert_eq!(response.status(), 401, "{headers:?}");
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
    }
    assert_eq!(
        ask(Method::GET, &format!("{runs}?token=open+sesame"), &[], "")
            .await
            .status(),
        401
    );
    assert_eq!(
        ask(Method::GET, "/", &[], "").await.status(),
        200,
        "the page itself is no secret"
    );
    let bearer = ("authorization", "Bearer open sesame");
    assert_eq!(ask(Method::GET, runs, &[bearer], "").await.status(), 200);
    let sent = ask(
        Method::POST,
        "/api/v1/workflows/runs/r/reel",
        &[bearer],
        &header("r"),
    )
    .await;
    assert_eq!(sent.status(), 200);

    let own = [
        ("sec-fetch-site", "same-origin"),
        ("content-type", "application/json"),
    ];
    assert_eq!(
        ask(
            Method::POST,
            "/api/v1/session",
            &own,
            r#"{"token":"wrong"}"#
        )
        .await
        .status(),
        401
    );
    let login = ask(
        Method::POST,
        "/api/v1/session",
        &own,
        r#"{"token":"open sesame"}"#,
    )
    .await;
    assert_eq!(login.status(), 201);
    let cookie = login.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    let cookie = cookie.split(';').next().unwrap();
    assert_eq!(
        ask(Method::GET, runs, &[("cookie", cookie)], "")
            .await
            .status(),
        200
    );
    let blind = ask(
        Method::POST,
        "/api/v1/workflows/runs/r/cancel",
        &[("cookie", cookie)],
        "",
    )
    .await;
    assert_eq!(blind.status(), 403);

    // Logging out ends the session's streams with the next sign of life.
    let mut stream = ask(
        Method::GET,
        "/api/v1/workflows/runs/r/stream",
        &[("cookie", cookie)],
        "",
    )
    .await;
    assert_eq!(stream.status(), 200);
    let out = ask(
        Method::DELETE,
        "/api/v1/session",
        &[("cookie", cookie), own[0]],
        "",
    )
    .await;
    assert_eq!(out.status(), 204);
    tokio::time::timeout(common::SOON, async {
        while stream.chunk().await.unwrap().is_some() {}
    })
    .await
    .unwrap();
    assert_eq!(
        ask(Method::GET, runs, &[("cookie", cookie)], "")
            .await
            .status(),
        401
    );
}

#[tokio::test]
async fn two_servers_do_not_share_a_folder() {
    let server = TestServer::start().await;
    let config = Config {
        data: server.data.path().to_owned(),
        ..Config::default()
    };
    let error = AppState::open(config).err().unwrap().to_string();
    assert!(error.contains("another server works in"), "{error}");
    let data = server.stop().await;
    let config = Config {
        data: data.path().to_owned(),
        ..Config::default()
    };
    assert!(AppState::open(config).is_ok());
}
