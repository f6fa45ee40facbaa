//! When a run waits for a person: as long as a question stands or a node awaits input, and not after its end.

#![allow(
    clippy::unwrap_used,
    reason = "a drawing that cannot be read fails its test"
)]

mod drawn;

use drawn::{items, journal, second};
use model::RunState;

#[test]
fn a_running_run_that_asks_is_awaiting_input() {
    for (facts, want) in [
        // A question, from when it is put until it is answered.
        (
            "0 run RUNNING\n 2 a ask pending q\n 4 a ask resolved q",
            "RUNNING AWAITING_INPUT RUNNING",
        ),
        (
            "0 run RUNNING\n 2 a ask pending q\n 4 a ask expired q",
            "RUNNING AWAITING_INPUT RUNNING",
        ),
        // Several: until the last of them is.
        (
            "0 run RUNNING\n 2 a ask pending p\n 2 b ask pending q\n 4 a ask resolved p",
            "RUNNING AWAITING_INPUT AWAITING_INPUT",
        ),
        // Put and given up in the same instant.
        (
            "0 run RUNNING\n 2 a ask cancelled q\n 2 a ask pending q",
            "RUNNING RUNNING RUNNING",
        ),
        // A node that awaits input, whether an event or a statement says so, asks without a question.
        (
            "0 run RUNNING\n 2 a AWAITING_INPUT\n 4 a COMPLETED",
            "RUNNING AWAITING_INPUT RUNNING",
        ),
        (
            "0 run RUNNING\n 2 a =awaiting_input\n 4 a =running",
            "RUNNING AWAITING_INPUT RUNNING",
        ),
        // No status record at all: running from its start on.
        ("2 a ask pending q", "RUNNING AWAITING_INPUT AWAITING_INPUT"),
        // Only a running run: an end wins, and so does whatever else is said of it.
        (
            "0 run RUNNING\n 2 a ask pending q\n 4 run COMPLETED",
            "RUNNING AWAITING_INPUT COMPLETED",
        ),
        (
            "0 run RUNNING\n 2 a AWAITING_INPUT\n 4 run CANCELLED",
            "RUNNING AWAITING_INPUT CANCELLED",
        ),
        (
            "0 run PAUSED\n 2 a ask pending q\n 4 run QUEUED",
            "PAUSED PAUSED QUEUED",
        ),
        // What the server said of it holds until it says otherwise, where nothing else is known of it.
        (
            "0 run RUNNING\n 2 run AWAITING_INPUT\n 4 run RUNNING",
            "RUNNING AWAITING_INPUT RUNNING",
        ),
        (
            "0 run RUNNING\n 2 run AWAITING_INPUT",
            "RUNNING AWAITING_INPUT AWAITING_INPUT",
        ),
        (
            "0 a ask pending q\n 1 a ask resolved q\n 2 run AWAITING_INPUT",
            "RUNNING AWAITING_INPUT AWAITING_INPUT",
        ),
        // It was derived of a question: it holds until that is answered, whether it was put before or
        // after the server looked, by its own clock.
        (
            "0 run RUNNING\n 1 a ask pending q\n 2 run AWAITING_INPUT\n 4 a ask resolved q",
            "AWAITING_INPUT AWAITING_INPUT RUNNING",
        ),
        (
            "2 run AWAITING_INPUT\n 3 a ask pending q\n 4 a ask resolved q",
            "RUNNING AWAITING_INPUT RUNNING",
        ),
        (
            "2 run AWAITING_INPUT\n 3 a ask pending p\n 3 a ask pending q\n 4 a ask resolved q",
            "RUNNING AWAITING_INPUT AWAITING_INPUT",
        ),
        // The same of a node.
        (
            "1 a AWAITING_INPUT\n 2 run AWAITING_INPUT\n 4 a COMPLETED",
            "AWAITING_INPUT AWAITING_INPUT RUNNING",
        ),
        (
            "2 run AWAITING_INPUT\n 3 a AWAITING_INPUT\n 4 a COMPLETED",
            "RUNNING AWAITING_INPUT RUNNING",
        ),
        (
            "2 run AWAITING_INPUT\n 3 a STARTED\n 4 a COMPLETED",
            "RUNNING AWAITING_INPUT AWAITING_INPUT",
        ),
        // Said anew after the answer: there is another question.
        (
            "1 a ask pending q\n 2 run AWAITING_INPUT\n 4 a ask resolved q\n 5 run AWAITING_INPUT",
            "AWAITING_INPUT AWAITING_INPUT AWAITING_INPUT",
        ),
    ] {
        let journal = journal(items("a; b", facts));
        let said: Vec<_> = [1.0, 3.0, 5.0]
            .map(|at| RunState::at(&journal, second(at)).status.to_string())
            .into();
        assert_eq!(said.join(" "), want, "{facts}");
    }
}

#[test]
fn asking_neither_ends_the_run_nor_changes_its_nodes() {
    let journal = journal(items("a -> b", "1 a STARTED\n 2 a ask pending q"));
    let state = RunState::at(&journal, second(3.0));
    assert_eq!(state.phase, model::run_state::Phase::Within);
    assert_eq!(drawn::states(&journal, &state), "a running, b waiting");
}
