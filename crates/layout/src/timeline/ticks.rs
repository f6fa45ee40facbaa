//! The ruler: marks at round times, far enough apart to be read.

use std::fmt;

use super::TimeScale;
use super::span::{Unit, format_span};

/// A mark of the ruler.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// The instant, in milliseconds.
    pub time: i64,
    /// Where it lies, in pixels.
    pub px: f64,
    /// Milliseconds from the ruler's zero to it: what the label says.
    pub offset: i64,
    /// The unit the ruler counts in at this zoom.
    pub unit: Unit,
}

/// The label, such as `1m 30s`.
impl fmt::Display for Tick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_span(self.offset))
    }
}

/// Round steps below a day, in their unit.
const STEPS: [(Unit, &[i64]); 4] = [
    (Unit::Millis, &[1, 2, 5, 10, 20, 50, 100, 200, 500]),
    (Unit::Seconds, &[1, 2, 5, 10, 15, 30]),
    (Unit::Minutes, &[1, 2, 5, 10, 15, 30]),
    (Unit::Hours, &[1, 2, 3, 6, 12]),
];

/// The marks in view, from left to right, `min_gap` pixels apart at least, at round distances from `zero` (as a rule the start of
/// the run).
pub fn ticks(scale: &TimeScale, zero: i64, min_gap: f64) -> Vec<Tick> {
    // Below one pixel, marks would only run together; this also bounds their number.
    let min_gap = if min_gap.is_nan() {
        1.0
    } else {
        min_gap.max(1.0)
    };
    let (unit, step) = step(min_gap * scale.millis_per_px());
    let (from, to) = scale.visible();
    let first = from.saturating_sub(zero).div_euclid(step);
    // One mark may fall before the left end, one on it.
    let most = (scale.width() / min_gap) as i64 + 2;
    (0..most)
        .map(|i| first.saturating_add(i).saturating_mul(step))
        .map(|offset| (offset, zero.saturating_add(offset)))
        .take_while(|&(_, time)| time <= to)
        .map(|(offset, time)| Tick {
            time,
            px: scale.px_from_time(time),
            offset,
            unit,
        })
        .filter(|tick| (0.0..=scale.width()).contains(&tick.px))
        .collect()
}

/// The shortest round step of at least `millis`.
fn step(millis: f64) -> (Unit, i64) {
    for (unit, counts) in STEPS {
        for &count in counts {
            let step = count * unit.millis();
            if step as f64 >= millis {
                return (unit, step);
            }
        }
    }
    let mut decade = Unit::Days.millis();
    loop {
        for count in [1, 2, 5] {
            let step = count * decade;
            // A step of a thousand years is enough for any scale; it also ends the search.
            if step as f64 >= millis || decade >= 100_000 * Unit::Days.millis() {
                return (Unit::Days, step);
            }
        }
        decade *= 10;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn labels_are_round_at_every_zoom() {
        for (span, labels) in [
            (20, "0s 5ms 10ms 15ms 20ms"),
            (1_000, "0s 200ms 400ms 600ms 800ms 1s"),
            (10_000, "0s 2s 4s 6s 8s 10s"),
            (90_000, "0s 15s 30s 45s 1m 1m 15s 1m 30s"),
            (600_000, "0s 2m 4m 6m 8m 10m"),
            (86_400_000, "0s 6h 12h 18h 1d"),
            (4 * 86_400_000, "0s 1d 2d 3d 4d"),
        ] {
            let scale = TimeScale::fit(1_000_000, 1_000_000 + span, 500.0);
            let text: Vec<String> = ticks(&scale, 1_000_000, 80.0)
                .iter()
                .map(Tick::to_string)
                .collect();
            assert_eq!(text.join(" "), labels);
        }
    }

    #[test]
    fn times_before_zero_are_negative() {
        let scale = TimeScale::fit(-2_000, 2_000, 400.0);
        let offsets: Vec<i64> = ticks(&scale, 0, 100.0)
            .iter()
            .map(|tick| tick.offset)
            .collect();
        assert_eq!(offsets, [-2_000, -1_000, 0, 1_000, 2_000]);
    }

    #[test]
    fn the_ends_of_time_do_not_hang_the_ruler() {
        for (from, to) in [
            (i64::MIN, i64::MAX),
            (i64::MAX - 5, i64::MAX),
            (i64::MIN, i64::MIN),
        ] {
            for zero in [i64::MIN, 0, i64::MAX] {
                let scale = TimeScale::fit(from, to, 300.0).pan(1e300);
                assert!(ticks(&scale, zero, 50.0).len() < 10);
            }
        }
    }

    proptest! {
        #[test]
        fn marks_keep_their_distance_and_are_not_too_few(
            start in -1_000_000_000_i64..2_000_000_000_000,
            span in 20_i64..100_000_000_000,
            width in 200.0..3000.0,
            gap in 10.0..150.0,
        ) {
            let scale = TimeScale::fit(start, start + span, width);
            let ticks = ticks(&scale, start, gap);
            prop_assert!(ticks.windows(2).all(|t| t[1].px - t[0].px >= gap - 1e-6));
            // A round step is at most 2.5 times the one before, or one millisecond.
            let apart = (gap * 2.5).max(1.01 / scale.millis_per_px());
            prop_assert!((ticks.len() as f64 + 1.0) * apart >= width);
        }
    }
}
