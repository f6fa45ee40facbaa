//! The log, as polls alone show it.

use super::Came::{Answer, Ask, Late};
use super::{check_log, with_log};

/// A script of answers: second, last lines with blanks between, count.
fn check_polls(polls: &[(i64, &str, &str)], want: &str) {
    let bodies: Vec<_> = polls
        .iter()
        .map(|(second, lines, count)| {
            let lines: Vec<_> = lines.split_whitespace().collect();
            (*second, with_log(&lines, count, ""))
        })
        .collect();
    let script: Vec<_> = bodies
        .iter()
        .map(|(second, body)| (*second, Answer(body)))
        .collect();
    check_log(&script, want);
}

#[test]
fn a_line_is_its_number() {
    check_polls(
        &[
            (2, "", "0"),
            (3, "a b", "2"),
            (4, "a b", "2"),
            (5, "a b b", "3"),
            // The window has moved on.
            (6, "b c", "4"),
            (7, "d e", "6"),
        ],
        r#"3 log 03.000#1 1.1 info "a"
           3 log 03.000#2 1.2 info "b"
           5 log 05.000#1 1.3 info "b"
           6 log 06.000#1 1.4 info "c"
           7 log 07.000#1 1.5 info "d"
           7 log 07.000#2 1.6 info "e""#,
    );
}

#[test]
fn lines_that_nobody_saw_are_a_gap_of_their_number() {
    check_polls(
        &[(2, "c d", "4"), (3, "f", "6"), (4, "", "8"), (5, "i", "9")],
        r#"2 log 02.000#1 1.1-2 warn "2 lines were not sent"
           2 log 02.000#2 1.3 info "c"
           2 log 02.000#3 1.4 info "d"
           2 ! log: 2 lines were not sent: an answer shows the last 2 alone
           3 log 03.000#1 1.5-5 warn "1 line was not sent"
           3 log 03.000#2 1.6 info "f"
           3 ! log: 1 line was not sent: an answer shows the last 1 alone
           4 log 04.000#1 1.7-8 warn "2 lines were not sent"
           4 ! log: 2 lines were not sent: an answer shows the last 0 alone
           5 log 05.000#1 1.9 info "i""#,
    );
}

#[test]
fn a_log_that_begins_anew_is_noticed() {
    // By its count; then by its content, though it has as many lines again.
    check_polls(
        &[
            (2, "a b", "2"),
            (3, "x", "1"),
            (4, "p q r", "3"),
            (5, "q r s", "4"),
        ],
        r#"2 log 02.000#1 1.1 info "a"
           2 log 02.000#2 1.2 info "b"
           3 log 03.000#1 2.anew warn "the log begins anew: it had 2 lines and now has 1"
           3 log 03.000#2 2.1 info "x"
           3 ! the log begins anew: it had 2 lines and now has 1
           4 log 04.000#1 3.anew warn "the log begins anew: it is not the one that was known"
           4 log 04.000#2 3.1 info "p"
           4 log 04.000#3 3.2 info "q"
           4 log 04.000#4 3.3 info "r"
           4 ! the log begins anew: it is not the one that was known
           5 log 05.000#1 3.4 info "s""#,
    );
}

#[test]
fn an_answer_that_comes_late_is_none_of_a_new_log() {
    let (old, new) = (with_log(&["a"], "1", ""), with_log(&["a", "b"], "2", ""));
    check_log(
        &[
            (2, Answer(&old)),
            (3, Ask),
            (4, Answer(&new)),
            (5, Late(&old)),
            (6, Answer(&new)),
        ],
        r#"2 log 02.000#1 1.1 info "a"
           4 log 04.000#1 1.2 info "b""#,
    );
    // Asked before the log began anew, answered after it: of the log before.
    let other = with_log(&["x"], "1", "");
    check_log(
        &[
            (2, Answer(&new)),
            (3, Ask),
            (4, Answer(&other)),
            (5, Late(&new)),
            (6, Answer(&other)),
        ],
        r#"2 log 02.000#1 1.1 info "a"
           2 log 02.000#2 1.2 info "b"
           4 log 04.000#1 2.anew warn "the log begins anew: it had 2 lines and now has 1"
           4 log 04.000#2 2.1 info "x"
           4 ! the log begins anew: it had 2 lines and now has 1"#,
    );
}

#[test]
fn what_the_backend_leaves_out_is_told_once() {
    const MARKER: &str = "[... logs truncated at 10MB limit ...]";
    const CUT: &str = r#","truncated":true"#;
    let told = "the backend keeps a part of the log only: what came after its limit is missing";
    // The marker is a line, and shorter lines follow it.
    let [first, second] = [
        with_log(&["a", MARKER], "2", CUT),
        with_log(&["a", MARKER, "b"], "3", CUT),
    ];
    check_log(
        &[
            (2, Answer(&first)),
            (3, Answer(&first)),
            (4, Answer(&second)),
        ],
        &format!(
            r#"2 log 02.000#1 1.1 info "a"
               2 log 02.000#2 1.2 warn "{MARKER}"
               2 ! {told}
               4 log 04.000#1 1.3 info "b""#
        ),
    );
    // The marker left the window unseen.
    let late = with_log(&["x"], "9", CUT);
    check_log(
        &[(2, Answer(&late)), (3, Answer(&late))],
        &format!(
            r#"2 log 02.000#1 1.1-8 warn "8 lines were not sent"
               2 log 02.000#2 1.9 info "x"
               2 log 02.000#3 1.cut warn "{told}"
               2 ! log: 8 lines were not sent: an answer shows the last 1 alone
               2 ! {told}"#
        ),
    );
}

#[test]
fn counts_that_make_no_sense_are_not_followed() {
    let problem = |count: &str, lines: i64| {
        format!(
            "! `log_count` is {count}, with {lines} lines shown: lines cannot be told apart by it"
        )
    };
    for count in [
        "-1",
        "0",
        "1",
        "1e9",
        "1099511627777",
        "9223372036854775807",
        "{}",
        "true",
        "null",
    ] {
        // Without lines that are known they are the first; else the next answer may know better.
        let said = if count == "null" { "missing" } else { count };
        let [odd, even] = [
            with_log(&["a", "b"], count, ""),
            with_log(&["a", "b", "c"], "3", ""),
        ];
        check_log(
            &[(2, Answer(&odd)), (3, Answer(&odd)), (4, Answer(&even))],
            &format!(
                r#"2 log 02.000#1 1.1 info "a"
                   2 log 02.000#2 1.2 info "b"
                   2 {problem}
                   3 {problem}
                   4 log 04.000#1 1.3 info "c""#,
                problem = problem(said, 2)
            ),
        );
    }
}

#[test]
fn lines_that_are_no_text_are_shown_as_they_came() {
    let body = r#""status":"processing","started_at":"2026-01-01T00:00:01Z","result":{"logs":["a",null,{"b":1}],"log_count":"3"}"#;
    check_log(
        &[(2, Answer(body))],
        r#"2 log 02.000#1 1.1 info "a"
           2 log 02.000#2 1.2 info "null"
           2 log 02.000#3 1.3 info "{\"b\":1}"
           2 ! a line of the log is no text; shown as it came
           2 ! a line of the log is no text; shown as it came"#,
    );
    let body = body.replace(r#"["a",null,{"b":1}]"#, "7");
    check_log(
        &[(2, Answer(&body))],
        r#"2 log 02.000#1 1.1-3 warn "3 lines were not sent"
           2 ! `logs`: invalid type: integer `7`, expected a sequence at line 1 column 1
           2 ! log: 3 lines were not sent: an answer shows the last 0 alone"#,
    );
}

#[test]
fn lines_stay_in_order_when_the_clock_is_set_back() {
    check_polls(
        &[(5, "a", "1"), (3, "a b", "2"), (6, "b c", "3")],
        r#"5 log 05.000#1 1.1 info "a"
           3 log 05.000#2 1.2 info "b"
           6 log 06.000#1 1.3 info "c""#,
    );
}
