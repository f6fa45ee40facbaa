//! Instants and spans, which cannot be mixed up, and the total order of facts.

use std::ops::{Add, Sub};

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub i64);

/// A difference of two instants, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub i64);

impl Millis {
    /// Before everything.
    pub const MIN: Self = Self(i64::MIN);
    /// After everything.
    pub const MAX: Self = Self(i64::MAX);
}

impl Sub for Millis {
    type Output = Span;
    fn sub(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Span> for Millis {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Millis {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

/// Where a fact stands among the others of its channel: its instant, what the instant does not
/// tell (nanoseconds within the millisecond), then the source's own count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// The instant, rounded down.
    pub at: Millis,
    /// Nanoseconds within that millisecond, 0 to 999,999.
    pub nanos: u32,
    /// The source's sequence where it has one, else the number its id ends in, else 0.
    pub sequence: u64,
}

impl Stamp {
    /// A stamp that knows only its instant.
    pub fn at(at: Millis) -> Self {
        Self {
            at,
            ..Self::default()
        }
    }
}
