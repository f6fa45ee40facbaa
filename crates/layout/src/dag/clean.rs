//! Pass `clean`: keeps what can be drawn and names the rest.

use super::{Direction, Gaps, LayoutRequest, Problem};
use crate::geom::Point;

/// The widest or highest a node or gap may be, in pixels; keeps sums of many finite.
pub(super) const MAX_LENGTH: f64 = 100_000.0;

/// The furthest from the origin that a given place may be, in pixels; beyond it boxes would round away.
pub(super) const MAX_PLACE: f64 = 1e9;

/// What is left of a request after cleaning.
pub(super) struct Clean {
    /// Sizes, in the request's order.
    pub(super) nodes: Vec<Extent>,
    /// The edges worth drawing.
    pub(super) edges: Vec<Edge>,
    /// Distances, all usable.
    pub(super) gaps: Gaps,
    /// What was mended or left out.
    pub(super) problems: Vec<Problem>,
}

/// A node's size as the passes see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    /// Pixels in the direction of edges.
    pub(super) along: f64,
    /// Pixels within the layer.
    pub(super) across: f64,
}

/// An edge between two different nodes that exist.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    /// Index into the request's edges.
    pub(super) index: u32,
    pub(super) from: u32,
    pub(super) to: u32,
}

/// Post-conditions: sizes and gaps are finite and within `0..=MAX_LENGTH`; edges join two different nodes that exist, in the
/// request's order; each thing mended or left out is in `problems` once.
pub(super) fn clean(request: &LayoutRequest) -> Clean {
    let mut problems = Vec::new();
    let mut nodes = Vec::with_capacity(request.nodes.len());
    for (node, size) in (0u32..).zip(&request.nodes) {
        if !usable(size.width) || !usable(size.height) {
            problems.push(Problem::BadSize { node });
        }
        if size.fixed.is_some_and(|point| !usable_point(&point)) {
            problems.push(Problem::BadPosition { node });
        }
        let (width, height) = (mended(size.width), mended(size.height));
        nodes.push(match request.direction {
            Direction::LeftToRight => Extent {
                along: width,
                across: height,
            },
            Direction::TopDown => Extent {
                along: height,
                across: width,
            },
        });
    }
    let mut edges = Vec::with_capacity(request.edges.len());
    for (index, &(from, to)) in (0u32..).zip(&request.edges) {
        if from as usize >= nodes.len() || to as usize >= nodes.len() {
            problems.push(Problem::UnknownNode { edge: index });
        } else if from == to {
            problems.push(Problem::SelfLoop { edge: index });
        } else {
            edges.push(Edge { index, from, to });
        }
    }
    let gaps = clean_gaps(request.gaps, &mut problems);
    Clean {
        nodes,
        edges,
        gaps,
        problems,
    }
}

fn clean_gaps(gaps: Gaps, problems: &mut Vec<Problem>) -> Gaps {
    let default = Gaps::default();
    if ![gaps.layer, gaps.node, gaps.edge, gaps.component]
        .into_iter()
        .all(usable)
    {
        problems.push(Problem::BadGap);
    }
    let or = |gap, default| if usable(gap) { gap } else { default };
    Gaps {
        layer: or(gaps.layer, default.layer),
        node: or(gaps.node, default.node),
        edge: or(gaps.edge, default.edge),
        component: or(gaps.component, default.component),
    }
}

fn usable(length: f64) -> bool {
    (0.0..=MAX_LENGTH).contains(&length)
}

/// Whether boxes can be placed by this point.
pub(super) fn usable_point(point: &Point) -> bool {
    point.x.abs() <= MAX_PLACE && point.y.abs() <= MAX_PLACE
}

pub(super) fn mended(length: f64) -> f64 {
    // `clamp` would keep a NaN.
    if length.is_nan() {
        0.0
    } else {
        length.clamp(0.0, MAX_LENGTH)
    }
}
