//! A stretch of time that a person marked.

use super::camera::Bounds;

/// From where to where, in milliseconds since 1970; never backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    from: i64,
    to: i64,
}

impl TimeRange {
    /// Between two instants, whichever comes first, and within the run.
    pub fn between(a: i64, b: i64, bounds: &Bounds) -> Self {
        let last = bounds.end.max(bounds.start);
        Self {
            from: a.min(b).clamp(bounds.start, last),
            to: a.max(b).clamp(bounds.start, last),
        }
    }

    /// The first instant.
    pub fn from(self) -> i64 {
        self.from
    }

    /// The last instant.
    pub fn to(self) -> i64 {
        self.to
    }

    /// How long it is, in milliseconds.
    pub fn length(self) -> i64 {
        self.to.saturating_sub(self.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_run_forwards_and_stay_in_the_run() {
        let run = Bounds {
            start: 100,
            end: 900,
        };
        for (a, b, range) in [
            (200, 500, (200, 500)),
            (500, 200, (200, 500)),
            (-5, 9_000, (100, 900)),
            (950, 990, (900, 900)),
            (i64::MIN, i64::MAX, (100, 900)),
        ] {
            let made = TimeRange::between(a, b, &run);
            assert_eq!((made.from(), made.to()), range, "{a} {b}");
            assert_eq!(made.length(), range.1 - range.0);
        }
        let odd = Bounds { start: 5, end: -5 };
        assert_eq!(TimeRange::between(-9, 9, &odd).length(), 0);
    }
}
