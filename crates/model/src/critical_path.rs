//! What bounded the end: from the attempt that ended last back over what each had to wait for.
//!
//! ```text
//! a ═══╗                       ═ on the path   ─ not
//! b    ╚──┐
//! c    ╚══════×  ╔═══╗         c failed and was tried again
//! d              ┊   ╚═══╗
//!      a: took 3, c: took 6, c again: waited 3, took 4; d: took 4
//! ```

use crate::attempts::{Attempt, Attempts};
use crate::graph::{Join, NodeIx};
use crate::journal::Journal;
use crate::standing::Standing;
use crate::state::NodeState;
use crate::time::{Millis, Span};
use std::cmp::Reverse;

/// One attempt on the path, and the wait before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The attempt; its end is open where it goes on.
    pub attempt: Attempt,
    /// How long it took, so far.
    pub took: Span,
    /// How long nothing of the path went on before it; never negative.
    pub waited: Span,
    /// What it came after.
    pub after: After,
}

/// What an attempt came after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// The start of the run.
    Start,
    /// The end of a parent.
    Parent(NodeIx),
    /// The end of a parent that by its own clock lies so far behind the beginning of this.
    Overlapping(NodeIx, Span),
    /// The attempt of this number of the same node.
    Attempt(u32),
}

/// The path, earliest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CriticalPath {
    /// Its attempts.
    pub hops: Vec<Hop>,
    /// Whether it was longer than [`Self::MAX_HOPS`]; then its beginning is missing.
    pub cut: bool,
}

impl CriticalPath {
    /// More attempts on a path are not followed.
    pub const MAX_HOPS: usize = 20_000;

    /// As known at `at`, by the attempts known then (`journal.attempts()` at the end of the run,
    /// [`Attempts::go_to`] elsewhere). While the run goes on, by what has run longest.
    pub fn at(journal: &Journal, attempts: &Attempts, at: Millis) -> Self {
        let ended = Standing::at(journal.statuses(), at).and_then(|standing| standing.ended);
        let mut walk = Walk {
            journal,
            attempts,
            open_end: ended.unwrap_or(at),
            next: (0..attempts.nodes())
                .map(|node| attempts.latest_of(NodeIx(node as u32)))
                .collect(),
            seen: vec![0; journal.graph().nodes().len()],
            looks: 0,
        };
        let mut path = Self::default();
        let mut last = walk.last();
        while let Some(index) = last {
            if path.hops.len() == Self::MAX_HOPS {
                path.cut = true;
                break;
            }
            let (hop, before) = walk.hop(index);
            path.hops.push(hop);
            last = before;
        }
        path.hops.reverse();
        path
    }
}

/// Backwards through the attempts. Of each node it only goes back, so that it ends.
struct Walk<'a> {
    journal: &'a Journal,
    attempts: &'a Attempts,
    /// When what still goes on ends, as far as is known.
    open_end: Millis,
    /// Of each node the latest attempt that the path may still come to.
    next: Vec<Option<u32>>,
    /// The look in which a node was seen last.
    seen: Vec<u32>,
    looks: u32,
}

impl Walk<'_> {
    fn attempt(&self, index: u32) -> Option<&Attempt> {
        self.attempts.as_slice().get(index as usize)
    }

    fn end(&self, attempt: &Attempt) -> Millis {
        attempt.to.unwrap_or(self.open_end).max(attempt.from)
    }

    /// The attempt that ends last: of several what goes on longest, else what began last.
    fn last(&self) -> Option<u32> {
        let all = (0..).zip(self.attempts.as_slice());
        let place = |attempt: &Attempt| {
            let goes_on = attempt.to.is_none();
            let longest = goes_on.then_some(Reverse(attempt.from));
            (self.end(attempt), goes_on, longest, attempt.from)
        };
        all.max_by_key(|(index, attempt)| (place(attempt), *index))
            .map(|(index, _)| index)
    }

    /// A hop, and the attempt before it.
    fn hop(&mut self, index: u32) -> (Hop, Option<u32>) {
        let attempt = self.attempts.as_slice()[index as usize];
        let own = self.attempts.before(index);
        if let Some(next) = self.next.get_mut(attempt.node.index()) {
            *next = own;
        }
        let tried = own.and_then(|own| Some((own, *self.attempt(own)?)));
        let failed = tried.filter(|(_, it)| it.outcome != NodeState::Success);
        // What failed is tried again by itself; what had succeeded runs again when a parent did.
        let parent = match failed {
            Some(_) => None,
            None => self.parent(&attempt),
        };
        let retry = tried.filter(|(_, own)| {
            parent.is_none_or(|(_, end)| self.end(own) > end || end > attempt.from)
        });
        let (before, after, since) = match (retry, parent) {
            (Some((index, own)), _) => (
                Some(index),
                After::Attempt(own.number),
                Some(self.end(&own)),
            ),
            (None, Some((index, end))) => {
                let node = self.attempts.as_slice()[index as usize].node;
                let after = match end > attempt.from {
                    true => After::Overlapping(node, end - attempt.from),
                    false => After::Parent(node),
                };
                (Some(index), after, Some(end))
            }
            (None, None) => (None, After::Start, self.journal.start()),
        };
        let hop = Hop {
            attempt,
            took: self.end(&attempt) - attempt.from,
            waited: since.map_or(Span(0), |since| (attempt.from - since).max(Span(0))),
            after,
        };
        (hop, before)
    }

    /// The attempt of a parent that allowed `child` to begin, and its end: where all parents are
    /// needed the one that ended last, else the first that succeeded. One that by its clock ended
    /// after the child began only where there is no other.
    fn parent(&mut self, child: &Attempt) -> Option<(u32, Millis)> {
        let join = self.journal.graph().node(child.node)?.join;
        let mut before: Option<(u32, Millis)> = None;
        let mut overlapping: Option<(u32, Millis)> = None;
        for node in self.parents(child.node) {
            let Some((index, end)) = self.ended_by(node, child.from) else {
                continue;
            };
            let succeeded = self
                .attempt(index)
                .is_some_and(|it| it.outcome == NodeState::Success);
            let best = match end <= child.from {
                true => &mut before,
                false => &mut overlapping,
            };
            let better = match (best.as_ref(), join) {
                (None, _) => true,
                // At one instant by which began later, not by the numbers of nodes: those depend on
                // the order of delivery.
                (Some((other, known)), Join::All) => (end, index) > (*known, *other),
                (Some((other, known)), Join::Any) => succeeded && (end, index) < (*known, *other),
            };
            if better && (join == Join::All || succeeded) {
                *best = Some((index, end));
            }
        }
        before.or(overlapping)
    }

    /// The parents of a node that have attempts; in place of one that has none, its own.
    fn parents(&mut self, node: NodeIx) -> Vec<NodeIx> {
        let graph = self.journal.graph();
        self.looks += 1;
        let mut found = Vec::new();
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            for parent in graph.parents(node) {
                if std::mem::replace(&mut self.seen[parent.index()], self.looks) == self.looks {
                    continue;
                }
                match self.attempts.latest_of(*parent) {
                    Some(_) => found.push(*parent),
                    None => open.push(*parent),
                }
            }
        }
        found
    }

    /// The latest attempt of a node that had ended by `at`, else its earliest. Those behind it are
    /// not looked at again: the path goes back in time, but for clocks that disagree.
    fn ended_by(&mut self, node: NodeIx, at: Millis) -> Option<(u32, Millis)> {
        let mut index = (*self.next.get(node.index())?)?;
        loop {
            let end = self.end(self.attempt(index)?);
            match self.attempts.before(index) {
                Some(before) if end > at => index = before,
                _ => {
                    self.next[node.index()] = Some(index);
                    return Some((index, end));
                }
            }
        }
    }
}
