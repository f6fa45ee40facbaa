//! The marks of each node, indexed by time, and how a mark looks and is called.

use super::data::at;
use crate::dom::canvas::Context;
use layout::timeline::{Interval, Lane};
use model::marks::{Mark, MarkKind, Marks};
use model::{Journal, NodeIx, NodeState};

/// Kinds of marks, as many as there are.
const KINDS: usize = MarkKind::ALL.len();

/// Marks as lanes: an interval's rank tells the kind, its `id` the index among those of the kind.
#[derive(Default)]
pub struct MarkLanes {
    marks: Marks,
    lanes: Vec<Lane>,
    /// Those of the run as a whole.
    of_run: Lane,
    /// Of each kind how many were put into lanes, and the last of them.
    put: [(usize, Option<Mark>); KINDS],
    /// Changes whenever a lane does.
    pub version: u64,
}

impl MarkLanes {
    /// Reads what is new.
    pub fn update(&mut self, journal: &Journal) {
        self.marks.extend(journal);
        let lost = MarkKind::ALL.into_iter().any(|kind| {
            let (count, last) = self.put[kind as usize];
            let held = count
                .checked_sub(1)
                .and_then(|index| self.marks.of(kind).get(index));
            held.copied() != last
        });
        if lost {
            self.lanes.clear();
            self.of_run = Lane::EMPTY;
            self.put = Default::default();
            self.version += 1;
        }
        for kind in MarkKind::ALL {
            let all = self.marks.of(kind);
            let (count, _) = self.put[kind as usize];
            for (id, mark) in (0..).zip(all).skip(count) {
                let interval = Interval {
                    from: mark.at.0,
                    to: Some(mark.at.0),
                    rank: rank(kind),
                    id,
                };
                match mark.node {
                    Some(node) => at(&mut self.lanes, node).put(interval),
                    None => self.of_run.put(interval),
                }
                self.version += 1;
            }
            self.put[kind as usize] = (all.len(), all.last().copied());
        }
    }

    /// A node's marks.
    pub fn of(&self, node: NodeIx) -> &Lane {
        static NOTHING: Lane = Lane::EMPTY;
        self.lanes.get(node.index()).unwrap_or(&NOTHING)
    }

    /// All of them, by kind.
    pub fn all(&self) -> &Marks {
        &self.marks
    }

    /// Those of the run as a whole.
    pub fn of_run(&self) -> &Lane {
        &self.of_run
    }
}

/// How much a kind matters: the weightiest kind most.
fn rank(kind: MarkKind) -> u8 {
    (KINDS - kind as usize) as u8
}

/// The kind of a rank.
pub fn kind(rank: u8) -> MarkKind {
    let index = KINDS.saturating_sub(usize::from(rank)).min(KINDS - 1);
    MarkKind::ALL[index]
}

/// The state whose colour a kind has; none for the colour of the text.
pub fn colour(kind: MarkKind) -> Option<NodeState> {
    match kind {
        MarkKind::Failure | MarkKind::LogError => Some(NodeState::Failed),
        MarkKind::Retry => Some(NodeState::Waiting),
        MarkKind::HumanInput => Some(NodeState::AwaitingInput),
        MarkKind::Artifact => Some(NodeState::Success),
        MarkKind::AgentStep => Some(NodeState::Blocked),
        MarkKind::Note => None,
    }
}

/// What a kind is called, of one and of several.
pub fn words(kind: MarkKind) -> (&'static str, &'static str) {
    match kind {
        MarkKind::Failure => ("failure", "failures"),
        MarkKind::Retry => ("retry", "retries"),
        MarkKind::HumanInput => ("question", "questions"),
        MarkKind::LogError => ("log error", "log errors"),
        MarkKind::Artifact => ("artifact", "artifacts"),
        MarkKind::AgentStep => ("agent step", "agent steps"),
        MarkKind::Note => ("note", "notes"),
    }
}

/// Adds the kind's outline around a place to the path; returns whether it is to be stroked, not filled. No two kinds of
/// one colour have one shape.
pub fn outline(context: &Context, kind: MarkKind, x: f64, y: f64, r: f64) -> bool {
    let line = |points: &[(f64, f64)]| {
        for (n, (dx, dy)) in points.iter().enumerate() {
            let (x, y) = (x + dx * r, y + dy * r);
            if n == 0 {
                context.move_to(x, y);
            } else {
                context.line_to(x, y);
            }
        }
    };
    match kind {
        MarkKind::Failure => {
            line(&[(-0.8, -0.8), (0.8, 0.8)]);
            line(&[(0.8, -0.8), (-0.8, 0.8)]);
            return true;
        }
        // Three quarters of a circle, and a head at its end.
        MarkKind::Retry => {
            context.arc(x, y, r * 0.8, -0.6, 4.0).ok();
            line(&[(-0.1, -0.5), (0.75, -0.5), (0.75, -1.2)]);
            return true;
        }
        MarkKind::LogError => line(&[(0.0, -1.0), (1.0, 0.9), (-1.0, 0.9)]),
        MarkKind::Artifact => line(&[(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)]),
        MarkKind::AgentStep => line(&[(0.0, -1.1), (1.0, 0.0), (0.0, 1.1), (-1.0, 0.0)]),
        MarkKind::Note => line(&[
            (-0.6, -1.1),
            (0.9, -0.5),
            (-0.6, 0.1),
            (-0.6, 1.1),
            (-0.9, 1.1),
            (-0.9, -1.1),
        ]),
        MarkKind::HumanInput => {
            context.arc(x, y, r * 0.9, 0.0, std::f64::consts::TAU).ok();
        }
    }
    context.close_path();
    false
}
