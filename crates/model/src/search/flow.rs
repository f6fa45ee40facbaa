//! Text that comes in pieces, as it is searched: line by line, each as soon as it is whole.

use super::hits::{Hit, Hits};
use super::query::Matcher;
use crate::graph::NodeIx;
use crate::time::Millis;

/// The line that is being written.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    line: Vec<u8>,
    /// Where in the line each piece begins, and where it is from.
    pieces: Vec<(usize, Origin)>,
}

/// Where a piece of text is in its source, and when it came.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    pub place: u64,
    pub offset: usize,
    pub at: Millis,
}

impl Flow {
    /// A line longer than this is searched in parts.
    const LONGEST: usize = 1 << 18;

    /// More of the line.
    pub fn push(&mut self, bytes: &[u8], origin: Origin) {
        let follows = self.pieces.last().is_some_and(|(from, last)| {
            let next = last.offset + self.line.len() - from;
            (last.place, next) == (origin.place, origin.offset)
        });
        if !follows {
            self.pieces.push((self.line.len(), origin));
        }
        self.line.extend(bytes);
    }

    /// Takes the last character back.
    pub fn back(&mut self) {
        while self
            .line
            .pop()
            .is_some_and(|byte| (0x80..0xc0).contains(&byte))
        {}
        while self
            .pieces
            .last()
            .is_some_and(|(from, ..)| *from > self.line.len())
        {
            self.pieces.pop();
        }
    }

    pub fn is_full(&self) -> bool {
        self.line.len() >= Self::LONGEST
    }

    /// What is found in the line as far as it came.
    pub fn look(&self, matcher: &mut Matcher, node: Option<NodeIx>) -> Option<Hit> {
        if self.line.is_empty() {
            return None;
        }
        let count = matcher.count(&self.line);
        let end = matcher.first_end(&self.line).filter(|_| count > 0)?;
        let before = self.pieces.partition_point(|(from, ..)| *from < end.max(1));
        let (from, origin) = *self.pieces.get(before.checked_sub(1)?)?;
        let within = end.saturating_sub(1).saturating_sub(from);
        Some(Hit {
            at: origin.at,
            place: origin.place,
            offset: (origin.offset + within) as u32,
            node,
            count: count as u32,
        })
    }

    /// The line is whole; the next one begins.
    pub fn end(&mut self, matcher: &mut Matcher, node: Option<NodeIx>, hits: &mut Hits) {
        self.look(matcher, node)
            .into_iter()
            .for_each(|hit| hits.push(hit));
        self.line.clear();
        self.pieces.clear();
    }
}
