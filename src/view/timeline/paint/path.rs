//! The critical path: the attempts that bound the run's end, and the steps from one to the next.

use super::Picture;
use crate::view::timeline::tree::Item;
use model::Millis;

/// So many of its attempts are painted at most; more are not to be told apart.
const MAX_PAINTED: usize = 2_000;

/// What is not on the path steps back, what is on it is joined.
pub fn paint(picture: &Picture<'_>) {
    let Some(path) = picture.facts.path() else {
        return;
    };
    let frame = picture.frame;
    let (from, to) = frame.scale.visible();
    let end = picture.extent.end;
    let ends = |hop: &model::critical_path::Hop| hop.attempt.to.unwrap_or(end);
    let first = path.hops.partition_point(|hop| ends(hop) < Millis(from));
    let context = picture.context;
    context.set_stroke_style_str(&picture.palette.path);
    context.set_line_width(2.0);
    let mut before: Option<(f64, f64)> = None;
    context.begin_path();
    let start = first.saturating_sub(1);
    let seen = path.hops.get(start..).unwrap_or_default();
    for hop in seen
        .iter()
        .take_while(|hop| hop.attempt.from <= Millis(to))
        .take(MAX_PAINTED)
    {
        let row = picture.tree.row_of(hop.attempt.node);
        let Some((row, top)) =
            row.and_then(|row| Some((row, picture.row_top(picture.tree.rows().all().get(row)?))))
        else {
            continue;
        };
        // In the row of a closed group nobody is as tall as a bar.
        let tall = match picture.tree.item(row) {
            Some(Item::Group { .. }) => 8.0,
            _ => 15.0,
        };
        let (left, right) = (
            frame.x_within(hop.attempt.from.0),
            frame.x_within(ends(hop).0),
        );
        let middle = top + 9.5;
        if let Some((x, y)) = before {
            context.move_to(x, y);
            context.line_to(x, middle);
            context.line_to(left, middle);
        }
        context.rect(left, middle - tall / 2.0, (right - left).max(2.0), tall);
        before = Some((right, middle));
    }
    context.stroke();
}
