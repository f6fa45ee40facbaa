//! Where things go: the run graph, the timeline, the canvas viewport and a spatial index over what was placed.
//!
//! Everything here is a pure function of its arguments: no clock, no randomness, no I/O. Lengths are CSS pixels as `f64`,
//! instants are milliseconds as `i64`.

pub mod dag;
pub mod geom;
pub mod spatial;
pub mod timeline;
pub mod viewport;

pub use geom::{Point, Rect};
