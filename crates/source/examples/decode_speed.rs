//! Times decoding: 100,000 small records as a reel, and as answers of events and of log lines.
//!
//! `cargo run --release -p source --example decode_speed`

use std::time::Instant;

use source::dialect::studio::{Endpoint, decode_answer};

const RECORDS: usize = 100_000;
const ROUNDS: usize = 7;

fn main() {
    let events: Vec<_> = (0..RECORDS).map(event).collect();
    let lines: Vec<_> = (0..RECORDS).map(line).collect();
    let trace = format!("{{\"events\":[{}]}}", events.join(","));
    let logs = format!("{{\"logs\":[{}]}}", lines.join(","));
    let both = events.iter().zip(&lines).take(RECORDS / 2);
    let reel: Vec<_> = both
        .flat_map(|(event, line)| [("trace", event), ("log", line)])
        .map(|(kind, record)| format!("{{\"kind\":\"{kind}\",{}", &record[1..]))
        .collect();
    for (name, endpoint, body) in [
        ("events", Endpoint::Trace, trace),
        ("log lines", Endpoint::Logs, logs),
        ("reel of both", Endpoint::Reel, reel.join("\n")),
    ] {
        let millis = best_millis(|| {
            let batch = decode_answer(endpoint, &body);
            assert_eq!((batch.items.len(), batch.problems.len()), (RECORDS, 0));
        });
        println!(
            "{name:12} {RECORDS} records, {:5.1} MB: {millis:6.1} ms",
            body.len() as f64 / 1e6
        );
    }
}

fn event(number: usize) -> String {
    let (node, second) = (number % 500, number / 1_000 % 60);
    let millis = number % 1_000;
    match number % 3 {
        0 => format!(
            r#"{{"id":"{number}","runId":"run-1","nodeId":"node-{node}","type":"STARTED","level":"info","timestamp":"2026-01-01T00:00:{second:02}.{millis:03}Z","metadata":{{"activityId":"act-{number}","attempt":1,"correlationId":"run-1:node-{node}:act"}}}}"#
        ),
        1 => format!(
            r#"{{"id":"{number}","runId":"run-1","nodeId":"node-{node}","type":"PROGRESS","level":"info","timestamp":"2026-01-01T00:00:{second:02}.{millis:03}Z","message":"scanned {millis}/1000 hosts","data":{{"current":{millis},"total":1000}}}}"#
        ),
        _ => format!(
            r#"{{"id":"{number}","runId":"run-1","nodeId":"node-{node}","type":"COMPLETED","level":"info","timestamp":"2026-01-01T00:00:{second:02}.{millis:03}Z","outputSummary":{{"hostsCount":12,"ok":true}}}}"#
        ),
    }
}

fn line(number: usize) -> String {
    format!(
        r#"{{"id":"l{number}","nodeId":"node-{}","level":"info","stream":"stdout","message":"GET /index.html 200 in {} ms","timestamp":"2026-01-01T00:00:{:02}.{:03}Z","sequence":{number}}}"#,
        number % 500,
        number % 90,
        number / 1_000 % 60,
        number % 1_000,
    )
}

fn best_millis(mut run: impl FnMut()) -> f64 {
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64() * 1e3
    });
    times.fold(f64::INFINITY, f64::min)
}
