//! Runs by chance, as drawings, and the ways in which records arrive.

#![allow(dead_code, reason = "each test file uses its part")]

use crate::rich::items;
use model::item::Item;
use model::{Journal, Millis};
use proptest::prelude::*;

/// A fork, a join of one, a tool call that no graph names.
pub const GRAPH: &str = "a -> b -> c; a -> any:d; b -> any:d";
pub const NODES: [&str; 5] = ["a", "b", "c", "d", "tool-call:1"];
const WORDS: [&str; 12] = [
    "STARTED",
    "STARTED",
    "PROGRESS",
    "COMPLETED",
    "COMPLETED",
    "FAILED",
    "SKIPPED",
    "AWAITING_INPUT",
    "=queued",
    "=running",
    "=failed",
    "=canceled",
];

prop_compose! {
    /// Up to 60 facts within 40 seconds. What a source numbers has a number of its own in each.
    pub fn any_facts()(facts in prop::collection::vec((0..40_u32, 0..NODES.len(), 0..WORDS.len(), 0..20_u8), 0..60)) -> String {
        (1..).zip(facts).map(|(line, (at, node, word, other))| match other {
            0 => format!("{at} run RUNNING\n"),
            1 => format!("{at} run FAILED\n"),
            2 => format!("{at} run RUNNING again\n"),
            3 => format!("{at} {} ask pending q{node}{}\n", NODES[node], word % 3),
            4 => format!("{at} {} ask resolved q{node}{}\n", NODES[node], word % 3),
            5 | 6 => format!("{at} {} log hello {at}\n", NODES[node]),
            7 => format!("{at} {} error 0 boo\n", NODES[node]),
            8 => format!("{at} {} {} {line} x\n", NODES[node], ["file", "note", "io", "step"][word % 4]),
            9 => {
                let word = ["prints", "says", "calls", "sends"][word % 4];
                format!("{at} {} {word} {line} {}\n", NODES[node], NODES[at as usize % 4])
            }
            _ => format!("{at} {} {}\n", NODES[node], WORDS[word]),
        }).collect()
    }
}

/// A journal that got the items in batches of these sizes, some of them late; after each batch
/// `each` sees it.
pub fn fed(
    mut items: Vec<Item>,
    late: &[prop::sample::Index],
    size: usize,
    mut each: impl FnMut(&Journal),
) -> Journal {
    for index in late {
        if !items.is_empty() {
            let item = items.remove(index.index(items.len()));
            items.push(item);
        }
    }
    let mut journal = Journal::default();
    for batch in items.chunks(size.max(1)) {
        journal.append(batch.to_vec());
        each(&journal);
    }
    journal
}

/// Many facts of a small generator, one a second: enough for several states to go back to.
pub fn long_run(seed: u64, facts: u32) -> Vec<Item> {
    let mut state = seed | 1;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let facts: String = (0..facts)
        .map(|second| {
            let word = WORDS[next(WORDS.len() as u64) as usize];
            format!("{second} n{} {word}\n", next(40))
        })
        .collect();
    items("n0 -> n1 -> n2", &facts)
}

/// The instants at which bad clocks and empty runs are looked at.
pub const EXTREMES: [Millis; 5] = [Millis::MIN, Millis(-1), Millis(0), Millis(1), Millis::MAX];
