//! Paints a frame of the timeline, layer over layer.

mod bars;
mod hatch;
mod marks;
mod names;
mod overview;
mod path;
mod playhead;
mod rows;
mod ruler;

pub use marks::at as marks_at;
pub use names::is_on_chevron;

use super::data::Data;
use super::facts::Facts;
use super::palette::Palette;
use super::shape::Frame;
use super::tree::Tree;
use crate::dom::canvas::{self, Context};
use layout::timeline::{Row, ticks};
use model::playhead::Extent;
use model::{Journal, Millis, NodeIx, RunState};

/// The least distance of two marks of the ruler, in pixels.
const TICK_GAP: f64 = 76.0;

/// What a frame shows.
pub struct Picture<'a> {
    pub context: &'a Context,
    pub palette: &'a Palette,
    pub frame: &'a Frame,
    pub tree: &'a Tree,
    pub data: &'a Data,
    pub facts: &'a Facts,
    pub journal: &'a Journal,
    pub state: &'a RunState,
    pub extent: Extent,
    pub at: Millis,
    /// How far the rows are scrolled, in pixels.
    pub top: f64,
    pub selected: Option<NodeIx>,
    /// The row that keys act on, while the canvas has the focus.
    pub cursor: Option<usize>,
    /// The marked stretch.
    pub range: Option<(i64, i64)>,
    pub path_shown: bool,
    /// Where the pointer is, right of the names.
    pub pointer: Option<f64>,
}

/// Paints what stays while the playhead moves: nearly all of it.
pub fn still(picture: &Picture<'_>) {
    let marks = ticks(&picture.frame.scale, picture.frame.bounds.start, TICK_GAP);
    picture.within_rows(|| {
        rows::grid(picture, &marks);
        rows::paint(picture);
        if picture.path_shown {
            path::paint(picture);
        }
        names::paint(picture);
    });
    overview::paint(picture);
    ruler::paint(picture, &marks);
}

/// Paints what moves with the playhead, and with the pointer, over what stays.
pub fn moving(picture: &Picture<'_>) {
    picture.within_rows(|| {
        rows::moving(picture);
        playhead::veil(picture);
        names::moving(picture);
    });
    overview::playhead(picture);
    ruler::pointer(picture);
    playhead::paint(picture);
}

impl Picture<'_> {
    /// Top of a row on the canvas.
    fn row_top(&self, row: &Row) -> f64 {
        self.frame.rows_top + row.top - self.top
    }

    /// The rows in view, with their numbers.
    fn rows_in_view(&self) -> impl Iterator<Item = (usize, &Row)> {
        let rows = self.tree.rows();
        let seen = rows.in_view(self.top, self.frame.rows_height());
        seen.clone().zip(rows.all().get(seen).unwrap_or_default())
    }

    /// Nothing is painted outside of the rows.
    fn within_rows(&self, paint: impl FnOnce()) {
        self.context.set_text_baseline("middle");
        self.context.save();
        clip(
            self.context,
            0.0,
            self.frame.rows_top,
            self.frame.width,
            self.frame.rows_height(),
        );
        paint();
        self.context.restore();
    }

    fn fill(&self, colour: &str) {
        self.context.set_fill_style_str(colour);
    }

    fn rect(&self, x: f64, y: f64, width: f64, height: f64) {
        self.context.fill_rect(x, y, width, height);
    }

    fn font(&self, weight: u32, size: u32) {
        let font = &self.palette.font;
        self.context.set_font(&format!("{weight} {size}px {font}"));
    }

    fn text(&self, text: &str, x: f64, y: f64) {
        // Fails for no text.
        self.context.fill_text(text, x, y).ok();
    }

    /// The text in the colour and font set, with an ellipsis where it is wider than `room`.
    fn text_within(&self, text: &str, x: f64, y: f64, room: f64) {
        let wide = canvas::text_width(self.context, text);
        if wide <= room {
            return self.text(text, x, y);
        }
        let count = text.chars().count();
        let fits = ((room / wide) * count as f64 - 1.5).max(0.0) as usize;
        if fits > 0 {
            let mut short: String = text.chars().take(fits).collect();
            short.push('…');
            self.text(&short, x, y);
        }
    }
}

/// Nothing is painted outside of the rectangle until the context is restored.
fn clip(context: &Context, x: f64, y: f64, width: f64, height: f64) {
    context.begin_path();
    context.rect(x, y, width, height);
    context.clip();
}
