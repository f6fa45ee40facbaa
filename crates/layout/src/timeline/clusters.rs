//! Marks in view; those too near to each other stand together as one.

use super::{Lane, TimeScale};

/// Marks that stand together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cluster {
    /// Where the first lies, in pixels.
    pub px: f64,
    /// When the first was.
    pub from: i64,
    /// When the last was.
    pub to: i64,
    /// The greatest rank among them.
    pub rank: u8,
    /// Number in the lane of the first.
    pub first: usize,
    /// How many they are.
    pub count: usize,
}

/// The marks in view, from left to right, at least `gap_px` from one to the next; of those nearer than that there is one
/// with their number and the greatest rank. Costs `O(pixels · log n)`.
pub fn clusters(lane: &Lane, scale: &TimeScale, gap_px: f64) -> Vec<Cluster> {
    let gap_px = gap_px.max(1.0);
    let column = (gap_px * scale.millis_per_px()).max(1.0);
    let (from, to) = scale.visible();
    let all = lane.intervals();
    let mut out: Vec<Cluster> = Vec::new();
    let mut at = all.partition_point(|mark| mark.from < from);
    while let Some(first) = all.get(at).filter(|mark| mark.from <= to) {
        // Columns are counted from 1970, so that marks stay together while one pans.
        let border = ((first.from as f64 / column).floor() + 1.0) * column;
        let next =
            at + all[at..].partition_point(|mark| (mark.from as f64) < border && mark.from <= to);
        let next = next.max(at + 1);
        let found = Cluster {
            px: scale.px_from_time(first.from),
            from: first.from,
            to: all[next - 1].from,
            rank: lane.sum(at..next).worst,
            first: at,
            count: next - at,
        };
        match out.last_mut() {
            // Two columns may touch; what lies two columns on is far enough.
            Some(last) if found.px - last.px < gap_px => {
                last.to = found.to;
                last.rank = last.rank.max(found.rank);
                last.count += found.count;
            }
            _ => out.push(found),
        }
        at = next;
    }
    out
}

/// The one nearest to a pixel, at most `tolerance` pixels away.
pub fn nearest(clusters: &[Cluster], px: f64, tolerance: f64) -> Option<&Cluster> {
    let distance = |cluster: &&Cluster| (cluster.px - px).abs();
    clusters
        .iter()
        .filter(|cluster| distance(cluster) <= tolerance)
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::lane::tests::{lane, looks};
    use super::*;

    fn marks(times: &[i64]) -> Lane {
        let all: Vec<_> = times
            .iter()
            .map(|time| (*time, *time, (time % 5) as u8))
            .collect();
        lane(&all)
    }

    #[test]
    fn near_marks_stand_together() {
        let scale = TimeScale::fit(0, 1_000, 100.0);
        let found = clusters(&marks(&[0, 50, 99, 104, 300, 1_000, 1_001]), &scale, 10.0);
        let told: Vec<_> = found
            .iter()
            .map(|one| (one.px, one.count, one.rank))
            .collect();
        assert_eq!(
            told,
            [(0.0, 3, 4), (10.4, 1, 4), (30.0, 1, 0), (100.0, 1, 0)]
        );
        for (px, tolerance, hit) in [
            (2.0, 4.0, Some(0.0)),
            (6.0, 5.0, Some(10.4)),
            (20.0, 4.0, None),
        ] {
            assert_eq!(nearest(&found, px, tolerance).map(|one| one.px), hit);
        }
    }

    #[test]
    fn many_marks_cost_no_more_than_the_screen() {
        let many = marks(&(0..50_000).collect::<Vec<_>>());
        let scale = TimeScale::fit(0, 50_000, 1_000.0);
        let cost = looks(|| assert!(clusters(&many, &scale, 10.0).len() <= 101));
        assert!(cost < 100 * 100, "{cost}");
    }

    proptest! {
        #[test]
        fn none_is_lost_and_none_too_near(
            mut times in prop::collection::vec(0_i64..5_000, 0..200),
            start in 0_i64..3_000,
            span in 20_i64..5_000,
            gap in 2.0..30.0,
        ) {
            times.sort_unstable();
            let scale = TimeScale::fit(start, start + span, 300.0);
            let (from, to) = scale.visible();
            let found = clusters(&marks(&times), &scale, gap);
            let seen = times.iter().filter(|time| (from..=to).contains(time)).count();
            prop_assert_eq!(found.iter().map(|one| one.count).sum::<usize>(), seen);
            prop_assert!(found.windows(2).all(|two| two[1].px - two[0].px >= gap));
            for one in &found {
                let worst = times.iter().filter(|time| (one.from..=one.to).contains(time)).map(|time| (time % 5) as u8).max();
                prop_assert_eq!(Some(one.rank), worst);
            }
        }
    }
}
