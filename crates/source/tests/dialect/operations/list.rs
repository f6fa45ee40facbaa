//! Operations as listed, and what errors say.

use contract::time::format_millis;
use source::dialect::operations::{decode_operations, detail_of};

#[test]
fn operations_are_listed_each_by_itself() {
    let (runs, problems) = decode_operations(
        r#"{"kind":"OperationList","operations":[
            {"kind":"OperationStatus","id":"gemini_1767225600000","status":"processing","name":"Ask","finished_at":"2026-01-01T00:00:09Z"},
            7,
            {"id":"r2","status":"dreaming","started_at":"2026-01-01T00:00:01Z","finished_at":null},
            {"id":"r3","status":"canceled","started_at":"2026-01-01T00:00:01Z","finished_at":"2026-01-01T00:00:03Z"}
        ],"total":4}"#,
    );
    let drawn: Vec<_> = runs
        .iter()
        .map(|run| {
            let started = run.started.map(|at| format_millis(at.0));
            format!(
                "{} {} {:?} {} {started:?} {:?}",
                run.id, run.workflow_id, run.name, run.status, run.duration
            )
        })
        .collect();
    assert_eq!(
        drawn,
        [
            r#"gemini_1767225600000 gemini "Ask" RUNNING Some("2026-01-01T00:00:00.000Z") None"#,
            r#"r2 operation "operation" dreaming Some("2026-01-01T00:00:01.000Z") None"#,
            r#"r3 operation "operation" CANCELLED Some("2026-01-01T00:00:01.000Z") Some(Span(2000))"#,
        ]
    );
    let drawn: Vec<_> = problems
        .iter()
        .map(|it| format!("{}: {}", it.place, it.what))
        .collect();
    assert_eq!(drawn.len(), 2);
    assert!(
        drawn[0].starts_with("answer `operations`, operation 2: "),
        "{}",
        drawn[0]
    );
    assert_eq!(
        drawn[1],
        "answer `operations`, operation 3: status `dreaming` is not known here"
    );
    for body in ["", "[]", "{}", r#"{"operations":{}}"#] {
        let (runs, problems) = decode_operations(body);
        assert!(runs.is_empty() && problems.len() == 1, "{body}");
    }
}

#[test]
fn errors_say_their_detail_wherever_it_stands() {
    for (body, want) in [
        (
            r#"{"detail":{"kind":"Error","detail":"No such operation","error_code":"NOT_FOUND_ERROR"}}"#,
            Some("No such operation"),
        ),
        (r#"{"detail":"Not Found"}"#, Some("Not Found")),
        (r#"{"detail":{"detail":" "}}"#, None),
        (r#"{"detail":[{"msg":"x"}]}"#, None),
        (r#"{"detail":null}"#, None),
        ("<html>", None),
        ("", None),
    ] {
        assert_eq!(detail_of(body).as_deref(), want, "{body}");
    }
}
