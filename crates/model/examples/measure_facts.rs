//! What the facts derived from a journal cost: `cargo run --release -p model --example measure_facts`
//! prints milliseconds for 1,000,000 events over 10,000 nodes with 1,000,000 log lines, all at once
//! and for a second's worth of news.

use model::attempts::Attempts;
use model::channel::agent::AgentChunk;
use model::channel::log::{Level, LogStream};
use model::channel::terminal::TerminalStream;
use model::clocks::Clocks;
use model::critical_path::CriticalPath;
use model::graph::{EdgeSpec, GraphSpec, Join, NodeSpec};
use model::groups::Groups;
use model::item::{AgentItem, EventItem, EventKind, Item, LogItem, Provenance, TerminalItem};
use model::marks::{MarkKind, Marks};
use model::playhead::Stretch;
use model::quiet::Quiet;
use model::run::RunInfo;
use model::summary::Summary;
use model::waiting::waiting;
use model::{Journal, Millis, NodeIx, RunState, Span, Stamp, Text, shown};
use std::hint::black_box;
use std::time::Instant;

const NODES: u64 = 10_000;
const EVENTS: u64 = 1_000_000;
const LINES: u64 = 1_000_000;
/// Milliseconds between two events; every 50,000 events an hour passes.
const STEP: u64 = 10;

fn at(number: u64) -> Millis {
    Millis((number * STEP + number / 50_000 * 3_600_000) as i64)
}

fn name(node: u64) -> Text {
    format!("n{node}").into()
}

fn node_of(number: u64) -> u64 {
    (number / 4 * 7) % NODES
}

fn stamp(number: u64) -> Stamp {
    Stamp {
        at: at(number),
        nanos: 0,
        sequence: number + 1,
    }
}

/// Of each node in turn: an attempt begins, goes on twice, and fails or ends well.
fn event(number: u64, names: &[Text]) -> Item {
    let kind = match number % 4 {
        0 => EventKind::Started,
        1 | 2 => EventKind::Progress,
        _ if number.is_multiple_of(5) => EventKind::Failed,
        _ => EventKind::Completed,
    };
    Item::Event(EventItem {
        id: "".into(),
        node: names[node_of(number) as usize].clone(),
        stamp: stamp(number),
        kind,
        level: Level::Info,
        attempt: 0,
        detail: None,
        provenance: Provenance::Observed,
    })
}

fn line(number: u64, names: &[Text]) -> Item {
    Item::Log(LogItem {
        id: "".into(),
        node: names[node_of(number) as usize].clone(),
        stamp: stamp(number),
        level: Level::ALL[(number % 23 % 5) as usize],
        stream: LogStream::Stdout,
        message: "a line of about forty characters, as many".into(),
    })
}

/// Chains of ten that fork in two and meet again.
fn graph() -> GraphSpec {
    let node = |number: u64| NodeSpec {
        reference: name(number),
        label: name(number),
        kind: "".into(),
        join: Join::All,
        position: None,
        group: (number % 50 < 5).then(|| format!("flow {}", number / 50).into()),
    };
    let edge = |source: u64, target: u64| EdgeSpec {
        source: name(source),
        target: name(target),
        source_port: None,
        target_port: None,
    };
    let mut edges = Vec::new();
    for first in (0..NODES - 10).step_by(10) {
        edges.extend((1..5).map(|step| edge(first + step - 1, first + step)));
        edges.extend((6..10).map(|step| edge(first + step - 1, first + step)));
        edges.push(edge(first, first + 5));
        edges.extend([edge(first + 4, first + 10), edge(first + 9, first + 10)]);
    }
    GraphSpec {
        nodes: (0..NODES).map(node).collect(),
        edges,
    }
}

fn others(names: &[Text]) -> Vec<Item> {
    let chunk = |number: u64| {
        Item::Terminal(TerminalItem {
            node: names[(number % 500) as usize].clone(),
            stream: TerminalStream::Pty,
            stamp: stamp(number * 10),
            bytes: vec![b'x'; 100],
            size: None,
        })
    };
    let part = |number: u64| {
        Item::Agent(Box::new(AgentItem {
            agent_run: names[(number % 20) as usize].clone(),
            node: names[(number % 20) as usize].clone(),
            sequence: number / 20 + 1,
            at: at(number * 20),
            chunk: AgentChunk::Step,
        }))
    };
    let terminals = (0..100_000).map(chunk);
    terminals.chain((0..50_000).map(part)).collect()
}

fn timed<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let made = black_box(run());
    let took = began.elapsed().as_secs_f64() * 1e3;
    println!("{took:>10.3} ms  {what}");
    made
}

fn main() {
    let names: Vec<Text> = (0..NODES).map(name).collect();
    let mut journal = Journal::default();
    let info = RunInfo {
        started: Some(Millis(0)),
        ..RunInfo::default()
    };
    journal.append([Item::Run(Box::new(info)), Item::Graph(Box::new(graph()))]);
    timed("append all (attempts and keyframes among it)", || {
        journal.append((0..EVENTS).map(|number| event(number, &names)));
        journal.append((0..LINES).map(|number| line(number, &names)));
        journal.append(others(&names));
    });
    let events = journal.events();
    let attempts = journal.attempts().as_slice().len();
    println!(
        "              {} events, {attempts} attempts, {} lines",
        events.len(),
        journal.logs().len()
    );

    println!("all at once");
    let walked = timed("attempts: a walk over all", || {
        model::attempts::attempts(journal.events()).len()
    });
    assert_eq!(walked, attempts, "the index is the walk");
    let mut marks = Marks::default();
    timed("marks", || marks.extend(&journal));
    let mut quiet = Quiet::new(Span(60_000));
    timed("quiet stretches of a minute", || quiet.extend(&journal));
    let mut fine = Quiet::new(Span(STEP as i64));
    timed("quiet stretches of 10 ms, each record an end", || {
        fine.extend(&journal);
    });
    timed("groups", || Groups::of(&journal).groups.len());
    let path = timed("critical path", || {
        CriticalPath::at(&journal, journal.attempts(), at(EVENTS))
    });
    timed("clocks", || Clocks::of(&journal).disagreements.len());
    let whole = Stretch {
        from: Millis(0),
        to: at(EVENTS),
    };
    timed("summary of all", || Summary::of(&journal, &marks, whole));

    println!("as of the middle of the run");
    let middle = at(EVENTS / 2);
    let state = timed("(the state itself)", || RunState::at(&journal, middle));
    let mut known = Attempts::default();
    timed("attempts known then: first", || {
        known.go_to(&journal, middle)
    });
    timed("attempts known then: a frame later", || {
        known.go_to(&journal, middle + Span(16));
    });
    timed("attempts known then: a frame back", || {
        known.go_to(&journal, middle);
    });
    timed("attempts of one node", || {
        Attempts::known(&journal, NodeIx(7), middle).len()
    });
    timed("critical path", || {
        CriticalPath::at(&journal, &known, middle).hops.len()
    });
    timed("why 10,000 nodes wait", || {
        let nodes = (0..NODES as u32).map(NodeIx);
        nodes
            .filter(|node| waiting(&journal, &state, *node) == model::waiting::Waiting::No)
            .count()
    });
    timed("the inspector of one node", || {
        shown::node(&journal, &state, NodeIx(7), state.at)
    });
    timed("the next failure, 1,000 times", || {
        let next = |number: i64| marks.next(&[MarkKind::Failure], middle + Span(number));
        (0..1_000).filter_map(next).count()
    });
    let minute = Stretch {
        from: middle,
        to: middle + Span(60_000),
    };
    timed("summary of a minute", || {
        Summary::of(&journal, &marks, minute)
    });

    println!("100 events and 100 lines more");
    let news = |from: u64| {
        let events = (from..from + 100).map(|number| event(number, &names));
        let lines = (from..from + 100).map(|number| line(number, &names));
        events.chain(lines).collect::<Vec<Item>>()
    };
    let (next, late) = (news(EVENTS), event(EVENTS - 500, &names));
    timed("append", || journal.append(next));
    timed("marks", || marks.extend(&journal));
    timed("quiet stretches", || quiet.extend(&journal));
    let Item::Event(mut late) = late else { return };
    late.id = "late".into();
    timed("append one that is 600 events late", || {
        journal.append([Item::Event(late)])
    });
    timed("marks", || marks.extend(&journal));
    timed("quiet stretches", || quiet.extend(&journal));
    println!(
        "              {} hops, {} stretches",
        path.hops.len(),
        quiet.within(whole).count()
    );
}
