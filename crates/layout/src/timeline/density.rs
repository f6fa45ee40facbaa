//! How many events fall into each pixel of the timeline.

use super::TimeScale;

/// Counts events in buckets of `bucket` pixels (at least one) from the left end of the scale to the right, in
/// `O(buckets · cost of before)`: the events themselves are not walked.
///
/// `before` tells how many events were before an instant, given in milliseconds. Bucket `i` holds the times from pixel
/// `i * bucket` up to the next bucket.
pub fn density(before: &dyn Fn(i64) -> usize, scale: &TimeScale, bucket: f64) -> Vec<u32> {
    let bucket = if bucket.is_nan() {
        1.0
    } else {
        bucket.max(1.0)
    };
    let count = (scale.width() / bucket).ceil() as usize;
    let at = |px: f64| before(scale.first_at_px(px));
    let mut from = at(0.0);
    let next = |i: usize| {
        let to = at((i + 1) as f64 * bucket).max(from);
        let held = to - from;
        from = to;
        u32::try_from(held).unwrap_or(u32::MAX)
    };
    (0..count).map(next).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counts(times: &[i64], scale: &TimeScale, bucket: f64) -> Vec<u32> {
        density(
            &|at| times.partition_point(|time| *time < at),
            scale,
            bucket,
        )
    }

    #[test]
    fn events_fall_into_the_bucket_they_begin() {
        let scale = TimeScale::fit(0, 100, 10.0);
        let counts = counts(&[-5, 0, 9, 10, 10, 55, 99, 100, 400], &scale, 1.0);
        assert_eq!(counts, [2, 2, 0, 0, 0, 1, 0, 0, 0, 1]);
        assert_eq!(super::tests::counts(&[0, 55], &scale, 5.0), [1, 1]);
        assert!(
            super::tests::counts(&[], &scale, f64::NAN)
                .iter()
                .all(|&count| count == 0)
        );
    }

    proptest! {
        #[test]
        fn counting_by_search_equals_counting_each(
            mut times in prop::collection::vec(-1_000_i64..3_000, 0..200),
            start in 0_i64..1_000,
            span in 10_i64..2_000,
            bucket in 1.0..9.0,
        ) {
            times.sort_unstable();
            let scale = TimeScale::fit(start, start + span, 100.0);
            let counts = counts(&times, &scale, bucket);
            for (i, &count) in counts.iter().enumerate() {
                let (from, to) = (i as f64 * bucket, (i + 1) as f64 * bucket);
                let inside = |&&time: &&i64| (from..to).contains(&scale.px_from_time(time));
                prop_assert_eq!(count as usize, times.iter().filter(inside).count());
            }
        }
    }
}
