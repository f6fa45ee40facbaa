//! The timeline's geometry: where an instant lies, what the ruler says, which bars are in view.
//!
//! ```text
//!          0s        10s       20s       30s     ticks
//!          ┆    ▁▁▃▇▃▁         ▁▁                density
//!  fetch   ██████    ┆         ┆                 lanes
//!  build   ┆     ████████      ┆
//!  test    ┆         ┆   ████████████▶
//! ```

mod camera;
mod clusters;
mod density;
mod lane;
mod lanes;
mod overview;
mod range;
mod rows;
mod scale;
mod shown;
mod span;
mod ticks;

pub use camera::{Bounds, Camera};
pub use clusters::{Cluster, clusters, nearest};
pub use density::density;
pub use lane::{Block, Lane, Stretch};
pub use lanes::{Bar, Interval, LaneShape, bars, lanes_in_view};
pub use overview::{Grip, Overview};
pub use range::TimeRange;
pub use rows::{Entry, Hull, Row, Rows, hulls};
pub use scale::TimeScale;
pub use shown::{Shown, shown};
pub use span::{Unit, format_span};
pub use ticks::{Tick, ticks};
