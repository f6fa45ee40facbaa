//! The intervals of one lane, indexed so that what lies in view is found without walking the rest.

use std::ops::{Range, RangeInclusive};

use super::Hull;

/// How many intervals, or blocks of them, one block of the index sums up.
const FAN: usize = 16;

/// An interval of time in a lane; a mark is one without length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// When it began, in milliseconds.
    pub from: i64,
    /// When it ended, or `None` while it goes on. An end before the beginning counts as the beginning.
    pub to: Option<i64>,
    /// How much it matters where several share a pixel: the greater wins.
    pub rank: u8,
    /// What the caller knows it by.
    pub id: u32,
}

impl Interval {
    /// The farthest it reaches: without end while it goes on.
    fn reach(&self) -> i64 {
        self.to.unwrap_or(i64::MAX).max(self.from)
    }
}

/// Intervals by their beginning. To put one behind all others, or to change one, costs `O(log n)`.
///
/// Over the intervals stands a tree: a block knows of the sixteen below it which reaches farthest and which matters
/// most. So the first that reaches into view, and the worst of any number in a row, are found in `O(log n)`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lane {
    intervals: Vec<Interval>,
    levels: Vec<Vec<Block>>,
}

/// What is known of some intervals in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Number of the one that reaches farthest; of several the first.
    pub farthest: usize,
    /// The greatest rank.
    pub worst: u8,
}

impl Lane {
    /// Nothing.
    pub const EMPTY: Self = Self {
        intervals: Vec::new(),
        levels: Vec::new(),
    };

    /// All intervals, by their beginning.
    pub fn intervals(&self) -> &[Interval] {
        &self.intervals
    }

    /// Adds an interval where it belongs; behind those that began with it.
    pub fn put(&mut self, interval: Interval) {
        let at = self
            .intervals
            .partition_point(|known| known.from <= interval.from);
        self.intervals.insert(at, interval);
        self.refresh(at..=self.intervals.len() - 1);
    }

    /// Says anew how the `n`-th interval ended and how much it matters; its beginning stays.
    pub fn amend(&mut self, n: usize, to: Option<i64>, rank: u8) {
        if let Some(interval) = self.intervals.get_mut(n) {
            (interval.to, interval.rank) = (to, rank);
            self.refresh(n..=n);
        }
    }

    /// Number of the first interval from `n` on that reaches `time`, `None` where none does.
    pub fn first_reaching(&self, n: usize, time: i64) -> Option<usize> {
        let mut at = n;
        while at < self.intervals.len() {
            let (level, span) = self.largest_block(at, self.intervals.len());
            let farthest = self.block(level, at).farthest;
            if self.intervals[farthest].reach() < time {
                at += span;
            } else if level == 0 {
                return Some(at);
            } else {
                // One of these does; look below, where blocks are smaller.
                return self.within(level, at, time);
            }
        }
        None
    }

    /// What is known of the intervals of a range, which must not be empty.
    pub fn sum(&self, range: Range<usize>) -> Block {
        let mut at = range.start;
        let mut sum = self.block(0, at);
        while at < range.end {
            let (level, span) = self.largest_block(at, range.end);
            sum = self.join(sum, self.block(level, at));
            at += span;
        }
        sum
    }

    /// From where to where they go, and the greatest rank; `None` of an empty lane.
    pub fn hull(&self) -> Option<Hull> {
        let first = self.intervals.first()?;
        let sum = self.sum(0..self.intervals.len());
        Some(Hull {
            from: first.from,
            to: self.intervals[sum.farthest].to,
            rank: sum.worst,
        })
    }

    /// Number of the interval that a pointer between these instants means, of several the one that began last. Those that
    /// go on reach to `end`.
    pub fn hit(&self, from: i64, to: i64, end: i64) -> Option<usize> {
        /// So many that began last and are over are looked at one by one.
        const BACK: usize = 64;
        let before = self.intervals.partition_point(|known| known.from <= to);
        let reaches = |n: &usize| {
            let interval = &self.intervals[*n];
            interval.to.unwrap_or(end).max(interval.from) >= from
        };
        let near = before.saturating_sub(BACK)..before;
        let first = || {
            self.first_reaching(0, from)
                .filter(|n| *n < before && reaches(n))
        };
        near.rev().find(reaches).or_else(first)
    }

    /// The largest block that begins at `at` and ends by `end`: its level and how many intervals it holds.
    fn largest_block(&self, at: usize, end: usize) -> (usize, usize) {
        let (mut level, mut span) = (0, 1);
        while level < self.levels.len() {
            let wider = span * FAN;
            // The last block of a level may hold less than the others.
            if !at.is_multiple_of(wider) || (at + wider).min(self.intervals.len()) > end {
                break;
            }
            (level, span) = (level + 1, wider);
        }
        (level, span)
    }

    /// The block of a level that begins at interval `at`; of level 0 the interval itself.
    fn block(&self, level: usize, at: usize) -> Block {
        look();
        match level.checked_sub(1) {
            Some(level) => self.levels[level][at / FAN.pow(level as u32 + 1)],
            None => Block {
                farthest: at,
                worst: self.intervals[at].rank,
            },
        }
    }

    /// The first interval that reaches `time` within a block where one does.
    fn within(&self, level: usize, at: usize, time: i64) -> Option<usize> {
        let (mut level, mut at) = (level, at);
        while level > 0 {
            level -= 1;
            let span = FAN.pow(level as u32);
            let children = (at..self.intervals.len()).step_by(span).take(FAN);
            at = children
                .into_iter()
                .find(|child| self.intervals[self.block(level, *child).farthest].reach() >= time)?;
        }
        Some(at)
    }

    fn join(&self, a: Block, b: Block) -> Block {
        let farther = self.intervals[b.farthest].reach() > self.intervals[a.farthest].reach();
        Block {
            farthest: if farther { b.farthest } else { a.farthest },
            worst: a.worst.max(b.worst),
        }
    }

    /// Sums up anew the blocks above intervals that are new, were moved or have changed.
    fn refresh(&mut self, changed: RangeInclusive<usize>) {
        let (mut count, mut span) = (self.intervals.len(), 1);
        let mut level = 0;
        while count > FAN {
            count = count.div_ceil(FAN);
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let wider = span * FAN;
            let first = (changed.start() / wider).min(self.levels[level].len());
            for block in first..=changed.end() / wider {
                let children = (block * wider..self.intervals.len())
                    .step_by(span)
                    .take(FAN);
                let sum = children
                    .map(|child| self.block(level, child))
                    .reduce(|a, b| self.join(a, b));
                let (Some(sum), blocks) = (sum, &mut self.levels[level]) else {
                    return;
                };
                match blocks.get_mut(block) {
                    Some(known) => *known = sum,
                    None => blocks.push(sum),
                }
            }
            (level, span) = (level + 1, wider);
        }
    }
}

/// Counts what is looked at, so that tests can tell the cost without a clock.
fn look() {
    #[cfg(test)]
    tests::LOOKS.set(tests::LOOKS.get() + 1);
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;

    use super::*;

    thread_local! {
        /// Blocks and intervals looked at by this thread.
        pub static LOOKS: Cell<usize> = const { Cell::new(0) };
    }

    /// How many blocks and intervals `work` looked at.
    pub fn looks(work: impl FnOnce()) -> usize {
        let before = LOOKS.get();
        work();
        LOOKS.get() - before
    }

    /// A lane of `(from, to, rank)`, the end before the beginning standing for none; ids count from 0.
    pub fn lane(intervals: &[(i64, i64, u8)]) -> Lane {
        let mut lane = Lane::default();
        for (id, &(from, to, rank)) in (0..).zip(intervals) {
            lane.put(Interval {
                from,
                to: (to >= from).then_some(to),
                rank,
                id,
            });
        }
        lane
    }

    #[test]
    fn a_pointer_means_what_began_last_and_is_not_over() {
        let lane = lane(&[(0, 100, 0), (20, 30, 0), (50, 50, 0), (200, 199, 0)]);
        for (from, to, hit) in [
            (10, 10, Some(0)),
            (25, 25, Some(1)),
            (40, 40, Some(0)),
            (49, 51, Some(2)),
            (101, 150, None),
            (198, 205, Some(3)),
            (250, 260, Some(3)),
            (301, 302, None),
            (-9, -1, None),
        ] {
            assert_eq!(lane.hit(from, to, 300), hit, "{from}..{to}");
        }
        let mut busy: Vec<_> = (0..500).map(|n| (10 + n, 10 + n, 0)).collect();
        busy.insert(0, (0, 9_000, 0));
        let busy = super::tests::lane(&busy);
        assert_eq!(busy.hit(800, 801, 9_000), Some(0), "far behind many");
    }

    #[test]
    fn a_question_looks_at_few_of_many() {
        let mut many = Lane::default();
        let building = looks(|| {
            for n in 0..30_000 {
                many.put(Interval {
                    from: n * 10,
                    to: Some(n * 10 + 5),
                    rank: (n % 7) as u8,
                    id: n as u32,
                });
            }
        });
        assert!(building < 30_000 * FAN * 5, "{building} to build");
        let questions: [&dyn Fn() -> bool; 3] = [
            &|| many.first_reaching(0, 131_203).is_some(),
            &|| many.sum(17..29_001).worst == 6,
            &|| many.hit(99_000, 99_003, 0).is_some(),
        ];
        for question in questions {
            let cost = looks(|| assert!(question()));
            assert!(cost < 200, "{cost}");
        }
    }

    fn intervals() -> impl Strategy<Value = Vec<(i64, i64, u8)>> {
        prop::collection::vec((0_i64..400, -20_i64..90, 0_u8..9), 1..330).prop_map(|all| {
            all.iter()
                .map(|(from, long, rank)| (*from, from + long, *rank))
                .collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_index_answers_as_a_walk_would(
            all in intervals(),
            amended in prop::collection::vec((any::<prop::sample::Index>(), -20_i64..500, 0_u8..9), 0..40),
            cuts in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
            time in -5_i64..500,
        ) {
            let mut lane = lane(&all);
            for (n, to, rank) in amended {
                lane.amend(n.index(all.len()), (to >= 0).then_some(to), rank);
            }
            let known = lane.intervals();
            prop_assert!(known.windows(2).all(|two| two[0].from <= two[1].from));
            let (a, b) = (cuts.0.index(all.len()), cuts.1.index(all.len()));
            let (first, last) = (a.min(b), a.max(b));
            let walk = (first..known.len()).find(|n| known[*n].reach() >= time);
            prop_assert_eq!(lane.first_reaching(first, time), walk);
            let sum = lane.sum(first..last + 1);
            prop_assert_eq!(sum.worst, known[first..=last].iter().map(|known| known.rank).max().unwrap());
            let farthest = known[first..=last].iter().map(Interval::reach).max().unwrap();
            prop_assert_eq!(known[sum.farthest].reach(), farthest);
            prop_assert!((first..=last).contains(&sum.farthest));
        }
    }
}
