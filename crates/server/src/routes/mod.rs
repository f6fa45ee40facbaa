//! The surface: which address does what.

mod agents;
mod app_pages;
mod archive;
mod artifacts;
mod cancel;
mod human_inputs;
mod logs;
mod node_io;
mod operations;
mod playbook;
mod records;
mod reel;
mod runs;
mod session;
mod terminal;
mod trace;
mod workflows;

pub(crate) use artifacts::safe_type;

use crate::assets::Assets;
use crate::error::ApiError;
use crate::security::{check_origin, guard, harden};
use crate::state::AppState;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Uri, Version, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tower_http::compression::predicate::SizeAbove;
use tower_http::compression::{CompressionLayer, CompressionLevel, Predicate};

/// Where a browser logs in, below `/api/v1`.
pub(crate) const SESSION: &str = "/session";

/// Everything the server answers.
pub fn app(state: AppState) -> Router {
    let assets = Assets::load(&state.config);
    let run = Router::new()
        .route("/", get(runs::one))
        .route("/children", get(runs::children))
        .route("/config", get(runs::config))
        .route("/graph", get(runs::graph))
        .route("/status", get(runs::status))
        .route("/result", get(runs::result))
        .route("/trace", get(trace::list))
        .route("/events", get(trace::list))
        .route("/dataflows", get(trace::dataflows))
        .route("/stream", get(records::stream))
        .route("/records", get(records::list))
        .route("/reel", get(reel::export).post(reel::ingest))
        .route("/logs", get(logs::list))
        .route("/terminal", get(terminal::list))
        .route(
            "/terminal/archive",
            get(archive::list).post(archive::create),
        )
        .route(
            "/terminal/archive/{recordId}/download",
            get(archive::download),
        )
        .route("/node-io", get(node_io::list))
        .route("/node-io/{nodeRef}", get(node_io::one))
        .route("/artifacts", get(artifacts::list))
        .route("/artifacts/{artifactId}/download", get(artifacts::download))
        .route("/human-inputs", get(human_inputs::of_run))
        .route("/cancel", post(cancel::cancel))
        .route("/control", get(cancel::control));
    let api = Router::new()
        .route("/health", get(health))
        .route(
            SESSION,
            get(session::show)
                .post(session::open)
                .delete(session::close),
        )
        .route("/workflows/runs", get(runs::list))
        .nest("/workflows/runs/{runId}", run)
        .route("/workflows/{id}", get(workflows::one))
        .route(
            "/workflows/{id}/versions/{versionId}",
            get(workflows::version),
        )
        .route("/human-inputs", get(human_inputs::list))
        .route("/human-inputs/{id}", get(human_inputs::one))
        .route("/human-inputs/{id}/resolve", post(human_inputs::resolve))
        .route("/agents/{agentRunId}/parts", get(agents::parts))
        .route("/agents/{agentRunId}/chat", post(agents::chat))
        .merge(operations::routes())
        .merge(playbook::routes())
        .layer(from_fn_with_state(state.clone(), guard))
        .layer(packing());
    let backends = crate::backends::routes()
        .layer(from_fn_with_state(state.clone(), guard))
        .layer(packing());
    Router::new()
        .nest("/api/v1", api)
        .merge(backends)
        .merge(app_pages::routes(assets))
        .fallback(app_pages::missing)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(state.clone(), check_origin))
        .layer(from_fn(crate::projection::shape))
        .layer(from_fn(harden))
        // Every handler that reads a body has a limit of its own.
        .layer(DefaultBodyLimit::disable())
        .with_state(state)
}

/// Answers in JSON are packed for who takes it: a run's records shrink to about an eighth. Streams
/// pack themselves, piece by piece; files are not packed, as their length is announced.
fn packing() -> CompressionLayer<impl Predicate> {
    let json = |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| {
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        kind.is_some_and(|kind| {
            // The reel packs itself, while it is read from the store.
            kind.starts_with("application/json")
        })
    };
    CompressionLayer::new()
        // The least level is a third quicker and takes a quarter more bytes.
        .quality(CompressionLevel::Precise(2))
        .compress_when(SizeAbove::new(256).and(json))
}

async fn health() -> Response {
    json(&serde_json::json!({"status": "ok"}))
}

async fn wrong_method(uri: Uri) -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("{} does not know this method", uri.path()),
    )
}

/// A JSON answer.
fn json(value: &Value) -> Response {
    json_text(value.to_string())
}

/// An answer that is JSON already.
fn json_text(text: String) -> Response {
    (
        [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
        text,
    )
        .into_response()
}

/// A file name that every system and header takes.
fn file_name(text: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || "._-".contains(c) {
            c
        } else {
            '_'
        }
    };
    let name: String = text.chars().map(plain).take(120).collect();
    match name.trim_matches('.') {
        "" => "file".to_owned(),
        name => name.to_owned(),
    }
}

/// Makes an answer a download that a browser saves under `name` and never shows.
pub(crate) fn attach(headers: &mut HeaderMap, name: &str) {
    let encode = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    let full: String = name.bytes().map(encode).collect();
    let plain = file_name(name);
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}");
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    let sandbox = HeaderValue::from_static("default-src 'none'; sandbox");
    headers.insert(header::CONTENT_SECURITY_POLICY, sandbox);
}

/// Reads a small JSON body; none is an empty object.
async fn small_body(body: axum::body::Body) -> Result<crate::json::Object, ApiError> {
    let bytes = axum::body::to_bytes(body, SMALL).await.map_err(|_| {
        ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body has more than {SMALL} bytes"),
        )
    })?;
    if bytes.trim_ascii().is_empty() {
        return Ok(crate::json::Object::new());
    }
    serde_json::from_slice(&bytes)
        .map_err(|error| ApiError::bad_request(format!("the body is not a JSON object: {error}")))
}

const SMALL: usize = 1 << 20;
