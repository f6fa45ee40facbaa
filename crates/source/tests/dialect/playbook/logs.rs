//! Log lines, from views and events, each once and in order.

use super::{START, Watch, brief, clock, event, run, step};
use model::Millis;
use serde_json::{Value, json};

/// What a watcher does, a word at a time: `view: a b c` (`view 9: h i` where there are 9 in all),
/// `late: a b` (asked for at the word `ask`), `say x` an event (`heard x` one of second 1), `open` a stream, `again` one that
/// says everything once more, `attempt` the next one.
fn check(story: &str, want: &str) {
    let mut watch = Watch::new();
    let mut asked = watch.known.ask();
    let mut attempt = 0;
    let mut lost = Vec::new();
    for (second, words) in (1..).zip(story.split("; ")) {
        let (word, rest) = words.split_once([' ', ':']).unwrap_or((words, ""));
        let batch = match word {
            "say" | "heard" => {
                let second = if word == "say" { second } else { 1 };
                let entry = json!({"logEntry": {"level": "info", "message": rest, "timestamp": clock(second)}});
                watch.frame(&event("step.log.appended", "a", second, entry), second)
            }
            "open" | "again" => {
                let resume = if word == "open" { "resumed" } else { "start" };
                let data = json!({"message": "", "resume": resume}).to_string();
                watch.known.frame("connected", &data, Millis(START))
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
