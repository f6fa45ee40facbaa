//! What nobody should send: it costs what it is, and nothing beside it.

use super::{Watch, brief, check, clock, run, second, step};
use proptest::prelude::*;
use serde_json::{Value, json};
use source::dialect::playbook::{Known, Without, decode_runs};

#[test]
fn odd_views_cost_what_is_odd() {
    for (view, want) in [
        (
            run("running", json!({"startedAt": "soon"}), vec![]),
            "status 00:00:00.000#0 RUNNING
            ! playbook run: `startedAt` is not a date and time with a zone between 1678 and 2262: \"soon\"".to_owned(),
        ),
        (
            run("dreaming", json!({}), vec![]),
            "status 00:00:00.000#0 dreaming started 00:00:00.000
            ! playbook run: state `dreaming` is not known here".to_owned(),
        ),
        (
            run("running", json!({"steps": {"a": 1}}), vec![]),
            "status 00:00:00.000#0 RUNNING started 00:00:00.000
            ! playbook run: left out: field `steps`: invalid type: map, expected a sequence".to_owned(),
        ),
        (
            run("running", json!({}), vec![
                json!(7),
                json!({"key": "x"}),
                json!({"key": "", "state": "queued"}),
                step("a", "dreaming", json!({"logs": [1], "attempt": -5})),
                step("b", "queued", json!({"createdAt": clock(1)})),
                step("b", "running", json!({})),
            ]),
            "event 00:00:01.000#2048 b@0:queued:1767225601000 \"b\" Stated(Queued) info
            status 00:00:00.000#0 RUNNING started 00:00:00.000
            ! playbook run, step 1: invalid type: integer `7`, expected an object
            ! playbook run, step 2: missing field `state`
            ! playbook run, step 3: a step without a key
            ! playbook run, step 4: left out: field `logs`: invalid type: integer `1`, expected a string
            ! playbook run, step 4: state `dreaming` is not known here
            ! playbook run: two steps with the key `b`".to_owned(),
        ),
    ] {
        let mut watch = Watch::new();
        let body = json!({"success": true, "data": view}).to_string();
        let batch = watch.known.run_view(&body, Default::default(), second(9)).unwrap();
        check(&brief(&batch), &want);
    }
}

#[test]
fn refusals_are_told_in_words() {
    for (body, want) in [
        (
            r#"{"success":false,"error":{"code":"NOT_FOUND","message":"Run not found"}}"#,
            "Run not found (NOT_FOUND)",
        ),
        (r#"{"success":false,"error":{"code":"WEIRD"}}"#, "WEIRD"),
        (r#"{"success":false}"#, "it says no reason"),
    ] {
        let want = Err(Without::Refused(want.to_owned()));
        let mut known = Known::new("r");
        let asked = known.ask();
        assert_eq!(known.run_view(body, asked, second(1)).map(|_| ()), want);
        assert_eq!(known.step_view(body, asked, second(1)).map(|_| ()), want);
    }
}

#[test]
fn an_answer_without_the_run_changes_nothing() {
    let going = run(
        "running",
        json!({}),
        vec![step("a", "running", json!({"startedAt": clock(1)}))],
    );
    let other = run(
        "failed",
        json!({"id": "q"}),
        vec![step("a", "failed", json!({}))],
    );
    let wrapped = |data: &Value| json!({"success": true, "data": data}).to_string();
    let object = "expected an object";
    for (body, want) in [
        ("{}".to_owned(), "missing field `id`"),
        (r#"{"success":true}"#.to_owned(), "it has no `data`"),
        (wrapped(&json!({})), "missing field `id`"),
        (wrapped(&json!(null)), "it has no `data`"),
        (wrapped(&json!([])), object),
        (wrapped(&json!([going])), object),
        (wrapped(&json!("r")), object),
        (
            wrapped(&json!({"id": "r", "steps": []})),
            "missing field `state`",
        ),
        (wrapped(&json!({"id": "q"})), "missing field `state`"),
        (wrapped(&other), "it is the run `q`"),
        (other.to_string(), "it is the run `q`"),
        (String::new(), "no JSON object"),
        ("null".to_owned(), "no JSON object"),
        ("[]".to_owned(), "no JSON object"),
        ("7".to_owned(), "no JSON object"),
        ("\"r\"".to_owned(), "no JSON object"),
        ("<html>".to_owned(), "no JSON object"),
        (
            r#"{"success":true,"data":{"id""#.to_owned(),
            "no JSON object",
        ),
    ] {
        for known in [false, true] {
            let mut watch = Watch::new();
            if known {
                watch.view(&going, 5);
            }
            let before = watch.stands();
            let asked = watch.known.ask();
            match watch.known.run_view(&body, asked, second(6)) {
                Err(Without::Nothing(why)) => assert!(why.contains(want), "{body}: {why}"),
                it => panic!("{body}: {it:?}"),
            }
            assert_eq!(watch.stands(), before, "{body}");
            // What comes then is as new as ever.
            let done = json!({"startedAt": clock(1), "completedAt": clock(7)});
            let batch = watch.view(
                &run("running", json!({}), vec![step("a", "success", done)]),
                9,
            );
            assert!(batch.problems.is_empty());
            assert_eq!(watch.stands(), "a=success@1 1-7; RUNNING ");
        }
    }
}

#[test]
fn a_list_of_runs() {
    let body = json!({"success": true, "data": {"total": 3, "runs": [
        {"id": "r1", "playbookId": "p", "playbookName": "Plan", "playbookVersion": 2, "state": "success", "triggeredBy": "ada", "startedAt": clock(1), "completedAt": clock(5), "createdAt": clock(0)},
        {"id": 2, "state": "queued", "createdAt": clock(0)},
        {"state": "queued"},
    ]}});
    let (runs, problems) = decode_runs(&body.to_string());
    assert_eq!(runs.len(), 2);
    assert_eq!(
        (&*runs[0].id, &*runs[0].name, runs[0].duration),
        ("r1", "Plan", Some(model::Span(4_000)))
    );
    assert_eq!(
        (&*runs[1].id, runs[1].started, runs[1].ended),
        ("2", Some(second(0)), None)
    );
    assert_eq!(problems.len(), 1);
    assert_eq!(decode_runs("nonsense").1.len(), 1);
}

fn value() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("a".to_owned()),
        Just("running".to_owned()),
        Just("failed".to_owned()),
        Just("success".to_owned()),
        Just("SKIPPED".to_owned()),
        Just(clock(3)),
        Just("9999-12-31T23:59:59Z".to_owned()),
        Just("1700-01-01T00:00:00Z".to_owned()),
        "\\PC{0,6}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word.prop_map(Value::from),
    ];
    let name = proptest::sample::select(vec![
        "id",
        "key",
        "state",
        "status",
        "attempt",
        "steps",
        "logs",
        "logCount",
        "startedAt",
        "completedAt",
        "createdAt",
        "updatedAt",
        "error",
        "input",
        "output",
        "dependencies",
        "workerInfo",
        "episodicTraces",
        "personality",
        "progress",
        "payload",
        "stepKey",
        "timestamp",
        "logEntry",
        "message",
        "level",
        "metadata",
        "type",
        "success",
        "data",
        "resume",
    ]);
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..6).prop_map(|pairs| pairs
                .into_iter()
                .map(|(name, it)| (name.to_owned(), it))
                .collect()),
        ]
    })
}

/// A view of which anything may be anything.
fn view() -> impl Strategy<Value = Value> {
    let steps = proptest::collection::vec((0..3_usize, value()), 0..4);
    (value(), steps).prop_map(|(more, steps)| {
        let steps = steps.into_iter().map(|(key, more)| {
            let mut it = step(["a", "b", "c"][key], "running", json!({}));
            for (name, value) in more.as_object().into_iter().flatten() {
                it[name] = value.clone();
            }
            it
        });
        let mut view = run("running", json!({}), steps.collect());
        for (name, value) in more.as_object().into_iter().flatten() {
            view[name] = value.clone();
        }
        view
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_that_is_sent_stops_it(views in proptest::collection::vec(view(), 1..5), frames in proptest::collection::vec((0..9_usize, value()), 0..8), cut in 0..400_usize) {
        let mut watch = Watch::new();
        let names = ["connected", "run.updated", "run.completed", "run.failed", "step.updated", "step.completed", "step.failed", "step.log.appended", "x"];
        for view in &views {
            let asked = watch.known.ask();
            if let Ok(batch) = watch.known.run_view(&view.to_string(), asked, second(5)) {
                watch.take(batch);
            }
            let text = view.to_string();
            let cut = text.char_indices().nth(cut).map_or(text.len(), |(at, _)| at);
            let asked = watch.known.ask();
            if let Ok(batch) = watch.known.run_view(&text[..cut], asked, second(6)) {
                watch.take(batch);
            }
            for (name, frame) in &frames {
                let payload = json!({"type": names[*name], "runId": "r", "stepKey": "a", "timestamp": clock(7), "payload": frame});
                for data in [frame, &payload] {
                    let batch = watch.known.frame(names[*name], "", &data.to_string(), second(7));
                    watch.take(batch);
                }
            }
        }
        // It goes on as if nothing had been.
        let last = run("success", json!({"completedAt": "2262-01-01T00:00:00Z", "updatedAt": "2262-01-01T00:00:00Z"}), vec![step("good", "success", json!({"startedAt": clock(1), "completedAt": clock(2)}))]);
        watch.view(&last, 9);
        prop_assert!(watch.stands().contains("good=success@1 1-2"));
    }
}
