//! Log lines, from views and events, each once and in order.

use super::{START, Watch, brief, clock, event, run, second, step};
use model::Millis;
use serde_json::{Value, json};

/// What a watcher does, a word at a time: `view: a b c` (`view 9: h i` where there are 9 in all),
/// `late: a b` (asked for at the word `ask`), `say x` an event (`heard x` one of second 1, `ahead x` one of the next hour), `open` a stream, `again` one that
/// says everything once more, `attempt` the next one.
fn check(story: &str, want: &str) {
    let mut watch = Watch::new();
    let mut asked = watch.known.ask();
    let mut attempt = 0;
    let mut lost = Vec::new();
    for (second, words) in (1..).zip(story.split("; ")) {
        let (word, rest) = words.split_once([' ', ':']).unwrap_or((words, ""));
        let batch = match word {
            "say" | "heard" | "ahead" => {
                let stamped = match word {
                    "say" => second,
                    "heard" => 1,
                    _ => second + 3_600,
                };
                let entry = json!({"logEntry": {"level": "info", "message": rest, "timestamp": clock(stamped)}});
                watch.frame(&event("step.log.appended", "a", second, entry), second)
            }
            "open" | "again" => {
                let resume = if word == "open" { "resumed" } else { "start" };
                let data = json!({"message": "", "resume": resume}).to_string();
                watch.known.frame("connected", "", &data, Millis(START))
            }
            "ask" => {
                asked = watch.known.ask();
                continue;
            }
            "attempt" => {
                attempt += 1;
                continue;
            }
            _ => {
                let (count, lines) = rest.split_once(": ").unwrap_or(("", rest.trim()));
                let lines: Vec<_> = lines.split_whitespace().collect();
                let more = json!({
                    "startedAt": clock(attempt), "attempt": attempt, "logs": lines,
                    "logCount": count.trim().parse::<i64>().ok(),
                });
                let view = run("running", json!({}), vec![step("a", "running", more)]);
                match word {
                    "late" => watch.late_view(&view, asked, second),
                    _ => watch.view(&view, second),
                }
            }
        };
        lost.extend(
            batch
                .problems
                .iter()
                .map(|problem| problem.what.to_string()),
        );
    }
    let mut drawn = watch.log("a").join(" ");
    for what in lost {
        drawn.push_str(" ! ");
        drawn.push_str(what.split(" of the step").next().unwrap());
    }
    assert_eq!(drawn, want, "{story}");
}

#[test]
fn views_alone() {
    for (story, want) in [
        ("view: a; view: a b c; view: a b c d", "a b c d"),
        ("view: a a a; view: a a a a", "a a a a"),
        ("view: ; view: a; view: ", "a"),
        // Cut, or older.
        ("view: a b c; view: a b; view: a b c d", "a b c d"),
        // Only the last ones.
        ("view: a b c; view: b c d; view: c d e", "a b c d e"),
        ("view: a b c d; view: d e f g", "a b c d e f g"),
        (
            "view 9: h i; view 10: i j; view 11: i j k",
            "h i j k ! 7 log lines",
        ),
        ("view: a b; view 4: c d; view 5: d e", "a b c d e"),
        ("view: a b; view 6: e f", "a b e f ! 2 log lines"),
        // A late line where its time says it belongs.
        ("view: a b c; view: a x b c d", "a b c x d"),
        ("view: a b c; view 5: x b c d", "a b c x d"),
        // Each attempt with a log of its own, or all in one.
        ("view: a b c; attempt; view: x; view: x y", "a b c x y"),
        ("view: a b; attempt; view: a; view: a b c", "a b a b c"),
        ("view: a b; attempt; view: a b c", "a b c"),
        ("view: a b c; view: x y", "a b c x y ! the log"),
    ] {
        check(story, want);
    }
}

#[test]
fn views_and_events() {
    for (story, want) in [
        ("view: a; open; say b; say c; view: a b c; say d", "a b c d"),
        ("open; say a; say a; view: a a; view: a a a", "a a a"),
        // The stream missed lines; the view puts them where they were.
        (
            "view: a; open; say d; view: a b c d e; say f; view: a b c d e f",
            "a b c d e f",
        ),
        ("open; say c; view: a b c", "a b c"),
        // A view that is older than what was heard.
        (
            "view: a; open; ask; say b; say c; late: a b; view: a b c d",
            "a b c d",
        ),
        // An older one that leaves it open which line is which: the next one decides.
        ("open; ask; say y; say x; late: x y; view: x y x", "x y x"),
        // A view that was quicker than the stream.
        (
            "view: a; open; view: a b c; heard b; heard c; say d",
            "a b c d",
        ),
        (
            "view: a; open; view: a b; heard b; heard b; view: a b b",
            "a b b",
        ),
        (
            "open; say a; say b; view: a b c; say c; say d; view: a b c d",
            "a b c d",
        ),
        // The same, whatever clock stamps lines.
        (
            "view: a; open; view: a b c; ahead b; ahead c; ahead d; view: a b c d",
            "a b c d",
        ),
        (
            "view: a a; open; view: a a a; ahead a; ahead b; ahead a; view: a a a b a",
            "a a a b a",
        ),
        // A line alike that came after all that a view showed: the next view shows one more.
        ("view: a; open; heard a; view: a a; heard b", "a a b"),
        ("view: a; open; ahead a; view: a a; ahead b", "a a b"),
        ("view: a; open; say b; ahead a; view: a b a", "a b a"),
        // Another order by time than by arrival.
        ("open; say b; say a; view: a b c", "b a c"),
        // A stream that says everything again.
        ("view: a b; again; say a; say b; say c", "a b c"),
        ("open; say a; say b; again; say a; say b; say c", "a b c"),
        (
            "view 3: b c; again; say a; say b; say c; say d",
            "b c a d ! 1 log lines",
        ),
        // One that goes on.
        ("open; say a; open; say a; view: a a", "a a"),
    ] {
        check(story, want);
    }
}

/// Each view and frame stands somewhere in the run's records: which line a frame says is sure at once,
/// and no look is needed. `N: a b` a view that stands at N, `N a` a frame.
#[test]
fn positions_tell_which_of_lines_alike_it_is() {
    for (story, want) in [
        // A frame is after the view, whatever its clock says.
        ("2: a; 3 a", "a a"),
        ("2: a; 3 a; 4 a; 4: a a a; 5 a", "a a a a"),
        // A view that was quicker than the stream.
        ("2: a; 5: a a b; 3 a; 5 b; 6 b; 7 a", "a a b b a"),
        ("2: a; 5: a a a; 5 a; 6 a", "a a a a"),
        // More of them than anybody looks through.
        ("2: a; 9: a x x x y; 8 x; 9 y; 10 x", "a x x x y x"),
    ] {
        for ahead in [-3_600, 0, 3_600] {
            let mut watch = Watch::new();
            let resumed = r#"{"message":"","resume":"resumed"}"#;
            for words in story.split("; ") {
                match words.split_once(": ") {
                    Some((at, lines)) => {
                        let lines: Vec<_> = lines.split(' ').collect();
                        let more = json!({"startedAt": clock(0), "logs": lines});
                        let cursor = json!({"cursor": format!("e-{at}")});
                        watch.view(&run("running", cursor, vec![step("a", "running", more)]), 9);
                        watch.known.frame("connected", "e-2", resumed, second(9));
                    }
                    None => {
                        let (at, line) = words.split_once(' ').unwrap();
                        let entry =
                            json!({"logEntry": {"message": line, "timestamp": clock(9 + ahead)}});
                        let data = event("step.log.appended", "a", 9, entry).to_string();
                        let id = format!("e-{at}");
                        let batch = watch
                            .known
                            .frame("step.log.appended", &id, &data, second(9));
                        watch.take(batch);
                    }
                }
            }
            assert_eq!(watch.log("a").join(" "), want, "{story}");
            assert_eq!(watch.known.wants().steps, [""; 0], "{story}");
        }
    }
}

#[test]
fn a_step_is_looked_at_where_only_a_view_can_tell() {
    let mut watch = Watch::new();
    let view = |lines: &[&str]| {
        let more = json!({"startedAt": clock(0), "logs": lines});
        run("running", json!({}), vec![step("a", "running", more)])
    };
    let say = |watch: &mut Watch, line| {
        let entry = json!({"logEntry": {"message": line, "timestamp": clock(5)}});
        watch.frame(&event("step.log.appended", "a", 5, entry), 5);
        watch.known.wants().steps.len()
    };
    watch.view(&view(&["tick"]), 1);
    assert_eq!(say(&mut watch, "tick"), 1);
    watch.view(&view(&["tick", "tick"]), 6);
    // After a line that no view has shown the stream is ahead of them all.
    assert_eq!(say(&mut watch, "done"), 0);
    assert_eq!(say(&mut watch, "tick"), 0);
    watch.view(&view(&["tick", "tick", "done", "tick"]), 9);
    assert_eq!(watch.log("a"), ["tick", "tick", "done", "tick"]);
}

/// A server that lost the run and got it anew, in part. `N: a b` a view of the first, `N! a b` one of
/// the second; `N a` a frame of the first.
#[test]
fn what_another_history_lost_moves_nothing() {
    for (story, want) in [
        // Lines `x` have their like.
        ("4: a x b x; 6! a x c x", "a x b x c x"),
        ("4: a x b c; 6! a c x x", "a x b c x x"),
        ("2: a x; 3 b; 4 x; 5 c; 6! a x c x d", "a x b x c x d"),
        ("2: a x; 3 x; 4 x; 5 c; 6! a x c x", "a x x x c x"),
        // From the beginning, or the end.
        ("5: a b x c x; 4! x c x d x", "a b x c x d x"),
        (
            "5: a b x c x; 2! a b; 3! a b x; 4! a b x d",
            "a b x c x x d",
        ),
        // In several places.
        ("7: a x b x c x d; 6! a b d x e", "a x b x c x d x e"),
        ("5: a b; 2! a b; 3! a b c", "a b c"),
        ("5: a b; 2! c d", "a b c d ! the log"),
    ] {
        let mut watch = Watch::new();
        let mut said = Vec::new();
        for words in story.split("; ") {
            let (at, lines) = words.split_once(' ').unwrap();
            let other = at.ends_with('!');
            let number = at.trim_end_matches([':', '!']);
            if number == at {
                let entry = json!({"logEntry": {"message": lines, "timestamp": clock(5)}});
                let data = event("step.log.appended", "a", 5, entry).to_string();
                let id = format!("one-{at}");
                let batch = watch
                    .known
                    .frame("step.log.appended", &id, &data, second(9));
                watch.take(batch);
                continue;
            }
            let cursor = format!("{}-{number}", if other { "two" } else { "one" });
            let lines: Vec<_> = lines.split(' ').collect();
            let more = json!({"startedAt": clock(0), "logs": lines});
            // What came last is lost: it was changed before the first was.
            let updated = clock(number.parse::<i64>().unwrap());
            let about = json!({"cursor": cursor, "updatedAt": updated});
            let view = run("running", about, vec![step("a", "running", more)]);
            let problems = watch.view(&view, 9).problems;
            said.extend(problems.into_iter().map(|it| it.what.to_string()));
        }
        let mut drawn = watch.log("a").join(" ");
        for what in said {
            drawn.push_str(" ! ");
            drawn.push_str(what.split(" of the step").next().unwrap());
        }
        assert_eq!(drawn, want, "{story}");
    }
}

#[test]
fn lines_stand_within_their_attempt() {
    let mut watch = Watch::new();
    let more = json!({"startedAt": clock(10), "completedAt": clock(20), "logs": ["x", "y"]});
    let batch = watch.view(
        &run("running", json!({}), vec![step("a", "success", more)]),
        5_000,
    );
    assert!(brief(&batch).contains(
        "log 00:00:20.000#1048576 a#0 \"a\" info console \"x\"\nlog 00:00:20.000#2097152 a#1"
    ));
}

#[test]
fn lines_of_no_step_are_the_runs() {
    let mut watch = Watch::new();
    let mut line = event(
        "step.log.appended",
        "",
        3,
        json!({"logEntry": {"message": "m", "metadata": {"id": "l"}}}),
    );
    line["stepKey"] = Value::Null;
    let batch = watch.frame(&line, 3);
    super::check(
        &brief(&batch),
        "log 00:00:03.000#1048576 #0 \"\" info console \"m\"",
    );
    assert_eq!(brief(&watch.frame(&line, 3)), "");
}
