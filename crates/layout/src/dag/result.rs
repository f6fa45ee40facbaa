//! The answer: rectangles for nodes, paths for edges, and what could not be taken literally.

use std::fmt;

use super::Direction;
use crate::geom::{Point, Rect};

/// Where everything goes. Unless positions were fixed or known from before, `bounds` starts at the origin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// One rectangle a node, in the request's order.
    pub nodes: Vec<Rect>,
    /// One path an edge, in the request's order; empty for an edge that cannot be drawn.
    pub edges: Vec<EdgePath>,
    /// Encloses all nodes and all edges; of zero size when there are none.
    pub bounds: Rect,
    /// What was mended or left out.
    pub problems: Vec<Problem>,
}

/// The way of one edge, from its source's border to its target's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EdgePath {
    /// A polyline that keeps clear of nodes; empty or at least two points.
    pub points: Vec<Point>,
    /// Whether the edge runs against the layout's direction (it closes a cycle).
    pub reversed: bool,
}

/// One cubic Bézier segment; it starts where the segment before it ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// First control point.
    pub leave: Point,
    /// Second control point.
    pub arrive: Point,
    /// End point.
    pub to: Point,
}

/// What the layout could not take as it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The edge names a node that does not exist; it is not drawn.
    UnknownNode {
        /// Index into the request's edges.
        edge: u32,
    },
    /// The edge joins a node to itself; it is not drawn.
    SelfLoop {
        /// Index into the request's edges.
        edge: u32,
    },
    /// The edge closes a cycle; it is drawn against the direction.
    BackEdge {
        /// Index into the request's edges.
        edge: u32,
    },
    /// The node's size is negative, huge or not a number; a usable one took its place.
    BadSize {
        /// Index into the request's nodes.
        node: u32,
    },
    /// The node's fixed position is not a number or beyond reach; it is ignored.
    BadPosition {
        /// Index into the request's nodes.
        node: u32,
    },
    /// A gap is negative, huge or not a number; the default took its place.
    BadGap,
    /// Long edges beyond what can be threaded between the nodes run around them.
    EdgesRoutedAround {
        /// How many edges.
        count: u32,
    },
}

impl EdgePath {
    /// The path as a smooth curve after its first point: each segment leaves and arrives along the layout's direction, so the
    /// curve stays inside the polyline's bounds.
    pub fn curves(&self, direction: Direction) -> impl Iterator<Item = Curve> + '_ {
        self.points.windows(2).map(move |pair| {
            let (from, to) = (pair[0], pair[1]);
            match direction {
                Direction::LeftToRight => {
                    let x = f64::midpoint(from.x, to.x);
                    Curve {
                        leave: Point::new(x, from.y),
                        arrive: Point::new(x, to.y),
                        to,
                    }
                }
                Direction::TopDown => {
                    let y = f64::midpoint(from.y, to.y);
                    Curve {
                        leave: Point::new(from.x, y),
                        arrive: Point::new(to.x, y),
                        to,
                    }
                }
            }
        })
    }

    /// How far `point` is from the polyline, in pixels; infinite when the edge is not drawn.
    pub fn distance_to(&self, point: Point) -> f64 {
        let steps = self
            .points
            .windows(2)
            .map(|pair| distance(point, pair[0], pair[1]));
        steps.fold(f64::INFINITY, f64::min)
    }

    /// The smallest rectangle around the path, or `None` when it is not drawn.
    pub fn bounds(&self) -> Option<Rect> {
        Rect::around(self.points.iter().copied())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::UnknownNode { edge } => write!(
                f,
                "edge {edge} names a node that is not in the graph; it is not drawn"
            ),
            Problem::SelfLoop { edge } => {
                write!(f, "edge {edge} joins a node to itself; it is not drawn")
            }
            Problem::BackEdge { edge } => {
                write!(f, "edge {edge} closes a cycle; it is drawn backwards")
            }
            Problem::BadSize { node } => {
                write!(f, "node {node} has no usable size; another was used")
            }
            Problem::BadPosition { node } => {
                write!(f, "node {node} has no usable position; it was placed anew")
            }
            Problem::BadGap => write!(f, "a gap between nodes is not usable; the default was used"),
            Problem::EdgesRoutedAround { count } => {
                write!(f, "{count} long edges run around the graph, not through it")
            }
        }
    }
}

fn distance(point: Point, from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 {
        (((point.x - from.x) * dx + (point.y - from.y) * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (point.x - from.x - along * dx).hypot(point.y - from.y - along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(points: &[(f64, f64)]) -> EdgePath {
        let points = points.iter().map(|&(x, y)| Point::new(x, y)).collect();
        EdgePath {
            points,
            reversed: false,
        }
    }

    #[test]
    fn distance_is_to_the_nearest_step() {
        let bent = path(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]);
        for ((x, y), expected) in [
            ((5.0, 3.0), 3.0),
            ((12.0, 5.0), 2.0),
            ((-3.0, 4.0), 5.0),
            ((10.0, 10.0), 0.0),
        ] {
            assert_eq!(bent.distance_to(Point::new(x, y)), expected);
        }
        assert_eq!(path(&[]).distance_to(Point::default()), f64::INFINITY);
    }

    #[test]
    fn curves_end_where_the_polyline_bends() {
        let bent = path(&[(0.0, 0.0), (10.0, 4.0), (20.0, 4.0)]);
        let curves: Vec<Curve> = bent.curves(Direction::LeftToRight).collect();
        assert_eq!(curves.len(), 2);
        assert_eq!(
            (curves[0].leave, curves[0].arrive),
            (Point::new(5.0, 0.0), Point::new(5.0, 4.0))
        );
        assert_eq!(curves[1].to, Point::new(20.0, 4.0));
    }
}
