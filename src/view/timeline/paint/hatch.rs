//! Hatching: where nothing was recorded.

use super::{Picture, clip};

/// Distance of two lines, in pixels.
const GAP: f64 = 7.0;

/// Hatches a rectangle; the lines stand still when it moves or grows.
pub fn paint(picture: &Picture<'_>, (x, y): (f64, f64), (width, height): (f64, f64)) {
    if width < 3.0 {
        return;
    }
    let context = picture.context;
    context.save();
    clip(context, x, y, width, height);
    context.set_stroke_style_str(&picture.palette.line);
    context.set_line_width(1.0);
    context.begin_path();
    // Each line leans by the height; the first begins left of the rectangle.
    let mut at = ((x - height) / GAP).floor() * GAP;
    while at < x + width {
        context.move_to(at, y + height);
        context.line_to(at + height, y);
        at += GAP;
    }
    context.stroke();
    context.restore();
}
