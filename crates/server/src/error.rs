//! What goes wrong: at start for the person who starts, in an answer for the caller.

use crate::store::StoreError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use std::net::SocketAddr;
use std::{fmt, io};

/// Why a server could not start or go on.
#[derive(Debug)]
pub enum Error {
    /// The store cannot be opened.
    Store(StoreError),
    /// The port cannot be taken.
    Listen {
        /// Where we wanted to listen.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// Accepting connections failed.
    Serve(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Listen { address, source } => write!(
                f,
                "cannot listen on {address}: {source}; choose another address with --listen"
            ),
            Self::Serve(source) => write!(f, "cannot go on serving: {source}"),
        }
    }
}

impl std::error::Error for Error {}

/// An answer that is an error: `{"statusCode","message","error"}` and what more there is to say.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    message: String,
    more: Map<String, Value>,
    retry_after: Option<u32>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            more: Map::new(),
            retry_after: None,
        }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    pub(crate) fn unknown_run(id: &str) -> Self {
        Self::not_found(format!("Workflow run {id} not found"))
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    pub(crate) fn overloaded(message: impl Into<String>) -> Self {
        Self {
            retry_after: Some(2),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, message)
        }
    }

    /// Adds a field to the body.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::UnknownRun(id) => Self::unknown_run(&id),
            StoreError::RunEnded { .. } | StoreError::AlreadyAnswered(_) => {
                Self::conflict(error.to_string())
            }
            StoreError::Busy => Self::overloaded(error.to_string()),
            StoreError::Failed(ref detail) => {
                tracing::error!(%detail, "the store failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
            }
        }
    }
}

/// Rides on an answer that is an error: what it says, for those who say it in another shape.
#[derive(Clone, Debug)]
pub(crate) struct Refusal(pub(crate) String);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut body = json!({
            "statusCode": self.status.as_u16(),
            "message": self.message.as_str(),
            "error": self.status.canonical_reason().unwrap_or("Error"),
        });
        if let Value::Object(map) = &mut body {
            map.extend(self.more);
        }
        let mut response = (
            self.status,
            [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
            body.to_string(),
        )
            .into_response();
        response.extensions_mut().insert(Refusal(self.message));
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
