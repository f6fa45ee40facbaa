//! Runs that go on after their end: before the reopening the end shows, after it what events say, after a second end that one.

#![allow(
    clippy::unwrap_used,
    reason = "a drawing that cannot be read fails its test"
)]

mod drawn;

use drawn::{check, items, journal, second, states};
use model::attempts::attempts;
use model::item::Item;
use model::run::Failure;
use model::run_state::Phase;
use model::{Journal, Millis, RunState, Span};
use proptest::prelude::*;

#[test]
fn nodes_that_only_the_end_ended_go_on() {
    check(
        "a; b; c -> d; e",
        "1 a STARTED
         2 b AWAITING_INPUT
         3 c STARTED
         4 c FAILED
         5 run FAILED
         7 run RUNNING again
         8 c =queued
         9 c STARTED
         10 c COMPLETED
         11 a COMPLETED
         12 run COMPLETED
         13 run RUNNING",
        "4: a running, b awaiting_input, c failed, d blocked, e queued
         5: a canceled, b canceled, c failed, d canceled, e canceled
         6: a canceled, b canceled, c failed, d canceled, e canceled
         7: a running, b awaiting_input, c failed, d blocked, e queued
         8: a running, b awaiting_input, c queued, d waiting, e queued
         9: a running, b awaiting_input, c running, d waiting, e queued
         11: a success, b awaiting_input, c success, d queued, e queued
         12: a success, b canceled, c success, d skipped, e skipped
         13: a success, b canceled, c success, d skipped, e skipped",
    );
}

#[test]
fn a_node_whose_end_was_stated_keeps_it() {
    check(
        "a; b",
        "1 a STARTED
         2 b STARTED
         3 a =canceled
         4 run CANCELLED
         5 run RUNNING again",
        "4: a canceled, b canceled
         5: a canceled, b running",
    );
}

/// `STATUS` at seconds 1, 3, 5, 7, with `~ENDED` where the run has ended, and when it has in the end.
fn stands(facts: &str) -> String {
    let journal = journal(items("a", facts));
    let seconds = |at: Millis| at.0 / 1_000;
    let mut drawn: Vec<String> = [1.0, 3.0, 5.0, 7.0]
        .map(|at| {
            let state = RunState::at(&journal, second(at));
            assert_eq!(
                state.phase == Phase::After,
                state.ended.is_some(),
                "{facts}"
            );
            let ended = state.ended.map(|at| format!("~{}", seconds(at)));
            format!("{}{}", state.status, ended.unwrap_or_default())
        })
        .into();
    drawn.push(
        journal
            .ended()
            .map_or("-".into(), |at| seconds(at).to_string()),
    );
    drawn.join(" ")
}

#[test]
fn ends_hold_until_the_run_is_reopened() {
    for (facts, want) in [
        (
            "0 run RUNNING\n 2 run FAILED\n 4 run RUNNING again",
            "RUNNING FAILED~2 RUNNING RUNNING -",
        ),
        (
            "0 run RUNNING\n 2 run FAILED\n 4 run RUNNING again\n 6 run COMPLETED",
            "RUNNING FAILED~2 RUNNING COMPLETED~6 6",
        ),
        // Of the ends since then the first holds, and nothing but another reopening lifts it.
        (
            "2 run FAILED\n 3 run RUNNING again\n 4 run CANCELLED\n 6 run COMPLETED\n 7 run RUNNING",
            "RUNNING RUNNING CANCELLED~4 CANCELLED~4 4",
        ),
        (
            "0 run FAILED\n 2 run RUNNING again\n 4 run FAILED\n 6 run RUNNING again",
            "FAILED~0 RUNNING FAILED~4 RUNNING -",
        ),
        // That it went on was not seen, that it has ended anew was.
        (
            "2 run FAILED\n 4 run COMPLETED again",
            "RUNNING FAILED~2 COMPLETED~4 COMPLETED~4 4",
        ),
        (
            "2 run FAILED\n 4 run FAILED again",
            "RUNNING FAILED~2 FAILED~4 FAILED~4 4",
        ),
        // At one instant what reopens comes before what ends.
        (
            "2 run FAILED\n 4 run COMPLETED\n 4 run RUNNING again",
            "RUNNING FAILED~2 COMPLETED~4 COMPLETED~4 4",
        ),
        // Nothing had ended.
        (
            "2 run RUNNING again\n 4 run COMPLETED",
            "RUNNING RUNNING COMPLETED~4 COMPLETED~4 4",
        ),
        // It waits for its turn, or for a person.
        (
            "2 run FAILED\n 4 run QUEUED again\n 6 run RUNNING",
            "RUNNING FAILED~2 QUEUED RUNNING -",
        ),
        (
            "2 run FAILED\n 4 run RUNNING again\n 6 a ask pending q",
            "RUNNING FAILED~2 RUNNING AWAITING_INPUT -",
        ),
    ] {
        assert_eq!(stands(facts), want, "{facts}");
    }
}

#[test]
fn a_run_that_is_queued_again_has_begun() {
    let facts = "1 a STARTED\n 2 a FAILED\n 3 run FAILED\n 4 run QUEUED again";
    let journal = journal(items("a -> b; c", facts));
    let state = RunState::at(&journal, second(4.0));
    assert_eq!(state.phase, Phase::Within);
    assert_eq!(states(&journal, &state), "a failed, b blocked, c queued");
}

#[test]
fn why_it_ended_is_told_of_the_end_that_holds() {
    let with_reason = |items: Vec<Item>, reasons: &[Option<&str>]| {
        let mut reasons = reasons.iter();
        let items = items.into_iter().map(move |mut item| {
            if let Item::Status(update, _) = &mut item {
                update.failure = reasons.next().unwrap().map(|reason| Failure {
                    reason: reason.into(),
                    code: None,
                    details: None,
                });
            }
            item
        });
        journal(items)
    };
    let facts = "2 run FAILED\n 4 run RUNNING again\n 6 run FAILED\n 8 run FAILED";
    for (reasons, want) in [
        (
            [Some("disk"), None, Some("net"), None],
            ["disk", "-", "net", "net"],
        ),
        ([Some("disk"), None, None, None], ["disk", "-", "-", "-"]),
        (
            [Some("disk"), None, None, Some("net")],
            ["disk", "-", "-", "net"],
        ),
    ] {
        let journal = with_reason(items("a", facts), &reasons);
        let told = [3.0, 5.0, 7.0, 9.0].map(|at| {
            let failure = RunState::at(&journal, second(at)).failure;
            failure.map_or("-".to_owned(), |failure| failure.reason.to_string())
        });
        assert_eq!(told, want, "{reasons:?}");
    }
}

#[test]
fn the_extent_grows_on_from_the_reopening() {
    let mut journal = journal(items("a", "1 a STARTED\n 5 run FAILED"));
    assert_eq!(journal.ended(), Some(second(5.0)));
    assert_eq!(journal.length(), Span(5_000));
    journal.append(items("a", "9 run RUNNING again"));
    assert_eq!(journal.ended(), None, "it grows again");
    assert_eq!(journal.length(), Span(9_000));
    journal.append(items("a", "20 run FAILED"));
    assert_eq!(journal.ended(), Some(second(20.0)));
    // The reopening comes late: it lifts the ends before it and no others.
    let mut late = drawn::journal(items("a", "1 a STARTED\n 5 run FAILED\n 20 run FAILED"));
    assert_eq!(late.ended(), Some(second(5.0)));
    let appended = late.append(items("a", "9 run RUNNING again\n 9 run RUNNING again"));
    assert_eq!((appended.fresh, appended.late), (1, 1));
    assert_eq!(late.ended(), Some(second(20.0)));
}

#[test]
fn attempts_go_on_across_the_end() {
    let facts = "1 a STARTED\n 2 b STARTED\n 3 b FAILED\n 4 run FAILED\n 6 run RUNNING again\n 7 b =queued @1\n 8 b =running @2\n 9 a COMPLETED";
    let journal = journal(items("a; b", facts));
    let drawn: Vec<_> = attempts(journal.events())
        .iter()
        .map(|it| {
            let to = it.to.map_or(-1, |to| to.0 / 1_000);
            let node = &journal.graph().node(it.node).unwrap().reference;
            format!(
                "{node}{} {}-{to} {}",
                it.number,
                it.from.0 / 1_000,
                it.outcome
            )
        })
        .collect();
    assert_eq!(
        drawn,
        ["a1 1-9 success", "b1 2-3 failed", "b2 8--1 running"]
    );
    let node = |at, node: usize| RunState::at(&journal, second(at)).nodes[node];
    assert_eq!((node(6.0, 0).attempt, node(9.0, 1).attempt), (1, 2));
    assert_eq!(node(9.0, 0).duration(second(99.0)), Some(Span(8_000)));
}

const STATUSES: [&str; 8] = [
    "RUNNING",
    "QUEUED",
    "FAILED",
    "COMPLETED",
    "CANCELLED",
    "RUNNING again",
    "QUEUED again",
    "COMPLETED again",
];
const FACTS: [&str; 6] = [
    "a STARTED",
    "a AWAITING_INPUT",
    "a FAILED",
    "b =queued",
    "b =canceled",
    "c COMPLETED",
];

/// What a run's status is after these updates, told one by one as they happen; and when it ended.
fn told(updates: &[(i64, &str)]) -> Option<(String, Option<i64>)> {
    let mut stands: Option<(String, Option<i64>)> = None;
    for (at, update) in updates {
        let (word, reopens) = match update.strip_suffix(" again") {
            Some(word) => (word, true),
            None => (*update, false),
        };
        let holds = matches!(stands, Some((_, Some(_)))) && !reopens;
        if !holds {
            let ends = !matches!(word, "RUNNING" | "QUEUED");
            stands = Some((word.to_owned(), ends.then_some(*at)));
        }
    }
    stands
}

proptest! {
    #[test]
    fn an_update_a_second_is_as_whoever_hears_them_one_by_one_would_say(
        updates in prop::collection::vec(0..STATUSES.len(), 0..20),
        at in 0..21_i64,
    ) {
        let updates: Vec<_> = (0..).zip(updates).map(|(at, word)| (at, STATUSES[word])).collect();
        let facts: String = updates.iter().map(|(at, update)| format!("{at} run {update}\n")).collect();
        let mut journal = Journal::default();
        journal.append(items("a", &facts).into_iter().rev());
        let state = RunState::at(&journal, second(at as f64));
        let until: Vec<_> = updates.iter().filter(|it| it.0 <= at).copied().collect();
        let (status, ended) = told(&until).unwrap_or(("RUNNING".to_owned(), None));
        prop_assert_eq!(state.status.to_string(), status);
        prop_assert_eq!(state.ended, ended.map(|ended| second(ended as f64)));
        let ended = told(&updates).and_then(|(_, ended)| ended);
        prop_assert_eq!(journal.ended(), ended.map(|ended| second(ended as f64)));
    }

    #[test]
    fn an_end_before_a_reopening_leaves_no_trace_in_the_run(
        before in prop::collection::vec((0..10_u32, 0..STATUSES.len()), 0..6),
        after in prop::collection::vec((11..20_u32, 0..STATUSES.len()), 0..6),
        facts in prop::collection::vec((0..20_u32, 0..FACTS.len()), 0..20),
        at in 10..21_i64,
    ) {
        let statuses = |updates: &[(u32, usize)]| -> String {
            updates.iter().map(|(at, word)| format!("{at} run {}\n", STATUSES[*word])).collect()
        };
        let facts: String = facts.iter().map(|(at, word)| format!("{at} {}\n", FACTS[*word])).collect();
        let reopened = format!("{facts}10 run RUNNING again\n{}", statuses(&after));
        let whole = journal(items("a -> b; c -> b", &format!("{reopened}{}", statuses(&before))));
        let without = journal(items("a -> b; c -> b", &reopened));
        let at = second(at as f64);
        prop_assert_eq!(RunState::at(&whole, at), RunState::at(&without, at));
        prop_assert_eq!(whole.ended(), without.ended());
    }
}
