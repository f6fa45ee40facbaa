//! What the state at a random instant costs: `cargo run --release -p model --example state_speed`.

use model::channel::log::Level;
use model::item::{EventItem, EventKind, Item, Provenance};
use model::{Journal, Millis, NodeState, RunState, Stamp, Text};
use std::hint::black_box;
use std::time::Instant;

const NODES: u64 = 10_000;
const EVENTS: u64 = 1_000_000;
const SEEKS: usize = 2_000;

fn main() {
    let names: Vec<Text> = (0..NODES).map(|node| format!("n{node}").into()).collect();
    let mut draw = draws();
    let mut journal = Journal::default();
    journal.append((0..EVENTS).map(|number| {
        let kind = match draw(4) {
            0 => EventKind::Started,
            1 => EventKind::Progress,
            2 => EventKind::Completed,
            _ => EventKind::Failed,
        };
        Item::Event(EventItem {
            id: number.to_string().into(),
            node: names[draw(NODES) as usize].clone(),
            stamp: Stamp {
                sequence: number,
                ..Stamp::at(Millis(number as i64 * 4))
            },
            kind,
            level: Level::Info,
            attempt: 0,
            provenance: Provenance::Observed,
            detail: None,
        })
    }));
    let mut micros: Vec<_> = (0..SEEKS)
        .map(|_| {
            let at = Millis(draw(EVENTS * 4) as i64);
            let begin = Instant::now();
            black_box(RunState::at(&journal, at).count(NodeState::Failed));
            begin.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    micros.sort_by(f64::total_cmp);
    let at = |share: f64| micros[(SEEKS as f64 * share) as usize];
    println!(
        "{EVENTS} events of {NODES} nodes, state at an instant: p50 {:.0} µs, p95 {:.0} µs, p99 {:.0} µs",
        at(0.5),
        at(0.95),
        at(0.99)
    );
}

/// Numbers below a limit, the same ones every time.
fn draws() -> impl FnMut(u64) -> u64 {
    let mut seed = 42_u64;
    move |limit| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % limit
    }
}
