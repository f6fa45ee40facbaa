//! Drawn runs in, drawn states out; and the properties that hold for every run.

#![allow(
    clippy::unwrap_used,
    reason = "a drawing that cannot be read fails its test"
)]

mod drawn;

use drawn::{check, items, journal, second, states};
use model::item::Item;
use model::{Journal, Millis, RunState};
use proptest::prelude::*;

#[test]
fn a_run_from_before_it_starts_to_after_it_ends() {
    check(
        "a -> b -> c",
        "1 a STARTED
         2 a PROGRESS
         3 a COMPLETED
         4 b STARTED
         5 b COMPLETED
         6 c STARTED
         7 c COMPLETED
         8 run COMPLETED",
        "-1: a idle, b idle, c idle
         0: a queued, b waiting, c waiting
         1: a running, b waiting, c waiting
         3: a success, b queued, c waiting
         4: a success, b running, c waiting
         5: a success, b success, c queued
         9: a success, b success, c success",
    );
}

#[test]
fn a_failure_blocks_what_needs_it_and_a_new_attempt_starts_over() {
    check(
        "a -> b -> c; d -> c; a -> any:e; d -> any:e",
        "1 a STARTED @1
         2 a FAILED @1
         3 a STARTED @2
         4 a COMPLETED @2
         5 b STARTED
         6 b FAILED
         7 d SKIPPED
         9 run FAILED",
        "1: a running, b waiting, c waiting, d queued, e waiting
         2: a failed, b blocked, c blocked, d queued, e waiting
         3: a running, b waiting, c waiting, d queued, e waiting
         4: a success, b queued, c waiting, d queued, e queued
         6: a success, b failed, c blocked, d queued, e queued
         7: a success, b failed, c blocked, d skipped, e queued
         9: a success, b failed, c canceled, d skipped, e canceled",
    );
}

#[test]
fn any_join_is_blocked_only_when_all_parents_are_lost() {
    check(
        "a -> any:c; b -> any:c",
        "1 a FAILED
         2 b SKIPPED",
        "1: a failed, b queued, c waiting
         2: a failed, b skipped, c blocked",
    );
}

#[test]
fn the_end_of_the_run_ends_its_nodes() {
    let facts = "1 a STARTED
                 2 b AWAITING_INPUT
                 3 run";
    check(
        "a; b; c",
        &format!("{facts} COMPLETED"),
        "3: a canceled, b canceled, c skipped",
    );
    check(
        "a; b; c",
        &format!("{facts} CANCELLED"),
        "3: a canceled, b canceled, c canceled",
    );
    check(
        "a; b; c",
        &format!("{facts} PAUSED"),
        "3: a running, b awaiting_input, c queued",
    );
}

#[test]
fn an_ended_run_is_not_revived_by_a_late_status() {
    check(
        "a",
        "1 a STARTED
         2 run CANCELLED
         3 run RUNNING",
        "3: a canceled",
    );
}

#[test]
fn what_was_cancelled_does_not_complete_afterwards() {
    check(
        "a -> b",
        "1 a STARTED
         2 run CANCELLED
         3 a COMPLETED
         4 run COMPLETED",
        "2: a canceled, b canceled
         5: a success, b canceled",
    );
}

#[test]
fn a_queued_run_is_idle_until_it_runs() {
    check(
        "a",
        "0 run QUEUED\n 2 run RUNNING",
        "1: a idle\n 2: a queued",
    );
}

#[test]
fn http_and_unknown_events_change_nothing() {
    check("a", "1 a HTTP_REQUEST_SENT\n 2 a DREAMT", "2: a queued");
}

#[test]
fn nodes_that_only_records_name_appear_with_their_first_event() {
    check(
        "a",
        "1 a STARTED\n 2 tool-call:7 STARTED\n 3 ghost log boo",
        "1: a running\n 3: a running, tool-call:7 running",
    );
}

#[test]
fn a_cycle_neither_hangs_nor_hides_a_node() {
    check(
        "a -> b -> a; c",
        "1 c STARTED",
        "1: a waiting, b waiting, c running",
    );
}

#[test]
fn attempts_and_times_are_those_of_the_latest_attempt() {
    let journal = journal(items(
        "a",
        "1 a STARTED\n 2 a FAILED\n 5 a STARTED\n 9 a COMPLETED",
    ));
    let node = |at| RunState::at(&journal, second(at)).nodes[0];
    assert_eq!((node(1.0).attempt, node(5.0).attempt), (1, 2));
    assert_eq!(node(6.0).duration(second(6.0)).unwrap().0, 1_000);
    assert_eq!(node(20.0).duration(second(20.0)).unwrap().0, 4_000);
    assert!(
        node(20.0).failure(&journal).is_some(),
        "an earlier failure stays on record"
    );
}

const NODES: [&str; 5] = ["a", "b", "c", "d", "tool-call:1"];
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
const GRAPH: &str = "a -> b -> c; a -> any:d; b -> any:d";

prop_compose! {
    fn any_facts()(facts in prop::collection::vec((0..40_u32, 0..NODES.len(), 0..WORDS.len(), 0..15_u8), 0..60)) -> String {
        facts.into_iter().map(|(at, node, word, other)| match other {
            0 => format!("{at} run RUNNING\n"),
            1 => format!("{at} run FAILED\n"),
            2 => format!("{at} {} log hello {at}\n", NODES[node]),
            3 => format!("{at} {} ask pending q{}\n", NODES[node], word % 3),
            4 => format!("{at} {} ask resolved q{}\n", NODES[node], word % 3),
            5 => format!("{at} run RUNNING again\n"),
            6 => format!("{at} run COMPLETED again\n"),
            7 => format!("{at} run AWAITING_INPUT\n"),
            _ => format!("{at} {} {}\n", NODES[node], WORDS[word]),
        }).collect()
    }
}

/// All that a person could see at `at`, independent of how nodes are numbered.
fn seen(journal: &Journal, at: Millis) -> String {
    let state = RunState::at(journal, at);
    let logs: Vec<_> = journal
        .logs()
        .lines(0..journal.logs().upto(at))
        .map(|line| line.message.to_owned())
        .collect();
    format!(
        "{:?} {:?} {} {:?} {:?} {logs:?}",
        state.phase,
        state.status,
        states(journal, &state),
        state.ended,
        model::attempts::attempts(journal.events_upto(at)).len()
    )
}

proptest! {
    #[test]
    fn the_order_of_delivery_never_shows(
        facts in any_facts(),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..80),
        at in 0..41_i64,
    ) {
        let straight = items(GRAPH, &facts);
        // Some records early and twice, then all of them backwards, in two batches.
        let mut shuffled: Vec<Item> = order.iter().map(|index| index.get(&straight).clone()).collect();
        shuffled.extend(straight.iter().rev().cloned());
        let cut = shuffled.len() / 2;
        let mut other = Journal::default();
        other.append(shuffled[..cut].to_vec());
        let appended = other.append(shuffled[cut..].to_vec());
        let straight_journal = journal(straight);
        prop_assert_eq!(seen(&other, Millis(at * 1_000)), seen(&straight_journal, Millis(at * 1_000)));
        prop_assert_eq!(other.append(shuffled.clone()).fresh, 0, "{:?}", appended);
        prop_assert_eq!(other.logs().len(), straight_journal.logs().len());
        prop_assert_eq!(other.ended(), straight_journal.ended());
    }

    #[test]
    fn what_is_shown_at_an_instant_is_what_a_viewer_saw_who_stopped_there(facts in any_facts(), at in 0..41_i64) {
        let all = items(GRAPH, &facts);
        let at = Millis(at * 1_000);
        let until = all.iter().filter(|item| match item {
            Item::Event(event) => event.stamp.at <= at,
            Item::Log(line) => line.stamp.at <= at,
            Item::Status(status, _) => status.stamp.at <= at,
            Item::HumanInput(input, _) => input.at <= at,
            _ => true,
        });
        let then = journal(until.cloned());
        prop_assert_eq!(seen(&then, at), seen(&journal(all), at));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn keyframed_equals_naive(seed in any::<u64>(), at in 0..20_000_i64, late in 0..20_000_i64) {
        // Enough events for several snapshots; numbers from a small generator, so that it shrinks well.
        let mut state = seed | 1;
        let mut next = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        let facts: String = (0..13_000)
            .map(|second| match second % 100 {
                0 => format!("{second} n1 ask pending q{}\n", next(9)),
                50 => format!("{second} n1 ask resolved q{}\n", next(9)),
                80 => format!("{second} run FAILED\n"),
                90 if next(2) == 0 => format!("{second} run RUNNING again\n"),
                95 => format!("{second} run AWAITING_INPUT\n"),
                _ => format!("{second} n{} {}\n", next(50), WORDS[next(WORDS.len() as u64) as usize]),
            })
            .collect();
        let mut journal = journal(items("n0 -> n1 -> n2", &facts));
        let same = |journal: &Journal, at: i64| {
            RunState::at(journal, Millis(at * 1_000)) == RunState::at_from_the_start(journal, Millis(at * 1_000))
        };
        prop_assert!(same(&journal, at));
        journal.append(items("n0 -> n1 -> n2", &format!("{late} n1 STARTED")));
        prop_assert!(same(&journal, at));
        prop_assert!(same(&journal, late));
        prop_assert!(same(&journal, 20_000));
    }
}

#[test]
fn attempts_are_stretches_of_time() {
    let journal = journal(items(
        "a; b",
        "1 a STARTED
         2 a FAILED
         3 b STARTED
         4 a STARTED
         5 b HTTP_REQUEST_SENT
         6 b AWAITING_INPUT
         9 a COMPLETED
         9 tool-call:1 SKIPPED",
    ));
    let drawn: Vec<_> = model::attempts::attempts(journal.events())
        .iter()
        .map(|attempt| {
            let node = journal.graph().node(attempt.node).unwrap();
            let to = attempt
                .to
                .map_or(String::new(), |to| (to.0 / 1_000).to_string());
            format!(
                "{}{} {}-{to} {}",
                node.reference,
                attempt.number,
                attempt.from.0 / 1_000,
                attempt.outcome
            )
        })
        .collect();
    assert_eq!(
        drawn,
        [
            "a1 1-2 failed",
            "b1 3- awaiting_input",
            "a2 4-9 success",
            "tool-call:11 9-9 skipped"
        ]
    );
}

#[test]
fn records_are_counted_as_they_were_recorded_however_they_came() {
    use model::item::RecordId;
    let mut journal = journal(items("a", "1 a STARTED\n 2 a log hello\n 3 run RUNNING"));
    assert_eq!(
        journal.records(),
        2,
        "a status that only a server derived is no record"
    );
    let status = items("a", "4 run COMPLETED").pop().unwrap();
    let Item::Status(update, _) = status else {
        panic!("drawn as a status")
    };
    let recorded = Item::Status(update, Some(RecordId::of(&["status", "COMPLETED"])));
    journal.append([recorded.clone(), recorded]);
    assert_eq!(journal.records(), 3);
}

#[test]
fn an_end_said_again_without_its_reason_keeps_it() {
    use model::run::{Failure, StatusKind, StatusUpdate};
    let end = |second: f64, reason: Option<&str>| {
        let failure = reason.map(|reason| Failure {
            reason: reason.into(),
            code: None,
            details: None,
        });
        let update = StatusUpdate {
            stamp: model::Stamp::at(drawn::second(second)),
            kind: StatusKind::Plain,
            status: model::RunStatus::Failed,
            started: None,
            progress: None,
            failure,
        };
        Item::Status(Box::new(update), None)
    };
    let mut journal = journal(items("a", "1 a STARTED"));
    journal.append([end(2.0, Some("the disk is full")), end(3.0, None)]);
    let state = RunState::at(&journal, second(5.0));
    assert_eq!(
        state
            .failure
            .map(|failure| failure.reason.to_string())
            .as_deref(),
        Some("the disk is full")
    );
    assert_eq!(state.ended, Some(second(2.0)));
}
