//! The playhead, what lies behind it, and the moving end of a live run.

use super::Picture;
use super::names::small_width;
use crate::dom::canvas;
use crate::view::parts::time::clock;
use model::NodeState;

/// What comes after the playhead is not yet so: it is dimmed.
pub fn veil(picture: &Picture<'_>) {
    let frame = picture.frame;
    if picture.at >= picture.extent.end {
        return;
    }
    let x = frame.x_within(picture.at.0);
    picture.fill(&picture.palette.surface);
    picture.context.set_global_alpha(0.55);
    picture.rect(
        x,
        picture.frame.rows_top,
        frame.width - x,
        frame.rows_height(),
    );
    picture.context.set_global_alpha(1.0);
}

/// The line through all rows, with the instant at its head.
pub fn paint(picture: &Picture<'_>) {
    let frame = picture.frame;
    if picture.extent.growing {
        now(picture);
    }
    let px = frame.scale.px_from_time(picture.at.0);
    if !(-1.0..=frame.scale.width() + 1.0).contains(&px) {
        return;
    }
    let x = frame.gutter + px;
    picture.fill(&picture.palette.accent);
    picture.rect(
        x - 1.0,
        picture.frame.ruler_top,
        2.0,
        frame.height - picture.frame.ruler_top,
    );
    let text = clock((picture.at - picture.extent.start).0);
    tag(
        picture,
        x,
        &text,
        &picture.palette.accent,
        &picture.palette.accent_ink,
    );
}

/// The end of what is known, which moves.
fn now(picture: &Picture<'_>) {
    let frame = picture.frame;
    let px = frame.scale.px_from_time(picture.extent.end.0);
    if px > frame.scale.width() + 1.0 {
        return;
    }
    let x = frame.gutter + px;
    let colour = picture.palette.solid(NodeState::Running);
    picture.fill(colour);
    let mut y = picture.frame.rows_top;
    while y < frame.height {
        picture.rect(x - 1.0, y, 2.0, 4.0);
        y += 7.0;
    }
    if picture.at < picture.extent.end {
        tag(picture, x, "now", colour, &picture.palette.surface);
    }
}

fn tag(picture: &Picture<'_>, x: f64, text: &str, ground: &str, ink: &str) {
    let frame = picture.frame;
    let wide = small_width(picture, text) + 12.0;
    let most = (frame.width - wide).max(frame.gutter);
    let left = (x - wide / 2.0).clamp(frame.gutter.min(most), most);
    picture.fill(ground);
    picture.context.begin_path();
    canvas::round_rect(
        picture.context,
        left,
        picture.frame.ruler_top + 2.0,
        wide,
        16.0,
        8.0,
    );
    picture.context.fill();
    picture.fill(ink);
    picture.text(text, left + 6.0, picture.frame.ruler_top + 10.5);
}
