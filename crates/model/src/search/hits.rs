//! Places where something was found, in order of time, and how often up to an instant.

use crate::graph::NodeIx;
use crate::time::Millis;

/// A place where something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The instant from which it is there to be read.
    pub at: Millis,
    /// Its number within its source.
    pub place: u64,
    /// Where it first ends in a chunk of a terminal or an agent, in bytes, as several lines may be in
    /// one; else 0.
    pub offset: u32,
    /// Whose it is; none where it is the run's.
    pub node: Option<NodeIx>,
    /// How often it stands there.
    pub count: u32,
}

impl Hit {
    pub(super) fn key(&self) -> (Millis, u64, u32) {
        (self.at, self.place, self.offset)
    }
}

/// How many places there are, and how often it stands in all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Lines, texts, names.
    pub places: usize,
    /// Times.
    pub times: u64,
}

impl Count {
    pub(super) fn add(&mut self, other: Self) {
        self.places += other.places;
        self.times += other.times;
    }
}

/// All places of one source but the log, in order.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    hits: Vec<Hit>,
    /// How often in the places before each.
    before: Vec<u64>,
    /// Those in lines that are still being written: what comes next may change them.
    open: Vec<Hit>,
}

impl Hits {
    pub fn push(&mut self, hit: Hit) {
        let index = self.hits.partition_point(|known| known.key() <= hit.key());
        self.hits.insert(index, hit);
        let known = index.checked_sub(1);
        let mut before = known.map_or(0, |last| {
            self.before[last] + u64::from(self.hits[last].count)
        });
        self.before.truncate(index);
        for hit in &self.hits[index..] {
            self.before.push(before);
            before += u64::from(hit.count);
        }
    }

    pub fn set_open(&mut self, open: impl Iterator<Item = Hit>) {
        self.open.clear();
        for hit in open {
            let index = self.open.partition_point(|known| known.key() <= hit.key());
            self.open.insert(index, hit);
        }
    }

    /// Two lists, each in order.
    pub fn parts(&self) -> [&[Hit]; 2] {
        [&self.hits, &self.open]
    }

    /// Up to an instant.
    pub fn upto(&self, at: Millis) -> Count {
        let count = self.hits.partition_point(|hit| hit.at <= at);
        let last = count.checked_sub(1);
        let times = last.map_or(0, |last| {
            self.before[last] + u64::from(self.hits[last].count)
        });
        let mut sum = Count {
            places: count,
            times,
        };
        for hit in self.open.iter().take_while(|hit| hit.at <= at) {
            sum.places += 1;
            sum.times += u64::from(hit.count);
        }
        sum
    }
}

/// The log lines in which something was found: they may be a million.
#[derive(Clone, Debug, Default)]
pub struct LogHits {
    hits: Vec<LogHit>,
    times: u32,
}

#[derive(Clone, Copy, Debug)]
struct LogHit {
    number: u32,
    /// From 1, 0 where it is the run's.
    node: u32,
    /// How often in the lines before.
    before: u32,
}

impl LogHits {
    pub(super) fn push(&mut self, number: usize, node: Option<NodeIx>, count: usize) {
        self.hits.push(LogHit {
            number: number as u32,
            node: node.map_or(0, |node| node.0.saturating_add(1)),
            before: self.times,
        });
        self.times = self.times.saturating_add(count as u32);
    }

    /// Forgets the lines from `number` on.
    pub(super) fn truncate(&mut self, number: usize) {
        let kept = self.places(number);
        self.times = self.hits.get(kept).map_or(self.times, |hit| hit.before);
        self.hits.truncate(kept);
    }

    /// In how many of the first `lines` lines it was found.
    pub fn places(&self, lines: usize) -> usize {
        self.hits
            .partition_point(|hit| (hit.number as usize) < lines)
    }

    /// In the first `lines` lines.
    pub fn upto(&self, lines: usize) -> Count {
        let places = self.places(lines);
        Count {
            places,
            times: u64::from(self.before(places)),
        }
    }

    /// The number of the `place`-th of these lines, from 0, and how often it is in it.
    pub fn get(&self, place: usize) -> Option<(usize, u32)> {
        let hit = self.hits.get(place)?;
        Some((hit.number as usize, self.before(place + 1) - hit.before))
    }

    /// The nodes that wrote the first of these lines.
    pub(super) fn nodes(&self, places: usize) -> impl Iterator<Item = NodeIx> {
        let nodes = self.hits[..places].iter();
        nodes.filter_map(|hit| hit.node.checked_sub(1).map(NodeIx))
    }

    fn before(&self, place: usize) -> u32 {
        self.hits.get(place).map_or(self.times, |hit| hit.before)
    }
}
