//! What is painted of a lane: each interval that can be told apart, and one in place of those that cannot.

use super::{Lane, TimeScale};

/// Of intervals that overlap the left border so many are shown beside the one that reaches farthest.
const FROM_THE_LEFT: usize = 8;

/// A rectangle's worth of a lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// Left side, in pixels, within the scale.
    pub left: f64,
    /// Right side, in pixels, within the scale.
    pub right: f64,
    /// The greatest rank of what it stands for.
    pub rank: u8,
    /// Number in the lane of the (first) interval it stands for.
    pub first: usize,
    /// How many intervals it stands for.
    pub count: usize,
}

/// What of `lane` is in view, by the left side. Intervals that go on reach to `end`.
///
/// A column is `min_px` wide, and so is the least that is shown. Of intervals that begin in the same column the one that
/// reaches farthest is shown as itself, and all of them as one at the column; such columns in a row that matter alike are
/// one. So this costs `O(columns · log n)` however many there are, and columns stand still while one pans.
pub fn shown(lane: &Lane, scale: &TimeScale, min_px: f64, end: i64) -> Vec<Shown> {
    let mut out = Painter {
        lane,
        scale,
        min_px: min_px.max(0.5),
        end,
        shown: Vec::new(),
    };
    let (from, to) = scale.visible();
    let all = lane.intervals();
    let begins = all.partition_point(|interval| interval.from < from);
    out.begun_before(begins, from);
    let column = (out.min_px * scale.millis_per_px()).max(1.0);
    let mut at = begins;
    while let Some(first) = all.get(at).filter(|interval| interval.from <= to) {
        // Columns are counted from 1970, not from the left border.
        let border = ((first.from as f64 / column).floor() + 1.0) * column;
        let next = at + gallop(all.len() - at, |n| (all[at + n].from as f64) < border);
        if next == at + 1 {
            out.one(at);
        } else {
            out.column(at..next, border);
        }
        at = next;
    }
    out.shown
}

/// How many from the first on `hold`, which is true of a first part of them and at least of one.
fn gallop(all: usize, hold: impl Fn(usize) -> bool) -> usize {
    let mut known = 1;
    let mut step = 1;
    while known + step < all && hold(known + step - 1) {
        known += step;
        step *= 2;
    }
    let (mut low, mut high) = (known, (known + step).min(all));
    while low < high {
        let middle = usize::midpoint(low, high);
        if hold(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

struct Painter<'a> {
    lane: &'a Lane,
    scale: &'a TimeScale,
    min_px: f64,
    end: i64,
    shown: Vec<Shown>,
}

impl Painter<'_> {
    /// What began before the left border and reaches over it.
    fn begun_before(&mut self, begins: usize, time: i64) {
        let mut next = 0;
        for _ in 0..FROM_THE_LEFT {
            match self.lane.first_reaching(next, time).filter(|n| *n < begins) {
                Some(n) => {
                    self.one(n);
                    next = n + 1;
                }
                None => return,
            }
        }
        if next < begins {
            self.one(self.lane.sum(next..begins).farthest);
        }
    }

    fn one(&mut self, n: usize) {
        let interval = self.lane.intervals()[n];
        let to = interval.to.unwrap_or(self.end).max(interval.from);
        let (left, right) = (
            self.scale.px_from_time(interval.from),
            self.scale.px_from_time(to),
        );
        self.push(left, right, interval.rank, n, 1);
    }

    fn column(&mut self, range: std::ops::Range<usize>, border: f64) {
        let sum = self.lane.sum(range.clone());
        let all = self.lane.intervals();
        let farthest = all[sum.farthest];
        if farthest.to.unwrap_or(self.end) as f64 > border {
            self.one(sum.farthest);
        }
        let left = self.scale.px_from_time(all[range.start].from);
        let right = self.scale.px_from_time(border as i64);
        if let Some(last) = self.shown.last_mut()
            && last.count > 1
            && last.rank == sum.worst
            && last.right + self.min_px >= left
        {
            last.right = right.clamp(last.right, self.scale.width().max(last.right));
            last.count += range.len();
            return;
        }
        self.push(left, right, sum.worst, range.start, range.len());
    }

    /// Canvas coordinates lose precision far outside; what ends at the right border keeps its least width.
    fn push(&mut self, left: f64, right: f64, rank: u8, first: usize, count: usize) {
        let width = self.scale.width();
        let right = right.max(left + self.min_px);
        if right < 0.0 || left > width {
            return;
        }
        let right = right.min(width);
        self.shown.push(Shown {
            left: left.max(0.0).min((right - self.min_px).max(0.0)),
            right,
            rank,
            first,
            count,
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::lane::tests::{lane, looks};
    use super::*;

    #[test]
    fn what_can_be_told_apart_is_shown_as_itself() {
        let scale = TimeScale::fit(1_000, 2_000, 100.0);
        let lane = lane(&[
            (0, 900, 0),       // before
            (500, 1_100, 1),   // sticks out on the left
            (1_200, 1_500, 2), // in view
            (1_500, 1_500, 3), // a moment
            (1_600, 1_400, 4), // goes on
            (2_000, 2_000, 5), // a moment at the right border
            (2_100, 3_000, 6), // after
        ]);
        let drawn: Vec<_> = shown(&lane, &scale, 2.0, 2_500)
            .iter()
            .map(|bar| (bar.rank, bar.left, bar.right, bar.count))
            .collect();
        assert_eq!(
            drawn,
            [
                (1, 0.0, 10.0, 1),
                (2, 20.0, 50.0, 1),
                (3, 50.0, 52.0, 1),
                (4, 60.0, 100.0, 1),
                (5, 98.0, 100.0, 1),
            ]
        );
    }

    #[test]
    fn what_shares_a_column_is_one_and_the_worst_wins() {
        let scale = TimeScale::fit(0, 1_000, 100.0);
        let lane = lane(&[(0, 5, 1), (3, 400, 2), (8, 9, 7), (700, 701, 1)]);
        let drawn: Vec<_> = shown(&lane, &scale, 2.0, 0)
            .iter()
            .map(|bar| (bar.rank, bar.left, bar.right, bar.count))
            .collect();
        // The long one as itself, all three at their column.
        assert_eq!(
            drawn,
            [(2, 0.3, 40.0, 1), (7, 0.0, 2.0, 3), (1, 70.0, 72.0, 1)]
        );
    }

    #[test]
    fn the_cost_is_that_of_the_columns_not_of_the_stretches() {
        let many: Vec<_> = (0..100_000)
            .map(|n| (n * 10, n * 10 + 4, (n % 3) as u8))
            .collect();
        let busy = lane(&many);
        for (from, to, rectangles) in [
            (0, 300_000, 2),
            (100_000, 250_000, 2),
            (100_000, 100_400, 45),
        ] {
            let scale = TimeScale::fit(from, to, 1_000.0);
            let cost = looks(|| {
                let drawn = shown(&busy, &scale, 2.0, 0).len();
                assert!(drawn <= rectangles, "{drawn} drawn");
            });
            assert!(cost < 500 * 80, "{cost} looked at in {from}..{to}");
        }
        // All overlap, none ends: of those from the left a handful, of the others one a column.
        let open = lane(&(0..20_000).map(|n| (n, n - 1, 0)).collect::<Vec<_>>());
        let scale = TimeScale::fit(10_000, 20_000, 500.0);
        let cost = looks(|| assert!(shown(&open, &scale, 2.0, 30_000).len() < 520));
        assert!(cost < 500 * 80, "{cost}");
    }

    proptest! {
        #[test]
        fn every_stretch_in_view_is_covered_and_nothing_else_is_painted(
            all in prop::collection::vec((0_i64..3_000, 0_i64..300, 0_u8..5), 1..120),
            start in 0_i64..2_000,
            span in 50_i64..3_000,
            width in 20.0..400.0,
        ) {
            let all: Vec<_> = all.iter().map(|(from, long, rank)| (*from, from + long, *rank)).collect();
            let lane = lane(&all);
            let scale = TimeScale::fit(start, start + span, width);
            let drawn = shown(&lane, &scale, 2.0, 0);
            let (from, to) = scale.visible();
            // Of those that overlap the left border a bounded number is shown.
            for &(begin, end, rank) in all.iter().filter(|(begin, _, _)| (from..=to).contains(begin)) {
                let (left, right) = (scale.px_from_time(begin).max(0.0), scale.px_from_time(end).min(width));
                let here = |bar: &&Shown| bar.left <= left + 2.0 && bar.right + 2.0 >= left && bar.rank >= rank;
                prop_assert!(drawn.iter().any(|bar| here(&bar)), "{begin}..{end} begins unseen");
                // Its end is covered by something that reaches as far.
                prop_assert!(drawn.iter().any(|bar| bar.left <= left + 2.0 && bar.right + 1e-6 >= right), "{begin}..{end} is cut");
            }
            for bar in &drawn {
                prop_assert!(bar.left >= 0.0 && bar.right <= width && bar.right >= bar.left);
                let covered = |&(begin, end, _): &(i64, i64, u8)| {
                    scale.px_from_time(begin) <= bar.right && scale.px_from_time(end) + 4.0 >= bar.left
                };
                prop_assert!(all.iter().any(covered));
            }
            let begun = drawn.iter().filter(|bar| lane.intervals()[bar.first].from >= from);
            prop_assert!(begun.count() as f64 <= 2.0 * (width / 2.0 + 2.0));
        }
    }
}
