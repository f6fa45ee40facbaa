//! Lines that left an answer's window before anybody saw them, and that a stream of ours may yet bring:
//! they are no gap until nobody will.

use crate::dialect::ResumeToken;
use model::{Millis, Span, Stamp};

/// How long a stream is hoped for. Five attempts to open one take a minute and a half.
const PATIENCE: Span = Span(120_000);
/// Holes at once; of more, the oldest are gaps.
const MOST: usize = 16;
/// Lines that are asked of a stream after the end at most: it is read in one piece.
const MOST_LINES: u64 = 100_000;

/// All holes of a log, in its order.
#[derive(Debug, Default)]
pub(super) struct Holes(Vec<Hole>);

/// The lines `next` to `last`.
#[derive(Debug)]
pub(super) struct Hole {
    pub(super) next: u64,
    pub(super) last: u64,
    /// What brought it about.
    pub(super) why: String,
    /// Where a stream has to begin to bring them, and how many lines stand before that.
    pub(super) from: Option<(u64, ResumeToken)>,
    /// The next of them stands behind this.
    place: Stamp,
    /// A line whose own instant is not behind this has none that can be used.
    floor: Stamp,
    /// They stand before it.
    end: Millis,
    since: Millis,
}

impl Hole {
    /// The lines `next` to `last`, which stand behind `floor` and earlier than `end`; behind `before`
    /// where they have no instants of their own. It was found at `since`.
    pub(super) fn new(
        (next, last): (u64, u64),
        (floor, before): (Stamp, Stamp),
        end: Millis,
        since: Millis,
    ) -> Self {
        let known = before.at > Millis::MIN;
        Self {
            next,
            last,
            why: String::new(),
            from: None,
            place: if known {
                before
            } else {
                Stamp::at(Millis(end.0.saturating_sub(1)))
            },
            floor,
            end,
            since,
        }
    }

    /// How many lines are missing.
    pub(super) fn lines(&self) -> u64 {
        self.last + 1 - self.next
    }

    /// Whether what brings a stream to its end would be too much.
    pub(super) fn is_too_long(&self) -> bool {
        self.last
            .saturating_sub(self.from.as_ref().map_or(0, |(lines, _)| *lines))
            > MOST_LINES
    }

    /// The place of the next line, which states when it was written.
    pub(super) fn take_place(&mut self, stated: Option<Stamp>) -> Stamp {
        self.next += 1;
        match stated {
            Some(stated) if stated > self.floor && stated.at < self.end => {
                self.place = self.place.max(stated);
                stated
            }
            _ => {
                self.place.sequence = self.place.sequence.saturating_add(1);
                self.floor = self.place;
                self.place
            }
        }
    }
}

impl Holes {
    /// Adds one behind all others; answers one that is given up for it.
    pub(super) fn add(&mut self, hole: Hole) -> Option<Hole> {
        self.0.push(hole);
        (self.0.len() > MOST).then(|| self.0.remove(0))
    }

    pub(super) fn first(&self) -> Option<&Hole> {
        self.0.first()
    }

    /// Where line `number` stands, if it is the next of a hole.
    pub(super) fn fill(&mut self, number: u64, stated: Option<Stamp>) -> Option<Stamp> {
        let index = self.0.iter().position(|hole| hole.next == number)?;
        let stamp = self.0[index].take_place(stated);
        if self.0[index].lines() == 0 {
            self.0.remove(index);
        }
        Some(stamp)
    }

    /// Takes those that were hoped for long enough.
    pub(super) fn given_up(&mut self, at: Millis) -> Vec<Hole> {
        self.0
            .extract_if(.., |hole| at - hole.since >= PATIENCE)
            .collect()
    }

    pub(super) fn take(&mut self) -> Vec<Hole> {
        std::mem::take(&mut self.0)
    }
}
