//! Clocks: what is the wrong way round is said with how far, and what is in order is not.

use crate::drawn::{items, journal};
use crate::runs::{GRAPH, any_facts};
use model::clocks::{Clocks, Disagreement, Offset, Rule, Source};
use model::{Journal, Span};
use proptest::prelude::*;

fn name(journal: &Journal, source: Source) -> String {
    match source {
        Source::Run => "run".into(),
        Source::Node(node) => journal.graph().node(node).unwrap().reference.to_string(),
    }
}

/// `RULE EARLIER@SECOND before LATER@SECOND by SECONDS`.
fn drawn(journal: &Journal, found: &[Disagreement]) -> String {
    let drawn = found.iter().map(|it| {
        let rule = match it.rule {
            Rule::RunStartsFirst => "start",
            Rule::ParentEndsFirst => "parent",
            Rule::QuestionFirst => "question",
            Rule::RunEndsLast => "end",
            Rule::OwnOrder => "order",
        };
        let side = |(source, at): (Source, model::Millis)| {
            format!("{}@{}", name(journal, source), at.0 / 1_000)
        };
        let (earlier, later) = (side(it.earlier), side(it.later));
        format!("{rule} {earlier} {later} by {}", it.by.0 / 1_000)
    });
    drawn.collect::<Vec<_>>().join(", ")
}

#[test]
fn what_is_the_wrong_way_round() {
    for (graph, facts, want) in [
        (
            "a -> b",
            "0 a STARTED\n 5 a COMPLETED\n 5 b STARTED\n 9 b COMPLETED\n 9 run COMPLETED",
            "",
        ),
        (
            "a -> b",
            "0 a STARTED\n 3 b STARTED\n 5 a COMPLETED\n 9 b COMPLETED",
            "parent a@5 b@3 by 2",
        ),
        // One of several will do: nothing follows for the others.
        (
            "a -> any:b",
            "0 a STARTED\n 3 b STARTED\n 5 a COMPLETED\n 9 b COMPLETED",
            "",
        ),
        // A parent that is run again later is no reason.
        (
            "a -> b",
            "0 a STARTED\n 1 a FAILED\n 2 b STARTED\n 3 a STARTED\n 5 a COMPLETED",
            "",
        ),
        ("a", "-3 a STARTED\n 1 a COMPLETED", "start run@0 a@-3 by 3"),
        (
            "a",
            "1 a STARTED\n 7 a COMPLETED\n 5 run COMPLETED",
            "end a@7 run@5 by 2",
        ),
        // A run that failed leaves nodes that go on a while; one that was reopened ended several times.
        ("a", "1 a STARTED\n 7 a COMPLETED\n 5 run FAILED", ""),
        (
            "a",
            "1 a STARTED\n 7 a COMPLETED\n 5 run COMPLETED\n 6 run RUNNING again",
            "",
        ),
        (
            "a",
            "1 a STARTED\n 5 a ask pending q\n 4 a ask resolved q",
            "question a@5 run@4 by 1",
        ),
        ("a", "1 a STARTED\n 5 a ask resolved q", ""),
        // Facts of drawings are numbered by their lines.
        ("a", "3 a COMPLETED\n 5 a STARTED", ""),
        ("a", "5 a STARTED\n 3 a COMPLETED", "order a@5 a@3 by 2"),
        // Hours off, and most first.
        (
            "a -> b -> c",
            "7200 a STARTED\n 7201 a COMPLETED\n 2 b STARTED\n 5 b COMPLETED\n 4 c STARTED\n 6 c COMPLETED",
            "parent a@7201 b@2 by 7199, parent b@5 c@4 by 1",
        ),
        (
            "a -> b -> a",
            "1 a STARTED\n 2 b STARTED\n 3 b COMPLETED",
            "parent b@3 a@1 by 2",
        ),
        ("", "", ""),
    ] {
        let journal = journal(items(graph, facts));
        let found = Clocks::of(&journal).disagreements;
        assert_eq!(drawn(&journal, &found), want, "{graph}: {facts}");
    }
}

#[test]
fn how_far_a_clock_may_be_off() {
    let seconds = |least: Option<i64>, most: Option<i64>| Offset {
        least: least.map(|least| Span(least * 1_000)),
        most: most.map(|most| Span(most * 1_000)),
    };
    for (graph, facts, want) in [
        // From the start of the run to its end there is room for this much.
        (
            "a",
            "3 a STARTED\n 5 a COMPLETED\n 9 run COMPLETED",
            &[seconds(Some(-4), Some(3))][..],
        ),
        // b began 2 before a ended: one or both are off.
        (
            "a -> b",
            "0 a STARTED\n 3 b STARTED\n 5 a COMPLETED\n 9 b COMPLETED\n 10 run COMPLETED",
            &[seconds(Some(1), Some(0)), seconds(Some(-1), Some(-2))],
        ),
        (
            "a -> b",
            "2 a STARTED\n 3 b STARTED\n 5 a COMPLETED\n 6 b COMPLETED\n 10 run COMPLETED",
            &[seconds(Some(-2), Some(2)), seconds(Some(-4), Some(0))],
        ),
        ("a", "1 a STARTED", &[seconds(None, Some(1))]),
        ("a", "", &[seconds(None, None)]),
    ] {
        let offsets = Clocks::of(&journal(items(graph, facts))).offsets;
        assert_eq!(offsets, want, "{graph}: {facts}");
    }
    let (off, right) = (seconds(Some(1), Some(2)), seconds(Some(-1), Some(1)));
    assert!(!off.may_be_none() && right.may_be_none() && seconds(None, None).may_be_none());
    assert!(seconds(Some(1), Some(0)).is_impossible() && !off.is_impossible());
}

#[test]
fn numbers_that_begin_anew_are_not_believed() {
    let facts = |first, second| {
        let mut items = items("a", "");
        for (number, line) in [
            (first, "5 a STARTED"),
            (second, "3 a PROGRESS"),
            (1, "1 b STARTED"),
        ] {
            items.push(crate::drawn::numbered(number, line));
        }
        Clocks::of(&journal(items)).disagreements.len()
    };
    assert_eq!((facts(2, 3), facts(1, 2)), (1, 0));
}

proptest! {
    /// A run whose clocks are right has nothing to say; one whose node's clocks are off by a known
    /// amount has that amount among what cannot be ruled out.
    #[test]
    fn a_true_offset_is_never_ruled_out(
        takes in prop::collection::vec((0..50_i64, 1..50_i64), 5),
        off in prop::collection::vec(-30..30_i64, 5),
        skewed in any::<bool>(),
    ) {
        let graph = "a -> b -> d; a -> c -> d; d -> e";
        let parents: [&[usize]; 5] = [&[], &[0], &[0], &[1, 2], &[3]];
        let mut ends = [0_i64; 5];
        let mut facts = String::new();
        for (node, (wait, took)) in takes.iter().enumerate() {
            let free = parents[node].iter().map(|parent| ends[*parent]).max().unwrap_or(0);
            let began = free + wait;
            ends[node] = began + took;
            let off = if skewed { off[node] } else { 0 };
            let name = ["a", "b", "c", "d", "e"][node];
            facts.push_str(&format!("{} {name} STARTED\n{} {name} COMPLETED\n", began + off, ends[node] + off));
        }
        let facts = format!("{facts}{} run COMPLETED\n", ends.iter().max().unwrap());
        let journal = journal(items(graph, &facts));
        let clocks = Clocks::of(&journal);
        prop_assert!(skewed || clocks.disagreements.is_empty());
        for (node, name) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
            let offset = clocks.offsets[journal.graph().find(name).unwrap().index()];
            let true_off = Span(if skewed { off[node] * 1_000 } else { 0 });
            prop_assert!(offset.least.unwrap() <= true_off && true_off <= offset.most.unwrap(), "{node} {offset:?} {true_off:?}");
        }
    }

    #[test]
    fn any_run_is_judged_without_trouble_and_each_finding_is_one(facts in any_facts()) {
        let journal = journal(crate::rich::items(GRAPH, &facts));
        for found in Clocks::of(&journal).disagreements {
            prop_assert!(found.by > Span(0));
            prop_assert_eq!(found.by, found.earlier.1 - found.later.1);
        }
    }
}
