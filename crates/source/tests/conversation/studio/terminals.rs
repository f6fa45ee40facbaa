//! Terminals: live, archived, and the one after the other.

use super::talk::{Talk, status, terminal};
use source::conversation::Extent;

const KEY: &str = r#"{"terminal:r:a:pty":"1-0"}"#;

fn archive(chunks: u32) -> String {
    let one = |id: u32, count: u32| {
        format!(
            r#"{{"id":{id},"runId":"r","nodeRef":"a","stream":"pty","fileId":"f","chunkCount":{count},"durationMs":5,"createdAt":"2026-01-01T00:00:51.000Z"}}"#
        )
    };
    // Archived twice, by hand and by itself.
    format!(
        r#"{{"runId":"r","records":[{},{}]}}"#,
        one(1, chunks),
        one(2, 1)
    )
}

/// Live chunks, then the end, then the archive, whose instants begin at a whole second.
fn check(live: &[&str], archived: &[&str], asked: bool, want: &str, problems: usize) {
    let mut talk = Talk::opened();
    talk.frame("terminal", &terminal(KEY, live));
    talk.frame("terminal", &terminal(KEY, live));
    talk.says("/status", 200, &status("COMPLETED", 9_000, ""));
    talk.says("/terminal/archive", 200, &archive(archived.len() as u32));
    talk.says(
        "/terminal?nodeRef=a&stream=pty",
        200,
        &terminal(r#"{"archive":{"recordId":1,"offset":9}}"#, archived),
    );
    talk.says(
        "/terminal?nodeRef=a&stream=pty&cursor=%7B%22archive%22%3A%7B%22recordId%22%3A1%2C%22offset%22%3A9%7D%7D",
        200,
        &terminal(r#"{"archive":{"recordId":1,"offset":9}}"#, &[]),
    );
    let mut waves = talk.fetch(Extent::Delta).waves;
    for _ in 0..10 {
        waves.extend(talk.round());
    }
    // A refresh brings nothing twice.
    talk.fetch(Extent::Full);
    assert_eq!(talk.printed("a"), want);
    assert_eq!(
        waves.iter().any(|it| it.contains("nodeRef=a")),
        asked,
        "{waves:?}"
    );
    assert_eq!(talk.problems.len(), problems, "{:?}", talk.problems);
}

#[test]
fn what_was_not_heard_live_comes_from_the_archive_and_nothing_else() {
    let (a, b, c) = ("YQ==", "Yg==", "Yw==");
    let live = |chunks: &[&str]| -> Vec<String> {
        let numbered = chunks.iter().enumerate();
        numbered
            .map(|(n, it)| format!("{} {} {it}", n + 1, 700 + 10 * n))
            .collect()
    };
    let archived = |chunks: &[&str]| -> Vec<String> {
        let numbered = chunks.iter().enumerate();
        numbered
            .map(|(n, it)| format!("{} {} {it}", n + 1, 10 * n))
            .collect()
    };
    for (heard, stored, asked, want, problems) in [
        (vec![a, b, c], vec![a, b, c], false, "abc", 0),
        (vec![a, b], vec![a, b, c], true, "abc", 0),
        (vec![a], vec![a, b, c], true, "abc", 0),
        (vec![], vec![a, b, c], true, "abc", 0),
        // It does not go on from what was heard: not guessed at.
        (vec![a, c], vec![a, b, c], true, "ac", 1),
        (vec![a, b], vec![], false, "ab", 0),
    ] {
        let (heard, stored) = (live(&heard), archived(&stored));
        let strs = |all: &'_ [String]| all.iter().map(String::as_str).collect::<Vec<_>>().join("|");
        let (heard, stored) = (strs(&heard), strs(&stored));
        let split = |text: &'static str| {
            text.split('|')
                .filter(|it| !it.is_empty())
                .collect::<Vec<_>>()
        };
        let (heard, stored) = (split(heard.leak()), split(stored.leak()));
        check(&heard, &stored, asked, want, problems);
    }
}

#[test]
fn the_missing_end_stands_after_what_was_heard() {
    let mut talk = Talk::opened();
    talk.frame("terminal", &terminal(KEY, &["1 700 YQ==", "2 900 Yg=="]));
    talk.says("/terminal/archive", 200, &archive(3));
    talk.says(
        "/terminal?nodeRef=a&stream=pty",
        200,
        &terminal("", &["1 0 YQ==", "2 200 Yg==", "3 250 Yw=="]),
    );
    talk.frame("complete", r#"{"runId":"r","status":"COMPLETED"}"#);
    talk.round();
    let graph = talk.journal.graph();
    let terminal = talk
        .journal
        .terminals()
        .of(graph.find("a").unwrap())
        .unwrap();
    let start = talk.journal.start().unwrap();
    let at: Vec<_> = terminal
        .chunks()
        .iter()
        .map(|it| (it.stamp.at - start).0)
        .collect();
    assert_eq!(at, [700, 900, 950]);
}

#[test]
fn characters_that_the_archive_broke_are_recognised() {
    // "ü" in two chunks, each half of which became U+FFFD.
    let mut talk = Talk::opened();
    talk.frame("terminal", &terminal(KEY, &["1 700 ww==", "2 710 vA=="]));
    talk.says("/terminal/archive", 200, &archive(3));
    talk.says(
        "/terminal?nodeRef=a&stream=pty",
        200,
        &terminal("", &["1 0 77+9", "2 10 77+9", "3 20 IQ=="]),
    );
    talk.frame("complete", r#"{"runId":"r","status":"COMPLETED"}"#);
    talk.round();
    assert_eq!(talk.printed("a"), "ü!");
    assert_eq!(talk.problems, [""; 0]);
}

#[test]
fn a_list_of_archives_that_cannot_be_read_is_a_problem() {
    let mut talk = Talk::opened();
    talk.says("/terminal/archive", 200, r#"{"records":7}"#);
    talk.frame("complete", r#"{"runId":"r","status":"COMPLETED"}"#);
    (0..20).for_each(|_| drop(talk.round()));
    assert_eq!(talk.problems.len(), 1, "{:?}", talk.problems);
    assert!(talk.problems[0].starts_with("archived terminal: "));
}
