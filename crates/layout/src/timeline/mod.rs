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
mod overview;
mod rows;
mod scale;
mod shown;
mod span;
mod ticks;

pub use camera::{Bounds, Camera};
pub use clusters::{Cluster, clusters, nearest};
pub use density::density;
pub use lane::{Block, Interval, Lane};
pub use overview::{Grip, Overview};
pub use rows::{Entry, Hull, Row, Rows, hulls};
pub use scale::TimeScale;
pub use shown::{Shown, shown};
pub use span::{Unit, format_span};
pub use ticks::{Tick, ticks};
