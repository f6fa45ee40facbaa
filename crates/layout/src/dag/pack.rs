//! Pass `pack`: sets the parts of the graph beside each other, and gives the whole its direction.

use super::acyclic::Link;
use super::clean::{Clean, Extent};
use super::components::{Component, Placed, Spot};
use super::route::Track;
use super::sorted;
use super::{Direction, EdgePath, Layout, LayoutRequest, Problem};
use crate::geom::{Point, Rect};

/// How much wider than high the packing aims to be.
const ASPECT: f64 = 1.6;
/// Pixels that are lost to rounding.
const SAME: f64 = 0.001;

/// Sets the parts side by side in rows, in their order, and gives the whole its direction.
///
/// Post-conditions: the bounds of two parts are `gaps.component` apart at least; the bounds of the whole start at the origin,
/// unless a part is known from `drawn`, where the middles of nodes were: such parts stay, and others go below them.
pub(super) fn pack(
    request: &LayoutRequest,
    clean: Clean,
    links: &[Link],
    parts: &[Component],
    placed: Vec<Placed>,
    drawn: &[Option<Point>],
) -> Layout {
    let direction = request.direction;
    let mut layout = Layout {
        nodes: vec![Rect::default(); request.nodes.len()],
        edges: vec![EdgePath::default(); request.edges.len()],
        bounds: Rect::default(),
        problems: clean.problems,
    };
    let around: u32 = placed.iter().map(|part| part.around).sum();
    if around > 0 {
        layout
            .problems
            .push(Problem::EdgesRoutedAround { count: around });
    }
    let mut all_bounds = Vec::with_capacity(parts.len());
    for (part, placed) in parts.iter().zip(placed) {
        let mut bounds: Option<Rect> = None;
        let mut cover = |rect: Rect| bounds = Some(bounds.map_or(rect, |all| all.union(&rect)));
        for (&v, spot) in part.nodes.iter().zip(&placed.nodes) {
            let rect = node_rect(clean.nodes[v as usize], *spot, direction);
            layout.nodes[v as usize] = rect;
            cover(rect);
        }
        for (&i, tracks) in part.links.iter().zip(placed.tracks) {
            for (strand, track) in links[i as usize].strands.iter().zip(tracks) {
                let path = edge_path(&track, strand.reversed, direction);
                if let Some(rect) = path.bounds() {
                    cover(rect);
                }
                layout.edges[strand.edge as usize] = path;
            }
        }
        all_bounds.push(bounds.unwrap_or_default());
    }
    let known = |(part, bounds): (&Component, &Rect)| {
        let shift = least_moving(&part.nodes, &layout.nodes, drawn)?;
        Some(Point::new(bounds.x + shift.x, bounds.y + shift.y))
    };
    let kept: Vec<Option<Point>> = parts.iter().zip(&all_bounds).map(known).collect();
    let corners = corners(&all_bounds, kept, clean.gaps.component);
    let mut whole: Option<Rect> = None;
    for ((part, bounds), corner) in parts.iter().zip(&all_bounds).zip(corners) {
        let (dx, dy) = (corner.x - bounds.x, corner.y - bounds.y);
        for &v in &part.nodes {
            layout.nodes[v as usize] = layout.nodes[v as usize].translate(dx, dy);
        }
        for strand in part.links.iter().flat_map(|&i| &links[i as usize].strands) {
            for point in &mut layout.edges[strand.edge as usize].points {
                *point = Point::new(point.x + dx, point.y + dy);
            }
        }
        let bounds = bounds.translate(dx, dy);
        whole = Some(whole.map_or(bounds, |whole| whole.union(&bounds)));
    }
    layout.bounds = whole.unwrap_or_default();
    layout
}

fn node_rect(size: Extent, middle: Spot, direction: Direction) -> Rect {
    let (width, height) = match direction {
        Direction::LeftToRight => (size.along, size.across),
        Direction::TopDown => (size.across, size.along),
    };
    let middle = middle.point(direction);
    Rect::new(
        middle.x - width / 2.0,
        middle.y - height / 2.0,
        width,
        height,
    )
}

fn edge_path(track: &Track, reversed: bool, direction: Direction) -> EdgePath {
    let mut points: Vec<Point> = track.iter().map(|spot| spot.point(direction)).collect();
    if reversed {
        points.reverse();
    }
    EdgePath { points, reversed }
}

/// By how much a part is to be shifted so that most of its nodes are where they were; `None` when none was drawn.
fn least_moving(nodes: &[u32], rects: &[Rect], drawn: &[Option<Point>]) -> Option<Point> {
    let moved = |&v: &u32| {
        let (was, is) = (drawn[v as usize]?, rects[v as usize].centre());
        Some(Point::new(was.x - is.x, was.y - is.y))
    };
    let moved: Vec<Point> = nodes.iter().filter_map(moved).collect();
    if moved.is_empty() {
        return None;
    }
    let median = |mut shifts: Vec<(f64, u32)>| {
        sorted::by_place(&mut shifts);
        shifts[shifts.len() / 2].0
    };
    Some(Point::new(
        median(moved.iter().map(|shift| (shift.x, 0)).collect()),
        median(moved.iter().map(|shift| (shift.y, 0)).collect()),
    ))
}

/// The top-left corner of each rectangle: those of `kept` as far as they leave each other room, the others in rows below.
fn corners(rects: &[Rect], mut kept: Vec<Option<Point>>, gap: f64) -> Vec<Point> {
    let at =
        |i: usize, corner: Point| Rect::new(corner.x, corner.y, rects[i].width, rects[i].height);
    let mut claims: Vec<(f64, u32)> = (0..)
        .zip(&kept)
        .filter_map(|(i, corner)| Some(((*corner)?.x, i)))
        .collect();
    sorted::by_place(&mut claims);
    let mut taken: Option<Rect> = None;
    let mut near: Vec<Rect> = Vec::new();
    for i in claims.into_iter().map(|(_, i)| i as usize) {
        let Some(claim) = kept[i].map(|corner| at(i, corner)) else {
            continue;
        };
        let wide = claim.inflate(gap - SAME);
        near.retain(|other| other.right() > wide.x);
        if near.iter().any(|other| other.intersects(&wide)) {
            kept[i] = None;
        } else {
            near.push(claim);
            taken = Some(taken.map_or(claim, |taken| taken.union(&claim)));
        }
    }
    let loose = |i: &usize| kept[*i].is_none();
    let rest: Vec<Rect> = (0..rects.len()).filter(loose).map(|i| rects[i]).collect();
    let mut rest = match taken {
        None => rows(&rest, gap, Point::default(), 0.0),
        Some(taken) => rows(
            &rest,
            gap,
            Point::new(taken.x, taken.bottom() + gap),
            taken.width,
        ),
    }
    .into_iter();
    kept.into_iter()
        .map(|corner| corner.or_else(|| rest.next()).unwrap_or_default())
        .collect()
}

/// Fills rows from left to right, from `start` on and `width` wide at least. Returns the top-left corner of each rectangle.
fn rows(rects: &[Rect], gap: f64, start: Point, width: f64) -> Vec<Point> {
    let area: f64 = rects
        .iter()
        .map(|r| (r.width + gap) * (r.height + gap))
        .sum();
    let widest = rects.iter().fold(width, |widest, r| widest.max(r.width));
    let limit = widest.max((area * ASPECT).sqrt());
    let (mut x, mut y, mut height) = (0.0, 0.0, 0.0);
    let place = |rect: &Rect| {
        if x > 0.0 && x + rect.width > limit {
            y += height + gap;
            (x, height) = (0.0, 0.0);
        }
        let corner = Point::new(start.x + x, start.y + y);
        x += rect.width + gap;
        height = rect.height.max(height);
        corner
    };
    rects.iter().map(place).collect()
}
