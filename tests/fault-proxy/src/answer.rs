//! What the proxy answers itself.

use crate::fault::{Answer, Kind};

impl Answer {
    /// The whole answer, as on the wire.
    pub(crate) fn bytes(self) -> Vec<u8> {
        let Self { status, kind, .. } = self;
        let (content_type, body) = match kind {
            Kind::Html => (
                "text/html; charset=utf-8",
                format!("<!doctype html><title>{status}</title><h1>Answered by a proxy</h1>"),
            ),
            Kind::Json => (
                "application/json",
                format!("{{\"statusCode\":{status},\"message\":\"answered by a proxy\"}}"),
            ),
        };
        let retry_after = match self.retry_after {
            Some(seconds) => format!("Retry-After: {seconds}\r\n"),
            None => String::new(),
        };
        format!(
            "HTTP/1.1 {status} Fault\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\
             {retry_after}Connection: close\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }
}
