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

/// A step that failed, was resumed and ended again between two looks.
#[test]
fn what_happened_between_two_looks_is_inferred() {
    let failed = |attempt: i64, from: Option<i64>, to: Option<i64>| json!({"attempt": attempt, "startedAt": from.map(clock), "completedAt": to.map(clock)});
    let before = failed(0, Some(1), Some(8));
    for (what, then, state, want) in [
        ("the same", before.clone(), "failed", "a=failed@1 1-8"),
        (
            "its start",
            failed(0, Some(21), Some(29)),
            "failed",
            "a=failed@2 21-29",
        ),
        (
            "its end alone",
            failed(0, Some(1), Some(29)),
            "failed",
            "a=failed@2 1-29",
        ),
        (
            "no start",
            failed(0, None, Some(29)),
            "failed",
            "a=failed@2 1-29",
        ),
        (
            "its number",
            failed(1, Some(21), Some(29)),
            "failed",
            "a=failed@2 21-29",
        ),
        (
            "another end",
            failed(0, Some(1), Some(29)),
            "success",
            "a=success@2 1-29",
        ),
        (
            "an end before",
            failed(0, Some(1), Some(7)),
            "failed",
            "a=failed@1 1-8",
        ),
        (
            "no end",
            failed(0, Some(1), None),
            "failed",
            "a=failed@1 1-8",
        ),
    ] {
        let mut watch = Watch::new();
        let look = |state: &str, a: &Value, at: i64| {
            run(
                "running",
                json!({"updatedAt": clock(at)}),
                vec![step("a", state, a.clone())],
            )
        };
        watch.view(&look("failed", &before, 9), 10);
        for at in [30, 32] {
            let batch = watch.view(&look(state, &then, at), at);
            let events = batch
                .items
                .iter()
                .filter(|item| matches!(item, Item::Event(_)));
            assert!(at == 30 || events.count() == 0, "{what}: nothing twice");
        }
        assert_eq!(watch.stands(), format!("{want}; RUNNING "), "{what}");
        assert_eq!(shown(&watch.journal, 20), "RUNNING a=failed", "{what}");
    }
    // Attempts are counted from the start again, and no instant is said.
    let mut watch = Watch::new();
    for (attempt, at) in [(2, 10), (0, 30), (0, 32)] {
        let a = step("a", "failed", failed(attempt, None, None));
        watch.view(
            &run("running", json!({"updatedAt": clock(at)}), vec![a]),
            at,
        );
    }
    assert_eq!(watch.stands(), "a=failed@4 -30; RUNNING ");
}

#[test]
fn an_end_that_an_event_said_is_not_ended_again_by_the_views_instant() {
    let mut watch = Watch::new();
    let started = json!({"status": "RUNNING", "startedAt": clock(1)});
    watch.frame(&event("step.updated", "a", 1, started), 1);
    let no = json!({"status": "FAILED", "attempt": 1, "failedAt": clock(8)});
    watch.frame(&event("step.failed", "a", 8, no), 8);
    let late = json!({"startedAt": clock(1), "completedAt": clock(9)});
    watch.view(
        &run("running", json!({}), vec![step("a", "failed", late)]),
        10,
    );
    assert_eq!(watch.stands(), "a=failed@1 1-8; RUNNING ");
}

/// As before, of the run.
#[test]
fn a_run_that_failed_again_between_two_looks_went_on() {
    let a = |from, to| {
        step(
            "a",
            "failed",
            json!({"startedAt": clock(from), "completedAt": clock(to)}),
        )
    };
    for (what, state, ended, then, want) in [
        (
            "by its steps",
            "failed",
            30,
            a(21, 29),
            "RUNNING 21, FAILED 30",
        ),
        (
            "it ended well",
            "success",
            30,
            a(21, 29),
            "RUNNING 21, COMPLETED 30",
        ),
        (
            "by its end alone",
            "failed",
            30,
            a(1, 8),
            "RUNNING 30, FAILED 30",
        ),
        ("the same end", "failed", 9, a(1, 8), ""),
        ("an end before", "failed", 8, a(1, 8), ""),
    ] {
        let mut watch = Watch::new();
        watch.view(&view("failed", Some(9), 9, a(1, 8), going(2)), 10);
        let next = view(state, Some(ended), 30, then, going(2));
        let batch = watch.view(&next, 31);
        let told = batch.items.iter().filter_map(|item| match item {
            Item::Status(it, _) => Some(format!("{} {}", it.status, seconds(it.stamp.at))),
            _ => None,
        });
        assert_eq!(told.collect::<Vec<_>>().join(", "), want, "{what}");
        assert_eq!(
            (batch.ended, batch.reopened),
            (true, !want.is_empty()),
            "{what}"
        );
        assert_eq!(
            watch.journal.ended(),
            Some(second(if want.is_empty() { 9 } else { 30 }))
        );
        let between = if want.contains("21") {
            "RUNNING a=running b=running"
        } else {
            "FAILED a=failed b=canceled"
        };
        assert_eq!(shown(&watch.journal, 25), between, "{what}");
        assert!(
            brief_statuses(&watch.view(&next, 33)).is_empty(),
            "{what}: nothing twice"
        );
    }
}

fn brief_statuses(batch: &source::dialect::Batch) -> Vec<&Item> {
    let statuses = batch.items.iter();
    statuses
        .filter(|item| matches!(item, Item::Status(..)))
        .collect()
}
