//! What the playhead moves within: the run, a stretch that is repeated, stretches that are quiet.

use crate::time::{Millis, Span};

/// The run, as far as the playhead is concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Extent {
    /// First instant.
    pub start: Millis,
    /// Last instant known now.
    pub end: Millis,
    /// Whether the end still grows.
    pub growing: bool,
    /// The speed to play at.
    pub speed: f64,
}

impl Extent {
    /// The nearest instant within the run; its start where the end lies before it.
    pub fn clamp(&self, at: Millis) -> Millis {
        at.clamp(self.start, self.end.max(self.start))
    }

    /// From the first to the last instant; never negative.
    pub fn length(&self) -> Span {
        (self.end - self.start).max(Span(0))
    }
}

/// A part of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stretch {
    /// Its first instant.
    pub from: Millis,
    /// The first instant behind it.
    pub to: Millis,
}

impl Stretch {
    /// Between two instants, whichever comes first; none where they are the same.
    pub fn between(one: Millis, other: Millis) -> Option<Self> {
        (one != other).then(|| Self {
            from: one.min(other),
            to: one.max(other),
        })
    }

    /// Whether an instant is one of it.
    pub fn contains(&self, at: Millis) -> bool {
        self.from <= at && at < self.to
    }

    /// How long it is.
    pub fn length(&self) -> Span {
        self.to - self.from
    }
}

/// All that a command acts within.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course<'a> {
    /// The run.
    pub extent: Extent,
    /// What playing repeats, where the person chose that.
    pub repeat: Option<Stretch>,
    /// Stretches in which nothing was recorded, in order, apart from each other.
    pub quiet: &'a [Stretch],
    /// Whether playing skips them.
    pub skips: bool,
}

impl<'a> Course<'a> {
    /// A quiet stretch is worth a word, or skipping, when playing it takes longer than this by the
    /// clock.
    pub const QUIET_MILLIS: f64 = 5_000.0;

    /// What is skipped keeps so much at either end, by the clock: one sees what was before, and
    /// sees the next thing happen.
    const LINGER_MILLIS: f64 = 500.0;

    /// A run and nothing else.
    pub fn of(extent: Extent) -> Self {
        Self {
            extent,
            repeat: None,
            quiet: &[],
            skips: false,
        }
    }

    /// What is repeated, as far as it is part of the run.
    pub fn repeat(&self) -> Option<Stretch> {
        let repeat = self.repeat?;
        let (from, to) = (self.extent.clamp(repeat.from), self.extent.clamp(repeat.to));
        (from < to).then_some(Stretch { from, to })
    }

    /// The quiet stretch around `at` that takes long, played from there at the speed chosen.
    pub fn quiet_at(&self, at: Millis) -> Option<Stretch> {
        let index = self.quiet.partition_point(|quiet| quiet.to <= at);
        let quiet = self.quiet.get(index).filter(|quiet| quiet.contains(at))?;
        let left = (quiet.to - at).0 as f64;
        (left > Self::QUIET_MILLIS * super::usable_speed(self.extent.speed)).then_some(*quiet)
    }

    /// Where playing goes on behind a quiet stretch: a moment before it ends.
    pub(super) fn lead_in(&self, quiet: &Stretch) -> Millis {
        let linger = Self::LINGER_MILLIS * super::usable_speed(self.extent.speed);
        (quiet.to - Span(linger as i64)).max(quiet.from)
    }

    /// Where playing comes from `at` in `millis` of the clock.
    pub(super) fn onward(&self, at: f64, millis: f64, speed: f64) -> f64 {
        let at = at.max(self.extent.start.0 as f64);
        let plain = at + millis * speed;
        let next = match self.skips {
            true => self.leap(at, plain, speed),
            false => plain,
        };
        let Some(repeat) = self.repeat() else {
            return next;
        };
        let (from, to) = (repeat.from.0 as f64, repeat.to.0 as f64);
        // Who has left it by hand plays on where they are.
        if at < from || at >= to || next < to {
            return next;
        }
        // A frame may be longer than what is repeated.
        from + (plain - to).max(0.0) % (to - from)
    }

    /// `next`, or where the quiet stretches end that lie between.
    fn leap(&self, at: f64, mut next: f64, speed: f64) -> f64 {
        let linger = Self::LINGER_MILLIS * speed;
        let first = self.quiet.partition_point(|quiet| quiet.to.0 as f64 <= at);
        for quiet in &self.quiet[first..] {
            let (from, to) = (quiet.from.0 as f64, quiet.to.0 as f64);
            if next < from + linger {
                break;
            }
            if to - from > Self::QUIET_MILLIS * speed {
                next = next.max(to - linger);
            }
        }
        next
    }
}
