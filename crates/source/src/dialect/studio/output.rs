//! What nodes print: log lines and terminal bytes.

use super::super::decoder::{Decoder, count, sequence_of};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use contract::studio::{LogLevel, LogLine, Stream, TerminalChunk};
use model::channel::log::{Level, LogStream};
use model::channel::terminal::TerminalStream;
use model::item::{LogItem, TerminalItem};
use model::{Item, Stamp};

impl Decoder {
    /// `GET …/logs` and the `logs` frame.
    pub(super) fn log_list(&mut self, raw: &str) {
        if let Some((lines, rest)) = self.list(raw, "logs") {
            self.batch.items.reserve(lines.len());
            self.each("line", &lines, Self::log);
            self.resume(rest.text("nextCursor").or_else(|| rest.text("cursor")));
            self.batch.has_more = rest.get("hasMore") == Some("true");
        }
    }

    pub(super) fn log(&mut self, raw: &str) {
        let Some(line) = self.read::<LogLine>(raw) else {
            return;
        };
        let Some(stamp) = self.stamp("timestamp", &line.timestamp, raw) else {
            return;
        };
        let stream = match line.stream.as_deref() {
            None | Some("") => LogStream::Console,
            Some(word) => stream_of(word).unwrap_or_else(|| {
                self.problem(format!("stream `{word}` is not known here"), raw);
                LogStream::Console
            }),
        };
        let item = LogItem {
            // Loki's label for lines that no node wrote.
            node: match line.node_id.as_str() {
                "unknown" => self.name(""),
                node => self.name(node),
            },
            stamp: Stamp {
                sequence: line.sequence.map_or_else(|| sequence_of(&line.id), count),
                ..stamp
            },
            level: self.log_level(line.level, raw),
            stream,
            id: line.id.into(),
            message: line.message.into(),
        };
        self.push(Item::Log(item));
    }

    fn log_level(&mut self, level: Option<LogLevel>, raw: &str) -> Level {
        match level {
            None | Some(LogLevel::Info) => Level::Info,
            Some(LogLevel::Trace) => Level::Trace,
            Some(LogLevel::Debug) => Level::Debug,
            Some(LogLevel::Warn) => Level::Warn,
            Some(LogLevel::Error) => Level::Error,
            Some(LogLevel::Other(word)) => {
                self.problem(format!("level `{word}` is not known here"), raw);
                Level::Info
            }
        }
    }

    /// `GET …/terminal` and the `terminal` frame.
    pub(super) fn terminal_list(&mut self, raw: &str) {
        if let Some((chunks, rest)) = self.list(raw, "chunks") {
            self.batch.items.reserve(chunks.len());
            self.each("chunk", &chunks, Self::terminal);
            self.resume(rest.text("cursor"));
            self.batch.has_more = rest.get("hasMore") == Some("true");
        }
    }

    pub(super) fn terminal(&mut self, raw: &str) {
        let Some(chunk) = self.read::<TerminalChunk>(raw) else {
            return;
        };
        let Some(stamp) = self.stamp("recordedAt", &chunk.recorded_at, raw) else {
            return;
        };
        if chunk.node_ref.is_empty() {
            return self.problem("terminal bytes of no node: `nodeRef` is empty", raw);
        }
        let Some(bytes) = bytes(&chunk.payload) else {
            return self.problem("`payload` is not base64", raw);
        };
        let stream = match &chunk.stream {
            Stream::Pty => TerminalStream::Pty,
            Stream::Stdout | Stream::Console => TerminalStream::Stdout,
            Stream::Stderr => TerminalStream::Stderr,
            Stream::Other(word) => {
                self.problem(
                    format!("stream `{word}` is not known here; taken as `stdout`"),
                    raw,
                );
                TerminalStream::Stdout
            }
        };
        let size = chunk.cols.zip(chunk.rows);
        let usable = |(cols, rows): &(u16, u16)| {
            (1..=MAX_CELLS).contains(cols) && (1..=MAX_CELLS).contains(rows)
        };
        if size.is_some_and(|size| !usable(&size)) {
            self.problem(
                format!("a terminal's size must be from 1 to {MAX_CELLS} each way"),
                raw,
            );
        }
        let item = TerminalItem {
            node: self.name(&chunk.node_ref),
            stream,
            stamp: Stamp {
                sequence: count(chunk.chunk_index),
                ..stamp
            },
            bytes,
            size: size.filter(usable),
        };
        self.push(Item::Terminal(item));
    }
}

/// Columns or rows of a terminal, at most: a screen of 65,535 each way would take gigabytes.
const MAX_CELLS: u16 = 1_000;

/// Who wrote a log line; a terminal is told as standard output.
pub(super) fn stream_of(word: &str) -> Option<LogStream> {
    match Stream::from_word(word) {
        Stream::Stdout | Stream::Pty => Some(LogStream::Stdout),
        Stream::Stderr => Some(LogStream::Stderr),
        Stream::Console => Some(LogStream::Console),
        Stream::Other(_) => None,
    }
}

/// Tolerant of what encoders differ in: padding, line breaks, the web's alphabet.
fn bytes(payload: &str) -> Option<Vec<u8>> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
    const WEB: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);
    if let Ok(bytes) = STANDARD.decode(payload) {
        return Some(bytes);
    }
    let tight: String = payload.split_ascii_whitespace().collect();
    STANDARD.decode(&tight).or_else(|_| WEB.decode(&tight)).ok()
}
