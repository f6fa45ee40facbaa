//! Which part of a run's time is in view.

use super::TimeScale;

/// The least that can be in view, in milliseconds.
const MIN_SPAN: f64 = 10.0;
/// A zoom about what lies this near to the end, as a share of the view, stays at the end.
const AT_END: f64 = 0.97;

/// What is in view. A value: every change gives a new one, and a run that grows changes none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Camera {
    /// From the run's start to its end, however far that moves.
    #[default]
    Whole,
    /// So many milliseconds up to the run's end, however far that moves.
    Following {
        /// How much is in view.
        span: f64,
    },
    /// Always the same.
    Fixed {
        /// Milliseconds since 1970; fractions arise from zooming.
        from: f64,
        /// Not before `from`.
        to: f64,
    },
}

/// The run's time, in milliseconds since 1970: a view never leaves it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The first instant.
    pub start: i64,
    /// The last instant known now; at or after `start`.
    pub end: i64,
}

impl Bounds {
    /// How much there is to see: a run of no length still has a width.
    fn span(&self) -> f64 {
        ((self.end as f64) - (self.start as f64)).max(MIN_SPAN)
    }

    fn last(&self) -> f64 {
        self.start as f64 + self.span()
    }
}

impl Camera {
    /// From where to where, within the bounds and at least 10 ms.
    pub fn view(self, bounds: &Bounds) -> (f64, f64) {
        let (start, last) = (bounds.start as f64, bounds.last());
        match self {
            Self::Whole => (start, last),
            Self::Following { span } => (last - clamp(span, MIN_SPAN, bounds.span()), last),
            Self::Fixed { from, to } => {
                let span = clamp(to - from, MIN_SPAN, bounds.span());
                let from = clamp(from, start, last - span);
                (from, from + span)
            }
        }
    }

    /// The view over `width` pixels.
    pub fn scale(self, bounds: &Bounds, width: f64) -> TimeScale {
        let (from, to) = self.view(bounds);
        TimeScale::between(from, to, width)
    }

    /// Looks at these milliseconds; at the whole run where that is all.
    pub fn look(from: f64, to: f64, bounds: &Bounds) -> Self {
        let (from, to) = Self::Fixed { from, to }.view(bounds);
        // Rounding must not keep a view from being the whole.
        if to - from >= bounds.span() * (1.0 - 1e-9) {
            Self::Whole
        } else {
            Self::Fixed { from, to }
        }
    }

    /// Zooms in by `factor` (out below one): what lies at `share` of the width (0 left, 1 right) stays there, where the
    /// bounds allow it. A view that moves with the end goes on doing so when zoomed about it.
    pub fn zoom_about(self, bounds: &Bounds, share: f64, factor: f64) -> Self {
        if !(factor > 0.0 && factor.is_finite() && share.is_finite()) {
            return self;
        }
        let (from, to) = self.view(bounds);
        let span = clamp((to - from) / factor, MIN_SPAN, bounds.span());
        let share = clamp(share, 0.0, 1.0);
        let from = from + share * (to - from - span);
        match (self, Self::look(from, from + span, bounds)) {
            (Self::Whole | Self::Following { .. }, Self::Fixed { .. }) if share >= AT_END => {
                Self::Following { span }
            }
            (_, looked) => looked,
        }
    }

    /// Moves the view by so many milliseconds, later for more than 0; at the end it stays with the end.
    pub fn pan(self, bounds: &Bounds, millis: f64) -> Self {
        if self == Self::Whole || !millis.is_finite() || millis == 0.0 {
            return self;
        }
        let (from, to) = self.view(bounds);
        if millis > 0.0 && to + millis >= bounds.last() {
            return Self::Following { span: to - from };
        }
        Self::look(from + millis, to + millis, bounds)
    }

    /// As it is where `at` is in view, else moved so that it is, near the left, as pages are turned.
    pub fn keep_in_view(self, bounds: &Bounds, at: i64) -> Self {
        let (from, to) = self.view(bounds);
        let at = clamp(at as f64, bounds.start as f64, bounds.last());
        if (from..=to).contains(&at) {
            return self;
        }
        let from = at - (to - from) * 0.1;
        Self::look(from, from + (to - self.view(bounds).0), bounds)
    }

    /// As it is where some of `from..to` is in view, else moved, and made wide enough, so that all of it is.
    pub fn reveal(self, bounds: &Bounds, from: i64, to: i64) -> Self {
        let (left, right) = self.view(bounds);
        let (from, to) = (from.min(to) as f64, from.max(to) as f64);
        if to >= left && from <= right {
            return self;
        }
        let span = (right - left).max((to - from) * 1.25);
        let middle = f64::midpoint(from, to);
        Self::look(middle - span / 2.0, middle + span / 2.0, bounds)
    }
}

/// As `f64::clamp`, but of no number the least, and where the limits are crossed the lower.
fn clamp(value: f64, least: f64, most: f64) -> f64 {
    // In this order NaN becomes the least.
    value.max(least).min(most.max(least))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RUN: Bounds = Bounds {
        start: 1_000,
        end: 11_000,
    };
    const FIXED: Camera = Camera::Fixed {
        from: 3_000.0,
        to: 5_000.0,
    };

    #[test]
    fn a_view_lies_within_the_run_and_has_a_width() {
        for (camera, bounds, view) in [
            (Camera::Whole, RUN, (1_000.0, 11_000.0)),
            (Camera::Following { span: 500.0 }, RUN, (10_500.0, 11_000.0)),
            (Camera::Following { span: 1e9 }, RUN, (1_000.0, 11_000.0)),
            (FIXED, RUN, (3_000.0, 5_000.0)),
            (
                Camera::Fixed {
                    from: -50.0,
                    to: 950.0,
                },
                RUN,
                (1_000.0, 2_000.0),
            ),
            (
                Camera::Fixed {
                    from: 90_000.0,
                    to: 91_000.0,
                },
                RUN,
                (10_000.0, 11_000.0),
            ),
            (
                Camera::Fixed {
                    from: 4_000.0,
                    to: 4_000.0,
                },
                RUN,
                (4_000.0, 4_010.0),
            ),
            (
                Camera::Fixed {
                    from: f64::NAN,
                    to: f64::NAN,
                },
                RUN,
                (1_000.0, 1_010.0),
            ),
            // A run of one event, and one that ends before it begins.
            (Camera::Whole, Bounds { start: 7, end: 7 }, (7.0, 17.0)),
            (FIXED, Bounds { start: 7, end: -90 }, (7.0, 17.0)),
        ] {
            assert_eq!(camera.view(&bounds), view, "{camera:?} {bounds:?}");
        }
    }

    #[test]
    fn a_run_that_grows_takes_the_end_along_and_leaves_the_rest() {
        let grown = Bounds { end: 21_000, ..RUN };
        assert_eq!(Camera::Whole.view(&grown), (1_000.0, 21_000.0));
        assert_eq!(
            Camera::Following { span: 500.0 }.view(&grown),
            (20_500.0, 21_000.0)
        );
        assert_eq!(FIXED.view(&grown), FIXED.view(&RUN));
    }

    #[test]
    fn zooming_finds_the_whole_run_and_stays_with_the_end() {
        let following = Camera::Whole.zoom_about(&RUN, 1.0, 4.0);
        assert_eq!(following, Camera::Following { span: 2_500.0 });
        assert_eq!(
            following.zoom_about(&RUN, 1.0, 0.5),
            Camera::Following { span: 5_000.0 }
        );
        assert_eq!(following.zoom_about(&RUN, 0.4, 0.01), Camera::Whole);
        assert_eq!(
            FIXED.zoom_about(&RUN, 0.5, 2.0),
            Camera::Fixed {
                from: 3_500.0,
                to: 4_500.0
            }
        );
        assert_eq!(FIXED.zoom_about(&RUN, f64::NAN, 2.0), FIXED);
        assert_eq!(FIXED.zoom_about(&RUN, 0.5, 0.0), FIXED);
    }

    #[test]
    fn panning_stops_at_both_ends() {
        assert_eq!(Camera::Whole.pan(&RUN, 500.0), Camera::Whole);
        assert_eq!(
            FIXED.pan(&RUN, 500.0),
            Camera::Fixed {
                from: 3_500.0,
                to: 5_500.0
            }
        );
        assert_eq!(
            FIXED.pan(&RUN, -9e9),
            Camera::Fixed {
                from: 1_000.0,
                to: 3_000.0
            }
        );
        assert_eq!(FIXED.pan(&RUN, 9e9), Camera::Following { span: 2_000.0 });
        assert_eq!(
            Camera::Following { span: 2_000.0 }.pan(&RUN, -1_000.0),
            Camera::Fixed {
                from: 8_000.0,
                to: 10_000.0
            }
        );
    }

    #[test]
    fn what_plays_stays_in_view() {
        for (at, view) in [
            (4_000, (3_000.0, 5_000.0)),
            (5_001, (4_801.0, 6_801.0)),
            (90_000, (9_000.0, 11_000.0)),
            (2_000, (1_800.0, 3_800.0)),
        ] {
            assert_eq!(FIXED.keep_in_view(&RUN, at).view(&RUN), view, "{at}");
        }
        assert_eq!(FIXED.reveal(&RUN, 4_900, 8_000), FIXED);
        assert_eq!(
            FIXED.reveal(&RUN, 7_000, 8_000).view(&RUN),
            (6_500.0, 8_500.0)
        );
    }

    proptest! {
        #[test]
        fn the_instant_under_the_pointer_stays_unless_the_run_ends(
            from in 1_000.0..10_000.0_f64,
            span in 10.0..10_000.0_f64,
            steps in prop::collection::vec((0.0..1.0_f64, 0.3..3.0_f64), 1..20),
        ) {
            let mut camera = Camera::look(from, from + span, &RUN);
            for (share, factor) in steps {
                let (left, right) = camera.view(&RUN);
                let under = left + share * (right - left);
                camera = camera.zoom_about(&RUN, share, factor);
                let (left, right) = camera.view(&RUN);
                prop_assert!(left >= 1_000.0 - 1e-6 && right <= 11_000.0 + 1e-6 && right - left >= 9.999);
                let free = left > 1_000.0 + 1e-6 && right < 11_000.0 - 1e-6;
                prop_assert!(!free || (left + share * (right - left) - under).abs() < 1e-3);
            }
        }
    }
}
