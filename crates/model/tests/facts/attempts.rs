//! The index of attempts is what a walk over all events says, however they arrived; and what was
//! known of attempts at an instant.

use crate::drawn::{journal, second};
use crate::rich::items;
use crate::runs::{EXTREMES, GRAPH, any_facts, fed, long_run};
use model::attempts::{Attempt, Attempts, attempts};
use model::{Journal, Millis, NodeIx};
use proptest::prelude::*;

/// `NODE NUMBER FROM-TO OUTCOME`.
fn drawn(journal: &Journal, attempt: &Attempt) -> String {
    let seconds = |at: Millis| at.0 / 1_000;
    let to = attempt
        .to
        .map_or(String::new(), |to| seconds(to).to_string());
    let node = &journal.graph().node(attempt.node).unwrap().reference;
    format!(
        "{node}{} {}-{to} {}",
        attempt.number,
        seconds(attempt.from),
        attempt.outcome
    )
}

const RUN: &str = "1 a STARTED
                   2 b STARTED
                   3 a FAILED
                   4 a STARTED
                   5 a AWAITING_INPUT
                   7 a COMPLETED
                   9 b FAILED";

#[test]
fn attempts_failures_and_retries_are_told_apart() {
    let journal = journal(items("a; b", RUN));
    let index = journal.attempts();
    let (a, b) = (NodeIx(0), NodeIx(1));
    assert_eq!((index.of(a), index.of(b)), (vec![0, 2], vec![1]));
    assert_eq!(index.of(NodeIx(9)), Vec::<u32>::new());
    assert_eq!((index.failures(), index.retries()), (&[2, 6][..], &[2][..]));
    assert_eq!((index.latest_of(a), index.before(2)), (Some(2), Some(0)));
    assert_eq!(index.before(0), None);
}

#[test]
fn an_attempt_is_known_as_far_as_it_had_come() {
    let journal = journal(items("a; b", RUN));
    for (at, known, seen) in [
        (0.0, "", ""),
        (1.0, "a1 1- running", "a1 1- running"),
        (
            3.0,
            "a1 1-3 failed, b1 2- running",
            "a1 1-3 failed, b1 2- running",
        ),
        // That it waited for a person only what was recorded tells.
        (
            6.0,
            "a1 1-3 failed, b1 2- running, a2 4- awaiting_input",
            "a1 1-3 failed, b1 2- running, a2 4- running",
        ),
        (
            9.0,
            "a1 1-3 failed, b1 2-9 failed, a2 4-7 success",
            "a1 1-3 failed, b1 2-9 failed, a2 4-7 success",
        ),
    ] {
        let mut index = Attempts::default();
        index.go_to(&journal, second(at));
        let all: Vec<_> = index
            .as_slice()
            .iter()
            .map(|it| drawn(&journal, it))
            .collect();
        assert_eq!(all.join(", "), known, "known at {at}");
        let clipped = journal.attempts().as_slice().iter();
        let clipped: Vec<_> = clipped
            .filter_map(|it| it.seen_from(second(at)))
            .map(|it| drawn(&journal, &it))
            .collect();
        assert_eq!(clipped.join(", "), seen, "seen from {at}");
    }
}

#[test]
fn bad_input_makes_attempts_all_the_same() {
    for (facts, want) in [
        ("", ""),
        // It ended before it began: the end is an attempt of no length, and then it goes on.
        (
            "1 a COMPLETED\n 2 a STARTED",
            "a1 1-1 success, a2 2- running",
        ),
        ("1 a STARTED\n 1 a COMPLETED", "a1 1-1 success"),
        // A clock that jumps by hours.
        (
            "90000 a STARTED\n 1 a FAILED\n 2 a STARTED",
            "a1 1-1 failed, a2 2- running, a3 90000- running",
        ),
        ("5 a PROGRESS", "a1 5- running"),
    ] {
        let journal = journal(items("a", facts));
        let index = journal.attempts().as_slice().iter();
        let all: Vec<_> = index.map(|it| drawn(&journal, it)).collect();
        assert_eq!(all.join(", "), want, "{facts}");
        for at in EXTREMES {
            let mut known = Attempts::default();
            known.go_to(&journal, at);
            assert_eq!(known.as_slice(), attempts(journal.events_upto(at)));
        }
    }
}

fn check(journal: &Journal) -> Result<(), TestCaseError> {
    let events = journal.events();
    let index = journal.attempts();
    let walked = attempts(events);
    prop_assert_eq!(index.as_slice(), &walked[..]);
    prop_assert_eq!(index.events(), events.len());
    for node in 0..journal.graph().nodes().len() as u32 {
        let of = |(number, attempt): (usize, &Attempt)| {
            (attempt.node == NodeIx(node)).then_some(number as u32)
        };
        let own: Vec<u32> = walked.iter().enumerate().filter_map(of).collect();
        prop_assert_eq!(index.of(NodeIx(node)), own);
    }
    let retries: Vec<u32> = (0..)
        .zip(&walked)
        .filter(|(number, it)| walked[..*number as usize].iter().any(|e| e.node == it.node))
        .map(|(number, _)| number)
        .collect();
    prop_assert_eq!(index.retries(), retries);
    Ok(())
}

proptest! {
    #[test]
    fn the_index_is_the_walk_after_every_batch(
        facts in any_facts(),
        late in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        size in 1..20_usize,
        seeks in prop::collection::vec(-1..42_i64, 0..8),
    ) {
        let mut moving = Attempts::default();
        let mut result = Ok(());
        let mut seeks = seeks.iter().cycle();
        fed(items(GRAPH, &facts), &late, size, |journal| {
            result = std::mem::replace(&mut result, Ok(())).and_then(|()| {
                check(journal)?;
                let at = Millis(seeks.next().map_or(0, |at| at * 1_000));
                // One value that moves along is what a fresh one is.
                moving.go_to(journal, at);
                let walked = attempts(journal.events_upto(at));
                prop_assert_eq!(moving.as_slice(), &walked[..]);
                for node in (0..journal.graph().nodes().len() as u32).map(NodeIx) {
                    let own: Vec<Attempt> = walked.iter().copied().filter(|it| it.node == node).collect();
                    let known = Attempts::known(journal, node, at);
                    prop_assert_eq!(known, own);
                }
                Ok(())
            });
        });
        result?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn going_back_to_a_kept_state_loses_nothing(
        seed in any::<u64>(),
        late in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        seeks in prop::collection::vec(0..31_000_i64, 1..12),
    ) {
        let mut result = Ok(());
        let journal = fed(long_run(seed, 30_000), &late, 7_000, |journal| {
            let same = journal.attempts().as_slice() == attempts(journal.events());
            result = if same { result } else { Err(journal.events().len()) };
        });
        prop_assert_eq!(result, Ok(()));
        let mut moving = Attempts::default();
        for at in seeks.into_iter().map(|at| Millis(at * 1_000)) {
            moving.go_to(&journal, at);
            let walked = attempts(journal.events_upto(at));
            prop_assert_eq!(moving.as_slice(), &walked[..]);
            let own: Vec<Attempt> = walked.into_iter().filter(|it| it.node == NodeIx(3)).collect();
            prop_assert_eq!(Attempts::known(&journal, NodeIx(3), at), own);
        }
    }
}
