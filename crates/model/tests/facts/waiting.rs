//! Why a node waits: drawn, and in step with its state for any run.

use crate::drawn::{journal, second};
use crate::rich::items;
use crate::runs::{EXTREMES, GRAPH, any_facts};
use model::waiting::{Retry, Waiting, waiting};
use model::{Journal, Millis, NodeIx, NodeState, RunState};
use proptest::prelude::*;

fn drawn(journal: &Journal, why: &Waiting<'_>) -> String {
    let name = |node: NodeIx| journal.graph().node(node).unwrap().reference.to_string();
    let time = |at: &Option<Millis>| at.map_or("?".to_owned(), |at| (at.0 / 1_000).to_string());
    match why {
        Waiting::No => "no".into(),
        Waiting::ForTheRun => "for the run".into(),
        Waiting::ForParents(parents) => {
            let parents = parents
                .iter()
                .map(|(node, state)| format!("{} {state}", name(*node)));
            format!("for {}", parents.collect::<Vec<_>>().join(", "))
        }
        Waiting::Blocked { by: None } => "blocked".into(),
        Waiting::Blocked {
            by: Some((node, state)),
        } => format!("blocked: {} {state}", name(*node)),
        Waiting::Queued { since } => format!("queued since {}", time(since)),
        Waiting::AwaitingInput { since, question } => {
            let id = question.map_or("no question", |question| &question.id);
            format!("asks {id} since {}", time(since))
        }
        Waiting::AfterFailure {
            attempt,
            failed,
            retry: Retry::Queued,
        } => format!("again after {attempt} failed at {}", time(failed)),
        Waiting::AfterFailure {
            attempt, failed, ..
        } => format!("{attempt} failed at {}", time(failed)),
    }
}

#[test]
fn why_a_node_waits() {
    for (graph, facts, at, node, want) in [
        ("a -> b", "1 a STARTED", -1.0, "b", "for the run"),
        ("a -> b", "1 a STARTED", 0.0, "a", "queued since 0"),
        ("a -> b", "1 a STARTED", 2.0, "a", "no"),
        ("a -> b", "1 a STARTED", 2.0, "b", "for a running"),
        ("a -> b", "3 a COMPLETED", 4.0, "b", "queued since 3"),
        ("a -> b", "3 a COMPLETED\n 4 b STARTED", 4.0, "b", "no"),
        (
            "a -> c; b -> c",
            "1 a STARTED\n 2 b STARTED\n 3 a COMPLETED",
            4.0,
            "c",
            "for b running",
        ),
        (
            "a -> c; b -> c",
            "2 a COMPLETED\n 5 b COMPLETED",
            6.0,
            "c",
            "queued since 5",
        ),
        (
            "a -> any:c; b -> any:c",
            "2 a COMPLETED\n 5 b COMPLETED",
            6.0,
            "c",
            "queued since 2",
        ),
        (
            "a -> any:c; b -> any:c",
            "2 a FAILED",
            6.0,
            "c",
            "for b queued",
        ),
        // Back to the root of it.
        (
            "a -> b -> c -> d",
            "2 a FAILED",
            6.0,
            "d",
            "blocked: a failed",
        ),
        (
            "a -> c; b -> c",
            "2 a SKIPPED\n 3 b FAILED",
            6.0,
            "c",
            "blocked: b failed",
        ),
        (
            "a -> b -> c; x -> c",
            "2 a FAILED\n 3 x SKIPPED",
            6.0,
            "c",
            "blocked: a failed",
        ),
        ("a -> b", "2 a SKIPPED", 6.0, "b", "blocked: a skipped"),
        ("a -> b", "2 b =blocked", 6.0, "b", "blocked"),
        ("a -> b -> a", "2 b =blocked", 6.0, "b", "blocked"),
        // The source says so.
        ("a -> b", "2 b =queued", 6.0, "b", "queued since 2"),
        ("a", "2 a STARTED\n 3 a FAILED", 4.0, "a", "1 failed at 3"),
        (
            "a",
            "2 a STARTED\n 3 a FAILED\n 5 a =queued",
            6.0,
            "a",
            "again after 1 failed at 3",
        ),
        (
            "a",
            "2 a STARTED\n 3 a FAILED\n 5 a STARTED",
            6.0,
            "a",
            "no",
        ),
        (
            "a",
            "2 a AWAITING_INPUT",
            3.0,
            "a",
            "asks no question since 2",
        ),
        (
            "a",
            "2 a AWAITING_INPUT\n 2 a ask pending p\n 3 a ask pending q\n 4 a ask resolved q",
            3.0,
            "a",
            "asks q since 2",
        ),
        (
            "a",
            "2 a AWAITING_INPUT\n 2 a ask pending p\n 3 a ask pending q\n 4 a ask resolved q",
            5.0,
            "a",
            "asks p since 2",
        ),
        (
            "a; b",
            "2 a STARTED\n 3 a ask pending q\n 3 b ask pending r",
            3.0,
            "a",
            "asks q since 3",
        ),
        // Nothing waits in a run that has ended.
        ("a -> b", "2 a FAILED\n 3 run FAILED", 4.0, "b", "no"),
    ] {
        let journal = journal(items(graph, facts));
        let state = RunState::at(&journal, second(at));
        let node = journal.graph().find(node).unwrap();
        let why = waiting(&journal, &state, node);
        assert_eq!(drawn(&journal, &why), want, "{graph}: {facts} at {at}");
    }
}

#[test]
fn a_node_that_is_not_there_does_not_wait() {
    let journal = Journal::default();
    let state = RunState::at(&journal, Millis::MAX);
    assert_eq!(waiting(&journal, &state, NodeIx(7)), Waiting::No);
}

proptest! {
    #[test]
    fn the_reason_is_in_step_with_the_state(facts in any_facts(), at in -1..42_i64) {
        let journal = journal(items(GRAPH, &facts));
        for at in EXTREMES.into_iter().chain([Millis(at * 1_000)]) {
            let state = RunState::at(&journal, at);
            for node in (0..journal.graph().nodes().len() as u32).map(NodeIx) {
                let stands = state.node(node).unwrap().state;
                let since = match waiting(&journal, &state, node) {
                    Waiting::No => continue,
                    Waiting::ForTheRun => {
                        prop_assert_eq!(stands, NodeState::Idle);
                        None
                    }
                    Waiting::ForParents(parents) => {
                        prop_assert_eq!(stands, NodeState::Waiting);
                        let stated = state.node(node).unwrap().last_event(&journal).is_some();
                        prop_assert!(stated || !parents.is_empty());
                        None
                    }
                    Waiting::Blocked { by } => {
                        prop_assert_eq!(stands, NodeState::Blocked);
                        if let Some((by, lost)) = by {
                            prop_assert_eq!(state.node(by).unwrap().state, lost);
                            prop_assert!(lost != NodeState::Blocked);
                        }
                        None
                    }
                    Waiting::Queued { since } => {
                        prop_assert_eq!(stands, NodeState::Queued);
                        since
                    }
                    Waiting::AwaitingInput { since, .. } => {
                        prop_assert!(stands.is_active());
                        since
                    }
                    Waiting::AfterFailure { failed, .. } => {
                        prop_assert!(matches!(stands, NodeState::Failed | NodeState::Queued));
                        failed
                    }
                };
                prop_assert!(since.is_none_or(|since| since <= at), "nothing of the future is told");
            }
        }
    }
}
