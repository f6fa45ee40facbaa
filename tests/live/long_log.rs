//! Three thousand lines within a second. Streams bring them all; an operation that is polled shows its
//! last hundred, and how many are gone is said exactly.

use crate::common::TestServer;
use crate::follower::{Follower, Trouble};
use crate::script::{RUN, START, Script};
use crate::seen;
use contract::operations::LOG_TAIL_LINES;
use source::connection::{Policy, State};
use source::dialect::Dialect;

const LINES: usize = 3_000;
/// Slow lines before them.
const BEFORE: usize = 10;

async fn follow(dialect: Dialect, streaming: bool, trouble: Trouble) -> (Follower, Vec<String>) {
    let script = Script::long(LINES);
    let server = TestServer::start().await;
    server.put(RUN, &script.header).await;
    let policy = Policy {
        streaming,
        seed: 9,
        ..Policy::default()
    };
    let mut follower = Follower::open(&server.base, dialect, RUN, START, policy, trouble).await;
    let quick = script
        .pieces
        .iter()
        .map(|it| it.records.matches("quick").count());
    assert_eq!(quick.max(), Some(LINES), "they are posted together");
    for piece in &script.pieces {
        follower.pass(piece.at).await;
        server.put(RUN, &piece.records).await;
        follower.hear(piece.mark.as_deref()).await;
    }
    follower.hear_the_end().await;
    assert_eq!(follower.state(), State::Ended);
    (follower, script.texts())
}

#[tokio::test]
async fn who_sees_all_of_it_has_all_of_it() {
    let cut = Trouble {
        cut: Some(90_000),
        late_answers: Some(2),
        ..Trouble::default()
    };
    let plain = Trouble {
        without_records: true,
        ..Trouble::default()
    };
    for (dialect, streaming, trouble) in [
        (Dialect::Studio, true, Trouble::default()),
        (Dialect::Studio, true, cut.clone()),
        (Dialect::Studio, false, Trouble::default()),
        (Dialect::Studio, true, plain.clone()),
        (Dialect::Studio, false, plain),
        (Dialect::Playbook, true, Trouble::default()),
        (Dialect::Playbook, true, cut.clone()),
        (Dialect::Playbook, false, Trouble::default()),
        (Dialect::Operations, true, Trouble::default()),
    ] {
        let what = format!("{dialect:?}, {streaming}, {trouble:?}");
        let (follower, texts) = follow(dialect, streaming, trouble).await;
        assert_eq!(follower.problems, [""; 0], "{what}");
        let lines = seen::lines(&follower.journal)
            .into_iter()
            .map(|(_, text)| text);
        assert!(lines.eq(texts), "{what}");
    }
}

#[tokio::test]
async fn what_a_poll_does_not_show_is_counted_where_it_is_missing() {
    let (follower, texts) = follow(Dialect::Operations, false, Trouble::default()).await;
    let missing = LINES - LOG_TAIL_LINES;
    let said = format!("{missing} lines were not sent");
    let problem =
        format!("answer `operation`: log: {said}: an answer shows the last {LOG_TAIL_LINES} alone");
    assert_eq!(follower.problems, [problem]);
    let lines: Vec<String> = seen::lines(&follower.journal)
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    assert_eq!(lines[..BEFORE], texts[..BEFORE]);
    assert_eq!(lines[BEFORE], said);
    assert_eq!(lines[BEFORE + 1..], texts[BEFORE + missing..]);
}

/// It has ended before anybody looked: answers show its last lines, and a stream, where one may be
/// asked for, brings the others.
#[tokio::test]
async fn an_ended_operation_opened_afresh_has_all_of_it_where_streams_are_allowed() {
    let script = Script::long(LINES);
    let server = TestServer::start().await;
    server.put(RUN, &script.header).await;
    for piece in &script.pieces {
        server.put(RUN, &piece.records).await;
    }
    let all = script.texts();
    let missing = all.len() - LOG_TAIL_LINES;
    for streaming in [true, false] {
        let policy = Policy {
            streaming,
            ..Policy::default()
        };
        let (dialect, trouble) = (Dialect::Operations, Trouble::default());
        let now = script.end() + 60_000;
        let mut follower = Follower::open(&server.base, dialect, RUN, now, policy, trouble).await;
        follower.hear_the_end().await;
        assert_eq!(follower.state(), State::Ended);
        assert_eq!(follower.counts.streams, 0, "none that goes on");
        let lines = seen::lines(&follower.journal);
        let texts = lines.iter().map(|(_, text)| text.as_str());
        if streaming {
            assert_eq!(follower.problems, [""; 0]);
            assert!(texts.eq(&all));
        } else {
            let said = format!("{missing} lines were not sent");
            assert_eq!(follower.problems.len(), 1);
            assert!(follower.problems[0].contains(&said));
            assert!(texts.skip(1).eq(&all[missing..]));
        }
    }
}
