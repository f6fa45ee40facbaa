//! Layout of a graph whose source has placed its nodes: edges are left to route, and what came without a place.

use super::beside::beside;
use super::clean::{self, Clean};
use super::components::Spot;
use super::sorted;
use super::{Direction, EdgePath, Layout, LayoutRequest};
use crate::geom::{Point, Rect};

/// Pairs of a node without and one with a position up to which the former are placed beside the latter.
const MAX_PAIRS: usize = 20_000_000;

/// The top-left corners, when at least half of the nodes bring a usable one; the others are placed beside them, or where they were
/// drawn before.
pub(super) fn positions(request: &LayoutRequest, clean: &Clean) -> Option<Vec<Point>> {
    let corner = |node: &super::NodeBox| node.fixed.filter(clean::usable_point);
    let corners: Vec<Option<Point>> = request.nodes.iter().map(corner).collect();
    let given = corners.iter().flatten().count();
    let missing = corners.len() - given;
    if given == 0 || missing > given || missing.saturating_mul(corners.len()) > MAX_PAIRS {
        return None;
    }
    if missing == 0 {
        return corners.into_iter().collect();
    }
    let way = request.direction;
    let drawn = request
        .previous
        .iter()
        .zip(&clean.nodes)
        .map(|(middle, size)| {
            let middle = Spot::of(middle.filter(clean::usable_point)?, way);
            let (along, across) = (size.along / 2.0, size.across / 2.0);
            Some(Spot::new(middle.along - along, middle.across - across))
        });
    let mut drawn: Vec<Option<Spot>> = drawn.collect();
    drawn.resize(corners.len(), None);
    let given: Vec<Option<Spot>> = corners
        .iter()
        .map(|corner| corner.map(|corner| Spot::of(corner, way)))
        .collect();
    let all = beside(clean, &given, &drawn);
    Some(all.into_iter().map(|spot| spot.point(way)).collect())
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
    let ends = |edge: &clean::Edge| (edge.from, edge.to, edge.index);
    let mut sorted: Vec<(u32, u32, u32)> = clean.edges.iter().map(ends).collect();
    sorted::by_ends(&mut sorted);
    for parallel in sorted.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        for (i, &(from, to, edge)) in parallel.iter().enumerate() {
            let (from, to) = (nodes[from as usize], nodes[to as usize]);
            let lane = i as f64 - (parallel.len() - 1) as f64 / 2.0;
            let share = 1.0 / (parallel.len() + 1) as f64;
            let gap = clean.gaps.edge;
            edges[edge as usize] = path(from, to, lane, share, gap, direction);
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
