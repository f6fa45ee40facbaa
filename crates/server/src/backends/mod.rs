//! Other systems, behind us: `/backends/NAME/…` is a request to the one of that name.
//!
//! The browser talks to its own origin and never sees a credential. A request is passed on if it is
//! below the backend's address and does what the app does; of its headers, and of the answer's, few
//! pass. Bodies are never held: each piece goes on as it comes, and whoever goes away takes the
//! other side along.

mod address;
mod answer;
mod relay;
mod rules;
mod upstream;

pub use upstream::{BadUpstream, Upstream};

use crate::config::Backend;
use crate::error::ApiError;
use crate::security::Access;
use crate::state::AppState;
use answer::Kind;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use http_body_util::{LengthLimitError, Limited};
use std::error::Error;
use tokio::sync::OwnedSemaphorePermit;

/// Bytes a request's body may have: what the app sends is small.
const BODY: usize = 1 << 20;

/// The routes. Who may call them is for the caller to see to.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/backends/{name}/{*path}", axum::routing::any(pass))
}

async fn pass(
    State(state): State<AppState>,
    Extension(access): Extension<Access>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    match handle(state, access, &parts, body).await {
        Ok(response) => response,
        Err(error) => {
            let mut response = error.into_response();
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            if response.status() == StatusCode::METHOD_NOT_ALLOWED {
                let allowed = HeaderValue::from_static("GET, HEAD");
                response.headers_mut().insert(header::ALLOW, allowed);
            }
            response
        }
    }
}

async fn handle(
    state: AppState,
    access: Access,
    asked: &Parts,
    body: Body,
) -> Result<Response, ApiError> {
    let (backend, upstream, path) = find(&state, asked)?;
    let name = &backend.name;
    from_our_own_page(asked)?;
    let url = address::join(&upstream.base, path, asked.uri.query()).map_err(|reason| {
        ApiError::bad_request(format!(
            "this is no address of the backend {name}: {reason}"
        ))
    })?;
    if !rules::passes(backend.dialect, &asked.method, path) {
        return Err(ApiError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            format!(
                "{} is not passed on to the backend {name} here",
                asked.method
            ),
        ));
    }
    let streams = rules::wants_stream(&asked.method, path, &asked.headers);
    let mut place = if streams {
        Some(take_place(&state)?)
    } else {
        None
    };

    let headers = rules::headers(&asked.headers, streams, &upstream.credentials);
    let mut request = upstream
        .client
        .request(asked.method.clone(), url)
        .headers(headers);
    if asked.method == Method::POST {
        request = with_body(request, body)?;
    }
    let sent = request.send();
    let response = if streams {
        // The reader decides how long to wait, and takes the request along when it goes.
        sent.await
    } else {
        tokio::time::timeout(state.config.backend_wait, sent)
            .await
            .map_err(|_| late(name))?
    };
    let response = response.map_err(|error| unreachable(name, error))?;

    answer::refuse_redirect(name, path, &response)?;
    let kind = Kind::of(response.headers());
    if kind == Kind::Stream && place.is_none() {
        place = Some(take_place(&state)?);
    }
    let headers = answer::headers(kind, &asked.method, path, response.headers());
    let status = response.status();
    let body = match place {
        Some(place) => relay::relay(response, state, access, place),
        None => Body::new(reqwest::Body::from(response)),
    };
    Ok((status, headers, body).into_response())
}

/// The backend that a request is for, and the rest of its path.
fn find<'a>(
    state: &'a AppState,
    asked: &'a Parts,
) -> Result<(&'a Backend, &'a Upstream, &'a str), ApiError> {
    let (name, path) = address::split(asked.uri.path()).unwrap_or_default();
    let backends = &state.config.backends;
    let found = backends.iter().find(|backend| backend.name == name);
    found
        .and_then(|backend| Some((backend, backend.upstream.as_ref()?, path)))
        .ok_or_else(|| ApiError::not_found("there is no backend of that name on this server"))
}

/// Reading changes nothing of ours, but what it does to a backend we cannot know: with our
/// credentials no other site may make a browser read.
fn from_our_own_page(asked: &Parts) -> Result<(), ApiError> {
    match asked.headers.get("sec-fetch-site") {
        Some(site) if site != "same-origin" && site != "none" => Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "requests from other sites are not passed on",
        )),
        _ => Ok(()),
    }
}

fn take_place(state: &AppState) -> Result<OwnedSemaphorePermit, ApiError> {
    state.streams.clone().try_acquire_owned().map_err(|_| {
        ApiError::overloaded("as many streams are open as the server can hold: poll, and try again")
    })
}

/// Hands the body on piece by piece, with its length where it is known.
fn with_body(
    request: reqwest::RequestBuilder,
    body: Body,
) -> Result<reqwest::RequestBuilder, ApiError> {
    let length = body.size_hint().exact();
    if length.is_some_and(|length| length > BODY as u64) {
        return Err(too_large());
    }
    let pieces = Body::new(Limited::new(body, BODY)).into_data_stream();
    let request = request.body(reqwest::Body::wrap_stream(pieces));
    Ok(match length {
        Some(length) => request.header(header::CONTENT_LENGTH, length),
        None => request,
    })
}

fn too_large() -> ApiError {
    ApiError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("the body has more than {BODY} bytes"),
    )
}

fn late(name: &str) -> ApiError {
    ApiError::new(
        StatusCode::GATEWAY_TIMEOUT,
        format!("the backend {name} did not answer in time"),
    )
}

/// What to say when a request could not be made: the reason, but not where to, which is nothing for
/// whoever looks at runs.
fn unreachable(name: &str, error: reqwest::Error) -> ApiError {
    let error = error.without_url();
    let mut cause: &dyn Error = &error;
    while let Some(deeper) = cause.source() {
        if deeper.is::<LengthLimitError>() {
            return too_large();
        }
        cause = deeper;
    }
    tracing::warn!(backend = name, %cause, "a backend cannot be reached");
    if error.is_timeout() {
        return late(name);
    }
    ApiError::new(
        StatusCode::BAD_GATEWAY,
        format!("the backend {name} cannot be reached: {cause}"),
    )
}
