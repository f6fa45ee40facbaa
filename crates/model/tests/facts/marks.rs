//! Marks: what is marked, the way from one to the next, and that reading on is reading anew.

use crate::drawn::{journal, second};
use crate::rich::items;
use crate::runs::{EXTREMES, GRAPH, any_facts, fed};
use model::marks::{Mark, MarkKind, Marks};
use model::playhead::Stretch;
use model::{Journal, Millis};
use proptest::prelude::*;

fn marks(journal: &Journal) -> Marks {
    let mut marks = Marks::default();
    marks.extend(journal);
    marks
}

/// `SECOND NODE` of each mark of a kind.
fn drawn(journal: &Journal, marks: &[Mark]) -> String {
    let drawn = marks.iter().map(|mark| {
        let node = mark.node.and_then(|node| journal.graph().node(node));
        let node = node.map_or("run", |node| &node.reference);
        format!("{} {node}", mark.at.0 / 1_000)
    });
    drawn.collect::<Vec<_>>().join(", ")
}

const RUN: &str = "1 a STARTED
                   2 a FAILED
                   2 a error 0 no such host
                   3 a STARTED
                   4 a log fine
                   5 a ask pending q
                   6 a ask resolved q
                   7 a file 10 report.txt
                   7 run note 0 look here
                   8 b step 1 -
                   9 b says 2 hello
                   10 b calls 3 c1
                   12 a FAILED";

#[test]
fn what_is_worth_a_mark() {
    let journal = journal(items("a; b", RUN));
    let marks = marks(&journal);
    for (kind, want) in [
        (MarkKind::Failure, "2 a, 12 a"),
        (MarkKind::Retry, "3 a"),
        (MarkKind::HumanInput, "5 a"),
        (MarkKind::LogError, "2 a"),
        (MarkKind::Artifact, "7 a"),
        (MarkKind::AgentStep, "8 b, 10 b"),
        (MarkKind::Note, "7 run"),
    ] {
        assert_eq!(drawn(&journal, marks.of(kind)), want, "{kind:?}");
    }
}

#[test]
fn the_way_from_mark_to_mark() {
    let marks = marks(&journal(items("a; b", RUN)));
    let failures = &[MarkKind::Failure][..];
    let some = |at: f64, kind| Some((second(at), kind));
    for (kinds, at, next, previous) in [
        (failures, 0.0, some(2.0, MarkKind::Failure), None),
        (failures, 2.0, some(12.0, MarkKind::Failure), None),
        (failures, 12.0, None, some(2.0, MarkKind::Failure)),
        (failures, 99.0, None, some(12.0, MarkKind::Failure)),
        // At one instant the weightiest.
        (&MarkKind::ALL, 1.0, some(2.0, MarkKind::Failure), None),
        (
            &MarkKind::ALL,
            3.0,
            some(5.0, MarkKind::HumanInput),
            some(2.0, MarkKind::Failure),
        ),
        (
            &MarkKind::ALL,
            7.5,
            some(8.0, MarkKind::AgentStep),
            some(7.0, MarkKind::Artifact),
        ),
        (&[], 1.0, None, None),
    ] {
        let drawn = |mark: Option<Mark>| mark.map(|mark| (mark.at, mark.kind));
        assert_eq!(drawn(marks.next(kinds, second(at))), next, "after {at}");
        let found = drawn(marks.previous(kinds, second(at)));
        assert_eq!(found, previous, "before {at}");
    }
}

#[test]
fn marks_within_a_stretch_are_counted_to_its_end_and_not_at_it() {
    let marks = marks(&journal(items("a; b", RUN)));
    for (from, to, want) in [
        (0, 2, 0),
        (2, 3, 1),
        (0, 12, 1),
        (0, 13, 2),
        (12, 12, 0),
        (13, 2, 0),
    ] {
        let stretch = Stretch {
            from: Millis(from * 1_000),
            to: Millis(to * 1_000),
        };
        let found = marks.within(MarkKind::Failure, stretch).len();
        assert_eq!(found, want, "[{from}, {to})");
    }
}

proptest! {
    #[test]
    fn reading_on_is_reading_anew(
        facts in any_facts(),
        late in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        size in 1..20_usize,
    ) {
        let mut on = Marks::default();
        let mut same = true;
        let journal = fed(items(GRAPH, &facts), &late, size, |journal| {
            on.extend(journal);
            let anew = marks(journal);
            same &= MarkKind::ALL.iter().all(|kind| on.of(*kind) == anew.of(*kind));
        });
        prop_assert!(same);
        for kind in MarkKind::ALL {
            prop_assert!(on.of(kind).is_sorted_by_key(|mark| mark.at));
        }
        for at in EXTREMES {
            let all: Vec<Mark> = MarkKind::ALL.iter().flat_map(|kind| on.of(*kind)).copied().collect();
            let place = |mark: &Mark| (mark.at, mark.kind);
            let next = all.iter().filter(|mark| mark.at > at).map(place).min();
            prop_assert_eq!(on.next(&MarkKind::ALL, at).as_ref().map(place), next);
            let previous = all.iter().filter(|mark| mark.at < at).map(|mark| mark.at).max();
            prop_assert_eq!(on.previous(&MarkKind::ALL, at).map(|mark| mark.at), previous);
        }
        // Every failure is one of an event of the journal, at its instant.
        for mark in on.of(MarkKind::Failure) {
            prop_assert!(journal.events().iter().any(|event| event.node == mark.node && event.stamp.at == mark.at));
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn lines_by_the_thousand_are_read_on_wherever_they_come_late(
        late in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        size in 300..2_000_usize,
        same_instant in 1..700_i64,
    ) {
        let facts: String = (0..4_000_i64).map(|number| {
            let (at, word) = (number / same_instant, ["log x", "error 0 x"][usize::from(number % 7 == 0)]);
            format!("{at} a {word}\n")
        }).collect();
        let mut on = Marks::default();
        let mut same = true;
        fed(items("a", &facts), &late, size, |journal| {
            on.extend(journal);
            let lines = journal.logs().lines(0..journal.logs().len());
            let errors = lines.filter(|line| line.level == model::channel::log::Level::Error).map(|line| line.at);
            same &= errors.eq(on.of(MarkKind::LogError).iter().map(|mark| mark.at));
        });
        prop_assert!(same);
    }
}
