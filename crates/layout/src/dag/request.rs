//! All that a layout depends on, in one comparable value: an equal request means the old layout is still good.

use crate::geom::Point;

/// The question: what to place, and how.
///
/// Nodes and edges are known by their index. Comparing two requests is the whole cache rule (a size or position that is not a
/// number never equals itself, so keep those out of requests that should be cached).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayoutRequest {
    /// The boxes, in the source's order; the order also breaks ties.
    pub nodes: Vec<NodeBox>,
    /// `(from, to)` as indices into `nodes`.
    pub edges: Vec<(u32, u32)>,
    /// The way edges run.
    pub direction: Direction,
    /// Distances to keep.
    pub gaps: Gaps,
    /// Where the centres of the first nodes were when last drawn, in pixels; empty when nothing was drawn yet.
    ///
    /// When at least half of the nodes have one, those keep their order within a layer unless another order crosses fewer edges,
    /// and their places as far as new ones leave room. Leave it empty to lay the graph out anew.
    pub previous: Vec<Option<Point>>,
}

/// A node's size, and its place when the source brings one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NodeBox {
    /// Pixels from left to right.
    pub width: f64,
    /// Pixels from top to bottom.
    pub height: f64,
    /// The top-left corner given by the source. Used as it is when at least half of the nodes have one, else only as a hint for
    /// the order. Without it the node is placed by the layout.
    pub fixed: Option<Point>,
}

/// The way edges run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From left to right.
    #[default]
    LeftToRight,
    /// From the top down.
    TopDown,
}

/// Distances to keep, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gaps {
    /// Between two layers.
    pub layer: f64,
    /// Between two nodes of a layer.
    pub node: f64,
    /// Between an edge that passes through a layer and its neighbours there, and between parallel edges.
    pub edge: f64,
    /// Between two connected components.
    pub component: f64,
}

impl NodeBox {
    /// A box of this size, to be placed by the layout.
    pub const fn new(width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            fixed: None,
        }
    }
}

impl Default for Gaps {
    fn default() -> Self {
        Self {
            layer: 64.0,
            node: 24.0,
            edge: 12.0,
            component: 48.0,
        }
    }
}
