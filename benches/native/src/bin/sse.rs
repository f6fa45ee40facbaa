//! Times our SSE parser beside the `sse-core` crate, and a bare line scan, over the bytes of a file.
//!
//! `sse FILE ROUNDS` prints `{"name":[milliseconds, …], …}`; one of each a round, in turns.

use bytes::{Buf as _, Bytes};
use std::error::Error;
use std::time::Instant;

/// As a browser hands a body on.
const CHUNK: usize = 64 << 10;

/// Frames seen, and bytes of their data.
type Seen = (usize, usize);

/// Reads a whole stream.
type Read = fn(&[u8]) -> Seen;

const CONTESTANTS: [(&str, Read); 3] = [
    ("line scan, borrowed (floor)", line_scan),
    ("sse-core 0.2.3", sse_core),
    ("source::sse", source_sse),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(file), Some(rounds)) = (args.next(), args.next()) else {
        return Err("usage: sse FILE ROUNDS".into());
    };
    let stream = std::fs::read(file)?;
    let rounds: usize = rounds.parse()?;
    let mut times = [const { Vec::new() }; CONTESTANTS.len()];
    let expected = line_scan(&stream);
    for _ in 0..rounds {
        for ((name, read), times) in CONTESTANTS.iter().zip(&mut times) {
            let start = Instant::now();
            let seen = read(&stream);
            times.push(start.elapsed().as_secs_f64() * 1e3);
            if seen != expected {
                return Err(format!("{name} saw {seen:?} instead of {expected:?}").into());
            }
        }
    }
    let members: Vec<_> = CONTESTANTS
        .iter()
        .zip(&times)
        .map(|((name, _), times)| format!("{name:?}:{times:?}"))
        .collect();
    println!("{{{}}}", members.join(","));
    Ok(())
}

fn source_sse(stream: &[u8]) -> Seen {
    let mut parser = source::sse::Parser::default();
    let mut seen = (0, 0);
    for chunk in stream.chunks(CHUNK) {
        parser.feed(chunk, |item| {
            if let source::sse::Item::Frame(frame) = item {
                seen.0 += 1;
                seen.1 += frame.data.len();
            }
        });
    }
    seen
}

fn sse_core(stream: &[u8]) -> Seen {
    let mut decoder = sse_core::SseDecoder::new();
    let mut seen = (0, 0);
    for chunk in stream.chunks(CHUNK) {
        // It can share the bytes of a `Bytes`, so it is given one, as a network client would.
        let mut chunk = Bytes::copy_from_slice(chunk);
        while chunk.has_remaining() {
            if let Some(Ok(sse_core::SseEvent::Message(message))) = decoder.next(&mut chunk) {
                seen.0 += 1;
                seen.1 += message.data.len();
            }
        }
    }
    seen
}

/// Right for this data only: lines end in LF, and a frame has one data line.
fn line_scan(stream: &[u8]) -> Seen {
    let mut seen = (0, 0);
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', stream) {
        let line = &stream[start..end];
        start = end + 1;
        if let Some(data) = line.strip_prefix(b"data: ") {
            seen.0 += 1;
            seen.1 += data.len();
        }
    }
    seen
}
