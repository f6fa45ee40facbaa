//! One run followed through each dialect in each way ends in the same states and the same text, as
//! far as the dialect carries them: nothing is missing, nothing comes twice, and nothing puzzles.
//!
//! | | Studio | Playbook | Operations |
//! |---|---|---|---|
//! | end | every node's state | every node's state | one state, see `seen::in_operation` |
//! | on the way | every node's state | but for what nobody said, see `seen::in_playbook` | – |
//! | log | by node, in order | by node, in order | in order; who wrote a line, where the stream told it |
//! | terminals, agents | all | – | – |

use crate::chance::Chance;
use crate::common::TestServer;
use crate::follower::{Follower, Trouble};
use crate::script::{End, OPERATION, Piece, RUN, START, Script};
use crate::seen;
use model::{Journal, NodeState};
use source::connection::{Policy, State};
use source::dialect::Dialect;
use source::reel;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// Our own server's Studio.
    Records,
    /// A real Studio's endpoints.
    Plain,
    Playbook,
    Operations,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Streamed,
    Polled,
    /// Streams that are cut after a few bytes, and answers that come late.
    Cut(u64),
}

async fn follow(server: &TestServer, script: &Script, manner: Manner, way: Way) -> Follower {
    server.put(RUN, &script.header).await;
    let dialect = match manner {
        Manner::Records | Manner::Plain => Dialect::Studio,
        Manner::Playbook => Dialect::Playbook,
        Manner::Operations => Dialect::Operations,
    };
    let cut = matches!(way, Way::Cut(_));
    let seed = if let Way::Cut(seed) = way { seed } else { 0 };
    let policy = Policy {
        streaming: way != Way::Polled,
        delays_ms: if cut {
            vec![500, 1_000, 2_500]
        } else {
            Policy::default().delays_ms
        },
        settle_ms: if cut { 250 } else { 15_000 },
        seed,
        ..Policy::default()
    };
    let trouble = Trouble {
        cut: cut.then_some(6_000),
        late_answers: cut.then_some(2),
        without_records: manner == Manner::Plain,
    };
    let mut follower = Follower::open(&server.base, dialect, RUN, START, policy, trouble).await;
    let mut chance = Chance(seed);
    for piece in in_order_of_arrival(script, cut && manner == Manner::Records, &mut chance) {
        follower.pass(piece.at).await;
        server.put(RUN, &piece.records).await;
        // What nobody listens to piles up, of an operation more than an answer shows.
        if !cut || chance.below(4) > 0 {
            follower.hear(piece.mark.as_deref()).await;
        }
    }
    follower.hear_the_end().await;
    follower
}

/// Records of a reel stand by their instants, whenever they come.
fn in_order_of_arrival<'a>(script: &'a Script, mixed: bool, chance: &mut Chance) -> Vec<&'a Piece> {
    let mut pieces: Vec<&Piece> = script.pieces.iter().collect();
    for late in 1..pieces.len() - 1 {
        if mixed && chance.below(4) == 0 {
            pieces.swap(late - 1, late);
        }
    }
    pieces
}

async fn check(manner: Manner, way: Way, end: End) {
    let server = TestServer::start().await;
    let script = match way {
        Way::Streamed | Way::Polled => Script::drawn(11, end),
        Way::Cut(seed) => Script::drawn(seed, end),
    };
    let follower = follow(&server, &script, manner, way).await;
    let what = format!("{manner:?}, {way:?}, {end:?}, {:?}", follower.counts);
    let mut truth = Journal::default();
    truth.append(reel::decode(&server.reel(RUN).await).items);
    assert_eq!(truth.logs().len(), script.lines);

    assert_eq!(follower.problems, [""; 0], "{what}");
    assert_eq!(follower.state(), State::Ended, "{what}");
    assert_eq!(follower.journal.missing().total(), 0, "{what}");
    assert_eq!(follower.lost, 0, "{what}");
    match way {
        Way::Streamed => assert_eq!(
            (follower.counts.streams, follower.counts.cuts),
            (1, 0),
            "{what}"
        ),
        Way::Polled => assert_eq!(follower.counts.streams, 0, "{what}"),
        Way::Cut(_) => assert!(follower.counts.cuts > 5, "{what}"),
    }
    let journal = &follower.journal;
    assert_eq!(seen::status(journal), seen::status(&truth), "{what}");
    check_logs(journal, &truth, manner, way, &what);
    check_states(journal, &truth, manner, way, &script, &what);
    if matches!(manner, Manner::Records | Manner::Plain) {
        assert_eq!(seen::terminals(journal), seen::terminals(&truth), "{what}");
        assert_eq!(seen::agents(journal), seen::agents(&truth), "{what}");
    }
}

fn check_logs(journal: &Journal, truth: &Journal, manner: Manner, way: Way, what: &str) {
    if manner != Manner::Operations || way == Way::Streamed {
        let (seen, told) = (seen::logs(journal), seen::logs(truth));
        for (node, lines) in &told {
            assert_eq!(seen.get(node), Some(lines), "{what}: {node}");
        }
        assert_eq!(seen.len(), told.len(), "{what}");
        return;
    }
    let (lines, told) = (seen::lines(journal), seen::lines(truth));
    let texts = |lines: &[(String, String)]| {
        lines
            .iter()
            .map(|(_, text)| text.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(&lines), texts(&told), "{what}");
    for ((writer, text), (node, _)) in lines.iter().zip(&told) {
        assert!(
            writer == node || writer == OPERATION,
            "{what}: {writer} for {node}: {text}"
        );
    }
    if way == Way::Polled {
        assert!(
            lines.iter().all(|(writer, _)| writer == OPERATION),
            "{what}"
        );
    }
}

fn check_states(
    journal: &Journal,
    truth: &Journal,
    manner: Manner,
    way: Way,
    script: &Script,
    what: &str,
) {
    let end = i64::MAX;
    if manner == Manner::Operations {
        let writers = seen::logs(journal)
            .into_keys()
            .filter(|name| name != OPERATION);
        let want = seen::in_operation(&seen::status(truth), writers);
        assert_eq!(seen::states(journal, end), want, "{what}");
        return;
    }
    assert_eq!(
        seen::states(journal, end),
        seen::states(truth, end),
        "{what}"
    );
    // A view states when the latest attempt began and ended, and nothing of those before.
    let told = |node: &str| manner != Manner::Playbook || way == Way::Streamed || node != "scan-2";
    for second in 0..(script.end() - START) / 1_000 {
        let at = START + second * 1_000 + 1;
        let (mut seen, mut want) = (seen::states(journal, at), seen::states(truth, at));
        if manner == Manner::Playbook {
            (seen, want) = (seen::in_playbook(seen), seen::in_playbook(want));
        }
        seen.retain(|node, _| told(node));
        want.retain(|node, _| told(node));
        assert_eq!(seen, want, "{what}, at second {second}");
    }
    let running = seen::states(truth, START + 20_001);
    assert_eq!(
        running["scan-1"],
        NodeState::Running,
        "the instants are looked at at all"
    );
}

macro_rules! dialects {
    ($($name:ident: $manner:expr;)*) => { $(
        mod $name {
            use super::*;

            #[tokio::test]
            async fn by_stream() {
                check($manner, Way::Streamed, End::Completed).await;
                check($manner, Way::Streamed, End::Cancelled).await;
            }

            #[tokio::test]
            async fn by_polls_alone() {
                check($manner, Way::Polled, End::Completed).await;
                check($manner, Way::Polled, End::Failed).await;
            }

            #[tokio::test]
            async fn by_streams_that_are_cut_and_late_answers() {
                for seed in 1..=4 {
                    check($manner, Way::Cut(seed), End::Completed).await;
                }
                check($manner, Way::Cut(5), End::Failed).await;
            }
        }
    )* };
}

/// More lines than an answer shows come while there is no stream: the next one brings them.
#[tokio::test]
async fn what_a_stream_may_yet_bring_of_an_operation_is_no_gap() {
    for seed in [60, 61, 62] {
        check(Manner::Operations, Way::Cut(seed), End::Completed).await;
    }
}

dialects! {
    studio_by_records: Manner::Records;
    a_real_studio: Manner::Plain;
    playbook: Manner::Playbook;
    operations: Manner::Operations;
}
