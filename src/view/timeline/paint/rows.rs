//! The rows' grounds and what stands in them.

use super::{Picture, bars, hatch};
use crate::view::timeline::tree::Item;
use layout::timeline::Tick;

/// Lines of the ruler through the rows, the marked stretch, and the stretches in which nothing was recorded.
pub fn grid(picture: &Picture<'_>, marks: &[Tick]) {
    let frame = picture.frame;
    let height = frame.rows_height();
    picture.fill(&picture.palette.line);
    for mark in marks {
        picture.rect(
            (frame.gutter + mark.px).round(),
            picture.frame.rows_top,
            1.0,
            height,
        );
    }
    for quiet in picture.facts.quiet_within(&frame.scale) {
        let (left, right) = (frame.x_within(quiet.from.0), frame.x_within(quiet.to.0));
        hatch::paint(
            picture,
            (left, picture.frame.rows_top),
            (right - left, height),
        );
    }
    if let Some((from, to)) = picture.range {
        let (left, right) = (frame.x_within(from), frame.x_within(to));
        picture.fill(&picture.palette.accent_soft);
        picture.rect(left, picture.frame.rows_top, right - left, height);
        picture.fill(&picture.palette.accent);
        picture.rect(left, picture.frame.rows_top, 1.0, height);
        picture.rect(right - 1.0, picture.frame.rows_top, 1.0, height);
    }
}

/// All rows in view.
pub fn paint(picture: &Picture<'_>) {
    for (number, row) in picture.rows_in_view() {
        let top = picture.row_top(row);
        match picture.tree.item(number) {
            Some(Item::Group { key, .. }) => bars::group(picture, number, key, top, row.height),
            Some(Item::Node { node, .. }) => {
                if picture.selected == Some(*node) {
                    ground(picture, &picture.palette.accent_soft, top, row.height);
                }
                bars::node(picture, *node, top);
            }
            Some(Item::Attempt { node, ordinal }) => bars::attempt(picture, *node, *ordinal, top),
            None => {}
        }
    }
}

/// What goes on at the playhead, of all rows in view.
pub fn moving(picture: &Picture<'_>) {
    for (number, row) in picture.rows_in_view() {
        let top = picture.row_top(row);
        match picture.tree.item(number) {
            Some(Item::Node { node, .. }) => bars::node_now(picture, *node, top),
            Some(Item::Attempt { node, ordinal }) => {
                bars::attempt_now(picture, *node, *ordinal, top);
            }
            Some(Item::Group { .. }) | None => {}
        }
    }
}

fn ground(picture: &Picture<'_>, colour: &str, top: f64, height: f64) {
    picture.context.set_global_alpha(0.6);
    picture.fill(colour);
    picture.rect(
        picture.frame.gutter,
        top,
        picture.frame.scale.width(),
        height,
    );
    picture.context.set_global_alpha(1.0);
}
