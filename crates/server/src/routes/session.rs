//! Logging in: the token once, then a cookie that scripts cannot read.

use crate::error::ApiError;
use crate::security::{Access, COOKIE, is_token};
use crate::state::AppState;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// `GET /session`: how the caller is let in, or 401. The guard leaves this path open, so it is
/// asked here again.
pub(super) async fn show(
    State(state): State<AppState>,
    headers: axum::http::HeaderMap,
) -> Result<Response, ApiError> {
    let access = Access::of(&state, &headers).ok_or_else(refused)?;
    let access = match access {
        Access::Open => "open",
        Access::Bearer => "bearer",
        Access::Session(_) => "session",
    };
    Ok(super::json(&json!({"access": access})))
}

/// `POST /session {"token":…}`: 201 and the cookie.
pub(super) async fn open(State(state): State<AppState>, body: Body) -> Result<Response, ApiError> {
    let body = super::small_body(body).await?;
    let shown = crate::json::text(&body, "token").unwrap_or_default();
    let right = match &state.config.token {
        None => return Ok(super::json(&json!({"access": "open"}))),
        Some(token) => is_token(token, shown),
    };
    if !right {
        return Err(refused());
    }
    let name = state.sessions.open().ok_or_else(|| {
        ApiError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "no randomness to be had for a session",
        )
    })?;
    let answer = super::json(&json!({"access": "session"}));
    let cookie = format!("{COOKIE}={name}; Path=/; HttpOnly; SameSite=Strict; Max-Age=604800");
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], answer).into_response())
}

/// `DELETE /session`: ends it; its streams end with the next sign of life.
pub(super) async fn close(
    State(state): State<AppState>,
    Extension(access): Extension<Access>,
) -> Response {
    if let Access::Session(name) = access {
        state.sessions.close(&name);
    }
    let cookie = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response()
}

fn refused() -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, "that is not this server's token")
}
