//! What a request asks: the parts of its path and its query, read with errors for people.

use crate::error::ApiError;
use crate::run_id::RunId;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use contract::time;
use std::collections::HashMap;
use std::ops::RangeInclusive;

/// Path and query of a request, percent-decoded.
#[derive(Debug, Default)]
pub(crate) struct Ask {
    path: HashMap<String, String>,
    query: HashMap<String, String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Ask {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let unreadable = |error: &dyn std::fmt::Display| {
            ApiError::bad_request(format!("the address cannot be read: {error}"))
        };
        let Path(path) = Path::from_request_parts(parts, state)
            .await
            .map_err(|error| unreadable(&error))?;
        let Query(query) = Query::from_request_parts(parts, state)
            .await
            .map_err(|error| unreadable(&error))?;
        Ok(Self { path, query })
    }
}

impl Ask {
    /// The run that the path names.
    pub(crate) fn run(&self) -> Result<RunId, ApiError> {
        RunId::parse(self.part("runId")).map_err(ApiError::bad_request)
    }

    /// A part of the path.
    pub(crate) fn part(&self, name: &str) -> &str {
        self.path.get(name).map(String::as_str).unwrap_or_default()
    }

    /// A query parameter; empty is absent.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.query
            .get(name)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }

    /// As [`Self::text`], owned.
    pub(crate) fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// A whole number within a range.
    pub(crate) fn number(
        &self,
        name: &str,
        default: usize,
        range: RangeInclusive<usize>,
    ) -> Result<usize, ApiError> {
        let Some(text) = self.text(name) else {
            return Ok(default);
        };
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let (from, to) = range.into_inner();
            ApiError::bad_request(format!(
                "query `{name}`: expected a whole number from {from} to {to}, got {text:?}"
            ))
        })
    }

    /// An instant in nanoseconds.
    pub(crate) fn instant(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        // `+` of a zone offset arrives as a blank when the sender did not encode it.
        let instant = time::parse_nanos(text).or_else(|| {
            let (date, zone) = text.rsplit_once(' ')?;
            time::parse_nanos(&format!("{date}+{zone}"))
        });
        instant.map(Some).ok_or_else(|| {
            ApiError::bad_request(format!(
                "query `{name}`: expected a date and time with a zone, as 2026-01-01T00:00:00.000Z, got {text:?}"
            ))
        })
    }

    /// One of some words, whatever its case; returned as listed.
    pub(crate) fn word(
        &self,
        name: &str,
        words: &[&'static str],
    ) -> Result<Option<String>, ApiError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let found = words.iter().find(|word| word.eq_ignore_ascii_case(text));
        found.map(|word| Some((*word).to_owned())).ok_or_else(|| {
            ApiError::bad_request(format!(
                "query `{name}`: expected one of {}, got {text:?}",
                words.join(", ")
            ))
        })
    }
}
