//! Headers between a browser and a backend: few pass, and no secret ever does.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod backend;
mod common;

use backend::{Upstream, backend};
use common::TestServer;
use reqwest::Method;
use server::Dialect;

const CREDENTIALS: &str =
    "Authorization: Bearer s3cret\nX-Organization-Id: org\nCookie: sb-access-token=s3cret";

#[tokio::test]
async fn the_backend_is_shown_its_credentials_and_nothing_of_the_browsers() {
    let upstream = Upstream::start().await;
    let user = upstream.url.replace("http://", "http://user:s3cret@");
    let mut server = TestServer::with(|config| {
        config.token = Some("ours".to_owned());
        for (name, url, headers) in [
            ("lab", &upstream.url, CREDENTIALS),
            ("basic", &user, ""),
            ("none", &upstream.url, ""),
        ] {
            config
                .backends
                .push(backend(name, Dialect::Studio, url, headers));
        }
    })
    .await;
    // Shows how answers are packed instead of unpacking them.
    let plain = reqwest::Client::builder().no_proxy().no_gzip();
    server.client = plain.build().unwrap();
    let host = upstream.url.strip_prefix("http://").unwrap();
    const SHOWN: &str =
        "authorization=Bearer s3cret;cookie=sb-access-token=s3cret;x-organization-id=org;";
    for (path, shown, coding) in [
        ("/backends/lab/api/v1/x", SHOWN, "gzip"),
        (
            "/backends/lab/api/v1/workflows/runs/r/stream",
            SHOWN,
            "identity",
        ),
        (
            "/backends/basic/api/v1/x",
            "authorization=Basic dXNlcjpzM2NyZXQ=;",
            "gzip",
        ),
        ("/backends/none/api/v1/x", "", "gzip"),
    ] {
        let mut request = server.request(Method::GET, path);
        for (name, value) in [
            ("authorization", "Bearer ours"),
            ("cookie", "runreel_session=x; other=y"),
            ("x-organization-id", "mine"),
            ("x-internal-token", "mine"),
            ("proxy-authorization", "mine"),
            ("x-forwarded-for", "10.0.0.1"),
            ("forwarded", "for=10.0.0.1"),
            ("origin", "http://evil.example"),
            ("referer", "http://evil.example/"),
            ("user-agent", "browser"),
            ("sec-fetch-site", "same-origin"),
            ("range", "bytes=0-1"),
            ("x-http-method-override", "DELETE"),
            ("te", "trailers"),
            ("upgrade", "websocket"),
            ("accept", "application/json"),
            ("accept-encoding", "gzip"),
            ("content-type", "application/json"),
            ("if-none-match", "\"e\""),
            ("last-event-id", "1-2"),
        ] {
            request = request.header(name, value);
        }
        let asked = tokio::spawn(request.send());
        let mut call = upstream.call().await;
        let want = format!(
            "accept=application/json;accept-encoding={coding};content-type=application/json;\
            host={host};if-none-match=\"e\";last-event-id=1-2;user-agent=runreel/0.1.0;{shown}"
        );
        let mut came: Vec<String> = call.names();
        came.iter_mut()
            .for_each(|name| *name = format!("{name}={}", call.header(name).unwrap()));
        let mut want: Vec<&str> = want.split_terminator(';').collect();
        came.sort();
        want.sort_unstable();
        assert_eq!(came, want, "{path}");

        let body = r#"{"some":"data"}"#.repeat(500);
        let length = body.len();
        call.write(&format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")).await;
        let response = asked.await.unwrap().unwrap();
        // Ours is packed for who takes it, whatever the backend does.
        assert_eq!(response.headers()["content-encoding"], "gzip", "{path}");
        assert!(!format!("{:?}", response.headers()).contains("s3cret"));
    }
}

#[tokio::test]
async fn few_headers_come_back() {
    let upstream = Upstream::start().await;
    let server = TestServer::with(|config| {
        config
            .backends
            .push(backend("lab", Dialect::Studio, &upstream.url, ""));
    })
    .await;
    let hostile = "Set-Cookie: runreel_session=evil\r\nWWW-Authenticate: Basic\r\nAccess-Control-Allow-Origin: *\r\n\
        Access-Control-Allow-Credentials: true\r\nClear-Site-Data: \"*\"\r\nLocation: http://evil.example/\r\n\
        Refresh: 0;url=http://evil.example\r\nLink: <http://evil.example>; rel=preload\r\nServer: x\r\n\
        X-Powered-By: y\r\nKeep-Alive: timeout=5\r\nContent-Security-Policy: default-src *\r\n\
        X-Content-Type-Options: sniff\r\nCache-Control: public, max-age=99\r\nService-Worker-Allowed: /\r\n\
        Strict-Transport-Security: max-age=1\r\nAlt-Svc: h3=\":1\"\r\nX-Frame-Options: ALLOWALL\r\n";
    const DATE: &str = "Tue, 01 Jan 2030 00:00:00 GMT";
    const SANDBOX: &str =
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";
    for (status, theirs, body, want) in [
        (
            200,
            "Content-Type: application/json; charset=utf-8\r\nETag: \"e\"\r\n",
            "{}",
            &[
                ("content-type", "application/json; charset=utf-8"),
                ("etag", "\"e\""),
                ("content-length", "2"),
                ("cache-control", "no-store"),
                ("content-security-policy", SANDBOX),
            ][..],
        ),
        (
            401,
            "Content-Type: application/json\r\n",
            "{}",
            &[
                ("content-type", "application/json"),
                ("content-length", "2"),
                ("cache-control", "no-store"),
                ("content-security-policy", SANDBOX),
            ],
        ),
        (
            429,
            "Content-Type: application/json\r\nRetry-After: 7\r\n",
            "{}",
            &[
                ("content-type", "application/json"),
                ("retry-after", "7"),
                ("content-length", "2"),
                ("cache-control", "no-store"),
                ("content-security-policy", SANDBOX),
            ],
        ),
        // A page of theirs must not run on our origin: it is a file.
        (
            200,
            "Content-Type: text/html\r\n",
            "<script>",
            &[
                ("content-type", "application/octet-stream"),
                ("content-length", "8"),
                (
                    "content-disposition",
                    "attachment; filename=\"x\"; filename*=UTF-8''x",
                ),
                ("cache-control", "no-store"),
                ("content-security-policy", "default-src 'none'; sandbox"),
            ],
        ),
        (
            200,
            "Content-Type: text/plain\r\nContent-Disposition: inline; filename=\"a.txt\"\r\n",
            "t",
            &[
                ("content-type", "text/plain; charset=utf-8"),
                ("content-length", "1"),
                (
                    "content-disposition",
                    "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt",
                ),
                ("cache-control", "no-store"),
                ("content-security-policy", "default-src 'none'; sandbox"),
            ],
        ),
        (
            503,
            "",
            "",
            &[
                ("content-length", "0"),
                (
                    "content-disposition",
                    "attachment; filename=\"x\"; filename*=UTF-8''x",
                ),
                ("cache-control", "no-store"),
                ("content-security-policy", "default-src 'none'; sandbox"),
            ],
        ),
    ] {
        let asked = tokio::spawn(server.request(Method::GET, "/backends/lab/x").send());
        let mut call = upstream.call().await;
        let length = body.len();
        call.write(&format!("HTTP/1.1 {status} X\r\nDate: {DATE}\r\n{hostile}{theirs}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}")).await;
        let response = asked.await.unwrap().unwrap();
        assert_eq!(response.status(), status);
        let mut came: Vec<_> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
            .collect();
        came.sort_unstable();
        let mut want = [want, &[
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("date", DATE),
            ("permissions-policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
        ]].concat();
        // The packer says so wherever it could have packed.
        let vary = came.iter().filter(|(name, _)| *name == "vary").copied();
        want.extend(vary.collect::<Vec<_>>());
        want.sort_unstable();
        assert_eq!(came, want, "{status} {theirs}");
        assert_eq!(response.text().await.unwrap(), body);
    }
}

#[tokio::test]
async fn head_and_what_is_not_modified_pass() {
    let upstream = Upstream::start().await;
    let server = TestServer::with(|config| {
        config
            .backends
            .push(backend("lab", Dialect::Studio, &upstream.url, ""));
    })
    .await;
    for (method, answer, status, header, want) in [
        (
            Method::HEAD,
            "200 OK\r\nContent-Type: application/json\r\nContent-Length: 123",
            200,
            "content-length",
            "123",
        ),
        (
            Method::GET,
            "304 Not Modified\r\nETag: \"e\"",
            304,
            "etag",
            "\"e\"",
        ),
    ] {
        let asked = tokio::spawn(server.request(method.clone(), "/backends/lab/x").send());
        let mut call = upstream.call().await;
        assert!(call.head.starts_with(method.as_str()), "{}", call.head);
        call.write(&format!("HTTP/1.1 {answer}\r\nConnection: close\r\n\r\n"))
            .await;
        let response = asked.await.unwrap().unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()[header], want);
    }
}

#[tokio::test]
async fn no_secret_is_in_the_settings_that_are_shown() {
    let server = TestServer::with(|config| {
        for (name, dialect, url) in [
            ("lab", Dialect::Studio, "http://user:s3cret@h/base"),
            ("play", Dialect::Playbook, "https://h"),
            ("ops", Dialect::Operations, "http://h"),
        ] {
            config
                .backends
                .push(backend(name, dialect, url, "X-Internal-Token: s3cret"));
        }
        let debug = format!("{config:?}");
        assert!(
            debug.contains("x-internal-token") && !debug.contains("s3cret"),
            "{debug}"
        );
    })
    .await;
    let config = server.get("/config.json").await.text().await.unwrap();
    assert!(config.contains(
        r#""backends":[{"baseUrl":"./","dialect":"studio","name":"runreel"},{"baseUrl":"backends/lab","dialect":"studio","name":"lab"},{"baseUrl":"backends/play","dialect":"playbook","name":"play"},{"baseUrl":"backends/ops","dialect":"operations","name":"ops"}]"#
    ), "{config}");
    for secret in ["s3cret", "user", "://", "x-internal"] {
        assert!(!config.contains(secret), "{config}");
    }
}
