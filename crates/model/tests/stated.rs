//! States that a source states outright: alone, among events, before and after the run, and as attempts.

#![allow(
    clippy::unwrap_used,
    reason = "a drawing that cannot be read fails its test"
)]

mod drawn;

use drawn::{check, items, journal, second};
use model::attempts::attempts;
use model::item::EventKind;
use model::{Journal, Millis, NodeState, RunState};
use proptest::prelude::*;

#[test]
fn every_state_can_be_stated() {
    for state in NodeState::ALL {
        check(
            "a",
            &format!("0 run RUNNING\n 1 a ={state}"),
            &format!("0: a queued\n 1: a {state}"),
        );
    }
}

#[test]
fn a_statement_holds_until_a_later_event_of_its_node() {
    check(
        "a -> b",
        "1 a STARTED
         2 a =queued
         3 a HTTP_REQUEST_SENT
         4 a PROGRESS
         5 a =success
         6 b =waiting
         7 b STARTED",
        "1: a running, b waiting
         2: a queued, b waiting
         3: a queued, b waiting
         4: a running, b waiting
         5: a success, b queued
         6: a success, b waiting
         7: a success, b running",
    );
}

#[test]
fn nodes_after_a_stated_one_are_derived_unless_stated_too() {
    check(
        "a -> b; a -> c -> d; a -> any:e",
        "1 a =failed
         2 c =queued
         3 c =canceled
         4 a =success",
        "1: a failed, b blocked, c blocked, d blocked, e blocked
         2: a failed, b blocked, c queued, d waiting, e blocked
         3: a failed, b blocked, c canceled, d blocked, e blocked
         4: a success, b queued, c canceled, d blocked, e queued",
    );
}

#[test]
fn the_end_of_the_run_cancels_only_what_is_stated_to_be_going_on() {
    let each: Vec<_> = NodeState::ALL
        .iter()
        .map(|s| format!("1 {s} ={s}"))
        .collect();
    check(
        "",
        &format!("{}\n 2 run COMPLETED", each.join("\n")),
        "2: awaiting_input canceled, blocked blocked, canceled canceled, failed failed, idle idle, \
         queued queued, running canceled, skipped skipped, success success, waiting waiting",
    );
}

/// `NODE NUMBER FROM-TO OUTCOME` of each attempt.
fn drawn_attempts(journal: &Journal, at: Millis) -> Vec<String> {
    let seconds = |at: Millis| at.0 / 1_000;
    let drawn = attempts(journal.events_upto(at)).into_iter().map(|it| {
        let to = it.to.map_or(String::new(), |to| seconds(to).to_string());
        let node = &journal.graph().node(it.node).unwrap().reference;
        format!(
            "{node}{} {}-{to} {}",
            it.number,
            seconds(it.from),
            it.outcome
        )
    });
    drawn.collect()
}

#[test]
fn statements_make_attempts() {
    for (facts, want) in [
        ("1 a =running\n 3 a =success", &["a1 1-3 success"][..]),
        ("1 a =running @2\n 3 a =failed @2", &["a2 1-3 failed"]),
        // To state again what is so begins nothing and moves no end.
        (
            "1 a STARTED\n 2 a =running\n 3 a =success\n 9 a =success",
            &["a1 1-3 success"],
        ),
        // An answer came: the attempt goes on.
        (
            "1 a =running\n 2 a =awaiting_input\n 5 a =running",
            &["a1 1- running"],
        ),
        (
            "1 a =failed @1\n 4 a =running @2",
            &["a1 1-1 failed", "a2 4- running"],
        ),
        (
            "1 a =failed\n 4 a =running",
            &["a1 1-1 failed", "a2 4- running"],
        ),
        // What lies between two looks was not seen, its number tells.
        (
            "1 a =running @1\n 4 a =running @2",
            &["a1 1- running", "a2 4- running"],
        ),
        (
            "1 a =failed @1\n 4 a =failed @2",
            &["a1 1-1 failed", "a2 4-4 failed"],
        ),
        (
            "1 a =failed\n 2 a =queued\n 4 a =success",
            &["a1 1-1 failed", "a2 4-4 success"],
        ),
        // What is taken back or canceled ends; what has ended stays as it ended.
        ("1 a =running\n 3 a =queued", &["a1 1-3 canceled"]),
        (
            "1 a =running\n 3 a =canceled\n 4 a =canceled",
            &["a1 1-3 canceled"],
        ),
        ("1 a =failed\n 3 a =canceled", &["a1 1-1 failed"]),
        ("1 a =queued\n 2 a =blocked\n 3 a =canceled", &[]),
        ("1 a =skipped", &["a1 1-1 skipped"]),
    ] {
        let journal = journal(items("a", facts));
        assert_eq!(drawn_attempts(&journal, Millis::MAX), want, "{facts}");
    }
}

#[test]
fn times_and_failures_are_those_of_the_attempt_that_is_stated() {
    let journal = journal(items(
        "a",
        "1 a =queued @1\n 2 a =running @1\n 4 a =failed @1\n 6 a =running @2\n 9 a =success @2\n 12 a =success @2",
    ));
    let node = |at| RunState::at(&journal, second(at)).nodes[0];
    assert_eq!((node(1.0).attempt, node(1.0).started()), (0, None));
    assert_eq!((node(2.0).attempt, node(6.0).attempt), (1, 2));
    assert_eq!(node(20.0).duration(second(20.0)).unwrap().0, 3_000);
    assert_eq!(node(20.0).failure(&journal).unwrap().stamp.at, second(4.0));
}

#[test]
fn every_kind_of_event_has_a_word_of_its_own() {
    let stated = NodeState::ALL.map(EventKind::Stated);
    let kinds = [
        EventKind::Started,
        EventKind::Progress,
        EventKind::Completed,
        EventKind::Failed,
        EventKind::AwaitingInput,
        EventKind::Skipped,
    ];
    let mut labels: Vec<_> = stated.iter().chain(&kinds).map(EventKind::label).collect();
    labels.sort_unstable();
    labels.dedup();
    assert_eq!(labels.len(), 16, "equal words would make two facts one");
}

const WORDS: [&str; 17] = [
    "STARTED",
    "PROGRESS",
    "COMPLETED",
    "FAILED",
    "SKIPPED",
    "AWAITING_INPUT",
    "HTTP_REQUEST_SENT",
    "=idle",
    "=queued",
    "=running",
    "=success",
    "=failed",
    "=waiting",
    "=blocked",
    "=skipped",
    "=canceled",
    "=awaiting_input",
];

proptest! {
    #[test]
    fn attempts_and_states_never_disagree(
        facts in prop::collection::vec((0..20_u32, 0..WORDS.len(), 0..4_u32), 0..40),
        ends in prop::option::of(0..20_u32),
        at in 0..21_i64,
    ) {
        let mut facts: String = facts.iter().map(|(at, word, attempt)| format!("{at} a {} @{attempt}\n", WORDS[*word])).collect();
        // A run that goes on after an end leaves no trace of it in its nodes.
        if let Some(end) = ends.filter(|end| i64::from(*end) < at) {
            facts.push_str(&format!("{end} run FAILED\n{at} run RUNNING again\n"));
        }
        let journal = journal(items("a", &facts));
        let at = Millis(at * 1_000);
        let node = RunState::at(&journal, at).nodes[0];
        let attempts = attempts(journal.events_upto(at));
        let Some(latest) = attempts.last() else {
            prop_assert_eq!((node.attempt, node.started(), node.ended()), (0, None, None));
            return Ok(());
        };
        prop_assert_eq!(latest.number, node.attempt);
        prop_assert_eq!(latest.to, node.ended());
        if node.state.is_of_an_attempt() {
            prop_assert_eq!(latest.outcome, node.state);
        } else {
            prop_assert!(!latest.outcome.is_active());
        }
    }
}
