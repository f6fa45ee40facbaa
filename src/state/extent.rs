//! From when to when what can be shown goes.

use crate::state::run_store::Frozen;
use model::playhead::Extent;
use model::{Journal, Millis};

/// Of a journal, of which something was `heard` so many milliseconds after 1970: a run that goes on goes at least so far.
pub fn extent(journal: &Journal, heard: Option<i64>, speed: f64) -> Extent {
    let start = journal.start().unwrap_or_default();
    let growing = journal.ended().is_none() && journal.start().is_some();
    let known = journal.end().unwrap_or(start);
    let end = match heard {
        Some(now) if growing => known.max(Millis(now)),
        _ => known,
    };
    Extent {
        start,
        end: end.max(start),
        growing,
        speed,
    }
}

/// While updates are paused.
pub fn frozen_extent(frozen: Frozen, start: Millis, speed: f64) -> Extent {
    Extent {
        start,
        end: frozen.end.max(start),
        growing: frozen.growing,
        speed,
    }
}
