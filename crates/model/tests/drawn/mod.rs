//! Runs drawn as text: `a -> b -> c; a -> d` for the graph, then a line for each fact.
//!
//! A fact is `SECOND NODE WORD [@ATTEMPT]` (`=queued` for a stated state), `SECOND run WORD [again]` for the
//! run itself (`again`: it reopens), or `SECOND NODE log TEXT`, or `SECOND NODE ask pending|resolved|… ID`. The run
//! starts at second 0.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::unwrap_used,
    reason = "a drawing that cannot be read fails its test"
)]

use model::channel::log::{Level, LogStream};
use model::graph::{EdgeSpec, GraphSpec, Join, NodeSpec};
use model::item::{EventItem, EventKind, HumanInput, Item, LogItem, Provenance};
use model::run::{RunInfo, StatusKind, StatusUpdate};
use model::{Journal, Millis, NodeState, RunState, RunStatus, Stamp};

pub fn graph(drawn: &str) -> GraphSpec {
    let mut spec = GraphSpec::default();
    for chain in drawn
        .split(';')
        .map(str::trim)
        .filter(|chain| !chain.is_empty())
    {
        let names: Vec<_> = chain.split("->").map(str::trim).collect();
        for name in &names {
            // `any:c` is a node that starts as soon as one parent is done.
            let (join, name) = match name.strip_prefix("any:") {
                Some(name) => (Join::Any, name),
                None => (Join::All, *name),
            };
            if !spec.nodes.iter().any(|node| *node.reference == *name) {
                spec.nodes.push(NodeSpec {
                    reference: name.into(),
                    label: name.into(),
                    kind: "".into(),
                    join,
                    position: None,
                    group: None,
                });
            }
        }
        for pair in names.windows(2) {
            spec.edges.push(EdgeSpec {
                source: pair[0].trim_start_matches("any:").into(),
                target: pair[1].trim_start_matches("any:").into(),
                source_port: None,
                target_port: None,
            });
        }
    }
    spec
}

/// `SECOND: states` for each line of `wanted`.
pub fn check(graph: &str, facts: &str, wanted: &str) {
    let journal = journal(items(graph, facts));
    for line in wanted
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let (at, want) = line.split_once(": ").unwrap();
        let state = RunState::at(&journal, second(at.parse().unwrap()));
        assert_eq!(states(&journal, &state), want, "at second {at}");
    }
}

pub fn second(second: f64) -> Millis {
    Millis((second * 1_000.0) as i64)
}

pub fn items(graph_drawn: &str, facts: &str) -> Vec<Item> {
    let mut items = vec![
        Item::Run(Box::new(RunInfo {
            id: "r".into(),
            started: Some(Millis(0)),
            ..RunInfo::default()
        })),
        Item::Graph(Box::new(graph(graph_drawn))),
    ];
    let lines = facts.lines().map(str::trim).filter(|line| !line.is_empty());
    items.extend(
        lines
            .enumerate()
            .map(|(number, line)| fact(number as u64 + 1, line)),
    );
    items
}

/// One fact, by its number among the others.
pub fn numbered(number: u64, line: &str) -> Item {
    fact(number, line)
}

fn fact(number: u64, line: &str) -> Item {
    let mut words = line.splitn(4, ' ');
    let at = second(words.next().unwrap().parse().unwrap());
    let stamp = Stamp {
        at,
        nanos: 0,
        sequence: number,
    };
    let (node, word, rest) = (words.next().unwrap(), words.next().unwrap(), words.next());
    match (node, word) {
        ("run", word) => Item::Status(
            Box::new(StatusUpdate {
                stamp: Stamp::at(at),
                kind: match rest {
                    Some("again") => StatusKind::Reopens,
                    _ => StatusKind::Plain,
                },
                status: match word {
                    "QUEUED" => RunStatus::Queued,
                    "RUNNING" => RunStatus::Running,
                    "COMPLETED" => RunStatus::Completed,
                    "FAILED" => RunStatus::Failed,
                    "CANCELLED" => RunStatus::Cancelled,
                    "PAUSED" => RunStatus::Paused,
                    "AWAITING_INPUT" => RunStatus::AwaitingInput,
                    other => RunStatus::Other(other.into()),
                },
                started: None,
                progress: None,
                failure: None,
            }),
            None,
        ),
        (node, "log") => Item::Log(LogItem {
            id: format!("l{number}").into(),
            node: node.into(),
            stamp,
            level: Level::Info,
            stream: LogStream::Stdout,
            message: rest.unwrap_or_default().into(),
        }),
        (node, "ask") => {
            let (status, id) = rest.unwrap().split_once(' ').unwrap();
            Item::HumanInput(
                Box::new(HumanInput {
                    id: id.into(),
                    node: node.into(),
                    at,
                    status: status.into(),
                    title: "Go?".into(),
                    description: None,
                    response: None,
                }),
                None,
            )
        }
        (node, word) => Item::Event(EventItem {
            id: number.to_string().into(),
            node: node.into(),
            stamp,
            kind: kind(word),
            level: Level::Info,
            attempt: rest.map_or(0, |rest| rest.trim_start_matches('@').parse().unwrap()),
            detail: None,
            provenance: Provenance::Observed,
        }),
    }
}

pub fn kind(word: &str) -> EventKind {
    match word {
        "STARTED" => EventKind::Started,
        "PROGRESS" => EventKind::Progress,
        "COMPLETED" => EventKind::Completed,
        "FAILED" => EventKind::Failed,
        "AWAITING_INPUT" => EventKind::AwaitingInput,
        "SKIPPED" => EventKind::Skipped,
        stated if stated.starts_with('=') => {
            let state = NodeState::ALL.into_iter();
            let mut state = state.filter(|state| state.as_str() == &stated[1..]);
            EventKind::Stated(state.next().unwrap())
        }
        other => EventKind::Other(other.into()),
    }
}

pub fn journal(items: impl IntoIterator<Item = Item>) -> Journal {
    let mut journal = Journal::default();
    journal.append(items);
    journal
}

/// `a success, b running`, by reference, present nodes only.
pub fn states(journal: &Journal, state: &RunState) -> String {
    let mut states: Vec<_> = journal
        .graph()
        .nodes()
        .iter()
        .zip(&state.nodes)
        .filter(|(_, view)| view.present)
        .map(|(node, view)| format!("{} {}", node.reference, view.state))
        .collect();
    states.sort();
    states.join(", ")
}
