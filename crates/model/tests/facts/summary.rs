//! A stretch in numbers: drawn, and against plain counting for any run.

use crate::drawn::journal;
use crate::rich::items;
use crate::runs::{EXTREMES, GRAPH, any_facts};
use model::channel::log::Level;
use model::marks::{MarkKind, Marks};
use model::playhead::Stretch;
use model::summary::Summary;
use model::{Journal, Millis, NodeState, Span};
use proptest::prelude::*;

fn summary(journal: &Journal, from: Millis, to: Millis) -> Summary {
    let mut marks = Marks::default();
    marks.extend(journal);
    Summary::of(journal, &marks, Stretch { from, to })
}

const RUN: &str = "1 a STARTED
                   2 b STARTED
                   3 a log hello
                   4 a error 0 boo
                   4 a FAILED
                   5 b prints 1 abcd
                   6 a STARTED
                   7 b file 3 report
                   8 c step 1 -
                   9 b COMPLETED
                   20 c STARTED
                   25 run FAILED";

#[test]
fn a_stretch_in_numbers() {
    let journal = journal(items("a; b; c", RUN));
    for (from, to, want) in [
        (
            0,
            30,
            "6 events, 4 began, 1 failed, 1 success, lines 1 info 1 error, 4 bytes, 1 steps, 1 files, a 22 s, 2 at once",
        ),
        // Going on at its beginning and beyond its end.
        (
            3,
            4,
            "0 events, 0 began, lines 1 info 0 error, 0 bytes, 0 steps, 0 files, a 1 s, 2 at once",
        ),
        (
            4,
            6,
            "1 events, 0 began, 1 failed, lines 0 info 1 error, 4 bytes, 0 steps, 0 files, b 2 s, 1 at once",
        ),
        (
            10,
            30,
            "1 events, 1 began, lines 0 info 0 error, 0 bytes, 0 steps, 0 files, a 15 s, 2 at once",
        ),
        // After the run's end nothing goes on.
        (
            26,
            30,
            "0 events, 0 began, lines 0 info 0 error, 0 bytes, 0 steps, 0 files, nobody, 0 at once",
        ),
        (
            4,
            4,
            "0 events, 0 began, lines 0 info 0 error, 0 bytes, 0 steps, 0 files, nobody, 0 at once",
        ),
        (
            9,
            2,
            "0 events, 0 began, lines 0 info 0 error, 0 bytes, 0 steps, 0 files, nobody, 0 at once",
        ),
    ] {
        let it = summary(&journal, Millis(from * 1_000), Millis(to * 1_000));
        let ended = [NodeState::Failed, NodeState::Success].map(|state| match it.ended_as(state) {
            0 => String::new(),
            count => format!("{count} {state}, "),
        });
        let busiest = it.busiest.map_or("nobody".to_owned(), |(node, span)| {
            format!(
                "{} {} s",
                journal.graph().node(node).unwrap().reference,
                span.0 / 1_000
            )
        });
        let drawn = format!(
            "{} events, {} began, {}lines {} info {} error, {} bytes, {} steps, {} files, {busiest}, {} at once",
            it.events,
            it.began,
            ended.concat(),
            it.lines[Level::Info as usize],
            it.lines[Level::Error as usize],
            it.bytes,
            it.agent_steps,
            it.artifacts,
            it.most_at_once,
        );
        assert_eq!(drawn, want, "[{from}, {to})");
    }
}

#[test]
fn an_attempt_that_was_never_said_to_end_ends_with_the_next() {
    let journal = journal(items(
        "a",
        "1 a =running @1\n 4 a =running @2\n 9 run FAILED",
    ));
    let whole = summary(&journal, Millis(0), Millis(20_000));
    assert_eq!((whole.began, whole.most_at_once), (2, 1));
    assert_eq!(whole.busiest.map(|it| it.1), Some(Span(8_000)));
}

proptest! {
    #[test]
    fn a_stretch_is_counted_as_by_hand(facts in any_facts(), from in -1..42_i64, to in -1..42_i64) {
        let journal = journal(items(GRAPH, &facts));
        let stretch = Stretch { from: Millis(from * 1_000), to: Millis(to * 1_000) };
        let found = summary(&journal, stretch.from, stretch.to);
        let within = |at: Millis| stretch.contains(at);
        let events = journal.events().iter().filter(|event| within(event.stamp.at)).count();
        prop_assert_eq!(found.events, events);
        let attempts = journal.attempts().as_slice();
        prop_assert_eq!(found.began, attempts.iter().filter(|it| within(it.from)).count());
        for level in Level::ALL {
            let lines = journal.logs().lines(0..journal.logs().len());
            let lines = lines.filter(|line| line.level == level && within(line.at)).count();
            prop_assert_eq!(found.lines[level as usize], lines);
        }
        let files = journal.artifacts_upto(Millis::MAX).iter().filter(|it| within(it.at)).count();
        prop_assert_eq!(found.artifacts, files);
        for state in [NodeState::Success, NodeState::Failed, NodeState::Skipped] {
            let ended = attempts.iter().filter(|it| it.outcome == state && it.to.is_some_and(within)).count();
            prop_assert!(found.ended_as(state) <= ended);
        }
        prop_assert!(found.most_at_once <= journal.graph().nodes().len());
        prop_assert!(found.busiest.is_none_or(|(_, span)| span <= stretch.length()), "a node is one");
    }

    #[test]
    fn neighbouring_stretches_add_up(facts in any_facts(), at in 0..40_i64) {
        let journal = journal(items(GRAPH, &facts));
        let [early, late, whole] = [(Millis::MIN, Millis(at * 1_000)), (Millis(at * 1_000), Millis::MAX), (Millis::MIN, Millis::MAX)]
            .map(|(from, to)| summary(&journal, from, to));
        prop_assert_eq!(early.events + late.events, whole.events);
        prop_assert_eq!(early.began + late.began, whole.began);
        prop_assert_eq!(early.bytes + late.bytes, whole.bytes);
        prop_assert_eq!(early.lines.iter().chain(&late.lines).sum::<usize>(), whole.lines.iter().sum::<usize>());
        prop_assert_eq!(early.most_at_once.max(late.most_at_once), whole.most_at_once);
        let mut marks = Marks::default();
        marks.extend(&journal);
        prop_assert_eq!(whole.agent_steps, marks.of(MarkKind::AgentStep).len());
        for at in EXTREMES {
            prop_assert_eq!(summary(&journal, at, at), Summary::default());
        }
    }
}
