//! Words that make a synthetic run look like one.

use super::rng::Rng;

const VERBS: [&str; 12] = [
    "fetch", "parse", "scan", "resolve", "compile", "index", "merge", "verify", "score", "enrich",
    "render", "publish",
];
const THINGS: [&str; 12] = [
    "hosts", "records", "domains", "packages", "images", "ledger", "sources", "reports", "tokens",
    "routes", "shards", "schema",
];
const REASONS: [&str; 4] = [
    "connection reset by peer",
    "schema mismatch in column 7",
    "quota exceeded",
    "checksum differs",
];

/// The name of a node: unique, and plausible.
pub fn node(at: usize, rng: &mut Rng) -> String {
    let (verb, thing) = (
        VERBS[rng.index(VERBS.len())],
        THINGS[rng.index(THINGS.len())],
    );
    format!("{verb}-{thing}-{at}")
}

/// The kind of a node.
pub fn component(rng: &mut Rng) -> &'static str {
    [
        "command",
        "command",
        "http.request",
        "data.transform",
        "agent",
    ][rng.index(5)]
}

/// Why something failed.
pub fn reason(rng: &mut Rng) -> &'static str {
    REASONS[rng.index(REASONS.len())]
}

/// A log line.
pub fn line(rng: &mut Rng) -> String {
    let thing = THINGS[rng.index(THINGS.len())];
    let number = rng.below(100_000);
    match rng.below(5) {
        0 => format!("{thing}: read {number} rows in {} ms", rng.below(900)),
        1 => format!("GET /api/{thing}/{number} 200 {} B", rng.below(40_000)),
        2 => format!("\u{1b}[32mok\u{1b}[0m {thing} {number}"),
        3 => format!("cache miss for {thing}/{number:05x}"),
        _ => format!("{thing} shard {} of 64 is up to date", rng.below(64)),
    }
}

/// Terminal output of exactly `length` bytes: coloured lines, progress bars, cursor movements.
pub fn terminal(rng: &mut Rng, length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length + 80);
    while bytes.len() < length {
        let colour = 31 + rng.below(6);
        let number = rng.below(10_000);
        let text = match rng.below(8) {
            0 => format!(
                "\r\u{1b}[2K[{:<30}] {}%",
                "#".repeat(rng.index(31)),
                rng.below(101)
            ),
            1 => format!("\u{1b}[s\u{1b}[1;1H\u{1b}[7m {number} \u{1b}[0m\u{1b}[u"),
            _ => format!(
                "\u{1b}[{colour}m[{number:04}]\u{1b}[0m {}\r\n",
                THINGS[rng.index(THINGS.len())]
            ),
        };
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes.truncate(length);
    bytes
}
