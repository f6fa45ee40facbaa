//! Reading on in a list that only grows and stays in order of time, though what comes late is
//! inserted before what was read.
//!
//! ```text
//! read, with cuts     1 2 3 | 4 6 7 | 8 9        before 4 there are 3, before 8 there are 6
//! then 5 comes late   1 2 3 | 4 5 6 7 8 9 10     before 4 there are 3 still, before 8 there are 7:
//!                             └─ read again from here
//! ```

use crate::time::Millis;

/// Items between two cuts, about: so many are read again each time.
const STEP: usize = 512;

/// How far a list was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// Instants, and how many items stood before each.
    cuts: Vec<(Millis, usize)>,
}

impl Reading {
    /// Where to read on: an item's index, and its instant. What was made of items at or behind
    /// that instant is to be forgotten. `before` counts the items before an instant.
    pub(crate) fn resume(&mut self, before: impl Fn(Millis) -> usize) -> (usize, Millis) {
        // An item that came late changes the count of every cut behind it.
        let same = |(at, count): &(Millis, usize)| before(*at) == *count;
        let kept = self.cuts.partition_point(same);
        self.cuts.truncate(kept);
        let (at, index) = self.cuts.last().copied().unwrap_or((Millis::MIN, 0));
        (index, at)
    }

    /// Item `index` was read, which stands at `at`, the one before it at `previous`.
    pub(crate) fn pass(&mut self, index: usize, at: Millis, previous: Millis) {
        let last = self.cuts.last().map_or(0, |(_, index)| *index);
        if index >= last + STEP && at > previous {
            self.cuts.push((at, index));
        }
    }

    /// Reads on from where [`Self::resume`] says to `end`: `at` tells an item's instant.
    pub(crate) fn read(&mut self, from: usize, end: usize, mut at: impl FnMut(usize) -> Millis) {
        let mut previous = Millis::MAX;
        for index in from..end {
            let instant = at(index);
            self.pass(index, instant, previous);
            previous = instant;
        }
    }
}
