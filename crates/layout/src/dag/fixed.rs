//! Layout of a graph whose source has placed every node: only edges are left to route.

use super::clean::{self, Clean};
use super::{Direction, EdgePath, Layout, LayoutRequest};
use crate::geom::{Point, Rect};

/// The top-left corners, when every node brings a usable one.
pub(super) fn positions(request: &LayoutRequest) -> Option<Vec<Point>> {
    let corner = |node: &super::NodeBox| node.fixed.filter(clean::usable_point);
    if request.nodes.is_empty() {
        None
    } else {
        request.nodes.iter().map(corner).collect()
    }
}

/// Keeps the positions; edges leave at the end border and arrive at the start border, with a bow where the target does not lie
/// ahead.
pub(super) fn layout(request: &LayoutRequest, clean: Clean, corners: &[Point]) -> Layout {
    let direction = request.direction;
    let rect = |(corner, size): (&Point, &super::clean::Extent)| match direction {
        Direction::LeftToRight => Rect::new(corner.x, corner.y, size.along, size.across),
        Direction::TopDown => Rect::new(corner.x, corner.y, size.across, size.along),
    };
    let nodes: Vec<Rect> = corners.iter().zip(&clean.nodes).map(rect).collect();
    let mut edges = vec![EdgePath::default(); request.edges.len()];
    let mut sorted = clean.edges.clone();
    sorted.sort_by_key(|edge| (edge.from, edge.to));
    for parallel in sorted.chunk_by(|a, b| (a.from, a.to) == (b.from, b.to)) {
        for (i, edge) in parallel.iter().enumerate() {
            let (from, to) = (nodes[edge.from as usize], nodes[edge.to as usize]);
            let lane = i as f64 - (parallel.len() - 1) as f64 / 2.0;
            let share = 1.0 / (parallel.len() + 1) as f64;
            let gap = clean.gaps.edge;
            edges[edge.index as usize] = path(from, to, lane, share, gap, direction);
        }
    }
    let all = nodes
        .iter()
        .copied()
        .chain(edges.iter().filter_map(EdgePath::bounds));
    let bounds = all.reduce(|all, rect| all.union(&rect)).unwrap_or_default();
    Layout {
        nodes,
        edges,
        bounds,
        problems: clean.problems,
    }
}

fn path(from: Rect, to: Rect, lane: f64, share: f64, gap: f64, direction: Direction) -> EdgePath {
    let (start, end, out) = match direction {
        Direction::LeftToRight => {
            let port = |r: Rect| r.centre().y + lane * gap.min(r.height * share);
            let start = Point::new(from.right(), port(from));
            (start, Point::new(to.x, port(to)), Point::new(gap, 0.0))
        }
        Direction::TopDown => {
            let port = |r: Rect| r.centre().x + lane * gap.min(r.width * share);
            let start = Point::new(port(from), from.bottom());
            (start, Point::new(port(to), to.y), Point::new(0.0, gap))
        }
    };
    let ahead = match direction {
        Direction::LeftToRight => end.x >= start.x,
        Direction::TopDown => end.y >= start.y,
    };
    let points = if ahead {
        vec![start, end]
    } else {
        let after = Point::new(start.x + out.x, start.y + out.y);
        let before = Point::new(end.x - out.x, end.y - out.y);
        vec![start, after, before, end]
    };
    EdgePath {
        points,
        reversed: !ahead,
    }
}
