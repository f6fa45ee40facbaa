//! What a search found, across all sources: how much up to an instant, whose, when, and what is next.

use super::Search;
use super::hits::{Count, Hit};
use super::lists::List;
use crate::graph::NodeIx;
use crate::journal::Journal;
use crate::text::Text;
use crate::time::Millis;

/// Where something was found. At one instant sources follow each other in this order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// In one of the lists; the place is the number in it.
    List(List),
    /// In the agent's run of this id; the place is the chunk's sequence.
    Agent(Text),
    /// In the terminal of this node; the place is the number of the chunk.
    Terminal(NodeIx),
    /// In the log; the place is the number of the line.
    Log,
}

/// A place among all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where.
    pub source: Source,
    /// What.
    pub hit: Hit,
}

impl Place {
    fn key(&self) -> (Millis, &Source, u64, u32) {
        (self.hit.at, &self.source, self.hit.place, self.hit.offset)
    }
}

impl Search {
    /// How much was found up to an instant.
    pub fn count(&self, journal: &Journal, upto: Millis) -> Count {
        let mut count = self.logs.upto(journal.logs().upto(upto));
        for (_, hits) in self.sources() {
            count.add(hits.upto(upto));
        }
        count
    }

    /// How much was found up to an instant in one source.
    pub fn count_in(&self, journal: &Journal, source: &Source, upto: Millis) -> Count {
        match source {
            Source::Log => self.logs.upto(journal.logs().upto(upto)),
            source => {
                let mut sources = self.sources();
                let hits = sources.find(|(known, _)| known == source);
                hits.map(|(_, hits)| hits.upto(upto)).unwrap_or_default()
            }
        }
    }

    /// In how many places each node has it up to an instant, by the node's number: a badge each. Goes
    /// through all places: a million takes some milliseconds.
    pub fn by_node(&self, journal: &Journal, upto: Millis) -> Vec<usize> {
        let mut counts = vec![0; journal.graph().nodes().len()];
        let mut add = |node: NodeIx| {
            counts
                .get_mut(node.index())
                .into_iter()
                .for_each(|count| *count += 1)
        };
        let lines = self.logs.places(journal.logs().upto(upto));
        self.logs.nodes(lines).for_each(&mut add);
        for (_, hits) in self.sources() {
            for part in hits.parts() {
                let part = part.iter().take_while(|hit| hit.at <= upto);
                part.filter_map(|hit| hit.node).for_each(&mut add);
            }
        }
        counts
    }

    /// In how many places it is in each of so many equal parts of the time between two instants: ticks.
    pub fn ticks(&self, journal: &Journal, from: Millis, to: Millis, parts: usize) -> Vec<usize> {
        let span = i128::from(to.0) - i128::from(from.0);
        let mut ticks = vec![0; parts];
        if span <= 0 {
            return ticks;
        }
        let begin = |part: usize| {
            let share = span * part as i128 / parts.max(1) as i128;
            Millis((i128::from(from.0) + share) as i64)
        };
        let before = |at: Millis| match at.0.checked_sub(1) {
            Some(at) => self.logs.places(journal.logs().upto(Millis(at))),
            None => 0,
        };
        let mut known = before(from);
        for (part, tick) in ticks.iter_mut().enumerate() {
            let next = before(begin(part + 1));
            *tick = next - known;
            known = next;
        }
        for (_, hits) in self.sources() {
            for hit in hits.parts().into_iter().flatten() {
                if (from..to).contains(&hit.at) {
                    let share = (i128::from(hit.at.0) - i128::from(from.0)) * parts as i128 / span;
                    // Rounding down the beginnings of parts may put an instant into the part before.
                    let mut part = share as usize;
                    part += usize::from(part + 1 < parts && begin(part + 1) <= hit.at);
                    ticks[part] += 1;
                }
            }
        }
        ticks
    }

    /// The first place behind another one, and not behind an instant.
    pub fn next(&self, journal: &Journal, after: &Place, upto: Millis) -> Option<Place> {
        self.first(journal, upto, |place| place.key() > after.key())
    }

    /// The last place before another one.
    pub fn previous(&self, journal: &Journal, before: &Place) -> Option<Place> {
        self.last(journal, |place| place.key() < before.key())
    }

    /// The first place at or behind an instant, and not behind another.
    pub fn next_from(&self, journal: &Journal, from: Millis, upto: Millis) -> Option<Place> {
        self.first(journal, upto, |place| place.hit.at >= from)
    }

    /// The last place at or before an instant.
    pub fn previous_from(&self, journal: &Journal, from: Millis) -> Option<Place> {
        self.last(journal, |place| place.hit.at <= from)
    }

    /// How many places stand before one: with one more, the 3 of "3 of 1,922".
    pub fn rank(&self, journal: &Journal, place: &Place) -> usize {
        let before = |known: &Place| known.key() < place.key();
        let lists = self.sources().flat_map(|(source, hits)| {
            hits.parts()
                .map(|part| part.partition_point(|hit| before(&at(&source, hit))))
        });
        lists.sum::<usize>() + self.lines_before(journal, &before)
    }

    fn first(
        &self,
        journal: &Journal,
        upto: Millis,
        behind: impl Fn(&Place) -> bool,
    ) -> Option<Place> {
        let mut firsts = Vec::new();
        for (source, hits) in self.sources() {
            for part in hits.parts() {
                let index = part.partition_point(|hit| !behind(&at(&source, hit)));
                firsts.extend(part.get(index).map(|hit| at(&source, hit)));
            }
        }
        let line = self.lines_before(journal, &|place| !behind(place));
        firsts.extend(self.log_place(journal, line));
        firsts.retain(|place| place.hit.at <= upto);
        firsts.into_iter().min_by(|a, b| a.key().cmp(&b.key()))
    }

    fn last(&self, journal: &Journal, before: impl Fn(&Place) -> bool) -> Option<Place> {
        let mut lasts = Vec::new();
        for (source, hits) in self.sources() {
            for part in hits.parts() {
                let index = part
                    .partition_point(|hit| before(&at(&source, hit)))
                    .checked_sub(1);
                lasts.extend(index.map(|index| at(&source, &part[index])));
            }
        }
        let line = self.lines_before(journal, &before).checked_sub(1);
        lasts.extend(line.and_then(|line| self.log_place(journal, line)));
        lasts.into_iter().max_by(|a, b| a.key().cmp(&b.key()))
    }

    /// How many of the lines that were found stand before a place.
    fn lines_before(&self, journal: &Journal, before: &dyn Fn(&Place) -> bool) -> usize {
        let (mut low, mut high) = (0, self.logs.places(usize::MAX));
        while low < high {
            let middle = low + (high - low) / 2;
            match self
                .log_place(journal, middle)
                .is_some_and(|place| before(&place))
            {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }

    fn log_place(&self, journal: &Journal, index: usize) -> Option<Place> {
        let (number, count) = self.logs.get(index)?;
        let line = journal.logs().line(number)?;
        let hit = Hit {
            at: line.at,
            place: number as u64,
            offset: 0,
            node: line.node,
            count,
        };
        Some(Place {
            source: Source::Log,
            hit,
        })
    }

    /// All but the log.
    fn sources(&self) -> impl Iterator<Item = (Source, &super::hits::Hits)> {
        let lists = List::ALL.into_iter().zip(&self.lists);
        let lists = lists.map(|(list, listed)| (Source::List(list), &listed.hits));
        let agents = self
            .agents
            .iter()
            .map(|(id, agent)| (Source::Agent(id.clone()), &agent.hits));
        let terminals = self.terminals.iter();
        let terminals = terminals.map(|(node, text)| (Source::Terminal(*node), &text.hits));
        lists.chain(agents).chain(terminals)
    }
}

fn at(source: &Source, hit: &Hit) -> Place {
    Place {
        source: source.clone(),
        hit: *hit,
    }
}
