//! The headers that tell a browser how little an answer may do.

use crate::config::Config;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// On every answer; what an answer sets itself stays.
const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    // What is not the app itself shows nothing and runs nothing.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
];

/// Adds them.
pub(crate) async fn harden(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if api {
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// The policy of the app's page. `scripts` are the hashes of its inline scripts.
pub(crate) fn app_policy(config: &Config, scripts: &[String]) -> String {
    let mut script = "'self' 'wasm-unsafe-eval'".to_owned();
    for hash in scripts {
        script.push_str(&format!(" 'sha256-{hash}'"));
    }
    let connect = connect_sources(config);
    let ancestors = match &config.frame_ancestors[..] {
        [] => "'none'".to_owned(),
        some => some.join(" "),
    };
    format!(
        "default-src 'none'; script-src {script}; style-src 'self' 'unsafe-inline'; \
         connect-src {connect}; img-src 'self' data:; font-src 'self'; worker-src 'self'; \
         base-uri 'self'; form-action 'none'; frame-ancestors {ancestors}; object-src 'none'"
    )
}

/// The policy of a script that runs as a worker: it is its own, not the page's.
pub(crate) fn worker_policy(config: &Config) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src {}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        connect_sources(config)
    )
}

fn connect_sources(config: &Config) -> String {
    let own = ["'self'"].into_iter();
    let others = config.connect_sources.iter().map(String::as_str);
    own.chain(others).collect::<Vec<_>>().join(" ")
}
