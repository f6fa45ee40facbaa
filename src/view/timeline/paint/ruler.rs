//! The ruler of what is in view, and the instant under the pointer.

use super::Picture;
use crate::view::parts::time::clock;
use crate::view::timeline::marks;
use crate::view::timeline::paint::names::small_width;
use layout::timeline::{Tick, clusters};

/// Marks of the ruler with their labels, and the run's own marks.
pub fn paint(picture: &Picture<'_>, ticks: &[Tick]) {
    let frame = picture.frame;
    picture.fill(&picture.palette.surface);
    picture.rect(
        0.0,
        picture.frame.ruler_top,
        frame.width,
        picture.frame.rows_top - picture.frame.ruler_top,
    );
    picture.font(400, 10);
    let middle = picture.frame.ruler_top + 8.0;
    for tick in ticks {
        let x = (frame.gutter + tick.px).round();
        picture.fill(&picture.palette.line_strong);
        picture.rect(x, picture.frame.rows_top - 5.0, 1.0, 5.0);
        picture.fill(&picture.palette.muted);
        let text = tick.to_string();
        // A label that would be cut off is left out.
        if tick.px + 5.0 * text.len() as f64 + 4.0 < frame.scale.width() {
            picture.text(&text, x + 4.0, middle);
        }
    }
    picture.text_within("In view", 10.0, middle + 2.0, frame.gutter - 16.0);
    for cluster in clusters(picture.data.marks.of_run(), &frame.scale, 10.0) {
        let kind = marks::kind(cluster.rank);
        let colour =
            marks::colour(kind).map_or(&*picture.palette.ink, |state| picture.palette.solid(state));
        picture.context.begin_path();
        if marks::outline(
            picture.context,
            kind,
            frame.gutter + cluster.px,
            picture.frame.rows_top - 6.0,
            3.2,
        ) {
            picture.context.set_stroke_style_str(colour);
            picture.context.stroke();
        } else {
            picture.fill(colour);
            picture.context.fill();
        }
    }
    picture.fill(&picture.palette.line);
    picture.rect(0.0, picture.frame.rows_top - 1.0, frame.width, 1.0);
}

/// A hair line where the pointer is.
pub fn pointer(picture: &Picture<'_>) {
    let Some(x) = picture.pointer else { return };
    let frame = picture.frame;
    picture.fill(&picture.palette.muted);
    picture.context.set_global_alpha(0.5);
    picture.rect(
        x.round(),
        picture.frame.ruler_top,
        1.0,
        frame.height - picture.frame.ruler_top,
    );
    picture.context.set_global_alpha(1.0);
    let text = clock((frame.time(x) - model::Millis(frame.bounds.start)).0);
    let wide = small_width(picture, &text) + 8.0;
    let left = (x - wide / 2.0).clamp(frame.gutter, (frame.width - wide).max(frame.gutter));
    picture.fill(&picture.palette.hover);
    picture.rect(left, picture.frame.ruler_top + 2.0, wide, 16.0);
    picture.fill(&picture.palette.ink);
    picture.text(&text, left + 4.0, picture.frame.ruler_top + 10.5);
}
