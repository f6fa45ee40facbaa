//! How an operation stands and what it has to show, from one answer to the next.

use super::Came::{Answer, Body, Frame};
use super::{GOES_ON, RUN, check, play};

#[test]
fn an_operation_is_a_run_of_one_node() {
    let script = [
        (
            1,
            Answer(r#""status":"starting","started_at":null,"finished_at":null,"result":null"#),
        ),
        (2, Answer(r#""status":"starting""#)),
        (3, Answer(GOES_ON)),
        (4, Answer(GOES_ON)),
        (
            9,
            Answer(
                r#""status":"succeeded","started_at":"2026-01-01T00:00:01Z","finished_at":"2026-01-01T00:00:08Z","result":{"status":"ok","summary":"Wrote a report","result":{"n":12345678901234567890},"artifacts":[{"path":"out/report.md","size":7,"content_type":"text/markdown"},{"path":"data.json","size":2}],"stdout":"hello","execution_time":6.5,"return_code":0,"logs":["hello"],"log_count":1,"truncated":false}"#,
            ),
        ),
        (
            10,
            Answer(
                r#""status":"succeeded","started_at":"2026-01-01T00:00:01Z","finished_at":"2026-01-01T00:00:08Z","result":{"status":"ok","summary":"Wrote a report","artifacts":[{"path":"data.json","size":2}],"logs":["hello"],"log_count":1,"truncated":false}"#,
            ),
        ),
    ];
    let want = r#"
1 graph prompt_gemini_agent=prompt_gemini_agent All
1 run prompt_gemini_agent_1767225600000 prompt_gemini_agent "prompt_gemini_agent"
1 status 00:00:00.000#1 QUEUED
3 event 00:00:01.000#1 operation "prompt_gemini_agent" Started info
3 status 00:00:01.000#2 RUNNING started 00:00:01.000
3 run prompt_gemini_agent_1767225600000 prompt_gemini_agent "prompt_gemini_agent" started 00:00:01.000
9 status 00:00:08.000#3 COMPLETED started 00:00:01.000
9 event 00:00:08.000#2 operation "prompt_gemini_agent" Completed info message "Wrote a report"
9 artifact 00:00:08.000 out/report.md prompt_gemini_agent "report.md" text/markdown 7
9 artifact 00:00:08.000 data.json prompt_gemini_agent "data.json" 2
9 io 00:00:08.000 prompt_gemini_agent - => {"status":"ok","summary":"Wrote a report","result":{"n":12345678901234567890},"artifacts":[{"path":"out/report.md","size":7,"content_type":"text/markdown"},{"path":"data.json","size":2}],"stdout":"hello","execution_time":6.5,"return_code":0}
9 log 00:00:09.000#1 1.1 "prompt_gemini_agent" info console "hello"
9 ended
10 io 00:00:08.000 prompt_gemini_agent - => {"status":"ok","summary":"Wrote a report","artifacts":[{"path":"data.json","size":2}]}
10 ended"#;
    assert_eq!(play(RUN, &script), want.trim());
}

#[test]
fn nodes_are_named_after_the_kind_of_their_operation() {
    for (id, node) in [
        ("prompt_qwen_agent_1767225600000", "prompt_qwen_agent"),
        ("gemini_1767225600000", "gemini"),
        // What has no instant for an ending is no kind.
        ("gemini_17672256000000", "operation"),
        ("1767225600000", "operation"),
        ("_1767225600000", "operation"),
        ("q7w8e9", "operation"),
        ("", "operation"),
    ] {
        let drawn = play(id, &[(1, Answer(GOES_ON))]);
        assert!(drawn.contains(&format!("graph {node}={node}")), "{drawn}");
    }
}

#[test]
fn ends_are_told_once_and_with_what_is_known() {
    const FAILED: &str = r#""status":"failed","started_at":"2026-01-01T00:00:01Z","finished_at":"2026-01-01T00:00:05Z""#;
    let started = r#"event 00:00:01.000#1 operation "prompt_gemini_agent" Started info"#;
    let words = "the operation failed; its backend does not say why";
    let failure = |reason: &str, code: &str| {
        format!(
            r#"status 00:00:05.000#3 FAILED started 00:00:01.000 failure Failure {{ reason: "{reason}", code: {code}, details: None }}"#
        )
    };
    let failed = |id: &str, rest: &str| {
        format!(r#"event 00:00:05.000#2 {id} "prompt_gemini_agent" Failed error{rest}"#)
    };
    let error = |reason: &str, code: &str| {
        format!(
            r#" error ErrorInfo {{ message: "{reason}", kind: None, code: {code}, stack: None, details: None, fields: [] }}"#
        )
    };
    // The backend keeps the error to itself.
    let silent = format!(
        "6 {started}\n6 {}\n6 {}\n6 ended\n7 ended",
        failure(words, "None"),
        failed("operation", &error(words, "None"))
    );
    check(&[(6, Answer(FAILED)), (7, Answer(FAILED))], &silent);
    // An agent says it in its summary.
    let body =
        format!(r#"{FAILED},"result":{{"status":"error","summary":"No key","return_code":2}}"#);
    let code = r#"Some("2")"#;
    let detail = format!(r#" message "No key"{}"#, error("No key", code));
    let io = r#"io 00:00:05.000 prompt_gemini_agent - => {"status":"error","summary":"No key","return_code":2}"#;
    let told = format!(
        "6 {started}\n6 {}\n6 {}\n6 {io}\n6 ended",
        failure("No key", code),
        failed("operation", &detail)
    );
    check(&[(6, Answer(&body))], &told);
    // A frame knows that it failed, an answer why.
    let both = format!(
        "6 {started}\n6 status 00:00:05.000#3 FAILED started 00:00:01.000\n6 {}\n6 ended\n7 {}\n7 {}\n7 {io}\n7 ended\n8 ended",
        failed("operation", &error(words, "None")),
        failure("No key", code),
        failed("operation: why", &detail),
    );
    let frame = format!(r#"{{"type":"status",{FAILED}}}"#);
    check(
        &[
            (6, Frame("", &frame)),
            (7, Answer(&body)),
            (8, Answer(&body)),
        ],
        &both,
    );
}

#[test]
fn instants_that_are_not_there_are_those_of_the_answer() {
    for (script, want) in [
        (
            &[
                (3, Answer(r#""status":"processing""#)),
                (7, Answer(r#""status":"succeeded""#)),
            ][..],
            r#"3 event 00:00:03.000#1 operation "op" Started info
               3 status 00:00:03.000#2 RUNNING started 00:00:03.000
               7 status 00:00:07.000#3 COMPLETED started 00:00:03.000
               7 event 00:00:07.000#2 operation "op" Completed info
               7 ended"#,
        ),
        // Canceled before it began, and after it.
        (
            &[(
                3,
                Answer(r#""status":"canceled","finished_at":"2026-01-01T00:00:02Z""#),
            )],
            r#"3 status 00:00:02.000#3 CANCELLED
               3 event 00:00:02.000#2 operation "op" Stated(Canceled) info
               3 ended"#,
        ),
        (
            &[(3, Answer(GOES_ON)), (4, Answer(r#""status":"CANCELLED""#))],
            r#"3 event 00:00:01.000#1 operation "op" Started info
               3 status 00:00:01.000#2 RUNNING started 00:00:01.000
               4 status 00:00:04.000#3 CANCELLED started 00:00:01.000
               4 event 00:00:04.000#2 operation "op" Stated(Canceled) info
               4 ended"#,
        ),
        // It does not end before it began.
        (
            &[(
                3,
                Answer(
                    r#""status":"succeeded","started_at":"2026-01-01T00:00:02Z","finished_at":"2026-01-01T00:00:01Z""#,
                ),
            )],
            r#"3 event 00:00:02.000#1 operation "op" Started info
               3 status 00:00:02.000#3 COMPLETED started 00:00:02.000
               3 event 00:00:02.000#2 operation "op" Completed info
               3 ended"#,
        ),
        // No zone, and a year beyond what can be told.
        (
            &[(
                3,
                Answer(
                    r#""status":"succeeded","started_at":"2026-01-01T00:00:02","finished_at":"9999-01-01T00:00:01Z""#,
                ),
            )],
            r#"3 event 00:00:03.000#1 operation "op" Started info
               3 status 00:00:03.000#3 COMPLETED started 00:00:03.000
               3 event 00:00:03.000#2 operation "op" Completed info
               3 ! answer `operation`: `started_at` is not a date and time with a zone between 1678 and 2262: "2026-01-01T00:00:02"
               3 ! answer `operation`: `finished_at` is not a date and time with a zone between 1678 and 2262: "9999-01-01T00:00:01Z"
               3 ended"#,
        ),
        // An end that was none.
        (
            &[
                (
                    3,
                    Answer(r#""status":"canceled","finished_at":"2026-01-01T00:00:02Z""#),
                ),
                (4, Answer(r#""status":"processing""#)),
            ],
            r#"3 status 00:00:02.000#3 CANCELLED
               3 event 00:00:02.000#2 operation "op" Stated(Canceled) info
               3 ended
               4 event 00:00:04.000#1 operation "op" Started info
               4 status 00:00:04.000#2 RUNNING started 00:00:04.000
               4 ! answer `operation`: it had ended as `canceled` and is now `processing`"#,
        ),
        (
            &[
                (3, Answer(r#""status":"dreaming""#)),
                (4, Answer(r#""status":"dreaming""#)),
            ],
            r#"3 status 00:00:03.000#2 dreaming
               3 ! answer `operation`: status `dreaming` is not known here"#,
        ),
    ] {
        let drawn = play("op_17", script).replace("\"operation\"", "\"op\"");
        let drawn: Vec<_> = drawn
            .lines()
            .filter(|line| !line.contains(" graph ") && !line.contains(" run "))
            .collect();
        let want: Vec<_> = want.lines().map(str::trim).collect();
        assert_eq!(drawn.join("\n"), want.join("\n"));
    }
}

#[test]
fn what_is_no_answer_is_a_problem() {
    for (body, want) in [
        ("<html>", "3 ! answer `operation`: expected value"),
        ("[]", "3 ! answer `operation`: "),
        (
            r#"{"id":"x"}"#,
            "3 ! answer `operation`: missing field `status`",
        ),
        (
            r#"{"id":"x","status":"processing"}"#,
            "3 ! answer `operation`: it is about another operation: `x`",
        ),
    ] {
        let drawn = play(RUN, &[(3, Body(body))]);
        assert!(
            drawn.starts_with(want) && drawn.lines().count() == 1,
            "{drawn}"
        );
    }
}

#[test]
fn other_providers_show_what_they_like() {
    let output = |result: &str| {
        let body = format!(
            r#""status":"succeeded","started_at":"2026-01-01T00:00:01Z","finished_at":"2026-01-01T00:00:02Z","result":{result}"#
        );
        let drawn = play(RUN, &[(3, Answer(&body))]);
        let kept = drawn.lines().filter(|it| {
            [" io ", " log ", " artifact ", " ! "]
                .iter()
                .any(|word| it.contains(word))
        });
        kept.collect::<Vec<_>>().join("\n")
    };
    let io = "3 io 00:00:02.000 prompt_gemini_agent - => ";
    for (result, want) in [
        ("null", String::new()),
        (r#"["a","b"]"#, format!(r#"{io}["a","b"]"#)),
        (r#""text""#, format!(r#"{io}"text""#)),
        (r#"{"output":1e400}"#, format!(r#"{io}{{"output":1e400}}"#)),
        // The runner whose lines nobody stores.
        (
            r#"{"status":"ok","stdout":"x","logs":[],"log_count":0,"truncated":false}"#,
            format!(r#"{io}{{"status":"ok","stdout":"x"}}"#),
        ),
        // Paths alone; and one that cannot be read.
        (
            r#"{"artifacts":["./out/a.md","/",{"size":3},7]}"#,
            format!(
                r#"3 artifact 00:00:02.000 ./out/a.md prompt_gemini_agent "a.md" 0
3 artifact 00:00:02.000 / prompt_gemini_agent "/" 0
{io}{{"artifacts":["./out/a.md","/",{{"size":3}},7]}}
3 ! answer `operation`: missing field `path`
3 ! answer `operation`: invalid type: integer `7`, expected an object"#
            ),
        ),
    ] {
        let drawn = output(result);
        assert_eq!(drawn.split(" at line").next(), Some(&*want), "{result}");
    }
}
