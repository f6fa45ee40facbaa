//! Numbers that a source gave and that never came: entries that expired, or were lost on the way.
//!
//! Sources number the chunks of a terminal, the parts of an agent's run and (some of them) a run's
//! events, each from 1. A number below the highest seen that was not seen is missing. Numbers may
//! repeat (a retry starts over at 1): what came under any of its turns is not missing.

use crate::channel::terminal::TerminalStream;
use crate::graph::NodeIx;
use crate::text::Text;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// What is missing of a run. It depends on what was taken in, never on the order or how often.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Missing {
    /// None where the source's events have no numbers without holes.
    events: Option<Numbers>,
    terminals: BTreeMap<(NodeIx, TerminalStream), Numbers>,
    agents: BTreeMap<Text, Numbers>,
}

/// What a source numbers from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Track {
    /// The events of the run.
    Events,
    /// The chunks of one stream of a node's terminal.
    Terminal(NodeIx, TerminalStream),
    /// The parts of an agent's run, by its id.
    Agent(Text),
}

impl Missing {
    /// How many numbers are missing in all.
    pub fn total(&self) -> u64 {
        let tracks = self.tracks().map(|(_, numbers)| numbers);
        tracks.map(|numbers| u64::from(numbers.missing())).sum()
    }

    /// The tracks of which something is missing, or of which numbers were too high to be counted.
    pub fn incomplete(&self) -> impl Iterator<Item = (Track, &Numbers)> {
        self.tracks()
            .filter(|(_, numbers)| numbers.missing() > 0 || numbers.is_beyond())
    }

    fn tracks(&self) -> impl Iterator<Item = (Track, &Numbers)> {
        let events = self.events.iter();
        let terminals = self.terminals.iter();
        let agents = self.agents.iter();
        events
            .map(|numbers| (Track::Events, numbers))
            .chain(terminals.map(|((node, stream), it)| (Track::Terminal(*node, *stream), it)))
            .chain(agents.map(|(id, it)| (Track::Agent(id.clone()), it)))
    }

    /// From now on counts events too, beginning with those whose `numbers` are held.
    pub(crate) fn count_events(&mut self, numbers: impl Iterator<Item = u64>) {
        let events = self.events.get_or_insert_default();
        numbers.for_each(|number| events.add(number));
    }

    pub(crate) fn event(&mut self, number: u64) {
        if let Some(events) = &mut self.events {
            events.add(number);
        }
    }

    pub(crate) fn terminal(&mut self, node: NodeIx, stream: TerminalStream, number: u64) {
        self.terminals
            .entry((node, stream))
            .or_default()
            .add(number);
    }

    pub(crate) fn agent(&mut self, id: &Text, number: u64) {
        match self.agents.get_mut(id) {
            Some(numbers) => numbers.add(number),
            None => self.agents.entry(id.clone()).or_default().add(number),
        }
    }
}

/// The numbers of one track that were seen, as ranges: usually one. There are never more ranges
/// than records that were taken in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numbers {
    /// First and last of each; no two touch.
    seen: BTreeMap<u32, u32>,
    missing: u32,
    beyond: bool,
}

impl Numbers {
    /// The highest number that counts. One that is higher is told by [`Self::is_beyond`] and counts
    /// for nothing: what a wrong number says is missing would be absurd.
    pub const MAX: u32 = 1 << 24;

    /// How many numbers below the highest were not seen.
    pub fn missing(&self) -> u32 {
        self.missing
    }

    /// They themselves, in order; [`Self::missing`] numbers in all.
    pub fn ranges(&self) -> impl Iterator<Item = RangeInclusive<u32>> {
        let ends = std::iter::once(0).chain(self.seen.values().copied());
        ends.zip(self.seen.keys())
            .map(|(end, start)| end + 1..=start - 1)
            .filter(|range| !range.is_empty())
    }

    /// The highest number seen, of those that count; 0 before any.
    pub fn highest(&self) -> u32 {
        self.seen.last_key_value().map_or(0, |(_, end)| *end)
    }

    /// Whether a number above [`Self::MAX`] came.
    pub fn is_beyond(&self) -> bool {
        self.beyond
    }

    /// 0 is no number: sources that do not count say so.
    fn add(&mut self, number: u64) {
        let number = match u32::try_from(number) {
            Ok(0) => return,
            Ok(number) if number <= Self::MAX => number,
            _ => {
                self.beyond = true;
                return;
            }
        };
        let highest = self.highest();
        // A range right behind the number is joined to what stands before it.
        let end = self.seen.remove(&(number + 1)).unwrap_or(number);
        match self.seen.range_mut(..=number).next_back() {
            Some((_, known)) if *known >= number => return,
            Some((_, known)) if *known == number - 1 => *known = end,
            _ => {
                self.seen.insert(number, end);
            }
        }
        match number.checked_sub(highest) {
            None | Some(0) => self.missing -= 1,
            Some(ahead) => self.missing += ahead - 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_below_the_highest_that_were_not_seen_are_missing() {
        for (seen, missing, ranges) in [
            (&[][..], 0, &[][..]),
            (&[1, 2, 3], 0, &[]),
            (&[3], 2, &[1..=2]),
            (&[1, 5, 3], 2, &[2..=2, 4..=4]),
            (&[5, 1, 4], 2, &[2..=3]),
            (&[5, 4, 3, 2, 1], 0, &[]),
            // A retry starts over at 1.
            (&[1, 2, 4, 1, 2, 3], 0, &[]),
            (&[0, 0], 0, &[]),
            (
                &[u64::from(Numbers::MAX)],
                Numbers::MAX - 1,
                &[1..=Numbers::MAX - 1],
            ),
            (&[2, u64::from(Numbers::MAX) + 1, u64::MAX], 1, &[1..=1]),
        ] {
            let mut numbers = Numbers::default();
            seen.iter().for_each(|number| numbers.add(*number));
            assert_eq!(numbers.missing(), missing, "{seen:?}");
            assert_eq!(numbers.ranges().collect::<Vec<_>>(), ranges, "{seen:?}");
            let beyond = seen.iter().any(|number| *number > u64::from(Numbers::MAX));
            assert_eq!(numbers.is_beyond(), beyond, "{seen:?}");
        }
    }

    #[test]
    fn a_track_without_holes_is_one_range() {
        let mut numbers = Numbers::default();
        for number in (2..=10_000).rev().chain(1..=10_000) {
            numbers.add(number);
        }
        assert_eq!((numbers.seen.len(), numbers.highest()), (1, 10_000));
    }
}
