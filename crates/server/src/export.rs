//! Writes a run as a reel: the header as of now, then every record in its place.

use crate::ingest;
use crate::ingest::Packing;
use crate::json;
use crate::run_view::RunView;
use crate::store::{Step, StoreError, StoredRecord};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::io::Write;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Turns the steps of a walk into the bytes of a reel, piece by piece; for a thread that may block.
pub(crate) struct ReelWriter {
    sink: Sink,
    send: mpsc::Sender<Result<Bytes, StoreError>>,
    runtime: Handle,
}

enum Sink {
    Plain(Vec<u8>),
    Gzip(Box<GzEncoder<Vec<u8>>>),
}

/// The least level is a third quicker and takes a quarter more bytes.
const LEVEL: Compression = Compression::new(2);
/// Bytes of a piece.
const PIECE: usize = 64 << 10;
/// How long a reader may take none before it is given up: it holds a view of the store.
const PATIENCE: Duration = Duration::from_secs(60);

impl ReelWriter {
    /// Writes into `send`; made within the runtime.
    pub(crate) fn new(packing: Packing, send: mpsc::Sender<Result<Bytes, StoreError>>) -> Self {
        let sink = match packing {
            Packing::Plain => Sink::Plain(Vec::new()),
            Packing::Gzip => Sink::Gzip(Box::new(GzEncoder::new(Vec::new(), LEVEL))),
        };
        Self {
            sink,
            send,
            runtime: Handle::current(),
        }
    }

    /// Writes one step; `false` when nobody reads any more.
    pub(crate) fn write(&mut self, step: Step) -> bool {
        let least = match step {
            Step::Head(run, graph) => {
                self.put(&header_line(&run, graph.as_deref()));
                PIECE
            }
            Step::Record(record) => {
                self.put(&record_line(&record));
                PIECE
            }
            Step::End => {
                self.finish();
                1
            }
        };
        let piece = match &mut self.sink {
            Sink::Plain(piece) => piece,
            Sink::Gzip(packer) => packer.get_mut(),
        };
        if piece.len() < least {
            return true;
        }
        let piece = std::mem::take(piece);
        let sending = timeout(PATIENCE, self.send.send(Ok(piece.into())));
        matches!(self.runtime.block_on(sending), Ok(Ok(())))
    }

    fn put(&mut self, line: &str) {
        match &mut self.sink {
            Sink::Plain(piece) => piece.extend_from_slice(line.as_bytes()),
            Sink::Gzip(packer) => vec_takes_all(packer.write_all(line.as_bytes())),
        }
    }

    fn finish(&mut self) {
        if let Sink::Gzip(packer) = &mut self.sink {
            vec_takes_all(packer.try_finish());
        }
    }
}

/// Writing into memory does not fail; should it, the reader sees a broken gzip.
fn vec_takes_all(result: std::io::Result<()>) {
    if let Err(error) = result {
        tracing::error!(%error, "packing a reel failed");
    }
}

/// The header's line. Members stand in this order: `reel`, `run`, `graph`.
pub(crate) fn header_line(run: &RunView, graph: Option<&str>) -> String {
    let head = format!(
        "{{\"reel\":{},\"run\":{}",
        contract::reel::REEL_VERSION,
        Value::Object(run.reel_run())
    );
    match graph {
        Some(graph) => format!("{head},\"graph\":{graph}}}\n"),
        None => format!("{head}}}\n"),
    }
}

/// A record's line: `kind` first, the other members sorted, an artifact's content with them.
pub(crate) fn record_line(record: &StoredRecord) -> String {
    let mut line = match &record.content {
        Some(content) => {
            let mut object = json::object(&record.body);
            object.insert("content".into(), ingest::encode(content).into());
            json::prepend(
                "kind",
                record.kind.as_str(),
                &Value::Object(object).to_string(),
            )
        }
        None => json::prepend("kind", record.kind.as_str(), &record.body),
    };
    line.push('\n');
    line
}
