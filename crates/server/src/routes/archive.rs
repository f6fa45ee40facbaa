//! Terminals as asciicast v2 files.

use super::{attach, file_name, json};
use crate::ask::Ask;
use crate::error::ApiError;
use crate::ingest::LENIENT;
use crate::json as js;
use crate::run_id::RunId;
use crate::state::AppState;
use crate::store::{ArchiveRow, KindQuery, StoredRecord, Terminal};
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use contract::studio::Stream;
use contract::time;
use serde_json::{Value, json};
use std::fmt::Write;

/// `GET …/terminal/archive`.
pub(super) async fn list(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let rows = state.stores.archives.archives(&run).await?;
    let records: Vec<Value> = rows.iter().map(|row| recording(&run, row)).collect();
    Ok(json(&json!({"runId": run.as_str(), "records": records})))
}

/// `POST …/terminal/archive {nodeRef, stream?, width?, height?}`.
pub(super) async fn create(
    State(state): State<AppState>,
    ask: Ask,
    body: Body,
) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let body = super::small_body(body).await?;
    let Some(node) = js::text(&body, "nodeRef").filter(|node| !node.is_empty()) else {
        return Err(ApiError::bad_request(
            "field `nodeRef`: expected a node's id",
        ));
    };
    let stream = match js::text(&body, "stream").map_or(Stream::Pty, Stream::from_word) {
        Stream::Other(word) => {
            let message = format!("field `stream`: expected stdout, stderr or pty, got {word:?}");
            return Err(ApiError::bad_request(message));
        }
        stream => stream,
    };
    let size = size(&body, "width", 400)?.zip(size(&body, "height", 200)?);
    let terminal = Terminal {
        node: node.to_owned(),
        stream: stream.to_string(),
        size,
    };
    let row = state.stores.archives.archive(&run, terminal).await?;
    Ok((StatusCode::CREATED, json(&recording(&run, &row))).into_response())
}

fn size(body: &js::Object, name: &str, most: u64) -> Result<Option<u16>, ApiError> {
    let Some(value) = body.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let size = value.as_u64().filter(|size| (1..=most).contains(size));
    size.map(|size| Some(size as u16)).ok_or_else(|| {
        ApiError::bad_request(format!(
            "field `{name}`: expected a whole number from 1 to {most}"
        ))
    })
}

fn recording(run: &RunId, row: &ArchiveRow) -> Value {
    let (first, last) = row.span;
    json!({
        "id": row.id,
        "runId": run.as_str(),
        "nodeRef": row.terminal.node,
        "stream": row.terminal.stream,
        // A UUID made of the record's number: the same archive has the same file.
        "fileId": format!("00000000-0000-4000-8000-{:012x}", row.id),
        "chunkCount": row.chunks,
        "durationMs": (last - first) / 1_000_000,
        "createdAt": time::format_millis(last / 1_000_000),
    })
}

/// `GET …/terminal/archive/:recordId/download`.
pub(super) async fn download(
    State(state): State<AppState>,
    ask: Ask,
) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let asked = ask.part("recordId");
    let rows = state.stores.archives.archives(&run).await?;
    let row = rows.into_iter().find(|row| row.id.to_string() == asked);
    let row = row.ok_or_else(|| {
        ApiError::not_found(format!(
            "Workflow run {run} has no terminal archive {asked}"
        ))
    })?;
    let query = KindQuery {
        kind: "terminal",
        node: Some(row.terminal.node.clone()),
        track: Some(row.terminal.stream.clone()),
        ..KindQuery::default()
    };
    let chunks = state.stores.records.of_kind(&run, query).await?;
    let cast = cast(&chunks, row.terminal.size);
    let name = format!(
        "terminal-{}-{}-{}.cast",
        file_name(run.as_str()),
        file_name(&row.terminal.node),
        row.span.0 / 1_000_000
    );
    let mut response = ([(header::CONTENT_TYPE, "application/x-asciinema")], cast).into_response();
    attach(response.headers_mut(), &name);
    Ok(response)
}

/// Columns and rows of a terminal that never said its own (contract A.8).
const SIZE: (u16, u16) = (120, 40);

/// Chunks in their places as asciicast v2. A character split over chunks comes out whole, with the
/// chunk that completes it; a terminal that changes its size says so.
fn cast(chunks: &[StoredRecord], asked: Option<(u16, u16)>) -> String {
    let chunks: Vec<(i64, js::Object)> = chunks
        .iter()
        .map(|chunk| (chunk.at, js::object(&chunk.body)))
        .collect();
    let start = chunks.first().map_or(0, |(at, _)| *at);
    let stated = chunks.iter().find_map(|(_, chunk)| dimensions(chunk));
    let mut size = asked.or(stated).unwrap_or(SIZE);
    let header = json!({
        "version": 2,
        "width": size.0,
        "height": size.1,
        "timestamp": start.div_euclid(1_000_000_000),
    });
    let mut cast = format!("{header}\n");
    let mut text = Utf8::default();
    for (at, chunk) in &chunks {
        let seconds = (at - start) as f64 / 1e9;
        let mut line = |kind: &str, data: &str| {
            // Writing into a string does not fail.
            let _ = writeln!(cast, "[{seconds:.6},\"{kind}\",{}]", js::quote(data));
        };
        if let Some(now) = dimensions(chunk)
            && now != size
        {
            size = now;
            line("r", &format!("{}x{}", now.0, now.1));
        }
        let payload = js::text(chunk, "payload").unwrap_or_default();
        let bytes = LENIENT.decode(payload).unwrap_or_default();
        let whole = text.feed(&bytes);
        if !whole.is_empty() {
            line("o", &whole);
        }
    }
    cast
}

fn dimensions(chunk: &js::Object) -> Option<(u16, u16)> {
    let side = |name: &str| chunk.get(name)?.as_u64()?.try_into().ok();
    side("cols").zip(side("rows"))
}

/// Decodes UTF-8 that comes in pieces; what can never become a character is U+FFFD.
#[derive(Default)]
struct Utf8 {
    /// The beginning of a character whose rest has not come yet.
    open: Vec<u8>,
}

impl Utf8 {
    fn feed(&mut self, bytes: &[u8]) -> String {
        self.open.extend_from_slice(bytes);
        let mut whole = String::new();
        let mut rest = &self.open[..];
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    whole.push_str(text);
                    rest = &[];
                    break;
                }
                Err(error) => {
                    let (good, bad) = rest.split_at(error.valid_up_to());
                    whole.push_str(&String::from_utf8_lossy(good));
                    let Some(length) = error.error_len() else {
                        rest = bad;
                        break;
                    };
                    whole.push(char::REPLACEMENT_CHARACTER);
                    rest = &bad[length..];
                }
            }
        }
        self.open = rest.to_vec();
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::encode;
    use contract::reel::Kind;
    use proptest::prelude::*;

    fn chunk(millis: i64, bytes: &[u8], size: &str) -> StoredRecord {
        StoredRecord {
            arrival: 1,
            at: millis * 1_000_000,
            kind: Kind::Terminal,
            body: format!("{{\"payload\":\"{}\"{size}}}", encode(bytes)),
            content: None,
        }
    }

    #[test]
    fn a_cast_has_a_size_times_and_whole_characters() {
        let emoji = "🦀".as_bytes();
        let drawn = [
            chunk(
                1_500,
                &[b"a", &emoji[..2]].concat(),
                ",\"cols\":80,\"rows\":24",
            ),
            chunk(1_750, &emoji[2..], ""),
            chunk(2_000, b"\xff\r\n", ",\"cols\":100,\"rows\":24"),
        ];
        let want = "{\"height\":24,\"timestamp\":1,\"version\":2,\"width\":80}\n\
                    [0.000000,\"o\",\"a\"]\n[0.250000,\"o\",\"🦀\"]\n\
                    [0.500000,\"r\",\"100x24\"]\n[0.500000,\"o\",\"\u{fffd}\\r\\n\"]\n";
        assert_eq!(cast(&drawn, None), want);
        assert!(cast(&drawn, Some((10, 5))).contains("\"width\":10"));
        assert!(cast(&[], None).contains("\"width\":120"));
    }

    proptest! {
        #[test]
        fn text_survives_any_cutting(text in "\\PC{0,40}", cuts in prop::collection::vec(0_usize..200, 0..8)) {
            let bytes = text.as_bytes();
            let mut at: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let mut decoder = Utf8::default();
            let whole: String = at.windows(2).map(|cut| decoder.feed(&bytes[cut[0]..cut[1]])).collect();
            prop_assert_eq!(whole, text);
        }
    }
}
