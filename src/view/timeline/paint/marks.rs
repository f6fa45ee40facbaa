//! Marks below the bars: what failed, was tried again, was asked, appeared.

use super::Picture;
use crate::view::timeline::marks;
use layout::timeline::{Cluster, Lane, TimeScale, clusters, nearest};
use model::marks::MarkKind;

/// Where the middle of a mark lies below the row's top, how large it is, and the least distance to the next.
const MARK_MIDDLE: f64 = 19.5;
const MARK: f64 = 3.4;
const MARK_GAP: f64 = 26.0;

/// Marks below the bars; of several in one place the weightiest, and how many they are.
pub fn paint(picture: &Picture<'_>, lane: &Lane, top: f64) {
    let y = top + MARK_MIDDLE;
    let found = clusters(lane, &picture.frame.scale, MARK_GAP);
    let gutter = picture.frame.gutter;
    for kind in MarkKind::ALL {
        let mut own = found
            .iter()
            .filter(|cluster| marks::kind(cluster.rank) == kind)
            .peekable();
        if own.peek().is_none() {
            continue;
        }
        // Many marks are one path: that is what makes them cheap.
        let mut stroked = false;
        picture.context.begin_path();
        for cluster in own {
            stroked = marks::outline(picture.context, kind, gutter + cluster.px, y, MARK);
        }
        let colour =
            marks::colour(kind).map_or(&*picture.palette.ink, |state| picture.palette.solid(state));
        if stroked {
            picture.context.set_stroke_style_str(colour);
            picture.context.set_line_width(1.6);
            picture.context.stroke();
        } else {
            picture.fill(colour);
            picture.context.fill();
        }
    }
    if found.iter().any(|cluster| cluster.count > 1) {
        picture.font(600, 8);
        picture.fill(&picture.palette.muted);
    }
    for cluster in found.iter().filter(|cluster| cluster.count > 1) {
        let count = match cluster.count {
            count if count > 99 => "99+".to_owned(),
            count => count.to_string(),
        };
        picture.text(&count, gutter + cluster.px + MARK + 1.5, y + 0.5);
    }
}

/// The cluster of marks that a pointer means, `dx` pixels right of the names and `dy` below the row's top.
pub fn at(lane: &Lane, scale: &TimeScale, (dx, dy): (f64, f64), tolerance: f64) -> Option<Cluster> {
    if (dy - MARK_MIDDLE).abs() > MARK + tolerance {
        return None;
    }
    nearest(&clusters(lane, scale, MARK_GAP), dx, MARK + tolerance).copied()
}
