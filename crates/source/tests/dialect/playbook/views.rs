//! Views, one after another, and the events that are made of their difference.

use super::{Watch, all_are, brief, check, clock, run, step};
use crate::draw::draw;
use model::item::Provenance;
use serde_json::{Value, json};

/// Views at seconds 10, 20, 30, …; what each tells.
fn story(views: &[(Value, &str)]) -> Watch {
    let mut watch = Watch::new();
    for (number, (view, want)) in views.iter().enumerate() {
        let batch = watch.view(view, 10 + 10 * number as i64);
        assert!(all_are(&batch, Provenance::Inferred));
        check(&brief(&batch), want);
        let again = watch.view(view, 15 + 10 * number as i64);
        let mut again = brief(&again);
        again.truncate(again.find("ended").unwrap_or(again.len()));
        assert_eq!(again, "", "the same view tells nothing twice");
    }
    watch
}

#[test]
fn a_run_from_beginning_to_end() {
    let story = story(&[
        (
            run("queued", json!({"startedAt": null}), vec![
                step("a", "queued", json!({})),
                step("b", "waiting_for_dependencies", json!({})),
            ]),
            "event 00:00:00.000#2048 a@0:queued:1767225600000 \"a\" Stated(Queued) info
            event 00:00:00.000#2048 b@0:waiting:1767225600000 \"b\" Stated(Waiting) info
            status 00:00:00.000#0 QUEUED",
        ),
        (
            run("running", json!({}), vec![
                step("a", "running", json!({"startedAt": clock(1), "input": {"x": 1}, "logs": ["one"]})),
                step("b", "waiting_for_dependencies", json!({})),
            ]),
            "event 00:00:01.000#65792 a@1:started \"a\" Started info @1
            io 00:00:01.000 a {\"x\":1} => -
            log 00:00:20.000#1048576 a#0 \"a\" info console \"one\"
            status 00:00:00.000#1 RUNNING started 00:00:00.000",
        ),
        (
            run("running", json!({}), vec![
                step("a", "success", json!({"startedAt": clock(1), "completedAt": clock(8), "input": {"x": 1}, "output": [2], "logs": ["one", "two"]})),
                step("b", "queued", json!({})),
            ]),
            "event 00:00:08.000#66048 a@1:completed \"a\" Completed info @1
            io 00:00:01.000 a {\"x\":1} => -
            io 00:00:08.000 a {\"x\":1} => [2]
            log 00:00:20.000#2097152 a#1 \"a\" info console \"two\"
            event 00:00:08.000#2048 b@0:queued:1767225608000 \"b\" Stated(Queued) info",
        ),
        (
            run("failed", json!({"completedAt": clock(12), "error": {"message": "no", "code": "E"}}), vec![
                step("a", "success", json!({"startedAt": clock(1), "completedAt": clock(8), "input": {"x": 1}, "output": [2], "logs": ["one", "two"]})),
                step("b", "failed", json!({"startedAt": clock(9), "completedAt": clock(11), "error": "boom"})),
            ]),
            "event 00:00:09.000#65792 b@1:started \"b\" Started info @1
            event 00:00:11.000#66304 b@1:failed \"b\" Failed error @1 error ErrorInfo { message: \"boom\", kind: None, code: None, stack: None, details: None, fields: [] }
            status 00:00:12.000#0 FAILED started 00:00:00.000 failure Failure { reason: \"no\", code: Some(\"E\"), details: Some(JsonText(\"{\\\"code\\\":\\\"E\\\",\\\"message\\\":\\\"no\\\"}\")) }
            ended",
        ),
    ]);
    assert_eq!(
        story.stands(),
        "a=success@1 1-8; b=failed@1 9-11; FAILED 12"
    );
}

#[test]
fn a_view_after_a_reload_infers_the_same() {
    let steps = vec![
        step(
            "a",
            "success",
            json!({"startedAt": clock(1), "completedAt": clock(8), "logs": ["x", "y"]}),
        ),
        step(
            "b",
            "failed",
            json!({"attempt": 1, "startedAt": clock(9), "completedAt": clock(11), "error": "boom"}),
        ),
        step("c", "canceled", json!({"startedAt": clock(9)})),
    ];
    let last = run("failed", json!({"completedAt": clock(12)}), steps);
    let mut first = Watch::new();
    let mut second = Watch::new();
    first.view(&last, 20);
    second.view(&last, 4_000);
    assert_eq!(draw(&batch(&first)), draw(&batch(&second)));
    assert_eq!(
        first.stands(),
        "a=success@1 1-8; b=failed@2 9-11; c=canceled@1 9-12; FAILED 12"
    );
    assert_eq!(
        first.events(),
        [
            "a@1:started Inferred",
            "a@1:completed Inferred",
            "c@1:started Inferred",
            "b@1:failed Inferred",
            "b@2:started Inferred",
            "b@2:failed Inferred",
            "c@1:canceled:1767225612000 Inferred",
        ]
    );
}

/// What a journal holds, as items.
fn batch(watch: &Watch) -> source::dialect::Batch {
    let events = watch.journal.events().iter().map(|event| {
        let node = event.node.and_then(|node| watch.journal.graph().node(node));
        model::Item::Event(model::item::EventItem {
            id: event.id.clone(),
            node: node.map(|node| node.reference.clone()).unwrap_or_default(),
            stamp: event.stamp,
            kind: event.kind.clone(),
            level: event.level,
            attempt: event.attempt,
            provenance: event.provenance,
            detail: event.detail.clone(),
        })
    });
    source::dialect::Batch {
        items: events.collect(),
        ..source::dialect::Batch::default()
    }
}

#[test]
fn each_state_and_status() {
    for (state, more, want) in [
        ("queued", json!({}), "a=queued@0 -"),
        ("PENDING", json!({}), "a=queued@0 -"),
        ("waiting_for_dependencies", json!({}), "a=waiting@0 -"),
        ("blocked", json!({}), "a=blocked@0 -"),
        ("running", json!({"startedAt": clock(3)}), "a=running@1 3-"),
        ("running", json!({}), "a=running@1 5-"),
        (
            "success",
            json!({"startedAt": clock(3), "completedAt": clock(4)}),
            "a=success@1 3-4",
        ),
        (
            "SUCCEEDED",
            json!({"completedAt": clock(4)}),
            "a=success@1 -4",
        ),
        ("completed", json!({}), "a=success@1 -5"),
        ("failed", json!({"completedAt": clock(4)}), "a=failed@1 -4"),
        (
            "canceled",
            json!({"status": "RUNNING", "startedAt": clock(3)}),
            "a=canceled@1 3-5",
        ),
        ("cancelled", json!({"status": "PENDING"}), "a=canceled@0 -"),
        ("canceled", json!({"status": "SKIPPED"}), "a=skipped@1 -5"),
        ("queued", json!({"status": "SKIPPED"}), "a=skipped@1 -5"),
        (
            "running",
            json!({"status": "SKIPPED", "startedAt": clock(3)}),
            "a=running@1 3-",
        ),
        ("dreaming", json!({"status": "FAILED"}), "a=failed@1 -5"),
        ("dreaming", json!({"status": "SUCCESS"}), "a=success@1 -5"),
        // The worker says when it began and ended where the step does not.
        (
            "success",
            json!({"workerInfo": {"workerId": 7, "startedAt": clock(1), "finishedAt": clock(2)}}),
            "a=success@1 1-2",
        ),
    ] {
        let mut watch = Watch::new();
        let view = run(
            "running",
            json!({"updatedAt": clock(5)}),
            vec![step("a", state, more.clone())],
        );
        watch.view(&view, 9);
        assert_eq!(
            watch.stands(),
            format!("{want}; RUNNING "),
            "{state} {more}"
        );
    }
}

#[test]
fn where_nothing_says_when_it_is_when_the_answer_came() {
    let bare = |state| json!({"id": "r", "state": state, "steps": [{"key": "a", "state": state}]});
    let mut watch = Watch::new();
    watch.view(&bare("running"), 7);
    watch.view(&bare("success"), 9);
    assert_eq!(watch.stands(), "a=success@1 7-9; COMPLETED 9");
}

#[test]
fn a_higher_attempt_means_that_the_one_before_failed() {
    let view = |attempt: i64, state: &str, more: Value| {
        let mut more = more;
        more["attempt"] = json!(attempt);
        run(
            "running",
            json!({"updatedAt": clock(20 + attempt.min(9))}),
            vec![step("a", state, more)],
        )
    };
    let mut watch = Watch::new();
    watch.view(&view(0, "running", json!({"startedAt": clock(1)})), 2);
    let batch = watch.view(
        &view(1, "running", json!({"startedAt": clock(5), "error": "why"})),
        6,
    );
    check(
        &brief(&batch),
        "event 00:00:05.000#66304 a@1:failed \"a\" Failed error @1 error ErrorInfo { message: \"why\", kind: None, code: None, stack: None, details: None, fields: [] }
        event 00:00:05.000#131328 a@2:started \"a\" Started info @2",
    );
    // Waiting for its turn: the second has failed, the third has not begun.
    let batch = watch.view(&view(2, "queued", json!({"startedAt": clock(5)})), 8);
    check(
        &brief(&batch),
        "event 00:00:22.000#131840 a@2:failed \"a\" Failed error @2
        event 00:00:22.000#133120 a@2:queued:1767225622000 \"a\" Stated(Queued) info @2",
    );
    watch.view(&view(2, "running", json!({"startedAt": clock(23)})), 24);
    watch.view(
        &view(
            2,
            "success",
            json!({"startedAt": clock(23), "completedAt": clock(29)}),
        ),
        30,
    );
    assert_eq!(watch.stands(), "a=success@3 23-29; RUNNING ");
    // A start that is not set anew is none.
    let mut watch = Watch::new();
    watch.view(&view(0, "running", json!({"startedAt": clock(1)})), 2);
    watch.view(&view(1, "running", json!({"startedAt": clock(1)})), 9);
    assert_eq!(watch.stands(), "a=running@2 21-; RUNNING ");
    // However many nobody saw.
    let mut watch = Watch::new();
    let batch = watch.view(
        &view(i64::MAX, "running", json!({"startedAt": clock(5)})),
        9,
    );
    assert!(batch.items.len() < 30);
}

#[test]
fn a_run_that_is_resumed_is_open_again() {
    let failed = |at| json!({"startedAt": clock(1), "completedAt": clock(at)});
    let ended = run(
        "failed",
        json!({"completedAt": clock(9)}),
        vec![step("a", "failed", failed(8))],
    );
    let going = |state, more| {
        run(
            "running",
            json!({"updatedAt": clock(40)}),
            vec![step("a", state, more)],
        )
    };
    let mut watch = Watch::new();
    assert!(watch.view(&ended, 10).ended);
    // Asked for before it failed, answered after: it takes nothing back.
    let mut stale = Watch::new();
    let early = stale.known.ask();
    stale.view(&ended, 10);
    let batch = stale.late_view(&going("running", json!({"startedAt": clock(1)})), early, 11);
    assert_eq!((brief(&batch).as_str(), batch.reopened), ("ended", false));
    let batch = watch.view(&going("queued", json!({})), 41);
    check(
        &brief(&batch),
        "event 00:00:40.000#67584 a@1:queued:1767225640000 \"a\" Stated(Queued) info @1
        status 00:00:40.000#0 RUNNING reopens started 00:00:00.000
        reopened",
    );
    assert!(!batch.ended);
    let batch = watch.view(&going("running", json!({"startedAt": clock(42)})), 43);
    check(
        &brief(&batch),
        "event 00:00:42.000#131328 a@2:started \"a\" Started info @2",
    );
}

#[test]
fn views_that_come_late_take_nothing_back() {
    let mut watch = Watch::new();
    let early = watch.known.ask();
    let at = |second| json!({"updatedAt": clock(second)});
    let done = json!({"startedAt": clock(1), "completedAt": clock(8), "logs": ["1", "2"]});
    watch.view(&run("running", at(8), vec![step("a", "success", done)]), 9);
    let old = run(
        "running",
        at(3),
        vec![step(
            "a",
            "running",
            json!({"startedAt": clock(1), "logs": ["1"]}),
        )],
    );
    let late = watch.late_view(&old, early, 10);
    assert_eq!(brief(&late), "");
    // A view out of a cache is as old, whenever it was asked for.
    let cached = watch.view(&old, 11);
    assert_eq!(brief(&cached), "");
    assert_eq!(watch.stands(), "a=success@1 1-8; RUNNING ");
    assert_eq!(watch.log("a"), ["1", "2"]);
}
