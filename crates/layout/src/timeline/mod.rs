//! The timeline's geometry: where an instant lies, what the ruler says, which bars are in view.
//!
//! ```text
//!          0s        10s       20s       30s     ticks
//!          ┆    ▁▁▃▇▃▁         ▁▁                density
//!  fetch   ██████    ┆         ┆                 lanes
//!  build   ┆     ████████      ┆
//!  test    ┆         ┆   ████████████▶
//! ```

mod density;
mod lanes;
mod scale;
mod span;
mod ticks;

pub use density::density;
pub use lanes::{Bar, Interval, LaneShape, bars, lanes_in_view};
pub use scale::TimeScale;
pub use span::{Unit, format_span};
pub use ticks::{Tick, ticks};
