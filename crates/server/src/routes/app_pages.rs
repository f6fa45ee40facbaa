//! The app's page, its files and its settings.

use crate::assets::Assets;
use crate::error::ApiError;
use crate::state::AppState;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

/// The app. Only its own routes get the page; everything else is a file or is not there.
pub(super) fn routes(assets: Assets) -> Router<AppState> {
    let page = {
        let assets = assets.clone();
        get(move |asked: HeaderMap| async move { assets.page(&asked) })
    };
    let file = get(move |uri: Uri, asked: HeaderMap| async move {
        let name = uri.path().trim_start_matches('/');
        assets.file(name, &asked)
    });
    Router::new()
        .route("/", page.clone())
        .route("/index.html", page.clone())
        .route("/open", page.clone())
        .route("/runs", page.clone())
        .route("/runs/", page.clone())
        .route("/runs/{*rest}", page)
        .route("/config.json", get(config))
        .route("/{*file}", file)
}

/// What is not there, said in JSON.
pub(super) async fn missing(method: Method, uri: Uri) -> ApiError {
    ApiError::not_found(format!("Cannot {method} {}", uri.path()))
}

async fn config(State(state): State<AppState>) -> Response {
    let config = &state.config;
    let backends: Vec<_> = config
        .backends
        .iter()
        .map(|backend| {
            json!({
                "name": backend.name,
                "dialect": backend.dialect.as_str(),
                "baseUrl": backend.base_url(),
            })
        })
        .collect();
    let delays: Vec<_> = config
        .retry_delays
        .iter()
        .map(|delay| delay.as_millis() as u64)
        .collect();
    let mut response = super::json(&json!({
        "ENABLE_EXECUTION_STREAMING": config.execution_streaming,
        "pollIntervalMs": config.poll_interval.as_millis() as u64,
        "retryDelaysMs": delays,
        "backends": backends,
    }))
    .into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
