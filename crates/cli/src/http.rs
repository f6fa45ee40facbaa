//! The few requests the command line makes of a server.

use crate::args::Remote;
use crate::error::CliError;
use serde_json::Value;
use std::io::Read;
use std::time::Duration;

/// Talks to one server.
pub struct Http {
    agent: ureq::Agent,
    server: recorder::Server,
}

/// Longer than the server lets a request wait for news.
const WAIT: Duration = Duration::from_secs(40);

impl Http {
    /// Connects to nothing yet.
    pub fn new(remote: &Remote) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(5)))
            .timeout_recv_response(Some(WAIT))
            .max_redirects(0)
            .build();
        Self {
            agent: config.into(),
            server: remote.server(),
        }
    }

    /// GET below `/api/v1/`, as JSON.
    pub fn get_json(&self, path: &str) -> Result<Value, CliError> {
        let mut text = String::new();
        let mut reader = self.get(path, "cannot ask the server")?;
        reader
            .read_to_string(&mut text)
            .map_err(|error| self.unreachable(&error))?;
        serde_json::from_str(&text).map_err(|error| self.unreachable(&error))
    }

    /// GET below `/api/v1/`, as a stream of bytes.
    pub fn get(&self, path: &str, doing: &str) -> Result<Box<dyn Read>, CliError> {
        let mut request = self.agent.get(self.server.api(path));
        if let Some(token) = &self.server.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = request.call().map_err(|error| self.unreachable(&error))?;
        let response = checked(response, doing)?;
        Ok(Box::new(
            response
                .into_body()
                .into_with_config()
                .limit(u64::MAX)
                .reader(),
        ))
    }

    /// POST of lines below `/api/v1/`; the answer as JSON.
    pub fn post_lines(&self, path: &str, body: &[u8], doing: &str) -> Result<Value, CliError> {
        let mut request = self
            .agent
            .post(self.server.api(path))
            .header("content-type", "application/x-ndjson");
        if let Some(token) = &self.server.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = request
            .send(body)
            .map_err(|error| self.unreachable(&error))?;
        let mut response = checked(response, doing)?;
        let text = response
            .body_mut()
            .read_to_string()
            .map_err(|error| self.unreachable(&error))?;
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    fn unreachable(&self, error: &dyn std::fmt::Display) -> CliError {
        CliError::Unreachable {
            server: self.server.url.clone(),
            reason: error.to_string(),
        }
    }
}

fn checked(
    mut response: ureq::http::Response<ureq::Body>,
    doing: &str,
) -> Result<ureq::http::Response<ureq::Body>, CliError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let body = response.body_mut().read_to_string().unwrap_or_default();
    let words = serde_json::from_str::<Value>(&body)
        .ok()
        .and_then(|body| Some(body.get("message")?.as_str()?.to_owned()));
    let start = || body.trim().chars().take(200).collect();
    Err(CliError::Server {
        doing: doing.to_owned(),
        status: status.as_u16(),
        message: words.unwrap_or_else(start),
    })
}
