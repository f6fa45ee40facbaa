//! What is asked for after the whole run: little where nothing happened, and what events hint at.

use super::talk::{Talk, at, status, trace};
use source::conversation::Extent;

const QUIET: &str = "/status /trace /logs?limit=500 /terminal?cursor=%7B%7D";

fn agent(finished: bool) -> String {
    let more = match finished {
        true => {
            r#"{"sequence":2,"timestamp":"2026-01-01T00:00:07.000Z","chunk":{"type":"finish"}}"#
        }
        false => {
            r#"{"sequence":1,"timestamp":"2026-01-01T00:00:06.000Z","chunk":{"type":"text-delta","id":"t","delta":"hi"}}"#
        }
    };
    format!(
        r#"{{"agentRunId":"r:a:1","workflowRunId":"r","nodeRef":"a","cursor":{},"parts":[{more}]}}"#,
        1 + u8::from(finished)
    )
}

#[test]
fn a_delta_asks_for_what_the_events_hint_at() {
    for (event, want) in [
        ("2 a STARTED 6", vec![]),
        ("2 a HTTP_REQUEST_SENT 6", vec![]),
        ("2 a PROGRESS 6", vec![]),
        ("2 a COMPLETED 6", vec!["/dataflows /node-io /artifacts"]),
        ("2 a FAILED 6", vec!["/node-io /artifacts"]),
        ("2 a SKIPPED 6", vec!["/node-io"]),
        ("2 a AWAITING_INPUT 6", vec!["human-inputs?runId=r"]),
        (
            "2 tool-call:7 COMPLETED 6",
            vec!["/dataflows /node-io /artifacts"],
        ),
    ] {
        let mut talk = Talk::opened();
        assert_eq!(talk.fetch(Extent::Delta).waves, [QUIET], "{event}: before");
        talk.says("/trace", 200, &trace(&[event]));
        let waves = talk.fetch(Extent::Delta).waves;
        assert_eq!(waves[0], QUIET, "{event}");
        assert_eq!(waves[1..], want, "{event}");
        // The list tells it again; it is no news.
        assert_eq!(talk.fetch(Extent::Delta).waves, [QUIET], "{event}: after");
        assert_eq!(talk.journal.events().len(), 1);
        // Rows are written later than events: one more look, and no third.
        let later: Vec<_> = (0..60).flat_map(|_| talk.round()).collect();
        assert_eq!(later, want, "{event}: later");
    }
}

#[test]
fn frames_hint_and_asides_ask_each_subject_once_a_round() {
    let mut talk = Talk::opened();
    assert_eq!(talk.round(), [""; 0]);
    for id in 1..20 {
        talk.frame("trace", &trace(&[&format!("{id} n{id} COMPLETED {id}")]));
    }
    talk.frame("trace", &trace(&["20 a AWAITING_INPUT 6"]));
    // Packets come with the stream.
    assert_eq!(talk.round(), ["/node-io /artifacts human-inputs?runId=r"]);
    assert_eq!(talk.round(), [""; 0]);
    // The same frames after a reconnect hint at nothing new.
    talk.frame("trace", &trace(&["1 n1 COMPLETED 1"]));
    assert_eq!(talk.round(), [""; 0]);
}

#[test]
fn an_answer_that_does_not_come_holds_up_the_next_for_half_a_minute_only() {
    let mut talk = Talk::opened();
    talk.frame("trace", &trace(&["1 a SKIPPED 1"]));
    assert_eq!(
        talk.conversation.asides().len(),
        1,
        "asked, and never answered"
    );
    talk.frame("trace", &trace(&["2 b SKIPPED 2"]));
    let rounds = (1..100).find(|_| !talk.conversation.asides().is_empty());
    assert_eq!(rounds, Some(30));
}

#[test]
fn an_agent_is_followed_while_it_runs() {
    let begins = r#"1 a PROGRESS 5 {"agentRunId":"r:a:1","agentStatus":"started"}"#;
    let parts = "agents/r%3Aa%3A1/parts";
    let on = "agents/r%3Aa%3A1/parts?cursor=1";

    // By the stream, until it has finished.
    let mut talk = Talk::opened();
    talk.says(parts, 200, &agent(false));
    talk.frame("trace", &trace(&[begins]));
    assert_eq!(talk.round(), [parts]);
    assert_eq!(talk.round(), [on]);
    assert_eq!(talk.round(), [on]);
    talk.says(parts, 200, &agent(true));
    assert_eq!(talk.round(), [on]);
    let later: Vec<_> = (0..60).flat_map(|_| talk.round()).collect();
    assert_eq!(later, [""; 0]);
    let run = talk.journal.agents().runs().next().unwrap();
    assert_eq!(run.upto(model::Millis::MAX), 2);

    // It is announced before anything of it is stored.
    let mut talk = Talk::opened();
    talk.frame("trace", &trace(&[begins]));
    assert_eq!(talk.round(), [parts]);
    assert_eq!(talk.round(), [parts]);
    talk.says(parts, 200, &agent(true));
    assert_eq!(talk.round(), [parts]);
    assert_eq!(talk.problems, [""; 0]);
    assert_eq!(talk.journal.agents().runs().count(), 1);

    // By polling, together with the trace that named it.
    let mut talk = Talk::opened();
    talk.says(parts, 200, &agent(false));
    talk.says("/trace", 200, &trace(&[begins]));
    assert_eq!(talk.fetch(Extent::Delta).waves, [QUIET, parts]);
    talk.round();
    assert_eq!(talk.fetch(Extent::Delta).waves.len(), 1, "once a round");

    // One that throws never finishes: some looks after its node has.
    let mut talk = Talk::opened();
    talk.says(parts, 200, &agent(false));
    talk.frame("trace", &trace(&[begins]));
    talk.frame("trace", &trace(&["2 a FAILED 6"]));
    let looks = (0..60).flat_map(|_| talk.round());
    let looks: Vec<_> = looks.filter(|it| it.contains("agents/")).collect();
    assert_eq!(looks.len(), 11);

    // The end of the run ends that of its agents, after a look and a later one.
    let mut talk = Talk::opened();
    talk.says(parts, 200, &agent(false));
    talk.frame("trace", &trace(&[begins]));
    talk.round();
    talk.frame("complete", r#"{"runId":"r","status":"FAILED"}"#);
    let looks: Vec<_> = (0..60)
        .flat_map(|_| talk.round())
        .filter(|it| it.contains("agents/"))
        .collect();
    assert_eq!(looks.len(), 2, "{looks:?}");
}

#[test]
fn a_thousand_agents_are_not_a_thousand_requests_at_once() {
    let mut talk = Talk::opened();
    for id in 0..1_000 {
        let event = format!(r#"{id} a PROGRESS 5 {{"agentRunId":"r:a:{id}"}}"#);
        talk.frame("trace", &trace(&[&event]));
    }
    assert_eq!(talk.conversation.asides().len(), 12);
    assert_eq!(
        talk.problems,
        ["agents: more than 500 agents' runs; the others are not shown"; 500]
    );
    // All have their turn.
    let asked: std::collections::BTreeSet<_> = (0..60)
        .flat_map(|_| talk.conversation.asides())
        .map(|request| request.address)
        .collect();
    assert_eq!(asked.len(), 488);
}

#[test]
fn a_status_a_second_is_no_record_a_second() {
    let mut talk = Talk::opened();
    for second in 1..3_600 {
        talk.frame("status", &status("RUNNING", second * 1_000, ""));
        talk.says("/status", 200, &status("RUNNING", second * 1_000 + 500, ""));
        if second % 600 == 0 {
            talk.fetch(Extent::Delta);
        }
    }
    assert!(
        talk.journal.statuses().len() <= 2,
        "{:?}",
        talk.journal.statuses()
    );
    // What does change is kept, each at its instant.
    let progress = r#","progress":{"completedActions":1,"totalActions":2}"#;
    talk.frame("status", &status("RUNNING", 3_700_000, progress));
    talk.frame("status", &status("AWAITING_INPUT", 3_800_000, progress));
    talk.frame("status", &status("RUNNING", 3_900_000, progress));
    assert_eq!(talk.journal.statuses().len(), 4);
    // The end, its reason, and then the same end out of a cache that has lost the reason.
    let end = format!(r#","completedAt":"{}""#, at(4_000_000));
    talk.frame(
        "status",
        &status(
            "FAILED",
            4_000_001,
            &format!(r#"{end},"failure":{{"reason":"boom"}}"#),
        ),
    );
    talk.frame("status", &status("FAILED", 4_000_002, &end));
    let last = talk.journal.statuses().last().unwrap();
    assert_eq!(&*last.failure.as_ref().unwrap().reason, "boom");
    assert_eq!(talk.journal.statuses().len(), 5);
}

#[test]
fn the_end_is_a_reason_to_look_at_everything_once_more_and_again_a_little_later() {
    let mut talk = Talk::opened();
    talk.says("/status", 200, &status("TERMINATED", 9_000, ""));
    let all = "/dataflows /node-io /artifacts human-inputs?runId=r /terminal/archive";
    assert_eq!(talk.fetch(Extent::Delta).waves, [QUIET, all]);
    assert!(talk.ended);
    let rounds: Vec<_> = (0..60).flat_map(|_| talk.round()).collect();
    // The list of archived terminals is written late: looked for whenever nothing is live.
    let last = all.trim_end_matches(" /terminal/archive");
    assert_eq!(rounds, ["/terminal/archive", last, "/terminal/archive"]);

    let mut talk = Talk::opened();
    talk.says("/status", 200, &status("COMPLETED", 9_000, ""));
    assert_eq!(talk.fetch(Extent::Delta).waves[1], format!("{all} /result"));
}
