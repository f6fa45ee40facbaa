//! The reel: one run as NDJSON, read from bytes in any pieces, and written.
//!
//! Reading is lenient where a server's ingest is strict: a line that cannot be read is a problem
//! that names the line, and the good lines around it are kept.

mod writer;

pub use writer::{header_line, record_line};

use crate::dialect::Batch;
use crate::dialect::decoder::Decoder;

/// Bytes of the longest line that is read: a file of 16 MiB in base64 fits well.
pub const MAX_LINE_BYTES: usize = 32 << 20;

/// Decodes a whole reel.
pub fn decode(text: &str) -> Batch {
    let mut reader = Reader::default();
    let mut batch = reader.feed(text.as_bytes());
    batch.extend(reader.finish());
    batch
}

/// Reads a reel from bytes in pieces of any size.
#[derive(Debug)]
pub struct Reader {
    decoder: Decoder,
    /// The beginning of a line whose end has not come.
    partial: Vec<u8>,
    /// Bytes of the line at hand that were thrown away because it is too long.
    thrown: usize,
    max_line: usize,
    line: u64,
}

impl Default for Reader {
    fn default() -> Self {
        Self::with_max_line(MAX_LINE_BYTES)
    }
}

impl Reader {
    /// A reader that skips lines of more than `bytes`.
    pub fn with_max_line(bytes: usize) -> Self {
        Self {
            decoder: Decoder::default(),
            partial: Vec::new(),
            thrown: 0,
            max_line: bytes,
            line: 0,
        }
    }

    /// Takes the next bytes; answers what the lines that are now whole say.
    pub fn feed(&mut self, bytes: &[u8]) -> Batch {
        let mut rest = bytes;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            self.line_ended(&rest[..end]);
            rest = &rest[end + 1..];
        }
        if self.thrown > 0 || self.partial.len() + rest.len() > self.max_line {
            self.thrown += self.partial.len() + rest.len();
            self.partial = Vec::new();
        } else {
            self.partial.extend_from_slice(rest);
        }
        self.decoder.take()
    }

    /// The bytes are at their end: the last line needs no line feed.
    pub fn finish(&mut self) -> Batch {
        if self.thrown > 0 || !self.partial.is_empty() {
            self.line_ended(&[]);
        }
        self.decoder.take()
    }

    /// How many lines were read so far.
    pub fn lines(&self) -> u64 {
        self.line
    }

    /// Takes a line, of which this is the end.
    fn line_ended(&mut self, end: &[u8]) {
        self.line += 1;
        let length = self.thrown + self.partial.len() + end.len();
        if length > self.max_line {
            let start = std::mem::take(&mut self.partial);
            self.thrown = 0;
            self.decoder.at(format!("reel line {}", self.line));
            let what = format!(
                "{length} bytes; lines of more than {} are skipped",
                self.max_line
            );
            let shown = start
                .iter()
                .chain(end)
                .copied()
                .take(400)
                .collect::<Vec<_>>();
            self.decoder.problem(what, &String::from_utf8_lossy(&shown));
        } else if self.partial.is_empty() {
            self.take_line(end);
        } else {
            let mut line = std::mem::take(&mut self.partial);
            line.extend_from_slice(end);
            self.take_line(&line);
            line.clear();
            self.partial = line;
        }
    }

    fn take_line(&mut self, line: &[u8]) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = match self.line {
            1 => line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line),
            _ => line,
        };
        if line.trim_ascii().is_empty() {
            return;
        }
        self.decoder.at(format!("reel line {}", self.line));
        match std::str::from_utf8(line) {
            Ok(text) => self.decoder.record(text),
            Err(_) => self
                .decoder
                .problem("it is not UTF-8", &String::from_utf8_lossy(line)),
        }
    }
}
