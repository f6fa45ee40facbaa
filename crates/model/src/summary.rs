//! What happened within a stretch of time: attempts, lines, bytes, steps, files, and who was busiest.
//!
//! ```text
//! a ────────────╳                      within ├──┤: began 1 (b), failed 1 (a), at most 2 at once,
//! b       ────────────────✓            busiest a
//!       ├─────────┤
//! ```

use crate::attempts::Attempt;
use crate::channel::log::Level;
use crate::graph::NodeIx;
use crate::journal::Journal;
use crate::marks::{MarkKind, Marks};
use crate::playhead::Stretch;
use crate::standing::Standing;
use crate::state::NodeState;
use crate::time::{Millis, Span};
use std::cmp::Reverse;

/// A stretch in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Events of any kind.
    pub events: usize,
    /// Attempts that began.
    pub began: usize,
    /// Attempts that ended, by how, in the order of [`NodeState::ALL`].
    pub ended: [usize; NodeState::ALL.len()],
    /// Log lines by level, in the order of [`Level::ALL`].
    pub lines: [usize; Level::ALL.len()],
    /// Bytes written to terminals.
    pub bytes: usize,
    /// Steps and tool calls of agents.
    pub agent_steps: usize,
    /// Files that appeared.
    pub artifacts: usize,
    /// The node that was active longest, and how long: its attempts added up.
    pub busiest: Option<(NodeIx, Span)>,
    /// How many attempts were active at once, at most; those that took no time are none.
    pub most_at_once: usize,
}

impl Summary {
    /// Of what lies at or after `stretch.from` and before `stretch.to`, as known in all; `marks`
    /// are those of the journal. It costs what lies within, and a look at each node.
    pub fn of(journal: &Journal, marks: &Marks, stretch: Stretch) -> Self {
        let mut summary = Self::default();
        if stretch.from >= stretch.to {
            return summary;
        }
        let last = stretch.to - Span(1);
        let events = journal.events_upto(last);
        let before = events.partition_point(|event| event.stamp.at < stretch.from);
        summary.events = events.len() - before;
        let attempts = attempts_within(journal, stretch);
        for (attempt, _) in &attempts {
            summary.began += usize::from(attempt.from >= stretch.from);
            if attempt.to.is_some_and(|to| stretch.contains(to)) {
                summary.ended[attempt.outcome as usize] += 1;
            }
        }
        (summary.busiest, summary.most_at_once) = activity(&attempts, stretch);
        let lines = journal.logs();
        for line in lines.lines(lines.upto(stretch.from - Span(1))..lines.upto(last)) {
            summary.lines[line.level as usize] += usize::from(line.at >= stretch.from);
        }
        let terminals = journal.terminals();
        for terminal in terminals.nodes().filter_map(|node| terminals.of(node)) {
            let chunks = terminal.upto(last);
            let from = chunks.partition_point(|chunk| chunk.stamp.at < stretch.from);
            let bytes = chunks[from..].iter().map(|chunk| chunk.bytes.len());
            summary.bytes += bytes.sum::<usize>();
        }
        summary.agent_steps = marks.within(MarkKind::AgentStep, stretch).len();
        summary.artifacts = marks.within(MarkKind::Artifact, stretch).len();
        summary
    }

    /// How many attempts ended so.
    pub fn ended_as(&self, state: NodeState) -> usize {
        self.ended[state as usize]
    }
}

/// The attempts that began within, and those that were going on at its beginning; each with its end.
fn attempts_within(journal: &Journal, stretch: Stretch) -> Vec<(Attempt, Millis)> {
    let index = journal.attempts();
    let all = index.as_slice();
    let first = all.partition_point(|attempt| attempt.from < stretch.from);
    let end = all.partition_point(|attempt| attempt.from < stretch.to);
    // What still goes on goes on to the end of the run, where that has ended.
    let standing = Standing::at(journal.statuses(), Millis::MAX);
    let open_end = standing.and_then(|it| it.ended).unwrap_or(Millis::MAX);
    let mut found: Vec<(Attempt, Millis)> = Vec::new();
    let mut place = vec![usize::MAX; index.nodes()];
    let earlier = latest_before(journal, first).into_iter();
    for attempt in earlier.chain(first..end).filter_map(|index| all.get(index)) {
        // What was never said to end ended when the next attempt began.
        let own = &mut place[attempt.node.index()];
        if let Some((superseded, end)) = found.get_mut(*own)
            && superseded.to.is_none()
        {
            *end = attempt.from.min(*end);
        }
        *own = found.len();
        found.push((*attempt, attempt.to.unwrap_or(open_end).max(attempt.from)));
    }
    found
}

/// Of each node its latest attempt numbered below `first`: by the shorter way.
fn latest_before(journal: &Journal, first: usize) -> Vec<usize> {
    let index = journal.attempts();
    let all = index.as_slice();
    if first < all.len() / 2 {
        let mut latest = vec![usize::MAX; index.nodes()];
        for (number, attempt) in all[..first].iter().enumerate() {
            latest[attempt.node.index()] = number;
        }
        latest.retain(|number| *number != usize::MAX);
        return latest;
    }
    let nodes = (0..index.nodes() as u32).map(NodeIx);
    let earlier = nodes.filter_map(|node| {
        let mut found = index.latest_of(node);
        while let Some(known) = found.filter(|known| *known as usize >= first) {
            found = index.before(known);
        }
        found.map(|found| found as usize)
    });
    earlier.collect()
}

fn activity(attempts: &[(Attempt, Millis)], stretch: Stretch) -> (Option<(NodeIx, Span)>, usize) {
    let mut turns = Vec::new();
    let mut busy: Vec<(NodeIx, Span)> = Vec::new();
    for (attempt, end) in attempts {
        let (from, to) = (attempt.from.max(stretch.from), (*end).min(stretch.to));
        if from < to {
            // At one instant what ends makes room for what begins.
            turns.push((from, 1));
            turns.push((to, -1));
            busy.push((attempt.node, to - from));
        }
    }
    turns.sort_unstable();
    let (mut now, mut most) = (0_isize, 0);
    for (_, turn) in turns {
        now += turn;
        most = most.max(now);
    }
    busy.sort_unstable_by_key(|(node, _)| *node);
    let per_node = busy.chunk_by(|one, other| one.0 == other.0);
    let per_node = per_node.map(|own| {
        let total = own
            .iter()
            .fold(0_i64, |sum, (_, span)| sum.saturating_add(span.0));
        (own[0].0, Span(total))
    });
    let busiest = per_node.max_by_key(|(node, span)| (*span, Reverse(*node)));
    (busiest, most.unsigned_abs())
}
