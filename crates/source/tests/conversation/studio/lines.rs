//! Log lines: each once, whichever way and however often it came, ties and late ones included.

use super::talk::{Talk, logs, logs_frame};
use model::Millis;
use source::conversation::Extent;

/// What came, and what is shown in the end.
fn check(came: &[Came<'_>], want: &str) {
    let mut talk = Talk::opened();
    for came in came {
        match came {
            Came::List(lines) => {
                talk.says("/logs", 200, &logs(lines, ""));
                talk.fetch(Extent::Delta);
            }
            Came::Whole(lines) => {
                talk.says("/logs", 200, &logs(lines, ""));
                talk.fetch(Extent::Full);
            }
            Came::Frame(lines) => {
                talk.frame("logs", &logs_frame(lines));
            }
        }
    }
    assert_eq!(talk.lines(), want);
    assert_eq!(talk.problems, [""; 0]);
}

enum Came<'a> {
    List(&'a [&'a str]),
    Whole(&'a [&'a str]),
    Frame(&'a [&'a str]),
}

#[test]
fn a_line_that_comes_twice_is_shown_once_and_two_of_the_same_are_two() {
    use Came::{Frame, List, Whole};
    let cases: &[(&[Came<'_>], &str)] = &[
        (&[List(&["1 a x"]), Frame(&["1 a x"])], "a x"),
        (
            &[Frame(&["1 a x"]), List(&["1 a x"]), Whole(&["1 a x"])],
            "a x",
        ),
        // Of one node, of two; at one instant, at two; of another text.
        (
            &[List(&["1 a x", "1 b x", "2 a x", "2 a y"])],
            "a x, b x, a x, a y",
        ),
        // Really said twice in a millisecond, and told again.
        (
            &[List(&["1 a x", "1 a x"]), Frame(&["1 a x", "1 a x"])],
            "a x, a x",
        ),
        // The stream lost the second; the list brings it.
        (&[Frame(&["1 a x"]), List(&["1 a x", "1 a x"])], "a x, a x"),
        // What shares the last millisecond of a frame is only in the list, between what is held.
        (
            &[
                Frame(&["1 a x", "2 a y"]),
                Frame(&["3 a z"]),
                List(&["1 a x", "2 a y", "2 b late", "3 a z"]),
            ],
            "a x, a y, b late, a z",
        ),
        // Those of one millisecond stay in the order in which they were written, not of their text.
        (
            &[
                List(&["1 a z", "1 a y", "1 a x"]),
                Frame(&["1 a z", "1 a y", "1 a x"]),
            ],
            "a z, a y, a x",
        ),
        // Loki's word for no node.
        (&[List(&["1 unknown x"]), Frame(&["1 unknown x"])], "- x"),
        // A stream that begins anew tells everything again.
        (
            &[
                Frame(&["1 a x", "2 a y"]),
                Frame(&["1 a x", "2 a y", "3 a z"]),
            ],
            "a x, a y, a z",
        ),
    ];
    for (came, want) in cases {
        check(came, want);
    }
}

#[test]
fn a_long_list_comes_in_pages_and_ties_on_their_edge_stay_two() {
    let mut talk = Talk::plain();
    talk.says(
        "/logs?limit=500",
        200,
        &logs(&["1 a x", "2 a y"], r#","hasMore":true,"nextCursor":"p2""#),
    );
    talk.says(
        "/logs?cursor=p2&limit=500",
        200,
        &logs(&["2 a y", "3 a z"], ""),
    );
    let fetched = talk.fetch(Extent::Full);
    assert_eq!(fetched.waves.last().unwrap(), "/logs?cursor=p2&limit=500");
    assert_eq!(talk.lines(), "a x, a y, a y, a z");
    // Told again they are the same.
    talk.fetch(Extent::Full);
    assert_eq!(talk.lines(), "a x, a y, a y, a z");
}

#[test]
fn a_list_that_is_cut_and_does_not_know_is_asked_on_from_its_newest_line() {
    let lines: Vec<_> = (0..500).map(|n| format!("{} a l{n}", n / 2)).collect();
    let page: Vec<_> = lines.iter().map(String::as_str).collect();
    let rest = logs(
        &["249 a l498", "249 a l499", "249 a tied", "250 a after"],
        "",
    );
    let start = "/logs?startTime=2026-01-01T00%3A00%3A00.249Z&limit=500";
    for (more, waves) in [
        // It says nothing of more.
        ("", vec![start]),
        // It says so, and then has nothing there.
        (
            r#","hasMore":true,"nextCursor":"500""#,
            vec!["/logs?cursor=500&limit=500", start],
        ),
        // It says so and gives the same again.
        (
            r#","hasMore":true,"nextCursor":"same""#,
            vec!["/logs?cursor=same&limit=500", start],
        ),
    ] {
        let mut talk = Talk::plain();
        talk.says("/logs?limit=500", 200, &logs(&page, more));
        talk.says("/logs?cursor=500&limit=500", 200, &logs(&[], ""));
        talk.says(
            "/logs?cursor=same&limit=500",
            200,
            &logs(&page, r#","hasMore":true,"nextCursor":"again""#),
        );
        talk.says(start, 200, &rest);
        let fetched = talk.fetch(Extent::Full);
        assert_eq!(fetched.waves[3..], waves, "{more}");
        let ends = "a tied, a after";
        assert!(talk.lines().ends_with(ends), "{}", talk.lines());
        assert_eq!(talk.journal.logs().len(), 502, "{more}");
    }
}

#[test]
fn a_millisecond_of_more_lines_than_a_page_is_said_and_passed() {
    let lines: Vec<_> = (0..500).map(|n| format!("7 a l{n}")).collect();
    let page: Vec<_> = lines.iter().map(String::as_str).collect();
    let mut talk = Talk::plain();
    talk.says("/logs?limit=500", 200, &logs(&page, ""));
    talk.says(
        "/logs?startTime=2026-01-01T00%3A00%3A00.007Z&limit=500",
        200,
        &logs(&page, ""),
    );
    talk.says(
        "/logs?startTime=2026-01-01T00%3A00%3A00.008Z&limit=500",
        200,
        &logs(&["8 a after"], ""),
    );
    talk.fetch(Extent::Full);
    assert_eq!(talk.journal.logs().len(), 501);
    assert_eq!(
        talk.problems,
        ["logs: more than 500 lines of one millisecond: the rest of it cannot be asked for"]
    );

    // A server that does not know `startTime` gives the same for ever: that ends too.
    let mut talk = Talk::plain();
    talk.says("/logs", 200, &logs(&page, ""));
    let fetched = talk.fetch(Extent::Full);
    assert!(fetched.waves.len() < 8, "{fetched:?}");
    assert_eq!(talk.journal.logs().len(), 500);
}

#[test]
fn each_look_begins_two_seconds_before_the_end_of_the_last() {
    let mut talk = Talk::opened();
    assert!(talk.fetch(Extent::Delta).waves[0].contains("/logs?limit=500 "));
    talk.says("/logs", 200, &logs(&["5000 a x"], ""));
    talk.fetch(Extent::Delta);
    let from = |talk: &mut Talk| {
        let waves = talk.fetch(Extent::Delta).waves;
        let logs = waves[0].split(' ').find(|it| it.starts_with("/logs"));
        logs.unwrap().to_owned()
    };
    let three = "/logs?startTime=2026-01-01T00%3A00%3A03.000Z&limit=500";
    assert_eq!(from(&mut talk), three);
    // Lines of the stream are not complete, so they move nothing.
    talk.says("/logs", 200, &logs(&[], ""));
    talk.frame("logs", &logs_frame(&["9000 a y"]));
    assert_eq!(from(&mut talk), three);
    // Once a minute they are looked up beside it, and only then.
    talk.frame("logs", &logs_frame(&["9500 a z"]));
    let asked: Vec<_> = (0..120).flat_map(|_| talk.round()).collect();
    assert_eq!(asked, [three]);
}

#[test]
fn a_line_from_the_future_does_not_hide_those_of_the_present() {
    let mut talk = Talk::opened();
    talk.now = Millis(1_767_225_600_000 + 10_000);
    talk.says("/logs", 200, &logs(&["1 a x", "9000000000 a future"], ""));
    talk.fetch(Extent::Delta);
    let waves = talk.fetch(Extent::Delta).waves;
    assert!(
        waves[0].contains("startTime=2026-01-01T00%3A00%3A08.000Z"),
        "{waves:?}"
    );
    assert!(!talk.stream().contains("logCursor"), "{}", talk.stream());
}
