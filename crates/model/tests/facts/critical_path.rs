//! The critical path: drawn runs, odd clocks, and what holds for any run.

use crate::drawn::{journal, second};
use crate::rich::items;
use crate::runs::{EXTREMES, GRAPH, any_facts};
use model::attempts::Attempts;
use model::critical_path::{After, CriticalPath};
use model::{Journal, Millis, Span};
use proptest::prelude::*;

fn path(journal: &Journal, at: Millis) -> CriticalPath {
    let mut known = Attempts::default();
    known.go_to(journal, at);
    CriticalPath::at(journal, &known, at)
}

/// `NODE NUMBER took T`, before it `waited W` and after what.
fn drawn(journal: &Journal, path: &CriticalPath) -> String {
    let name = |node| {
        journal
            .graph()
            .node(node)
            .map_or("?", |node| &node.reference)
    };
    let hops = path.hops.iter().map(|hop| {
        let after = match hop.after {
            After::Start => "start".to_owned(),
            After::Parent(node) => name(node).to_owned(),
            After::Overlapping(node, by) => format!("{}-{}", name(node), by.0 / 1_000),
            After::Attempt(number) => format!("#{number}"),
        };
        let (node, number) = (name(hop.attempt.node), hop.attempt.number);
        format!(
            "{after}+{} {node}{number}:{}",
            hop.waited.0 / 1_000,
            hop.took.0 / 1_000
        )
    });
    hops.collect::<Vec<_>>().join(", ")
}

const DIAMOND: &str = "a -> b -> d; a -> c -> d";

#[test]
fn the_path_goes_back_over_what_came_last() {
    for (graph, facts, at, want) in [
        (
            DIAMOND,
            "1 a STARTED\n 4 a COMPLETED\n 4 b STARTED\n 5 b COMPLETED\n 5 c STARTED\n 9 c COMPLETED\n 10 d STARTED\n 14 d COMPLETED",
            20.0,
            "start+1 a1:3, a+1 c1:4, c+1 d1:4",
        ),
        // Tried again: the wait in between is the path's.
        (
            DIAMOND,
            "0 a STARTED\n 4 a COMPLETED\n 4 b STARTED\n 5 c STARTED\n 6 b COMPLETED\n 8 c FAILED\n 11 c STARTED\n 12 c COMPLETED\n 12 d STARTED\n 13 d COMPLETED",
            20.0,
            "start+0 a1:4, a+1 c1:3, #1+3 c2:1, c+0 d1:1",
        ),
        // Going on: what has run longest bounds it.
        (
            DIAMOND,
            "1 a STARTED\n 4 a COMPLETED\n 5 b STARTED\n 6 c STARTED\n 9 c PROGRESS",
            9.0,
            "start+1 a1:3, a+1 b1:4",
        ),
        // As known then, not as it became.
        (
            DIAMOND,
            "1 a STARTED\n 4 a COMPLETED\n 5 b STARTED\n 7 b COMPLETED\n 8 c STARTED",
            6.0,
            "start+1 a1:3, a+1 b1:1",
        ),
        // A join of one waits for the first.
        (
            "a -> any:c; b -> any:c",
            "0 a STARTED\n 0 b STARTED\n 2 a COMPLETED\n 3 c STARTED\n 9 b COMPLETED\n 10 c COMPLETED",
            20.0,
            "start+0 a1:2, a+1 c1:7",
        ),
        // A parent of which nothing is known is looked through.
        (
            "a -> ghost -> b",
            "0 a STARTED\n 2 a COMPLETED\n 3 b STARTED\n 5 b COMPLETED",
            20.0,
            "start+0 a1:2, a+1 b1:2",
        ),
        // The run's end ends what still went on.
        (
            "a",
            "1 a STARTED\n 5 run FAILED\n 9 a log x",
            20.0,
            "start+1 a1:4",
        ),
        ("a", "", 20.0, ""),
        ("a", "3 a COMPLETED", 20.0, "start+3 a1:0"),
        ("a", "3 a COMPLETED", 2.0, ""),
    ] {
        let journal = journal(items(graph, facts));
        let path = path(&journal, second(at));
        assert_eq!(drawn(&journal, &path), want, "{graph}: {facts}");
    }
}

#[test]
fn clocks_that_disagree_and_cycles_leave_a_path() {
    for (graph, facts, want) in [
        // The parent ends after its child began.
        (
            "a -> b",
            "0 a STARTED\n 3 b STARTED\n 5 a COMPLETED\n 9 b COMPLETED",
            "start+0 a1:5, a-2+0 b1:6",
        ),
        // The parent lies wholly behind its child.
        (
            "a -> b",
            "1 b STARTED\n 2 b COMPLETED\n 5 a STARTED\n 7 a COMPLETED",
            "start+5 a1:2",
        ),
        (
            "a -> b -> a",
            "1 a STARTED\n 2 a COMPLETED\n 3 b STARTED\n 4 b COMPLETED\n 5 a STARTED\n 9 a COMPLETED",
            "start+1 a1:1, a+1 b1:1, b+1 a2:4",
        ),
        (
            "a -> b",
            "90000 a STARTED\n 90001 a COMPLETED\n 1 b STARTED\n 2 b COMPLETED",
            "start+90000 a1:1",
        ),
    ] {
        let journal = journal(items(graph, facts));
        let path = path(&journal, Millis::MAX);
        assert_eq!(drawn(&journal, &path), want, "{graph}: {facts}");
    }
}

proptest! {
    #[test]
    fn a_path_is_a_walk_through_the_graph_that_adds_up(facts in any_facts(), at in -1..42_i64) {
        let journal = journal(items(GRAPH, &facts));
        let at = Millis(at * 1_000);
        let path = path(&journal, at);
        let known = model::attempts::attempts(journal.events_upto(at));
        prop_assert_eq!(path.hops.is_empty(), known.is_empty());
        for pair in path.hops.windows(2) {
            match pair[1].after {
                After::Start => prop_assert!(false, "only the first comes after the start"),
                After::Attempt(number) => {
                    prop_assert_eq!(pair[0].attempt.node, pair[1].attempt.node);
                    prop_assert_eq!(pair[0].attempt.number, number);
                }
                After::Parent(node) | After::Overlapping(node, _) => {
                    prop_assert_eq!(pair[0].attempt.node, node);
                    // Over nodes without attempts at most.
                    let parents = journal.graph().parents(pair[1].attempt.node);
                    let beyond = |parent: &model::NodeIx| !known.iter().any(|it| it.node == *parent);
                    prop_assert!(parents.contains(&node) || parents.iter().any(beyond));
                }
            }
        }
        for (number, hop) in path.hops.iter().enumerate() {
            prop_assert!(hop.took >= Span(0) && hop.waited >= Span(0));
            let same = |other: &&model::critical_path::Hop| {
                (other.attempt.node, other.attempt.event) == (hop.attempt.node, hop.attempt.event)
            };
            prop_assert_eq!(path.hops.iter().filter(same).count(), 1, "hop {} is there twice", number);
        }
        let overlaps = path.hops.iter().any(|hop| matches!(hop.after, After::Overlapping(..)));
        let open = path.hops.iter().rev().skip(1).any(|hop| hop.attempt.to.is_none());
        if let (Some(last), false, false) = (path.hops.last(), overlaps, open) {
            let total: i64 = path.hops.iter().map(|hop| hop.took.0 + hop.waited.0).sum();
            prop_assert_eq!(Millis(total), last.attempt.from + last.took, "the run starts at 0");
        }
    }

    #[test]
    fn extreme_instants_are_no_trouble(facts in any_facts()) {
        let journal = journal(items(GRAPH, &facts));
        for at in EXTREMES {
            prop_assert!(path(&journal, at).hops.len() <= journal.events().len());
        }
    }
}
