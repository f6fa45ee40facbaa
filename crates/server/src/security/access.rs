//! The token: shown as bearer, or once for a session cookie.

use super::sessions;
use crate::error::ApiError;
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

/// How a request was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// No token is asked for.
    Open,
    /// It showed the token.
    Bearer,
    /// It has the cookie of this session.
    Session(String),
}

impl Access {
    /// Looks at a request's headers; `None`: not let in.
    pub(crate) fn of(state: &AppState, headers: &HeaderMap) -> Option<Self> {
        let Some(token) = &state.config.token else {
            return Some(Self::Open);
        };
        let shown = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        if let Some((scheme, shown)) = shown.and_then(|shown| shown.split_once(' '))
            && scheme.eq_ignore_ascii_case("bearer")
        {
            return is_token(token, shown.trim()).then_some(Self::Bearer);
        }
        let session = sessions::named(headers)?;
        state
            .sessions
            .holds(session)
            .then(|| Self::Session(session.to_owned()))
    }

    /// Whether it would still be let in: sessions end.
    pub(crate) fn still_holds(&self, state: &AppState) -> bool {
        match self {
            Self::Open | Self::Bearer => true,
            Self::Session(name) => state.sessions.holds(name),
        }
    }
}

/// Compares without telling by the time it takes how much of the token is right.
pub(crate) fn is_token(token: &str, shown: &str) -> bool {
    token.as_bytes().ct_eq(shown.as_bytes()).into()
}

/// Lets a request to the API through, or answers 401. The way in itself is open. Sees paths as below
/// `/api/v1`.
pub(crate) async fn guard(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let way_in = request.uri().path() == crate::routes::SESSION;
    match Access::of(&state, request.headers()) {
        Some(access) => {
            request.extensions_mut().insert(access);
            next.run(request).await
        }
        None if way_in => {
            request.extensions_mut().insert(Access::Open);
            next.run(request).await
        }
        None => ApiError::new(
            StatusCode::UNAUTHORIZED,
            "this server asks for its token: send it as `Authorization: Bearer …`, or log in",
        )
        .into_response(),
    }
}
