//! The run that is followed, as a script: which records are posted when.
//!
//! ```text
//!  fetch ─ split ─┬ scan-1 ───────────┬ merge ─┬ optional (skipped)
//!                 ├ scan-2 (2 tries) ─┤        └ approve (asks) ─ plan (agent) ─ deploy (terminal) ─ notify
//!                 ├ scan-3 ───────────┘ └─┐
//!                 └ risky (fails) ─────── report (any)
//! ```

use crate::chance::Chance;
use base64::Engine;
use serde_json::{Value, json};

/// When the run starts: 2026-01-01.
pub const START: i64 = 1_767_225_600_000;
pub const RUN: &str = "nightly_1767225600000";
/// What [`RUN`] is as an operation: its node.
pub const OPERATION: &str = "nightly";

/// How the run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Completed,
    /// In the middle, by a person: with nodes on their way and others never reached.
    Cancelled,
    Failed,
}

/// Records that are posted together.
#[derive(Clone, Debug)]
pub struct Piece {
    /// When: the instant of the last of them.
    pub at: i64,
    pub records: String,
    /// What stands in the last log line and nowhere else.
    pub mark: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Script {
    pub header: String,
    pub pieces: Vec<Piece>,
    pub lines: usize,
}

impl Script {
    pub fn drawn(seed: u64, end: End) -> Self {
        let mut draft = Draft::default();
        draft.nodes();
        draft.logs(&mut Chance(seed));
        draft.channels();
        if end != End::Completed {
            draft.stop(40_500, end);
        }
        draft.cut(&mut Chance(seed ^ 1))
    }

    /// One node that says `lines` lines within a second, after one that says ten slowly.
    pub fn long(lines: usize) -> Self {
        let mut draft = Draft::default();
        draft.status(0, "RUNNING");
        draft.trace(1_000, "fetch", "STARTED", 1);
        (0..10).for_each(|it| draft.log(1_000 + it * 500, "fetch", "slow"));
        let apart = |it: usize| 20_000 + (it * 900 / lines) as i64;
        (0..lines).for_each(|it| draft.log(apart(it), "fetch", "quick"));
        draft.log(40_000, "fetch", "after");
        draft.trace(41_000, "fetch", "COMPLETED", 1);
        draft.status(42_000, "COMPLETED");
        draft.cut(&mut Chance(7))
    }

    /// The texts of all log lines, in order.
    pub fn texts(&self) -> Vec<String> {
        let records = self.pieces.iter().flat_map(|piece| piece.records.lines());
        let records = records.map(|line| serde_json::from_str::<Value>(line).unwrap());
        let texts = records.filter(|it| it["kind"] == "log");
        texts
            .map(|it| it["message"].as_str().unwrap().to_owned())
            .collect()
    }

    /// When the last of it is posted.
    pub fn end(&self) -> i64 {
        self.pieces.last().map_or(START, |piece| piece.at)
    }
}

/// Which node is at it from when to when, in milliseconds of the run; and the last event.
const TIMES: [(&str, i64, i64, &str, u32); 13] = [
    ("fetch", 1_000, 8_000, "COMPLETED", 1),
    ("split", 8_500, 10_000, "COMPLETED", 1),
    ("scan-1", 10_000, 40_000, "COMPLETED", 1),
    ("scan-2", 10_000, 18_000, "FAILED", 1),
    ("scan-2", 22_000, 45_000, "COMPLETED", 2),
    ("scan-3", 10_002, 50_000, "COMPLETED", 1),
    ("risky", 12_000, 30_000, "FAILED", 1),
    ("merge", 50_500, 55_000, "COMPLETED", 1),
    ("report", 55_500, 70_000, "COMPLETED", 1),
    ("approve", 56_500, 65_500, "COMPLETED", 1),
    ("plan", 66_000, 80_000, "COMPLETED", 1),
    ("deploy", 80_500, 92_000, "COMPLETED", 1),
    ("notify", 92_500, 95_000, "COMPLETED", 1),
];

/// Texts that are hard to carry.
const HARD: [&str; 6] = [
    "größer als 3 \u{1f980}\u{1f680}",
    "日本語のログ",
    "\"quoted\", a\tb \\ and <b>bold</b>",
    "two\nlines",
    "data: event: id: retry: 1",
    "\u{1b}[31mred\u{1b}[0m e\u{301}",
];

#[derive(Default)]
struct Draft {
    /// Instant within the run, the record, and the mark of a log line.
    records: Vec<(i64, Value, Option<String>)>,
    lines: usize,
}

impl Draft {
    fn nodes(&mut self) {
        self.status(0, "RUNNING");
        let mut moments: Vec<(i64, &str, &str, u32)> = Vec::new();
        for (node, from, to, last, attempt) in TIMES {
            moments.push((from, node, "STARTED", attempt));
            moments.push((to, node, last, attempt));
        }
        moments.push((56_000, "optional", "SKIPPED", 1));
        moments.push((57_000, "approve", "AWAITING_INPUT", 1));
        moments.sort_by_key(|(at, ..)| *at);
        for (at, node, kind, attempt) in moments {
            self.trace(at, node, kind, attempt);
        }
        self.status(96_000, "COMPLETED");
    }

    /// A line about each 300 ms of each node, some at one millisecond, some the same text.
    fn logs(&mut self, chance: &mut Chance) {
        let mut moments = Vec::new();
        for (node, from, to, ..) in TIMES {
            let mut at = from + 1;
            while at < to {
                let together = [1, 1, 1, 2, 3][chance.below(5)];
                moments.extend((0..together).map(|_| (at, node)));
                at += 200 + chance.below(500) as i64;
            }
        }
        moments.sort_by_key(|(at, _)| *at);
        for (at, node) in moments {
            match chance.below(8) {
                0 => self.log(at, node, HARD[chance.below(HARD.len())]),
                1 => self.say(at, node, "still waiting …".to_owned(), None),
                2 => self.say(at, node, String::new(), None),
                _ => self.log(at, node, "checked one more host"),
            }
        }
    }

    fn channels(&mut self) {
        for index in 1..=40 {
            let bytes = format!("\u{1b}[32m{index}\u{1b}[0m größer\r\n");
            // Chunks end within characters.
            let bytes = &bytes.as_bytes()[..bytes.len() - index as usize % 3];
            let payload = base64::engine::general_purpose::STANDARD.encode(bytes);
            let at = 80_600 + index * 250;
            let chunk = json!({"kind": "terminal", "nodeRef": "deploy", "stream": "pty", "chunkIndex": index,
                "payload": payload, "recordedAt": instant(at), "deltaMs": 250});
            self.records.push((at, chunk, None));
        }
        let agent = format!("{RUN}:plan:1");
        let said = json!({"kind": "trace", "nodeId": "plan", "type": "PROGRESS", "level": "info",
            "timestamp": instant(66_100), "message": "Agent session started", "data": {"agentRunId": agent}});
        self.records.push((66_100, said, None));
        let mut parts = vec![
            json!({"type": "start", "messageId": "m1"}),
            json!({"type": "text-start", "id": "t1"}),
        ];
        let delta = |it| json!({"type": "text-delta", "id": "t1", "delta": format!("word {it} ")});
        parts.extend((0..20).map(delta));
        parts.push(json!({"type": "text-end", "id": "t1"}));
        parts.push(json!({"type": "finish"}));
        for (index, chunk) in parts.into_iter().enumerate() {
            let at = 66_200 + index as i64 * 500;
            let part = json!({"kind": "agent", "agentRunId": agent, "nodeRef": "plan", "sequence": index + 1,
                "timestamp": instant(at), "chunk": chunk});
            self.records.push((at, part, None));
        }
        for (at, word) in [(57_000, "pending"), (65_000, "resolved")] {
            let question = json!({"kind": "human_input", "id": "q1", "nodeRef": "approve", "status": word,
                "inputType": "approval", "title": "Go on?", "createdAt": instant(57_000), "updatedAt": instant(at)});
            self.records.push((at, question, None));
        }
        for (node, _, to, last, _) in TIMES {
            if last == "COMPLETED" {
                let io = json!({"kind": "io", "nodeRef": node, "status": "completed", "completedAt": instant(to),
                    "inputs": {"of": node}, "outputs": {"hosts": 3}});
                self.records.push((to, io, None));
            }
        }
    }

    /// Nothing more after `at`.
    fn stop(&mut self, at: i64, end: End) {
        self.records.retain(|(instant, ..)| *instant <= at);
        match end {
            End::Failed => {
                self.trace(at + 100, "scan-3", "FAILED", 1);
                self.status(at + 200, "FAILED");
            }
            End::Completed | End::Cancelled => self.status(at + 100, "CANCELLED"),
        }
        self.lines = self
            .records
            .iter()
            .filter(|(_, it, _)| it["kind"] == "log")
            .count();
    }

    fn trace(&mut self, at: i64, node: &str, kind: &str, attempt: u32) {
        let mut event = json!({"kind": "trace", "nodeId": node, "type": kind,
            "level": "info", "timestamp": instant(at), "metadata": {"attempt": attempt}});
        if kind == "FAILED" {
            event["level"] = "error".into();
            event["error"] = json!({"message": format!("{node}: no route to host")});
        }
        self.records.push((at, event, None));
    }

    /// A line that no other is like.
    fn log(&mut self, at: i64, node: &str, text: &str) {
        let mark = format!("#{};", self.lines + 1);
        self.say(at, node, format!("{mark} {text}"), Some(mark));
    }

    fn say(&mut self, at: i64, node: &str, message: String, mark: Option<String>) {
        self.lines += 1;
        let line = json!({"kind": "log", "id": format!("l{}", self.lines), "nodeId": node, "level": "info",
            "stream": "stdout", "message": message, "timestamp": instant(at)});
        self.records.push((at, line, mark));
    }

    fn status(&mut self, at: i64, word: &str) {
        let mut status = json!({"kind": "status", "status": word, "updatedAt": instant(at)});
        if word != "RUNNING" {
            status["completedAt"] = instant(at).into();
        }
        self.records.push((at, status, None));
    }

    /// Into pieces of up to two seconds. Events are numbered as they come.
    fn cut(mut self, chance: &mut Chance) -> Script {
        self.records.sort_by_key(|(at, ..)| *at);
        let events = self
            .records
            .iter_mut()
            .filter(|(_, it, _)| it["kind"] == "trace");
        for (number, (_, event, _)) in (1..).zip(events) {
            event["id"] = number.to_string().into();
        }
        let mut pieces: Vec<Piece> = Vec::new();
        let mut until = i64::MIN;
        for (at, record, mark) in self.records {
            if at > until {
                until = at + 950 + chance.below(1_000) as i64;
                pieces.push(Piece {
                    at,
                    records: String::new(),
                    mark: None,
                });
            }
            let Some(piece) = pieces.last_mut() else {
                continue;
            };
            piece.at = START + at;
            piece.records.push_str(&format!("{record}\n"));
            piece.mark = mark.or(piece.mark.take());
        }
        Script {
            header: header(),
            pieces,
            lines: self.lines,
        }
    }
}

fn header() -> String {
    let edges = [
        ("fetch", "split"),
        ("split", "scan-1"),
        ("split", "scan-2"),
        ("split", "scan-3"),
        ("split", "risky"),
        ("scan-1", "merge"),
        ("scan-2", "merge"),
        ("scan-3", "merge"),
        ("merge", "report"),
        ("risky", "report"),
        ("merge", "optional"),
        ("merge", "approve"),
        ("approve", "plan"),
        ("plan", "deploy"),
        ("deploy", "notify"),
    ];
    let mut names: Vec<&str> = vec!["fetch"];
    for (_, target) in edges {
        if !names.contains(&target) {
            names.push(target);
        }
    }
    let node = |name: &&str| {
        let join = if *name == "report" { "any" } else { "all" };
        json!({"id": name, "type": "command", "data": {"label": name, "config": {"joinStrategy": join}}})
    };
    let edge = |(source, target): &(&str, &str)| json!({"id": format!("{source}-{target}"), "source": source, "target": target});
    json!({
        "reel": 1,
        "run": {"id": RUN, "workflowId": "w", "workflowName": "Nightly", "status": "RUNNING",
                "startTime": instant(0), "workflowVersionId": "v1", "workflowVersion": 1},
        "graph": {"nodes": names.iter().map(node).collect::<Vec<_>>(),
                  "edges": edges.iter().map(edge).collect::<Vec<_>>()},
    })
    .to_string()
}

/// An instant of the run, by its milliseconds.
fn instant(at: i64) -> String {
    contract::time::format_millis(START + at)
}
