//! Reads an agent's standard output: an AI SDK UI message stream, as SSE or one chunk a line.

use serde_json::Value;

/// What a line of the stream is.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// A chunk.
    Chunk(Value),
    /// `[DONE]`: the stream is over.
    Done,
    /// Nothing: a blank line, a comment, another field of SSE.
    Nothing,
    /// Not of the stream.
    Other,
}

/// Reads one line.
pub fn read(line: &str) -> Said {
    let line = line.trim();
    let data = match line.strip_prefix("data:") {
        Some(data) => data.trim(),
        None if line.starts_with('{') => line,
        None if line.is_empty() || line.starts_with(':') => return Said::Nothing,
        None if ["event:", "id:", "retry:"]
            .iter()
            .any(|field| line.starts_with(field)) =>
        {
            return Said::Nothing;
        }
        None => return Said::Other,
    };
    if data == "[DONE]" {
        return Said::Done;
    }
    match serde_json::from_str::<Value>(data) {
        Ok(chunk) if chunk.get("type").is_some_and(Value::is_string) => Said::Chunk(chunk),
        _ => Said::Other,
    }
}

/// What is known of the stream so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// Chunks.
    pub chunks: usize,
    /// How it ended, so far.
    pub end: End,
}

/// How a stream ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// Not yet.
    #[default]
    Open,
    /// With `finish`.
    Finished,
    /// With `abort`.
    Aborted,
    /// With `error`, and these words.
    Failed(String),
}

impl Stream {
    /// Notes a chunk.
    pub fn note(&mut self, chunk: &Value) {
        self.chunks += 1;
        match chunk.get("type").and_then(Value::as_str) {
            Some("finish") => self.end = End::Finished,
            Some("abort") => self.end = End::Aborted,
            Some("error") => {
                let words = chunk.get("errorText").and_then(Value::as_str);
                self.end = End::Failed(words.unwrap_or("it does not say why").to_owned());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lines_of_both_forms() {
        let chunk = || Said::Chunk(json!({"type": "start"}));
        for (line, want) in [
            (r#"data: {"type":"start"}"#, chunk()),
            (r#"data:{"type":"start"}"#, chunk()),
            (r#"{"type":"start"}"#, chunk()),
            ("data: [DONE]", Said::Done),
            ("", Said::Nothing),
            (": keep-alive", Said::Nothing),
            ("event: message", Said::Nothing),
            (r#"data: {"kind":"start"}"#, Said::Other),
            ("{broken", Said::Other),
            ("thinking…", Said::Other),
        ] {
            assert_eq!(read(line), want, "{line}");
        }
    }

    #[test]
    fn the_last_ending_counts() {
        let mut stream = Stream::default();
        for (chunk, want) in [
            (json!({"type": "start"}), End::Open),
            (
                json!({"type": "error", "errorText": "no"}),
                End::Failed("no".into()),
            ),
            (json!({"type": "finish"}), End::Finished),
        ] {
            stream.note(&chunk);
            assert_eq!(stream.end, want);
        }
    }
}
