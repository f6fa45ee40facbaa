//! The stream of a real Studio: where it goes on from, what its frames mean, and that one which ends
//! at once is neither called live nor opened for ever.

use super::talk::{Talk, logs, logs_frame, status, terminal, trace};
use source::connection::{Action, Badge, Closed, Connection, Generation, Input, Policy, TimerId};
use source::conversation::Extent;
use std::collections::BTreeMap;

#[test]
fn it_goes_on_from_the_newest_of_each_channel() {
    let mut talk = Talk::opened();
    assert_eq!(talk.stream(), "/stream?terminalCursor=%7B%7D");
    talk.frame("trace", &trace(&["4 a STARTED 1", "5 a PROGRESS 2"]));
    talk.frame(
        "terminal",
        &terminal(r#"{"terminal:r:a:pty":"1-0"}"#, &["1 5 aGk="]),
    );
    talk.frame("logs", &logs_frame(&["5 a x"]));
    let want = "/stream?cursor=5&terminalCursor=%7B%22terminal%3Ar%3Aa%3Apty%22%3A%221-0%22%7D&logCursor=2026-01-01T00%3A00%3A00.005Z";
    assert_eq!(talk.stream(), want);
    // Frames without a position leave it.
    talk.frame("trace", r#"{"events":[]}"#);
    talk.frame("status", &status("RUNNING", 9, ""));
    assert_eq!(talk.stream(), want);
    // What was fetched meanwhile moves it on too.
    talk.says(
        "/trace",
        200,
        &trace(&["4 a STARTED 1", "5 a PROGRESS 2", "9 a COMPLETED 3"]),
    );
    talk.says(
        "/terminal",
        200,
        &terminal(r#"{"terminal:r:a:pty":"2-0"}"#, &[]),
    );
    talk.says("/logs", 200, &logs(&["5 a x", "8 a y"], ""));
    talk.fetch(Extent::Delta);
    assert_eq!(
        talk.stream(),
        "/stream?cursor=9&terminalCursor=%7B%22terminal%3Ar%3Aa%3Apty%22%3A%222-0%22%7D&logCursor=2026-01-01T00%3A00%3A00.008Z"
    );
}

#[test]
fn frames_as_they_really_are() {
    for (name, data, problems, last) in [
        ("ready", r#"{"mode":"realtime","runId":"r"}"#, 0, false),
        (
            "ready",
            r#"{"mode":"polling","runId":"r","interval":1000}"#,
            0,
            false,
        ),
        // Without runId.
        (
            "trace",
            r#"{"events":[{"id":"1","runId":"r","nodeId":"a","type":"STARTED","level":"info","timestamp":"2026-01-01T00:00:00.001Z"}],"cursor":"1"}"#,
            0,
            false,
        ),
        (
            "dataflow",
            r#"{"packets":[{"id":"r:3:b:0","runId":"r","sourceNode":"a","targetNode":"b","inputKey":"ok","payload":true,"timestamp":1767225600001,"visualTime":0,"size":4,"type":"json"}]}"#,
            0,
            false,
        ),
        (
            "error",
            r#"{"message":"trace_fetch_failed","detail":"Loki is not reachable"}"#,
            1,
            false,
        ),
        (
            "error",
            r#"{"message":"status_fetch_failed","detail":{"a":1}}"#,
            1,
            false,
        ),
        (
            "complete",
            r#"{"runId":"r","status":"TERMINATED"}"#,
            0,
            true,
        ),
        ("message", "{}", 1, false),
        ("trace", "{", 1, false),
    ] {
        let mut talk = Talk::opened();
        assert_eq!(talk.frame(name, data), last, "{name}");
        assert_eq!(
            talk.problems.len(),
            problems,
            "{name} {data}: {:?}",
            talk.problems
        );
        assert_eq!(talk.ended, last, "{name}");
    }
    // One a second is counted each time: it goes on.
    let mut talk = Talk::opened();
    for _ in 0..10 {
        talk.frame("error", r#"{"message":"trace_fetch_failed","detail":"x"}"#);
    }
    assert_eq!(talk.problems.len(), 10);
}

#[test]
fn a_worker_that_begins_to_count_anew_loses_nothing() {
    let all = [
        "1 a STARTED 1",
        "1 a COMPLETED 4",
        "2 a PROGRESS 2",
        "2 b STARTED 5",
    ];
    let at = |done: u32, history: u32| {
        let progress = format!(r#","progress":{{"completedActions":{done},"totalActions":2}}"#);
        let plain = status("RUNNING", 3, &progress);
        plain.replace(
            r#""historyLength":3"#,
            &format!(r#""historyLength":{history}"#),
        )
    };
    // The stream tells only what is numbered above its position; the list tells all.
    for (moved, event, asks) in [
        (at(1, 10), None, true),
        (at(0, 11), None, true),
        (status("AWAITING_INPUT", 6, ""), None, true),
        (at(0, 10), None, false),
        // Events that come with it, or a little after, explain it.
        (at(1, 11), Some("before"), false),
        (at(1, 11), Some("after"), false),
    ] {
        let mut talk = Talk::opened();
        talk.frame("trace", &trace(&["1 a STARTED 1", "2 a PROGRESS 2"]));
        talk.frame("status", &at(0, 10));
        talk.says("/trace", 200, &trace(&all));
        let frame = trace(&["3 a PROGRESS 3"]);
        if event == Some("before") {
            talk.frame("trace", &frame);
        }
        talk.frame("status", &moved);
        assert_eq!(talk.round(), [""; 0]);
        if event == Some("after") {
            talk.frame("trace", &frame);
        }
        let asked: Vec<_> = (0..4).flat_map(|_| talk.round()).collect();
        let want: &[&str] = match asks {
            true => &["/trace", "/dataflows /node-io /artifacts"],
            false => &[],
        };
        assert_eq!(asked, want, "{moved} {event:?}");
        let said = talk
            .problems
            .iter()
            .filter(|it| it.contains("went backwards"));
        assert_eq!(said.count(), usize::from(asks), "{moved} {event:?}");
        if asks {
            let events = "a Started, a Progress, a Completed, b Started";
            assert_eq!(talk.events(), events);
            // From then on no event of the stream explains that the rest is missing.
            talk.frame("trace", &trace(&["3 b COMPLETED 7"]));
            talk.frame("status", &at(2, 20));
            let asked: Vec<_> = (0..4).flat_map(|_| talk.round()).collect();
            assert!(asked.concat().contains("/trace"), "{asked:?}");
        }
    }
}

#[test]
fn nodes_that_the_graph_does_not_have_are_there_all_the_same() {
    let mut talk = Talk::opened();
    talk.frame(
        "trace",
        &trace(&["1 tool-call:abc STARTED 1", "2 tool-call:abc COMPLETED 2"]),
    );
    assert_eq!(
        talk.events(),
        "tool-call:abc Started, tool-call:abc Completed"
    );
    assert_eq!(talk.problems, [""; 0]);
}

/// Opens the stream for ten minutes; it ends at once, each time, after saying `words`.
fn ends_at_once(words: bool) -> (usize, usize, Badge) {
    let mut connection = Connection::new(Policy::default());
    let mut timers: BTreeMap<TimerId, (i64, Generation)> = BTreeMap::new();
    let (mut now, mut opened, mut live) = (0, 0, 0);
    let mut inputs = vec![Input::Open];
    while now < 600_000 {
        while let Some(input) = inputs.pop() {
            for action in connection.step(input, now) {
                match action {
                    Action::FetchFull { generation } | Action::FetchDelta { generation } => {
                        inputs.insert(0, Input::FetchDone { generation });
                    }
                    Action::OpenStream { generation } => {
                        opened += 1;
                        let closed = Input::StreamClosed {
                            generation,
                            reason: Closed::Eof,
                        };
                        inputs.insert(0, Input::StreamOpened { generation });
                        if words {
                            inputs.insert(0, Input::StreamItem { generation });
                        }
                        inputs.insert(0, closed);
                    }
                    Action::SetTimer {
                        timer,
                        generation,
                        at,
                    } => {
                        timers.insert(timer, (at, generation));
                    }
                    Action::ClearTimer { timer } => {
                        timers.remove(&timer);
                    }
                    Action::AbortFetch { .. } | Action::CloseStream { .. } => {}
                }
            }
            live += usize::from(connection.badge(now) == Badge::Live);
        }
        let Some((&timer, &(at, generation))) = timers.iter().min_by_key(|(_, due)| **due) else {
            break;
        };
        timers.remove(&timer);
        now = at.max(now);
        inputs.push(Input::TimerFired { timer, generation });
    }
    (opened, live, connection.badge(now))
}

#[test]
fn a_stream_that_the_access_check_ends_after_its_headers_becomes_polling() {
    let (opened, live, badge) = ends_at_once(false);
    assert_eq!(badge, Badge::Polling);
    assert_eq!(live, 0, "never live");
    assert!((6..25).contains(&opened), "{opened} streams in ten minutes");
    // With a first word before its end it is live for as long as that takes, no oftener.
    let (opened, live, badge) = ends_at_once(true);
    assert_eq!(badge, Badge::Polling);
    assert!((6..25).contains(&opened), "{opened} streams in ten minutes");
    assert!(live <= 3 * opened, "{live} times live in {opened} streams");
}
