//! Time to pixels and back.

/// The shortest span a screen may show, in milliseconds.
const MIN_SPAN: f64 = 10.0;
/// The longest span a screen may show, in milliseconds: about a century.
const MAX_SPAN: f64 = 3.2e12;
/// The farthest from 1970 a screen may begin, in milliseconds; up to here a float tells every millisecond.
const MAX_START: f64 = 8e15;
/// The widest screen, in pixels; whatever is made for each pixel stays bounded.
const MAX_WIDTH: f64 = 100_000.0;

/// Maps instants (milliseconds) to pixels from the left end. A value: every change gives a new one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeScale {
    /// The instant at pixel zero, in milliseconds; fractions arise from zooming.
    start: f64,
    /// How much time is shown, in milliseconds.
    span: f64,
    /// Over how many pixels, at least one.
    width: f64,
}

impl TimeScale {
    /// Shows `from..to` over `width` pixels. A span too short is widened around its middle.
    pub fn fit(from: i64, to: i64, width: f64) -> Self {
        let (from, to) = (from.min(to) as f64, from.max(to) as f64);
        let span = (to - from).clamp(MIN_SPAN, MAX_SPAN);
        let start = f64::midpoint(from, to) - span / 2.0;
        Self {
            start: usable_start(start),
            span,
            width: usable_width(width),
        }
    }

    /// As [`Self::fit`], between two instants that need not be whole milliseconds.
    pub fn between(from: f64, to: f64, width: f64) -> Self {
        let known = from.is_finite() && to.is_finite();
        let (from, to) = if known { (from, to) } else { (0.0, 0.0) };
        Self {
            start: usable_start(from),
            span: (to - from).clamp(MIN_SPAN, MAX_SPAN),
            width: usable_width(width),
        }
    }

    /// Where the instant lies, in pixels; outside `0..width` when it is out of view.
    pub fn px_from_time(&self, time: i64) -> f64 {
        (time as f64 - self.start) / self.span * self.width
    }

    /// The instant at a pixel, to the nearest millisecond.
    pub fn time_from_px(&self, px: f64) -> i64 {
        (self.start + px / self.width * self.span).round() as i64
    }

    /// The first whole millisecond at or behind a pixel.
    pub fn first_at_px(&self, px: f64) -> i64 {
        let near = (self.start + px / self.width * self.span).ceil() as i64;
        // Rounding may be off by one to either side.
        let first = |time: &i64| self.px_from_time(*time) >= px;
        let earlier = near.saturating_sub(1);
        [earlier, near]
            .into_iter()
            .find(first)
            .unwrap_or(near.saturating_add(1))
    }

    /// Milliseconds a pixel stands for.
    pub fn millis_per_px(&self) -> f64 {
        self.span / self.width
    }

    /// Pixels from end to end.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// The first and last instant in view, rounded outwards.
    pub fn visible(&self) -> (i64, i64) {
        (
            self.start.floor() as i64,
            (self.start + self.span).ceil() as i64,
        )
    }

    /// Zooms in by `factor` (out below one); the instant under pixel `px` stays there. A factor that is not a positive number
    /// changes nothing.
    pub fn zoom_about(self, px: f64, factor: f64) -> Self {
        if !(factor > 0.0 && factor.is_finite() && px.is_finite()) {
            return self;
        }
        let span = (self.span / factor).clamp(MIN_SPAN, MAX_SPAN);
        let share = px / self.width;
        Self {
            start: usable_start(self.start + share * (self.span - span)),
            span,
            ..self
        }
    }

    /// Moves the picture by `dx` pixels, as a drag does: to the right shows earlier times.
    pub fn pan(self, dx: f64) -> Self {
        if !dx.is_finite() {
            return self;
        }
        Self {
            start: usable_start(self.start - dx * self.millis_per_px()),
            ..self
        }
    }

    /// The same span over another width.
    pub fn resize(self, width: f64) -> Self {
        Self {
            width: usable_width(width),
            ..self
        }
    }
}

fn usable_start(start: f64) -> f64 {
    start.clamp(-MAX_START, MAX_START)
}

fn usable_width(width: f64) -> f64 {
    if width.is_finite() {
        width.clamp(1.0, MAX_WIDTH)
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ends_middle_and_outside_map_both_ways() {
        let scale = TimeScale::fit(1_000, 3_000, 400.0);
        for (time, px) in [
            (1_000, 0.0),
            (2_000, 200.0),
            (3_000, 400.0),
            (0, -200.0),
            (5_000, 800.0),
        ] {
            assert_eq!(scale.px_from_time(time), px);
            assert_eq!(scale.time_from_px(px), time);
        }
        assert_eq!(scale.visible(), (1_000, 3_000));
    }

    #[test]
    fn an_empty_span_and_an_empty_screen_still_map() {
        let scale = TimeScale::fit(5, 5, 0.0);
        assert_eq!(scale.time_from_px(0.5), 5);
        assert!(scale.px_from_time(5).is_finite());
        let swapped = TimeScale::fit(900, 100, f64::NAN);
        assert_eq!(swapped.visible(), (100, 900));
        assert_eq!(TimeScale::between(f64::NAN, 5.0, 10.0).visible(), (0, 10));
        assert_eq!(TimeScale::between(0.25, 20.5, 10.0).visible(), (0, 21));
    }

    #[test]
    fn pan_moves_the_picture_with_the_hand() {
        let scale = TimeScale::fit(0, 1_000, 100.0).pan(10.0);
        assert_eq!(scale.px_from_time(0), 10.0);
    }

    #[test]
    fn zoom_stops_at_its_limits() {
        let scale = TimeScale::fit(0, 1_000, 100.0);
        assert_eq!(scale.zoom_about(50.0, 1e9).visible(), (495, 505));
        assert_eq!(scale.zoom_about(0.0, f64::NAN), scale);
    }

    proptest! {
        #[test]
        fn the_instant_under_the_pointer_stays(
            start in -2_000_000_000_000_i64..2_000_000_000_000,
            length in 100_i64..1_000_000_000,
            px in 0.0..1000.0,
            factor in 0.2..5.0,
        ) {
            let scale = TimeScale::fit(start, start + length, 1000.0);
            let time = scale.time_from_px(px);
            prop_assert!((scale.px_from_time(time) - px).abs() * scale.millis_per_px() <= 0.51);
            let zoomed = scale.zoom_about(px, factor);
            prop_assert!((zoomed.time_from_px(px) - time).abs() <= 1);
        }
    }
}
