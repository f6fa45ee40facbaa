//! Requests that another site makes a browser send: refused before they do anything.

use super::sessions;
use crate::error::ApiError;
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Checks the name the server is called by and, for requests that change something, where they
/// come from.
pub(crate) async fn check_origin(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    if !is_our_name(&state, headers) {
        return ApiError::new(
            StatusCode::MISDIRECTED_REQUEST,
            "this server listens on this machine only and does not answer to that name; allow it with --allow-host",
        )
        .into_response();
    }
    let harmless = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    match harmless.then_some(()).map_or_else(|| check(headers), Ok) {
        Ok(()) => next.run(request).await,
        Err((status, message)) => ApiError::new(status, message).into_response(),
    }
}

fn check(headers: &HeaderMap) -> Result<(), (StatusCode, &'static str)> {
    let forbidden = |message| Err((StatusCode::FORBIDDEN, message));
    let site = text(headers, "sec-fetch-site");
    let origin = text(headers, "origin");
    match (site, origin) {
        (Some("same-origin" | "none"), _) => {}
        (Some(_), _) => return forbidden("requests from other sites may not change anything"),
        (None, Some(origin)) => {
            let host = text(headers, "host").unwrap_or_default();
            let named = origin.split_once("://").map(|(_, name)| name);
            if named != Some(host) {
                return forbidden("requests from other origins may not change anything");
            }
        }
        // Not a browser. One that hides where it comes from must not ride on a cookie.
        (None, None) if sessions::named(headers).is_some() => {
            return forbidden("a request with a session cookie must say where it comes from");
        }
        (None, None) => return Ok(()),
    }
    // What a plain form of another site can send.
    let kind = text(headers, "content-type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let simple = [
        "text/plain",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
    ];
    if simple.iter().any(|simple| kind.starts_with(simple)) {
        return Err((
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send application/json or application/x-ndjson",
        ));
    }
    Ok(())
}

/// A page of another site can have its own name resolve to this machine (DNS rebinding). Where
/// neither a token nor the network tells strangers from friends, the name must.
fn is_our_name(state: &AppState, headers: &HeaderMap) -> bool {
    if state.config.token.is_some() || !state.config.listen.ip().is_loopback() {
        return true;
    }
    let Some(host) = text(headers, header::HOST.as_str()) else {
        return true;
    };
    let bare = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    bare.parse::<std::net::IpAddr>().is_ok()
        || bare.eq_ignore_ascii_case("localhost")
        || bare.to_ascii_lowercase().ends_with(".localhost")
        || state
            .config
            .allowed_hosts
            .iter()
            .any(|allowed| allowed.eq_ignore_ascii_case(bare))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
