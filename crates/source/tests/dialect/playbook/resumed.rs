//! Runs that are resumed after their end: what is shown before it, between and after, whoever says it.

use super::{Watch, clock, event, run, second, step};
use model::item::Item;
use model::run::StatusKind;
use model::{Journal, Millis, RunState};
use serde_json::{Value, json};

/// `STATUS a=STATE b=STATE` at a second.
fn shown(journal: &Journal, at: i64) -> String {
    let state = RunState::at(journal, second(at));
    let nodes = journal.graph().nodes().iter().zip(&state.nodes);
    let nodes = nodes.map(|(node, it)| format!(" {}={}", node.reference, it.state));
    format!("{}{}", state.status, nodes.collect::<String>())
}

fn going(since: i64) -> Value {
    step("b", "running", json!({"startedAt": clock(since)}))
}

fn view(state: &str, ended: Option<i64>, updated: i64, a: Value, b: Value) -> Value {
    let more = json!({"completedAt": ended.map(clock), "updatedAt": clock(updated)});
    run(state, more, vec![a, b])
}

/// It failed at second 9 while `b` went on, was resumed at 20 and ended at 30.
fn views() -> [Value; 4] {
    let failed = json!({"startedAt": clock(1), "completedAt": clock(8), "error": "no"});
    let ended = json!({"startedAt": clock(21), "completedAt": clock(29)});
    let done = json!({"startedAt": clock(2), "completedAt": clock(28)});
    [
        view("failed", Some(9), 9, step("a", "failed", failed), going(2)),
        view(
            "running",
            None,
            20,
            step("a", "queued", json!({})),
            going(2),
        ),
        view(
            "running",
            None,
            21,
            step("a", "running", json!({"startedAt": clock(21)})),
            going(2),
        ),
        view(
            "success",
            Some(30),
            30,
            step("a", "success", ended),
            step("b", "success", done),
        ),
    ]
}

#[test]
fn a_resumed_run_goes_on_where_it_stood() {
    let mut watch = Watch::new();
    let seen: Vec<_> = views()
        .iter()
        .zip([10, 20, 22, 31])
        .map(|(view, at)| {
            let batch = watch.view(view, at);
            let now = shown(&watch.journal, at);
            (batch.ended, batch.reopened, now)
        })
        .collect();
    let want = [
        (true, false, "FAILED a=failed b=canceled"),
        (false, true, "RUNNING a=queued b=running"),
        (false, false, "RUNNING a=running b=running"),
        (true, false, "COMPLETED a=success b=success"),
    ];
    assert_eq!(
        seen,
        want.map(|(ended, again, now)| (ended, again, now.to_owned()))
    );
    // And so it is shown afterwards, at any instant.
    for (at, want) in [
        (8, "RUNNING a=failed b=running"),
        (9, "FAILED a=failed b=canceled"),
        (19, "FAILED a=failed b=canceled"),
        (20, "RUNNING a=queued b=running"),
        (29, "RUNNING a=success b=success"),
        (30, "COMPLETED a=success b=success"),
    ] {
        assert_eq!(shown(&watch.journal, at), want, "second {at}");
    }
    assert_eq!(
        watch.stands(),
        "a=success@2 21-29; b=success@1 2-28; COMPLETED 30"
    );
    assert_eq!(watch.journal.ended(), Some(second(30)));
}

#[test]
fn what_was_told_of_a_resumed_run_may_come_in_any_order_and_twice() {
    let mut watch = Watch::new();
    let mut items: Vec<Item> = Vec::new();
    for (view, at) in views().iter().zip([10, 20, 22, 31]) {
        items.extend(watch.view(view, at).items);
    }
    // What describes the run holds as it came last.
    let (described, facts): (Vec<_>, Vec<_>) = items
        .into_iter()
        .partition(|item| matches!(item, Item::Run(_) | Item::Graph(_)));
    let mut other = Journal::default();
    other.append(described);
    other.append(facts.iter().rev().cloned());
    assert_eq!(other.append(facts).fresh, 0);
    for at in 0..32 {
        assert_eq!(shown(&other, at), shown(&watch.journal, at), "second {at}");
    }
    assert_eq!(other.ended(), watch.journal.ended());
}

/// A frame about the run as a whole.
fn of_run(kind: &str, at: i64, payload: Value) -> Value {
    let mut frame = event(kind, "", at, payload);
    frame["stepKey"] = Value::Null;
    frame
}

#[test]
fn which_words_reopen_a_run() {
    let completed = |at| {
        of_run(
            "run.completed",
            at,
            json!({"status": "COMPLETED", "completedAt": clock(at)}),
        )
    };
    let failed = |at| {
        of_run(
            "run.failed",
            at,
            json!({"status": "FAILED", "error": "no", "failedAt": clock(at)}),
        )
    };
    let updated = |word: &str, at| of_run("run.updated", at, json!({"status": word}));
    for (frames, reopens, stands) in [
        // It was resumed, and may fail again.
        (vec![failed(5), updated("RUNNING", 9)], "9", "RUNNING "),
        (vec![failed(5), updated("PENDING", 9)], "9", "QUEUED "),
        (
            vec![failed(5), updated("PENDING", 8), updated("RUNNING", 9)],
            "8",
            "RUNNING ",
        ),
        (
            vec![failed(5), updated("RUNNING", 9), failed(12)],
            "9",
            "FAILED 12",
        ),
        (
            vec![
                failed(5),
                updated("RUNNING", 9),
                failed(12),
                updated("RUNNING", 15),
                completed(20),
            ],
            "9 15",
            "COMPLETED 20",
        ),
        (
            vec![updated("CANCELLED", 5), updated("RUNNING", 9)],
            "9",
            "RUNNING ",
        ),
        // It was resumed and ended before anybody looked.
        (vec![failed(5), completed(9)], "9", "COMPLETED 9"),
        (vec![failed(5), updated("CANCELLED", 9)], "9", "CANCELLED 9"),
        // Only what failed is resumed: these were under way when it ended.
        (
            vec![updated("CANCELLED", 5), completed(9)],
            "",
            "CANCELLED 5",
        ),
        (vec![completed(5), failed(9)], "", "COMPLETED 5"),
        // Only the reason is new.
        (
            vec![
                of_run(
                    "run.failed",
                    5,
                    json!({"status": "FAILED", "failedAt": clock(5)}),
                ),
                failed(5),
            ],
            "",
            "FAILED 5",
        ),
        // Older than the end, or the same again.
        (vec![failed(5), updated("RUNNING", 4)], "", "FAILED 5"),
        (vec![failed(5), failed(5), failed(9)], "", "FAILED 5"),
    ] {
        let mut watch = Watch::new();
        let mut at_once = Vec::new();
        for (number, frame) in (0..).zip(&frames) {
            let batch = watch.frame(frame, 40 + number);
            let reopens = batch.items.iter().filter_map(|item| match item {
                Item::Status(it, _) if it.kind == StatusKind::Reopens => Some(seconds(it.stamp.at)),
                _ => None,
            });
            at_once.extend(reopens);
        }
        assert_eq!(at_once.join(" "), reopens, "{frames:?}");
        assert_eq!(watch.stands(), stands, "{frames:?}");
    }
}

fn seconds(at: Millis) -> String {
    ((at.0 - second(0).0) / 1_000).to_string()
}
