//! The names of the rows, their state at the playhead, and what opens and closes them.

use super::Picture;
use crate::dom::canvas;
use crate::view::timeline::shape::Region;
use crate::view::timeline::tree::Item;
use layout::Point;
use layout::timeline::Row;
use model::NodeState;

/// How much deeper a group's rows stand, in pixels; groups in groups beyond the fourth stand no deeper.
const INDENT: f64 = 12.0;
const MAX_DEPTH: u16 = 4;

/// The names of the rows in view.
pub fn paint(picture: &Picture<'_>) {
    let (gutter, height) = (picture.frame.gutter, picture.frame.rows_height());
    picture.fill(&picture.palette.surface);
    picture.rect(0.0, picture.frame.rows_top, gutter, height);
    for (number, row) in picture.rows_in_view() {
        let top = picture.row_top(row);
        let Some(item) = picture.tree.item(number) else {
            continue;
        };
        let marked = match item {
            Item::Node { node, .. } => picture.selected == Some(*node),
            Item::Group { .. } | Item::Attempt { .. } => false,
        };
        if marked || matches!(item, Item::Group { .. }) {
            let ground = if marked {
                &picture.palette.accent_soft
            } else {
                &picture.palette.raised
            };
            picture.fill(ground);
            picture.rect(0.0, top, gutter, row.height);
        }
        name(picture, number, item, row, top);
    }
    picture.fill(&picture.palette.line);
    picture.rect(gutter - 1.0, picture.frame.rows_top, 1.0, height);
}

/// The states at the playhead, and the row that keys act on.
pub fn moving(picture: &Picture<'_>) {
    for (number, row) in picture.rows_in_view() {
        let top = picture.row_top(row);
        if let Some(Item::Node { node, .. }) = picture.tree.item(number) {
            let state = picture
                .state
                .node(*node)
                .map_or(NodeState::Idle, |view| view.state);
            let (left, middle) = place(row, top);
            picture.fill(picture.palette.solid(state));
            picture.context.begin_path();
            picture
                .context
                .arc(left + 18.0, middle, 3.5, 0.0, std::f64::consts::TAU)
                .ok();
            picture.context.fill();
        }
        if picture.cursor == Some(number) {
            picture
                .context
                .set_stroke_style_str(&picture.palette.accent);
            picture.context.set_line_width(2.0);
            picture.context.stroke_rect(
                1.0,
                top + 1.0,
                picture.frame.width - 2.0,
                row.height - 2.0,
            );
        }
    }
}

/// Where a name begins, and its middle.
fn place(row: &Row, top: f64) -> (f64, f64) {
    let left = 8.0 + f64::from(row.depth.min(MAX_DEPTH)) * INDENT;
    // On a level with the bars; what stands below them is marks.
    (left, top + row.height.min(20.0) / 2.0 + 0.5)
}

fn name(picture: &Picture<'_>, number: usize, item: &Item, row: &Row, top: f64) {
    let (left, middle) = place(row, top);
    let room = picture.frame.gutter - left - 30.0;
    match item {
        Item::Group { key, label, nodes } => {
            chevron(picture, left, middle, !picture.facts.is_closed(key));
            picture.font(600, 11);
            picture.fill(&picture.palette.ink);
            picture.text_within(label, left + 15.0, middle, room - 14.0);
            picture.font(400, 10);
            picture.fill(&picture.palette.muted);
            picture.context.set_text_align("right");
            picture.text(&nodes.to_string(), picture.frame.gutter - 8.0, middle);
            picture.context.set_text_align("left");
        }
        Item::Node { node, label } => {
            let attempts = picture.data.attempts(*node).intervals().len();
            if attempts > 1 {
                chevron(picture, left, middle, is_open(picture, number));
            }
            picture.font(400, 11);
            picture.fill(&picture.palette.ink);
            picture.text_within(label, left + 26.0, middle, room);
        }
        Item::Attempt { node, ordinal } => {
            let lane = picture.data.attempts(*node);
            let Some(own) = lane.intervals().get(*ordinal) else {
                return;
            };
            picture.font(400, 10);
            picture.fill(&picture.palette.muted);
            let number = picture.data.number(picture.journal, own.id);
            picture.text_within(&["Attempt ", &number].concat(), left + 26.0, middle, room);
        }
    }
}

/// Whether the next row is one of its attempts.
fn is_open(picture: &Picture<'_>, number: usize) -> bool {
    matches!(picture.tree.item(number + 1), Some(Item::Attempt { .. }))
}

fn chevron(picture: &Picture<'_>, x: f64, y: f64, open: bool) {
    let context = picture.context;
    context.set_stroke_style_str(&picture.palette.muted);
    context.set_line_width(1.5);
    context.begin_path();
    let (x, y) = (x + 4.0, y);
    if open {
        context.move_to(x - 3.5, y - 2.0);
        context.line_to(x, y + 2.0);
        context.line_to(x + 3.5, y - 2.0);
    } else {
        context.move_to(x - 2.0, y - 3.5);
        context.line_to(x + 2.0, y);
        context.line_to(x - 2.0, y + 3.5);
    }
    context.stroke();
}

/// Whether a place among the names is on what opens and closes a row of this depth.
pub fn is_on_chevron(at: Point, depth: u16, region: Region) -> bool {
    region == Region::Names && at.x < 8.0 + f64::from(depth.min(MAX_DEPTH)) * INDENT + 13.0
}

/// Width of a text in the small font, for what stands beside the ruler.
pub fn small_width(picture: &Picture<'_>, text: &str) -> f64 {
    picture.font(600, 10);
    canvas::text_width(picture.context, text)
}
