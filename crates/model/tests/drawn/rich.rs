//! Facts of the other channels, drawn: `SECOND NODE WORD NUMBER TEXT` with the words `error` (a log
//! line), `file`, `note`, `io`, `sends` (along an edge to TEXT), `prints` (to its terminal), `says`,
//! `calls` and `step` (of an agent, whose part NUMBER it is). Other lines are drawn as usual.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::unwrap_used,
    reason = "a drawing that cannot be read fails its test"
)]

use crate::drawn;
use model::channel::agent::{AgentChunk, Voice};
use model::channel::log::{Level, LogStream};
use model::channel::terminal::TerminalStream;
use model::item::{AgentItem, Artifact, Item, LogItem, NodeIo, Note, Packet, TerminalItem};
use model::{JsonText, Stamp};

/// The items of a drawing, run and graph first, numbered as they stand.
pub fn items(graph: &str, facts: &str) -> Vec<Item> {
    let mut items = drawn::items(graph, "");
    let lines = facts.lines().map(str::trim).filter(|line| !line.is_empty());
    for (number, line) in (1..).zip(lines) {
        match rich(number, line) {
            Some(item) => items.push(item),
            None => items.push(drawn::numbered(number, line)),
        }
    }
    items
}

fn rich(number: u64, line: &str) -> Option<Item> {
    let mut words = line.splitn(5, ' ');
    let at = drawn::second(words.next()?.parse().unwrap());
    let (node, word) = (words.next()?, words.next()?);
    let count: u64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    let text = words.next().unwrap_or_default();
    let id = format!("{word}{number}");
    let stamp = Stamp {
        at,
        nanos: 0,
        sequence: number,
    };
    let agent = |chunk| {
        Item::Agent(Box::new(AgentItem {
            agent_run: format!("agent of {node}").into(),
            node: node.into(),
            sequence: count,
            at,
            chunk,
        }))
    };
    Some(match word {
        "error" => Item::Log(LogItem {
            id: id.into(),
            node: node.into(),
            stamp,
            level: Level::Error,
            stream: LogStream::Stderr,
            message: text.into(),
        }),
        "file" => Item::Artifact(Box::new(Artifact {
            id: id.into(),
            node: node.into(),
            name: text.into(),
            mime: None,
            size: count,
            at,
        })),
        "note" => Item::Note(Box::new(Note {
            id: id.into(),
            text: text.into(),
            at,
            node: (node != "run").then(|| node.into()),
        })),
        "io" => Item::Io(
            Box::new(NodeIo {
                node: node.into(),
                at,
                inputs: count
                    .is_multiple_of(2)
                    .then(|| JsonText(format!("{count}").into())),
                outputs: count
                    .is_multiple_of(3)
                    .then(|| JsonText(format!("\"{text}\"").into())),
                truncated: count.is_multiple_of(5),
            }),
            None,
        ),
        "sends" => Item::Packet(Box::new(Packet {
            id: id.into(),
            source: node.into(),
            target: text.into(),
            input: "in".into(),
            at,
            payload: None,
            size: count,
        })),
        "prints" => Item::Terminal(TerminalItem {
            node: node.into(),
            stream: TerminalStream::Pty,
            stamp: Stamp {
                sequence: count,
                ..stamp
            },
            bytes: text.as_bytes().to_vec(),
            size: (count % 4 == 1).then_some((80 + count as u16, 24)),
        }),
        "says" => agent(AgentChunk::TextDelta {
            id: "t".into(),
            voice: Voice::Text,
            delta: text.into(),
        }),
        "calls" => agent(AgentChunk::ToolInput {
            call: text.into(),
            tool: "search".into(),
            input: JsonText("{}".into()),
        }),
        "step" => agent(AgentChunk::Step),
        _ => return None,
    })
}
