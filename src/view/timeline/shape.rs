//! Where what stands on the timeline's canvas, in CSS pixels.
//!
//! ```text
//!           gutter
//!             │▁▁▃▇▃▁   ▁▁      │  density of the whole run; the slider lies over it
//!             │  [======]       │  band: the window that is in view
//!             │ 0s   10s   20s  │  ruler of what is in view
//!  ▾ Branch   │  ╟───────╢      │  rows
//!    build    │  ██████         │
//! ```

use crate::state::timeline_view;
use layout::Point;
use layout::timeline::{Bounds, Camera, Overview, TimeScale};
use model::playhead::Extent;
use model::{Millis, Span};

/// Height of the density strip.
pub const DENSITY: f64 = 22.0;
/// Height of the band of the window below it; on a narrow screen it is taken by fingers.
const BAND: f64 = 14.0;
const NARROW_BAND: f64 = 22.0;
/// Height of the ruler.
pub const RULER: f64 = 20.0;
/// Height of a row.
pub const ROW: f64 = 24.0;
/// Height of the row of one attempt.
pub const ATTEMPT_ROW: f64 = 18.0;
/// Free at the right; equal to the slider's inset.
const INSET: f64 = 12.0;

/// What a pointer can be over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// The whole run's strip.
    Overview,
    /// The ruler.
    Ruler,
    /// The names of the rows.
    Names,
    /// The rows right of their names.
    Rows,
}

/// A frame's geometry.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub width: f64,
    pub height: f64,
    /// Width of the names.
    pub gutter: f64,
    /// Height of the window's band.
    pub band: f64,
    /// Where the ruler begins, from the top.
    pub ruler_top: f64,
    /// Where the rows begin, from the top.
    pub rows_top: f64,
    pub bounds: Bounds,
    /// What is in view.
    pub scale: TimeScale,
    /// The whole run.
    pub overview: Overview,
}

impl Frame {
    /// The geometry of a canvas of this size.
    pub fn new(
        (width, height): (f64, f64),
        extent: &Extent,
        camera: timeline_view::Camera,
    ) -> Self {
        let (gutter, band) = if width < 700.0 {
            (112.0, NARROW_BAND)
        } else {
            (184.0, BAND)
        };
        let bounds = bounds(extent);
        let strip = (width - gutter - INSET).max(1.0);
        Self {
            width,
            height,
            gutter,
            band,
            ruler_top: DENSITY + band,
            rows_top: DENSITY + band + RULER,
            bounds,
            scale: to_layout(camera, bounds.start).scale(&bounds, strip),
            overview: Overview {
                bounds,
                width: strip,
            },
        }
    }

    /// Where an instant lies on the canvas.
    pub fn x(&self, at: i64) -> f64 {
        self.gutter + self.scale.px_from_time(at)
    }

    /// As [`Self::x`], not outside of the rows.
    pub fn x_within(&self, at: i64) -> f64 {
        self.gutter + self.scale.px_from_time(at).clamp(0.0, self.scale.width())
    }

    /// The instant at a place on the canvas.
    pub fn time(&self, x: f64) -> Millis {
        Millis(self.scale.time_from_px(x - self.gutter))
    }

    /// Height of the rows that show.
    pub fn rows_height(&self) -> f64 {
        (self.height - self.rows_top).max(0.0)
    }

    /// What lies at a place.
    pub fn region(&self, at: Point) -> Region {
        match at.y {
            y if y < self.ruler_top => Region::Overview,
            _ if at.x < self.gutter => Region::Names,
            y if y < self.rows_top => Region::Ruler,
            _ => Region::Rows,
        }
    }

    /// The place as a share of what is in view: 0 left, 1 right.
    pub fn share(&self, x: f64) -> f64 {
        (x - self.gutter) / self.scale.width()
    }
}

/// The run's time as the layout means it.
pub fn bounds(extent: &Extent) -> Bounds {
    Bounds {
        start: extent.start.0,
        end: extent.end.0.max(extent.start.0),
    }
}

/// The camera as the layout means it: from 1970 instead of from the run's start.
pub fn to_layout(camera: timeline_view::Camera, start: i64) -> Camera {
    match camera {
        timeline_view::Camera::Whole => Camera::Whole,
        timeline_view::Camera::End { span } => Camera::Following { span },
        timeline_view::Camera::Fixed { from, to } => Camera::Fixed {
            from: from + start as f64,
            to: to + start as f64,
        },
    }
}

/// And back.
pub fn from_layout(camera: Camera, start: i64) -> timeline_view::Camera {
    match camera {
        Camera::Whole => timeline_view::Camera::Whole,
        Camera::Following { span } => timeline_view::Camera::End { span },
        Camera::Fixed { from, to } => timeline_view::Camera::Fixed {
            from: from - start as f64,
            to: to - start as f64,
        },
    }
}

/// An instant as milliseconds from the run's start.
pub fn from_start(at: Millis, start: Millis) -> i64 {
    let Span(millis) = at - start;
    millis
}
