//! One POST of a batch and what its answer means.

use super::Server;
use std::time::Duration;

/// What an answer means for the batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// All of it is kept.
    Accepted,
    /// Try again: no answer, or one that says so. `after` is the server's wish.
    Later {
        after: Option<Duration>,
        reason: String,
    },
    /// Something in the batch is at fault (400, 413, 422).
    Faulty { status: u16, message: String },
    /// No batch of this run will be taken.
    Refused { status: u16, message: String },
}

/// Posts to one run's reel.
pub(super) struct Post {
    agent: ureq::Agent,
    url: String,
    authorization: Option<String>,
}

impl Post {
    pub(super) fn new(server: &Server, run_id: &str, timeout: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(5).min(timeout)))
            .timeout_global(Some(timeout))
            .max_redirects(0)
            .build();
        Self {
            agent: config.into(),
            url: server.reel(run_id),
            authorization: server.token.as_ref().map(|token| format!("Bearer {token}")),
        }
    }

    pub(super) fn send(&self, body: &[u8]) -> Answer {
        let mut request = self
            .agent
            .post(&self.url)
            .header("content-type", "application/x-ndjson");
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let mut response = match request.send(body) {
            Ok(response) => response,
            Err(error) => {
                return Answer::Later {
                    after: None,
                    reason: error.to_string(),
                };
            }
        };
        let status = response.status().as_u16();
        let after = response
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok()?.trim().parse().ok())
            .map(Duration::from_secs);
        // The answer must be whole: one that is cut off may stand for a batch half kept.
        match response.body_mut().read_to_string() {
            Ok(body) => meaning(status, after, &body),
            Err(error) => Answer::Later {
                after,
                reason: format!("the answer broke off: {error}"),
            },
        }
    }
}

fn meaning(status: u16, after: Option<Duration>, body: &str) -> Answer {
    let message = message(status, body);
    match status {
        200..=299 => Answer::Accepted,
        400 | 413 | 422 => Answer::Faulty { status, message },
        408 | 425 | 429 | 500..=599 => Answer::Later {
            after,
            reason: message,
        },
        _ => Answer::Refused { status, message },
    }
}

/// The server's own words where it has any.
fn message(status: u16, body: &str) -> String {
    let words = serde_json::from_str::<serde_json::Value>(body)
        .ok()
        .and_then(|body| Some(body.get("message")?.as_str()?.to_owned()));
    match words {
        Some(words) => words,
        None if body.trim().is_empty() => format!("the server answered {status}"),
        None => {
            let start: String = body.trim().chars().take(200).collect();
            format!("the server answered {status}: {start}")
        }
    }
}

/// An id as one segment of a path.
pub fn segment(id: &str) -> String {
    let mut segment = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b':') {
            segment.push(char::from(byte));
        } else {
            segment.push_str(&format!("%{byte:02X}"));
        }
    }
    segment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_mean() {
        let later = |reason: &str| Answer::Later {
            after: None,
            reason: reason.into(),
        };
        let message = "line 2, field `id`: missing".to_owned();
        for (status, body, want) in [
            (200, r#"{"accepted":1,"duplicates":0}"#, Answer::Accepted),
            (201, "", Answer::Accepted),
            (
                400,
                r#"{"message":"line 2, field `id`: missing"}"#,
                Answer::Faulty {
                    status: 400,
                    message,
                },
            ),
            (429, "", later("the server answered 429")),
            (503, "busy", later("the server answered 503: busy")),
            (
                401,
                r#"{"message":"no"}"#,
                Answer::Refused {
                    status: 401,
                    message: "no".into(),
                },
            ),
            (
                302,
                "",
                Answer::Refused {
                    status: 302,
                    message: "the server answered 302".into(),
                },
            ),
        ] {
            assert_eq!(meaning(status, None, body), want);
        }
    }

    #[test]
    fn ids_are_one_segment() {
        for (id, want) in [
            ("run-1", "run-1"),
            ("a/b?c", "a%2Fb%3Fc"),
            ("ü", "%C3%BC"),
            ("r:n:1", "r:n:1"),
        ] {
            assert_eq!(segment(id), want);
        }
    }
}
