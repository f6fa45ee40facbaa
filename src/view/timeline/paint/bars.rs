//! Bars: attempts, what they waited for before and within, and how far they are.

use super::{Picture, marks};
use crate::dom::canvas;
use crate::view::parts::time::short_span;
use crate::view::timeline::data::state_of;
use layout::timeline::{Interval, Lane, Shown, shown};
use model::{NodeIx, NodeState};

/// Height of a bar, and its distance from the row's top.
const BAR: f64 = 11.0;
const BAR_TOP: f64 = 4.0;
/// The least width of a bar; what is nearer together is one.
const MIN_WIDTH: f64 = 2.0;
/// Narrower ones have no round corners.
const ROUND: f64 = 9.0;
/// So many parents are asked when they ended; more than that wait is not drawn.
const MAX_PARENTS: usize = 64;

/// All that is known of a node, wherever the playhead is.
pub fn node(picture: &Picture<'_>, node: NodeIx, top: f64) {
    let lane = picture.data.attempts(node);
    let bars = seen(picture, lane);
    waits_between(picture, node, lane, &bars, top);
    paint(picture, &bars, top + BAR_TOP, BAR);
    let asking = seen(picture, picture.data.waits(node));
    paint(picture, &asking, top + BAR_TOP, BAR);
    labels(picture, lane, &bars, top);
    disputes(picture, node, top);
    marks::paint(picture, picture.data.marks.of(node), top);
}

/// What of a node goes on at the playhead.
pub fn node_now(picture: &Picture<'_>, node: NodeIx, top: f64) {
    let (attempts, waits) = (picture.data.attempts(node), picture.data.waits(node));
    let bars = seen(picture, attempts);
    let goes_on = paint_now(picture, attempts, &bars, top + BAR_TOP, BAR);
    let asks = paint_now(picture, waits, &seen(picture, waits), top + BAR_TOP, BAR);
    progress(picture, node, attempts, top);
    if goes_on || asks {
        labels(picture, attempts, &bars, top);
    }
}

/// One attempt of a node, in a row of its own.
pub fn attempt(picture: &Picture<'_>, node: NodeIx, ordinal: usize, top: f64) {
    if let Some(alone) = alone(picture, node, ordinal) {
        paint(picture, &seen(picture, &alone), top + 4.0, 9.0);
    }
}

/// As far as it goes on at the playhead.
pub fn attempt_now(picture: &Picture<'_>, node: NodeIx, ordinal: usize, top: f64) {
    if let Some(alone) = alone(picture, node, ordinal) {
        paint_now(picture, &alone, &seen(picture, &alone), top + 4.0, 9.0);
    }
}

fn alone(picture: &Picture<'_>, node: NodeIx, ordinal: usize) -> Option<Lane> {
    let own = picture.data.attempts(node).intervals().get(ordinal)?;
    let mut alone = Lane::default();
    alone.put(*own);
    Some(alone)
}

fn seen(picture: &Picture<'_>, lane: &Lane) -> Vec<Shown> {
    let (scale, end) = (&picture.frame.scale, picture.extent.end);
    shown(lane, scale, MIN_WIDTH, end.0)
}

/// A group: from where to where it goes, as bad as the worst in it; while it is closed with all its marks.
pub fn group(picture: &Picture<'_>, row: usize, key: &str, top: f64, height: f64) {
    picture.fill(&picture.palette.raised);
    picture.rect(
        picture.frame.gutter,
        top,
        picture.frame.scale.width(),
        height,
    );
    let Some(hull) = picture.tree.hull(row) else {
        return;
    };
    let state = state_of(hull.rank, picture.extent.growing);
    let (left, right) = (
        picture.frame.x(hull.from),
        picture
            .frame
            .x(hull.to.unwrap_or(picture.extent.end.0).max(hull.from)),
    );
    let (from, to) = (
        left.max(picture.frame.gutter),
        right.min(picture.frame.gutter + picture.frame.scale.width()),
    );
    if to >= from {
        let wide = (to - from).max(MIN_WIDTH);
        picture.fill(picture.palette.soft(state));
        picture.rect(from, top + 5.0, wide, 7.0);
        picture.fill(picture.palette.solid(state));
        picture.rect(from, top + 10.0, wide, 2.0);
        for end in [left, right - 2.0]
            .into_iter()
            .filter(|end| (from - 0.1..=to).contains(end))
        {
            picture.rect(end, top + 4.0, 2.0, 10.0);
        }
    }
    if let Some(lane) = picture.facts.marks_of_closed(key) {
        marks::paint(picture, lane, top);
    }
}

/// Bars of one lane, the more important over the less.
fn paint(picture: &Picture<'_>, bars: &[Shown], top: f64, height: f64) {
    let mut ranks = 0_u32;
    for bar in bars {
        ranks |= 1 << bar.rank.min(31);
    }
    let gutter = picture.frame.gutter;
    for rank in (0..32).filter(|rank| ranks & (1 << rank) != 0) {
        picture.fill(
            picture
                .palette
                .solid(state_of(rank, picture.extent.growing)),
        );
        let own = || bars.iter().filter(|bar| bar.rank == rank);
        // A plain rectangle costs a fraction of a path.
        for bar in own().filter(|bar| bar.right - bar.left < ROUND) {
            picture.rect(gutter + bar.left, top, bar.right - bar.left, height);
        }
        picture.context.begin_path();
        for bar in own().filter(|bar| bar.right - bar.left >= ROUND) {
            canvas::round_rect(
                picture.context,
                gutter + bar.left,
                top,
                bar.right - bar.left,
                height,
                3.0,
            );
        }
        picture.context.fill();
    }
}

/// What goes on at the playhead looks as it did then, up to there. Says whether anything does.
fn paint_now(picture: &Picture<'_>, lane: &Lane, bars: &[Shown], top: f64, height: f64) -> bool {
    let at = picture.frame.scale.px_from_time(picture.at.0);
    let goes_on = |bar: &&Shown| bar.count == 1 && runs_at(picture, &lane.intervals()[bar.first]);
    let mut any = false;
    for bar in bars.iter().filter(goes_on) {
        any = true;
        let state = match NodeState::AwaitingInput {
            asked if state_of(bar.rank, true) == asked => asked,
            _ => NodeState::Running,
        };
        picture.fill(picture.palette.solid(state));
        picture.context.begin_path();
        let wide = (at.min(bar.right) - bar.left).max(0.0);
        canvas::round_rect(
            picture.context,
            picture.frame.gutter + bar.left,
            top,
            wide,
            height,
            3.0f64.min(wide / 2.0),
        );
        picture.context.fill();
    }
    any
}

fn runs_at(picture: &Picture<'_>, interval: &Interval) -> bool {
    let at = picture.at.0;
    at < picture.extent.end.0 && interval.from <= at && interval.to.is_none_or(|to| at < to)
}

/// Thin lines where nothing of the node went on: from when its parents were done, and from attempt to attempt.
fn waits_between(picture: &Picture<'_>, node: NodeIx, lane: &Lane, bars: &[Shown], top: f64) {
    let middle = top + BAR_TOP + BAR / 2.0;
    let line = |from: i64, to: i64, thick: f64| {
        let (left, right) = (picture.frame.x_within(from), picture.frame.x_within(to));
        if right - left >= 2.0 {
            picture.rect(left, middle - thick / 2.0, right - left, thick);
        }
    };
    picture.fill(&picture.palette.line_strong);
    // More bars than this leave no room between them.
    if bars.len() < 60 {
        for bar in bars.iter().filter(|bar| bar.count == 1 && bar.first > 0) {
            let own = lane.intervals()[bar.first];
            if let Some(before) = lane.intervals()[bar.first - 1].to {
                line(before, own.from, 1.0);
            }
        }
    }
    let Some(first) = lane.intervals().first() else {
        return;
    };
    let parents = picture.journal.graph().parents(node);
    if parents.is_empty() || parents.len() > MAX_PARENTS {
        return;
    }
    let ends = parents
        .iter()
        .filter_map(|parent| picture.data.attempts(*parent).hull()?.to);
    if let Some(ready) = ends.filter(|end| *end <= first.from).max() {
        line(ready, first.from, 1.0);
        let left = picture.frame.x(ready);
        if left >= picture.frame.gutter && picture.frame.x(first.from) - left >= 4.0 {
            picture.rect(left, middle - 3.0, 1.0, 6.0);
        }
    }
}

/// How far the attempt at the playhead is, where it says so.
fn progress(picture: &Picture<'_>, node: NodeIx, lane: &Lane, top: f64) {
    let Some(view) = picture
        .state
        .node(node)
        .filter(|view| view.state.is_active())
    else {
        return;
    };
    let (Some(ratio), Some(from)) = (
        view.progress(picture.journal)
            .and_then(|progress| progress.ratio()),
        lane.intervals().last(),
    ) else {
        return;
    };
    let from = view.started().map_or(from.from, |started| started.0);
    let (left, right) = (
        picture.frame.x_within(from),
        picture.frame.x_within(picture.at.0),
    );
    picture.fill(&picture.palette.surface);
    picture.context.set_global_alpha(0.75);
    picture.rect(left, top + BAR_TOP + BAR - 3.0, (right - left) * ratio, 2.0);
    picture.context.set_global_alpha(1.0);
}

/// Numbers of attempts within bars that have room, and behind the last how long it took.
fn labels(picture: &Picture<'_>, lane: &Lane, bars: &[Shown], top: f64) {
    let middle = top + BAR_TOP + BAR / 2.0 + 0.5;
    let several = lane.intervals().len() > 1;
    let wide = |bar: &&Shown| bar.count == 1 && bar.right - bar.left >= 22.0;
    if several {
        picture.font(600, 9);
        picture.fill(&picture.palette.surface);
        for bar in bars.iter().filter(wide) {
            let number = picture
                .data
                .number(picture.journal, lane.intervals()[bar.first].id);
            picture.text(&number, picture.frame.gutter + bar.left + 5.0, middle);
        }
    }
    let Some(last) = bars.last().filter(|bar| bar.count == 1) else {
        return;
    };
    let own = lane.intervals()[last.first];
    let room = picture.frame.scale.width() - last.right;
    if room > 52.0 && last.first + 1 == lane.intervals().len() {
        let took = own.to.unwrap_or(picture.extent.end.0) - own.from;
        picture.font(400, 10);
        picture.fill(&picture.palette.muted);
        picture.text(
            &short_span(took.max(0)),
            picture.frame.gutter + last.right + 5.0,
            middle,
        );
    }
}

/// Where clocks disagree, what came first cannot be told: a zigzag over the bars.
fn disputes(picture: &Picture<'_>, node: NodeIx, top: f64) {
    const STEP: f64 = 4.0;
    let context = picture.context;
    for (from, to) in picture.facts.disputes(node) {
        let (left, right) = (picture.frame.x_within(from.0), picture.frame.x_within(to.0));
        if right - left < 1.0 {
            continue;
        }
        context.set_stroke_style_str(picture.palette.solid(NodeState::AwaitingInput));
        context.set_line_width(1.5);
        context.begin_path();
        let (high, low) = (top + BAR_TOP + 2.0, top + BAR_TOP + BAR - 2.0);
        context.move_to(left, low);
        let mut x = left;
        let mut up = true;
        while x < right {
            x = (x + STEP).min(right);
            context.line_to(x, if up { high } else { low });
            up = !up;
        }
        context.stroke();
    }
}
