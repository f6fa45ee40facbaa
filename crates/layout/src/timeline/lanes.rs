//! Intervals as bars in lanes, only those in view.

use std::ops::Range;

use super::TimeScale;
use crate::geom::Rect;

/// A stretch of time in a lane, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The row, from the top.
    pub lane: u32,
    /// When it began.
    pub from: i64,
    /// When it ended, or `None` while it goes on.
    pub to: Option<i64>,
}

/// How lanes look, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneShape {
    /// From the top of one lane to the top of the next.
    pub pitch: f64,
    /// Height of a bar, not above `pitch`.
    pub bar: f64,
    /// The least width of a bar, so that the shortest can still be seen and clicked.
    pub min_width: f64,
}

/// An interval in view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Index of its interval.
    pub interval: u32,
    /// Where to paint it, cut off at both ends of the scale.
    pub rect: Rect,
}

/// The bars in view. Open intervals reach to `end`; only lanes of `lanes` are taken, lane `n` being painted at `n * pitch`.
pub fn bars(
    intervals: &[Interval],
    scale: &TimeScale,
    shape: &LaneShape,
    lanes: Range<u32>,
    end: i64,
) -> Vec<Bar> {
    let mut bars = Vec::new();
    for (i, interval) in (0u32..).zip(intervals) {
        if !lanes.contains(&interval.lane) {
            continue;
        }
        let to = interval.to.unwrap_or(end).max(interval.from);
        let left = scale.px_from_time(interval.from);
        let right = scale.px_from_time(to).max(left + shape.min_width);
        if right < 0.0 || left > scale.width() {
            continue;
        }
        // Canvas coordinates lose precision far outside; what ends at the right border keeps its least width.
        let right = right.min(scale.width());
        let left = left.max(0.0).min((right - shape.min_width).max(0.0));
        let top = f64::from(interval.lane) * shape.pitch + (shape.pitch - shape.bar) / 2.0;
        bars.push(Bar {
            interval: i,
            rect: Rect::new(left, top, right - left, shape.bar),
        });
    }
    bars
}

/// The lanes that show when the panel is scrolled to `top` and `height` pixels high.
pub fn lanes_in_view(shape: &LaneShape, top: f64, height: f64) -> Range<u32> {
    if shape.pitch.is_nan() || shape.pitch <= 0.0 {
        return 0..0;
    }
    // Casts saturate, so nothing here can wrap.
    (top / shape.pitch).floor() as u32..((top + height) / shape.pitch).ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: LaneShape = LaneShape {
        pitch: 20.0,
        bar: 16.0,
        min_width: 2.0,
    };

    fn at(lane: u32, from: i64, to: impl Into<Option<i64>>) -> Interval {
        Interval {
            lane,
            from,
            to: to.into(),
        }
    }

    #[test]
    fn bars_in_view_are_cut_and_others_left_out() {
        let scale = TimeScale::fit(1_000, 2_000, 100.0);
        let intervals = [
            at(0, 1_200, 1_500),
            at(0, 0, 900),       // before
            at(1, 2_100, 3_000), // after
            at(1, 500, 1_100),   // sticks out on the left
            at(2, 1_900, None),  // goes on
            at(2, 1_500, 1_500), // a moment
            at(9, 1_200, 1_300), // lane not shown
            at(3, 1_600, 1_400), // ends before it begins
            at(4, 2_000, 2_000), // a moment at the right border
        ];
        let drawn: Vec<(u32, f64, f64, f64)> = bars(&intervals, &scale, &SHAPE, 0..5, 2_500)
            .iter()
            .map(|bar| (bar.interval, bar.rect.x, bar.rect.right(), bar.rect.y))
            .collect();
        assert_eq!(
            drawn,
            [
                (0, 20.0, 50.0, 2.0),
                (3, 0.0, 10.0, 22.0),
                (4, 90.0, 100.0, 42.0),
                (5, 50.0, 52.0, 42.0),
                (7, 60.0, 62.0, 62.0),
                (8, 98.0, 100.0, 82.0),
            ]
        );
    }

    #[test]
    fn lanes_in_view_include_those_half_shown() {
        assert_eq!(lanes_in_view(&SHAPE, 30.0, 40.0), 1..4);
        assert_eq!(lanes_in_view(&SHAPE, 0.0, 40.0), 0..2);
        assert_eq!(
            lanes_in_view(
                &LaneShape {
                    pitch: 0.0,
                    ..SHAPE
                },
                0.0,
                40.0
            ),
            0..0
        );
    }
}
