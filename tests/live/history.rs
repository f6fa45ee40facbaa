//! The server loses the run and gets it anew, less some of it, under a follower: that is noticed,
//! everything is taken again and stands once, and what is gone is counted where it can be.

use crate::common::TestServer;
use crate::follower::{Follower, Trouble};
use crate::script::{End, Piece, RUN, START, Script};
use crate::seen;
use contract::operations::LOG_TAIL_LINES;
use model::Journal;
use source::connection::{Policy, State};
use source::dialect::Dialect;
use source::reel;

/// Pieces that the second server never gets.
const LOST: std::ops::Range<usize> = 8..14;
/// Pieces after which the first server is gone.
const BEFORE: usize = 30;

/// How the follower comes to know.
#[derive(Clone, Copy, Debug)]
enum By {
    /// The stream is back before any poll is answered.
    Stream,
    /// Polls come before the stream.
    PollThenStream,
    Polls,
}

const WAYS: [By; 3] = [By::Stream, By::PollThenStream, By::Polls];

async fn follow(dialect: Dialect, by: By, seed: u64) -> (Follower, Journal, Script) {
    let script = Script::drawn(seed, End::Completed);
    let first = TestServer::start().await;
    first.put(RUN, &script.header).await;
    let mut policy = Policy {
        streaming: !matches!(by, By::Polls),
        ..Policy::default()
    };
    if matches!(by, By::Stream) {
        policy.delays_ms = vec![250];
    }
    let late_answers = matches!(by, By::Stream).then_some(1);
    let trouble = Trouble {
        late_answers,
        ..Trouble::default()
    };
    let mut follower = Follower::open(&first.base, dialect, RUN, START, policy, trouble).await;
    for piece in &script.pieces[..BEFORE] {
        follower.pass(piece.at).await;
        first.put(RUN, &piece.records).await;
        follower.hear(piece.mark.as_deref()).await;
    }
    follower.pass(script.pieces[BEFORE - 1].at + 10).await;

    let second = TestServer::start().await;
    second.put(RUN, &script.header).await;
    for (number, piece) in script.pieces[..BEFORE].iter().enumerate() {
        if !LOST.contains(&number) {
            second.put(RUN, &piece.records).await;
        }
    }
    follower.host.clone_from(&second.base);
    // A stopping server ends its streams.
    first.stop().await;
    follower.hear_out().await;
    for piece in &script.pieces[BEFORE..] {
        follower.pass(piece.at).await;
        second.put(RUN, &piece.records).await;
        follower.hear(piece.mark.as_deref()).await;
    }
    follower.hear_the_end().await;
    let mut whole = Journal::default();
    let records: String = script
        .pieces
        .iter()
        .map(|piece| piece.records.as_str())
        .collect();
    whole.append(reel::decode(&format!("{}\n{records}", script.header)).items);
    (follower, whole, script)
}

#[tokio::test]
async fn every_record_that_is_gone_is_counted() {
    for by in WAYS {
        let (follower, whole, script) = follow(Dialect::Studio, by, 3).await;
        let gone = script.pieces[LOST]
            .iter()
            .map(|it| it.records.lines().count());
        assert_eq!(follower.lost, gone.sum::<usize>() as u64, "{by:?}");
        assert_eq!(follower.problems, [""; 0], "{by:?}");
        assert_eq!(follower.state(), State::Ended);
        let journal = &follower.journal;
        assert_eq!(seen::logs(journal), seen::logs(&whole), "{by:?}");
        assert_eq!(
            seen::states(journal, i64::MAX),
            seen::states(&whole, i64::MAX)
        );
        assert_eq!(journal.records(), whole.records());
    }
}

/// Views say how steps stand, not what was said before: it is told that some may be gone, but not
/// how much. What was seen stays, and each log goes on from it, in order.
#[tokio::test]
async fn a_playbook_run_says_that_its_history_is_another() {
    let cases = WAYS.iter().flat_map(|by| [3, 5].map(|seed| (*by, seed)));
    for (by, seed) in cases {
        let (follower, whole, _) = follow(Dialect::Playbook, by, seed).await;
        let (journal, problems) = (&follower.journal, &follower.problems);
        assert!(
            problems[0].contains("another history of the run"),
            "{by:?}: {problems:?}"
        );
        assert_eq!(problems.len(), 1, "{by:?}: {problems:?}");
        assert_eq!(follower.lost, 0, "{by:?}");
        assert_eq!(
            seen::states(journal, i64::MAX),
            seen::states(&whole, i64::MAX),
            "{by:?}"
        );
        assert_eq!(seen::logs(journal), seen::logs(&whole), "{by:?}");
    }
}

/// An answer shows the last lines alone: the log is told anew from there, and what it no longer shows
/// is counted where no stream brings it.
#[tokio::test]
async fn an_operation_says_that_its_log_begins_anew() {
    for by in WAYS {
        let (follower, whole, script) = follow(Dialect::Operations, by, 3).await;
        let count = |pieces: &[Piece]| {
            pieces
                .iter()
                .map(|it| it.records.matches("\"kind\":\"log\"").count())
                .sum::<usize>()
        };
        let gone = count(&script.pieces[LOST]);
        let first = count(&script.pieces[..BEFORE]) - gone - LOG_TAIL_LINES;
        let said = &follower.problems;
        if matches!(by, By::Stream) {
            // Streamed lines have ids: they stand where they stood.
            assert!(
                said[0].contains("another history of the log"),
                "{by:?}: {said:?}"
            );
            assert_eq!(seen::logs(&follower.journal), seen::logs(&whole));
            continue;
        }
        assert!(
            said[0].contains("the log begins anew: it had "),
            "{by:?}: {said:?}"
        );
        let lines: Vec<String> = seen::lines(&follower.journal)
            .into_iter()
            .map(|(_, text)| text)
            .collect();
        let anew = lines.iter().position(|it| it.contains("begins anew"));
        let (before, told) = lines.split_at(anew.unwrap());
        let texts = script.texts();
        assert_eq!(
            before,
            &texts[..before.len()],
            "{by:?}: what was seen stays"
        );
        let kept = count(&script.pieces[..LOST.start]);
        let whole = [&texts[..kept], &texts[kept + gone..]].concat();
        assert_eq!(follower.lost, 0);
        if matches!(by, By::PollThenStream) {
            // The stream brought what the answer did not show.
            assert_eq!(said.len(), 1, "{said:?}");
            assert_eq!(told[1..], whole);
        } else {
            let missing = format!("{first} lines were not sent");
            assert!(said[1].contains(&missing), "{by:?}: {said:?}");
            assert_eq!(said.len(), 2, "{said:?}");
            assert_eq!(told[1], missing);
            assert_eq!(told[2..], whole[first..]);
        }
    }
}
