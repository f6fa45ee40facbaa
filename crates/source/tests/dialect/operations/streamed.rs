//! Frames, and how a stream's lines meet those of polls.

use super::Came::{Allow, Answer, Ask, Frame, Late, Open};
use super::{RUN, check, check_log, play, with_log};
use model::Millis;
use source::dialect::operations::Operation;

const STATUS: &str =
    r#"{"type":"status","status":"processing","started_at":"2026-01-01T00:00:01Z"}"#;

/// A line of our server's stream, written at a second.
fn line(number: u64, second: i64, node: &str) -> String {
    format!(
        r#"{{"type":"log","content":"l{number}","node":"{node}","timestamp":"2026-01-01T00:00:{second:02}Z","id":"r{number}"}}"#
    )
}

/// An answer of our server: lines `first..=last`, with its position.
fn ours(first: u64, last: u64, arrival: u64) -> String {
    let lines: Vec<_> = (first..=last).map(|number| format!("l{number}")).collect();
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    let body = with_log(&lines, &last.to_string(), "");
    format!(r#"{body},"cursor":"e-{arrival}""#)
}

#[test]
fn frames_say_what_they_are() {
    let started = r#"event 00:00:01.000#1 operation "prompt_gemini_agent" Started info"#;
    check(
        &[
            (2, Frame("", STATUS)),
            (3, Frame("", STATUS)),
            (4, Frame("", r#"{"type":"hb"}"#)),
            (5, Frame("", r#"{"type":"dream","content":"x"}"#)),
            (
                6,
                Frame("", r#"{"type":"error","message":"the store is away"}"#),
            ),
            (7, Frame("", "{")),
            (8, Frame("", r#"{"content":"x"}"#)),
            (9, Frame("", "null")),
            (10, Frame("", r#"{"type":"done","status":"succeeded"}"#)),
            (11, Frame("", r#"{"type":"complete"}"#)),
        ],
        &format!(
            r#"2 {started}
               2 status 00:00:01.000#2 RUNNING started 00:00:01.000
               5 ! frame `dream`: a frame of this type is not known here
               6 ! frame `error`: the server says: the store is away
               7 ! frame `message`: EOF while parsing an object at line 1 column 1
               8 ! frame `message`: missing field `type`
               9 ! frame `message`: invalid type: null, expected an object
               10 status 00:00:10.000#3 COMPLETED started 00:00:01.000
               10 event 00:00:10.000#2 operation "prompt_gemini_agent" Completed info
               10 ended
               11 ! frame `complete`: missing field `status`
               11 ended"#
        ),
    );
}

#[test]
fn the_last_word_is_the_frame_that_completes() {
    let mut operation = Operation::new(RUN);
    for (data, last) in [
        (STATUS, false),
        (r#"{"type":"error","message":"x"}"#, false),
        (r#"{"type":"status","status":"succeeded"}"#, false),
        (r#"{"type":"complete","status":"succeeded"}"#, true),
        (r#"{"type":"done"}"#, true),
    ] {
        let said = operation.frame("message", "", data, Millis(0));
        assert_eq!(said.last, last, "{data}");
    }
}

#[test]
fn lines_without_an_id_are_only_news() {
    let mut operation = Operation::new(RUN);
    assert!(!operation.wants_answer());
    let said = operation.frame("message", "", r#"{"type":"log","content":"a"}"#, Millis(0));
    assert!(said.batch.items.is_empty() && said.batch.problems.is_empty());
    assert!(operation.wants_answer());
    let asked = operation.asked();
    let body = format!(r#"{{"id":"{RUN}",{}}}"#, with_log(&["a"], "1", ""));
    operation.answer(asked, &body, Millis(1)).unwrap();
    assert!(
        !operation.wants_answer(),
        "what came is not asked for again"
    );
    // A backend that does not answer is not asked for ever.
    operation.frame("message", "", r#"{"type":"log"}"#, Millis(2));
    let asked = (0..100).filter(|_| operation.wants_answer()).count();
    assert!((1..10).contains(&asked));
}

#[test]
fn a_stream_of_ours_names_the_writers_of_lines() {
    let script = [
        (
            2,
            Answer(r#""status":"processing","started_at":"2026-01-01T00:00:01Z","cursor":"e-1""#),
        ),
        (3, Open),
        (3, Frame("e-0", STATUS)),
        (3, Frame("e-2", &line(1, 2, "scan"))),
        (4, Frame("e-3", &line(2, 3, "scan"))),
        (4, Frame("e-4", &line(3, 3, "report"))),
        (4, Frame("e-5", r#"{"type":"log","content":"own"}"#)),
        (
            9,
            Frame(
                "e-6",
                r#"{"type":"status","status":"succeeded","finished_at":"2026-01-01T00:00:08Z"}"#,
            ),
        ),
        (9, Frame("e-7", &line(4, 9, "late"))),
    ];
    let drawn = play(RUN, &script);
    let lines = drawn.lines().skip_while(|it| !it.contains(" log "));
    let want = r#"3 log 00:00:02.000#1 r1 "scan" info console "l1"
3 event 00:00:02.000#1 operation "scan" Started info
4 log 00:00:03.000#2 r2 "scan" info console "l2"
4 log 00:00:03.000#3 r3 "report" info console "l3"
4 event 00:00:03.000#1 operation "report" Started info
4 log 00:00:04.000#1 1.4 "prompt_gemini_agent" info console "own"
9 status 00:00:08.000#3 COMPLETED started 00:00:01.000
9 event 00:00:08.000#2 operation "prompt_gemini_agent" Completed info
9 event 00:00:08.000#2 operation "report" Completed info
9 event 00:00:08.000#2 operation "scan" Completed info
9 ended
9 log 00:00:09.000#4 r4 "late" info console "l4"
9 event 00:00:09.000#1 operation "late" Started info
9 event 00:00:09.000#2 operation "late" Completed info"#;
    assert_eq!(lines.collect::<Vec<_>>().join("\n"), want);
}

#[test]
fn lines_are_left_to_a_stream_that_may_bring_them_all() {
    let (poll, later) = (ours(3, 4, 9), ours(3, 5, 10));
    let [one, two, three, four, five] = [1, 2, 3, 4, 5].map(|number| line(number, 2, "scan"));
    check_log(
        &[
            (2, Answer(&poll)),
            (3, Open),
            (3, Frame("e-0", STATUS)),
            (3, Frame("e-1", &one)),
            (3, Frame("e-2", &two)),
            (3, Answer(&poll)),
            (3, Frame("e-3", &three)),
            (3, Frame("e-9", &four)),
            (4, Answer(&later)),
            (4, Frame("e-10", &five)),
        ],
        r#"3 log 02.000#1 r1 "scan" info "l1"
           3 log 02.000#2 r2 "scan" info "l2"
           3 log 02.000#3 r3 "scan" info "l3"
           3 log 02.000#4 r4 "scan" info "l4"
           4 log 02.000#5 r5 "scan" info "l5""#,
    );
    // It fell silent after the second line, came back, and was ahead then.
    check_log(
        &[
            (2, Answer(&poll)),
            (3, Open),
            (3, Frame("e-0", STATUS)),
            (3, Frame("e-1", &one)),
            (4, Answer(&poll)),
            (6, Answer(&poll)),
            (7, Open),
            (7, Frame("e-1", STATUS)),
            (7, Frame("e-2", &two)),
            (7, Frame("e-3", &three)),
            (7, Frame("e-9", &four)),
            (7, Frame("e-10", &five)),
        ],
        r#"3 log 02.000#1 r1 "scan" info "l1"
           6 log 06.000#1 1.2-2 warn "1 line was not sent"
           6 log 06.000#2 1.3 info "l3"
           6 log 06.000#3 1.4 info "l4"
           6 ! log: 1 line was not sent: an answer shows the last 2 alone
           7 log 06.000#4 r5 "scan" info "l5""#,
    );
    // No stream comes.
    check_log(
        &[(2, Answer(&poll)), (3, Answer(&poll)), (4, Answer(&later))],
        r#"4 log 04.000#1 1.1-2 warn "2 lines were not sent"
           4 log 04.000#2 1.3 info "l3"
           4 log 04.000#3 1.4 info "l4"
           4 log 04.000#4 1.5 info "l5"
           4 ! log: 2 lines were not sent: an answer shows the last 3 alone"#,
    );
    // There will be none: it was over before.
    let over = poll.replace(
        "\"status\":\"processing\",\"started_at\"",
        "\"status\":\"succeeded\",\"started_at\"",
    );
    check_log(
        &[(2, Answer(&over))],
        r#"2 log 02.000#1 1.1-2 warn "2 lines were not sent"
           2 log 02.000#2 1.3 info "l3"
           2 log 02.000#3 1.4 info "l4"
           2 ! log: 2 lines were not sent: an answer shows the last 2 alone"#,
    );
}

/// As long as a stream may yet bring lines they are not missing; those behind them are shown.
#[test]
fn a_hole_is_filled_by_the_stream_that_comes_back_and_said_where_none_does() {
    let (poll, later) = (ours(4, 5, 9), ours(6, 6, 12));
    let [one, two, three] = [1, 2, 3].map(|number| line(number, 2, "scan"));
    // Its clock is ahead: it stands where it belongs all the same.
    let four = line(4, 9, "scan");
    check_log(
        &[
            (2, Allow),
            (2, Open),
            (2, Frame("e-0", STATUS)),
            (2, Frame("e-1", &one)),
            (5, Answer(&poll)),
            (6, Answer(&ours(5, 6, 12))),
            (7, Open),
            (7, Frame("e-1", STATUS)),
            (7, Frame("e-2", &two)),
            (7, Frame("e-3", &three)),
            (7, Frame("e-9", &four)),
        ],
        r#"2 log 02.000#1 r1 "scan" info "l1"
           5 log 05.000#1 1.4 info "l4"
           5 log 05.000#2 1.5 info "l5"
           6 log 06.000#1 1.6 info "l6"
           7 log 02.000#2 r2 "scan" info "l2"
           7 log 02.000#3 r3 "scan" info "l3""#,
    );
    // It comes back for the first of them alone, and then no more.
    let late = ours(6, 6, 12);
    check_log(
        &[
            (2, Allow),
            (2, Open),
            (2, Frame("e-0", STATUS)),
            (2, Frame("e-1", &one)),
            (5, Answer(&later)),
            (6, Open),
            (6, Frame("e-1", STATUS)),
            (6, Frame("e-2", &line(2, 9, "scan"))),
            (124, Answer(&late)),
            (125, Answer(&late)),
            (126, Answer(&late)),
        ],
        r#"2 log 02.000#1 r1 "scan" info "l1"
           5 log 05.000#1 1.6 info "l6"
           6 log 02.000#2 r2 "scan" info "l2"
           125 log 02.000#3 1.3-5 warn "3 lines were not sent"
           125 ! log: 3 lines were not sent: an answer shows the last 1 alone"#,
    );
}

#[test]
fn a_stream_joined_midway_is_counted_from_an_answer_on() {
    let (first, second) = (ours(1, 2, 5), ours(1, 4, 9));
    let [four, five, six] = [4, 5, 6].map(|number| line(number, 3, "scan"));
    check_log(
        &[
            (2, Answer(&first)),
            (3, Open),
            // Another page has had it open for long.
            (5, Frame("e-9", &four)),
            (5, Frame("e-12", &five)),
            (5, Answer(&second)),
            (6, Frame("e-13", &six)),
            (9, Answer(&ours(1, 6, 13))),
        ],
        r#"5 log 05.000#1 1.1 info "l1"
           5 log 05.000#2 1.2 info "l2"
           5 log 05.000#3 1.3 info "l3"
           5 log 05.000#4 1.4 info "l4"
           5 log 05.000#5 r5 "scan" info "l5"
           6 log 05.000#6 r6 "scan" info "l6""#,
    );
}

#[test]
fn a_stream_that_tells_an_operation_after_its_end_is_counted_from_its_first_line() {
    let [one, two, three] = [1, 2, 3].map(|number| line(number, 2, "scan"));
    check_log(
        &[
            (2, Answer(&ours(3, 3, 9))),
            // It has ended meanwhile: no status comes first.
            (3, Open),
            (3, Frame("e-1", &one)),
            (3, Answer(&ours(3, 3, 9))),
            (3, Frame("e-2", &two)),
            (3, Frame("e-8", &three)),
            (
                4,
                Frame("e-9", r#"{"type":"complete","status":"succeeded"}"#),
            ),
        ],
        r#"3 log 02.000#1 r1 "scan" info "l1"
           3 log 02.000#2 r2 "scan" info "l2"
           3 log 02.000#3 r3 "scan" info "l3""#,
    );
}

#[test]
fn an_answer_from_before_the_end_does_not_undo_it() {
    let going = with_log(&[], "0", "");
    let ended = r#"3 event 00:00:01.000#1 operation "prompt_gemini_agent" Started info
        3 status 00:00:03.000#2 RUNNING started 00:00:01.000
        4 status 00:00:04.000#3 COMPLETED started 00:00:01.000
        4 event 00:00:04.000#2 operation "prompt_gemini_agent" Completed info
        4 ended"#
        .replace("00:00:03.000#2", "00:00:01.000#2");
    let complete = r#"{"type":"complete","status":"succeeded"}"#;
    check(
        &[
            (3, Frame("", STATUS)),
            (3, Ask),
            (4, Frame("", complete)),
            (5, Late(&going)),
        ],
        &ended,
    );
    let undone = "5 ! answer `operation`: it had ended as `succeeded` and is now `processing`";
    check(
        &[
            (3, Frame("", STATUS)),
            (4, Frame("", complete)),
            (4, Ask),
            (5, Late(&going)),
        ],
        &format!("{ended}\n5 status 00:00:04.000#3 RUNNING started 00:00:01.000\n{undone}"),
    );
}

#[test]
fn a_stream_tells_what_our_server_cuts_from_its_answers() {
    let cut = ours(1, 1, 9).replace(r#""log_count":1"#, r#""log_count":1,"truncated":true"#);
    let [one, two] = [1, 2].map(|number| line(number, 2, "scan"));
    check_log(
        &[
            (2, Open),
            (2, Frame("e-0", STATUS)),
            (2, Frame("e-1", &one)),
            (2, Frame("e-2", &two)),
            (9, Answer(&cut)),
            (10, Frame("e-3", &line(3, 10, "scan"))),
        ],
        r#"2 log 02.000#1 r1 "scan" info "l1"
           2 log 02.000#2 r2 "scan" info "l2"
           10 log 10.000#3 r3 "scan" info "l3""#,
    );
}

#[test]
fn a_stream_that_lost_its_history_tells_it_again() {
    let [one, two] = [1, 2].map(|number| line(number, 2, "scan"));
    let script = [
        (2, Open),
        (2, Frame("e-0", STATUS)),
        (2, Frame("e-1", &one)),
        (3, Open),
        (3, Frame("f-0", STATUS)),
        (
            3,
            Frame("f-0", r#"{"type":"gap","reason":"restarted","missed":3}"#),
        ),
        (3, Frame("f-1", &one)),
        (3, Frame("f-2", &two)),
    ];
    let drawn = play(RUN, &script);
    let said = "3 ! frame `gap`: the server has another history of the log than was known, and tells it again; 3 lines are lost";
    assert!(drawn.contains(said), "{drawn}");
    assert!(
        !drawn.contains("3 restarted"),
        "a full fetch brings nothing again"
    );
    let lines: Vec<_> = drawn
        .lines()
        .filter(|it| it[2..].starts_with("log "))
        .collect();
    // The first line is the same fact both times: the journal holds it once.
    assert_eq!(lines[0][1..], lines[1][1..]);
    assert_eq!(lines.len(), 3);
    // Some are left out.
    check_log(
        &[
            (2, Open),
            (2, Frame("e-0", STATUS)),
            (
                2,
                Frame("e-5", r#"{"type":"gap","reason":"expired","missed":4}"#),
            ),
            (2, Frame("e-6", &line(5, 3, "scan"))),
            (6, Answer(&ours(4, 6, 7))),
        ],
        r#"2 log 02.000#1 1.1-4 warn "4 lines were not sent"
           2 ! frame `gap`: log: 4 lines were not sent: the server left them out
           2 log 03.000#5 r5 "scan" info "l5"
           6 log 06.000#1 1.6 info "l6""#,
    );
}
