//! What of a request reaches a backend: which methods, which headers.

use crate::config::Dialect;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};

/// Whether a request may pass. Reading may, and of what changes something only what the app does:
/// cancel, answer, chat, and the downloads that Operations wants asked for by POST. `path` is the
/// one below the base, without a slash before it.
pub(super) fn passes(dialect: Dialect, method: &Method, path: &str) -> bool {
    match *method {
        Method::GET | Method::HEAD => true,
        // A slash that is encoded would let one segment stand for two.
        Method::POST => {
            !path.to_ascii_lowercase().contains("%2f")
                && posts(dialect).iter().any(|allowed| fits(allowed, path))
        }
        _ => false,
    }
}

/// `*` stands for one segment.
fn posts(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Studio => &[
            "api/v1/workflows/runs/*/cancel",
            "api/v1/human-inputs/*/resolve",
            "api/v1/agents/*/chat",
        ],
        Dialect::Playbook => &["api/v1/playbooks/runs/*/cancel"],
        Dialect::Operations => &[
            "api/v1/operations/*/cancel",
            "api/v1/artifacts/*/list",
            "api/v1/artifacts/download",
        ],
    }
}

fn fits(allowed: &str, path: &str) -> bool {
    let (mut allowed, mut path) = (allowed.split('/'), path.split('/'));
    loop {
        match (allowed.next(), path.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(want), Some(is)) if want == is => {}
            _ => return false,
        }
    }
}

/// Whether an answer that never ends is asked for.
pub(super) fn wants_stream(method: &Method, path: &str, asked: &HeaderMap) -> bool {
    let accepts = asked
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/event-stream"));
    accepts || is_stream(path) || (method == Method::POST && path.ends_with("/chat"))
}

/// Whether a path is that of a run's stream, in any dialect.
pub(super) fn is_stream(path: &str) -> bool {
    path.ends_with("/stream")
}

/// Headers of the browser that a backend may see. Everything else is between the browser and us,
/// its cookies and its token first of all.
const PASSED_ON: [HeaderName; 4] = [
    header::ACCEPT,
    header::CONTENT_TYPE,
    header::IF_NONE_MATCH,
    HeaderName::from_static("last-event-id"),
];

/// The headers to send: those of the browser that may pass, then the backend's credentials, which
/// hold against them.
pub(super) fn headers(asked: &HeaderMap, streams: bool, credentials: &HeaderMap) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in PASSED_ON {
        if let Some(value) = asked.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    // Packed bytes come in blocks; frames must come one by one.
    let coding = match asked.get(header::ACCEPT_ENCODING) {
        Some(coding) if !streams => coding.clone(),
        _ => HeaderValue::from_static("identity"),
    };
    headers.insert(header::ACCEPT_ENCODING, coding);
    for (name, value) in credentials {
        headers.insert(name, value.clone());
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use Dialect::{Operations, Playbook, Studio};

    #[test]
    fn little_may_be_changed() {
        for (dialect, method, path, want) in [
            (Studio, "GET", "anything/at/all", true),
            (Studio, "HEAD", "x", true),
            (Studio, "POST", "api/v1/workflows/runs/r%3A1/cancel", true),
            (Studio, "POST", "api/v1/human-inputs/q/resolve", true),
            (Studio, "POST", "api/v1/agents/r:plan:1/chat", true),
            (Studio, "POST", "api/v1/workflows/runs/r/cancel/", false),
            (Studio, "POST", "api/v1/workflows/runs/cancel", false),
            (Studio, "POST", "api/v1/workflows/runs/a%2Fb/cancel", false),
            (Studio, "POST", "api/v1/workflows/w/run", false),
            (Studio, "POST", "x/api/v1/agents/a/chat", false),
            (Studio, "POST", "api/v1/operations/o/cancel", false),
            (Studio, "DELETE", "api/v1/artifacts/a", false),
            (Studio, "PUT", "x", false),
            (Studio, "PATCH", "x", false),
            (Studio, "OPTIONS", "x", false),
            (Studio, "TRACE", "x", false),
            (Studio, "CONNECT", "x", false),
            (Studio, "get", "x", false),
            (Playbook, "POST", "api/v1/playbooks/runs/r/cancel", true),
            (Playbook, "POST", "api/v1/playbooks/runs/r/resume", false),
            (Operations, "POST", "api/v1/operations/o/cancel", true),
            (Operations, "POST", "api/v1/operations", false),
            (Operations, "POST", "api/v1/artifacts/o/list", true),
            (Operations, "POST", "api/v1/artifacts/download", true),
        ] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            assert_eq!(passes(dialect, &method, path), want, "{method} {path}");
        }
    }

    #[test]
    fn streams_are_known_before_they_are_asked_for() {
        for (method, path, accept, want) in [
            (Method::GET, "api/v1/workflows/runs/r/stream", "*/*", true),
            (Method::GET, "x", "text/event-stream", true),
            (Method::POST, "api/v1/agents/a/chat", "*/*", true),
            (Method::GET, "api/v1/workflows/runs/chat", "*/*", false),
            (Method::GET, "api/v1/x/chat", "*/*", false),
            (Method::GET, "streams", "*/*", false),
        ] {
            let mut asked = HeaderMap::new();
            asked.insert(header::ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(wants_stream(&method, path, &asked), want, "{path}");
        }
    }
}
