//! Graphs that grow while people look at them: how little moves.

use layout::Point;
use layout::dag::{Direction, Layout, LayoutRequest, layout};

use crate::graphs::{chain, flow, straight_crossings};

/// How far nodes moved that were drawn before, over all steps of a growth.
#[derive(Default)]
struct Moves {
    /// Pixels, one entry a node and step.
    along: Vec<f64>,
    across: Vec<f64>,
}

impl Moves {
    fn share_within(distances: &[f64], pixels: f64) -> f64 {
        let near = distances.iter().filter(|&&d| d <= pixels).count();
        near as f64 / distances.len() as f64
    }
}

/// The first `n` nodes of `whole`, which were drawn as in `before`.
fn grown(whole: &LayoutRequest, n: u32, before: &Layout) -> LayoutRequest {
    let mut request = whole.clone();
    request.nodes.truncate(n as usize);
    request.edges.retain(|&(from, to)| from < n && to < n);
    request.previous = centres(before);
    request
}

fn centres(layout: &Layout) -> Vec<Option<Point>> {
    layout
        .nodes
        .iter()
        .map(|rect| Some(rect.centre()))
        .collect()
}

/// Draws `whole` from `first` nodes on, `step` more at a time.
fn grow(whole: &LayoutRequest, first: u32, step: u32) -> (Moves, Layout) {
    let mut moves = Moves::default();
    let mut before = layout(&grown(whole, first, &Layout::default()));
    let mut n = first;
    while (n as usize) < whole.nodes.len() {
        n += step;
        let after = layout(&grown(whole, n, &before));
        for (was, is) in before.nodes.iter().zip(&after.nodes) {
            let (dx, dy) = ((was.x - is.x).abs(), (was.y - is.y).abs());
            let (along, across) = match whole.direction {
                Direction::LeftToRight => (dx, dy),
                Direction::TopDown => (dy, dx),
            };
            moves.along.push(along);
            moves.across.push(across);
        }
        before = after;
    }
    (moves, before)
}

#[test]
fn what_was_drawn_hardly_moves_when_nodes_come() {
    for direction in [Direction::LeftToRight, Direction::TopDown] {
        for (graph, first, step) in [
            (flow(400), 40, 4),
            (flow(400), 300, 1),
            (flow(1500), 1000, 50),
            (chain(100), 1, 1),
        ] {
            let whole = LayoutRequest { direction, ..graph };
            let (moves, last) = grow(&whole, first, step);
            let of = format!("of {} nodes, {direction:?}", whole.nodes.len());
            let rested = Moves::share_within(&moves.across, 1.0);
            assert!(rested > 0.8, "{rested} {of} stayed in their places");
            let size = match direction {
                Direction::LeftToRight => whole.nodes[0].height + whole.gaps.node,
                Direction::TopDown => whole.nodes[0].width + whole.gaps.node,
            };
            let near = Moves::share_within(&moves.across, size);
            assert!(near > 0.95, "{near} {of} moved by less than a box");
            let layers = Moves::share_within(&moves.along, 1.0);
            assert!(layers > 0.95, "{layers} {of} stayed in their layers");
            // What that costs: the picture gets somewhat worse than one drawn from nothing.
            let (kept, fresh) = (
                straight_crossings(&whole, &last),
                straight_crossings(&whole, &layout(&whole)),
            );
            assert!(
                kept <= 50 + 5 * fresh / 2,
                "{kept} crossings {of}, {fresh} when laid out anew"
            );
        }
    }
}

#[test]
fn a_layout_laid_out_again_stays() {
    for direction in [Direction::LeftToRight, Direction::TopDown] {
        let mut graph = LayoutRequest {
            direction,
            ..flow(1000)
        };
        let first = layout(&graph);
        graph.previous = centres(&first);
        let again = layout(&graph);
        let moved = |(was, is): (&layout::Rect, &layout::Rect)| (was.x - is.x).hypot(was.y - is.y);
        let rested = first
            .nodes
            .iter()
            .zip(&again.nodes)
            .map(moved)
            .filter(|&by| by < 0.5);
        assert!(rested.count() >= 900);
    }
}

#[test]
fn without_its_past_a_graph_is_laid_out_anew() {
    let mut graph = flow(300);
    let fresh = layout(&graph);
    let turned = fresh
        .nodes
        .iter()
        .map(|rect| Some(Point::new(rect.x, -rect.y)));
    graph.previous = turned.collect();
    assert_ne!(layout(&graph), fresh);
    graph.previous.clear();
    assert_eq!(layout(&graph), fresh);
}
