//! How fast playing goes.

use super::Extent;

/// Speeds that are offered: milliseconds of the run in a millisecond of the clock.
pub const SPEEDS: [f64; 10] = [0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0];

/// In so long by the clock [`fit_speed`] plays a whole run.
pub const FIT_MILLIS: f64 = 30_000.0;

/// Slower than this nothing is seen to move; faster than this a year is over in three seconds.
const USABLE: std::ops::RangeInclusive<f64> = 0.001..=10_000_000.0;

/// The speed at which the run, however long, takes [`FIT_MILLIS`]; 1 where it has no length.
pub fn fit_speed(extent: &Extent) -> f64 {
    usable_speed(extent.length().0 as f64 / FIT_MILLIS)
}

/// A speed to play at: 1 for what is none (zero, negative, not a number).
pub fn usable_speed(speed: f64) -> f64 {
    match speed > 0.0 {
        true => speed.clamp(*USABLE.start(), *USABLE.end()),
        false => 1.0,
    }
}

/// The offered speed next to one; itself at the end of the offer.
pub fn speed_after(speed: f64, faster: bool) -> f64 {
    let next = match faster {
        true => SPEEDS.into_iter().find(|offered| *offered > speed),
        false => SPEEDS.into_iter().rev().find(|offered| *offered < speed),
    };
    next.unwrap_or(speed)
}

/// `0.1×`, `1×`, `12.5×`, `360×`: three figures are enough.
pub fn speed_text(speed: f64) -> String {
    let text = match speed {
        0.0..0.01 => format!("{speed:.4}"),
        0.01..1.0 => format!("{speed:.2}"),
        1.0..100.0 => format!("{speed:.1}"),
        _ => format!("{speed:.0}"),
    };
    let short = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    format!("{short}×")
}
