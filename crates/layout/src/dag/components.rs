//! Passes `components`: splits the graph into its connected parts, and packs the parts again.

use super::acyclic::Link;
use super::clean::{Clean, Extent};
use super::route::Track;
use super::{Direction, EdgePath, Layout, LayoutRequest, Problem};
use crate::geom::{Point, Rect};

/// How much wider than high the packing aims to be.
const ASPECT: f64 = 1.6;

/// A connected part, in indices of the whole.
pub(super) struct Component {
    /// Its nodes, ascending.
    pub(super) nodes: Vec<u32>,
    /// Its links, ascending.
    pub(super) links: Vec<u32>,
}

/// A connected part in indices of its own.
pub(super) struct Subgraph {
    pub(super) nodes: Vec<Extent>,
    pub(super) links: Vec<(u32, u32)>,
    /// For each link how many parallel edges it stands for.
    pub(super) strands: Vec<usize>,
}

/// A part laid out by itself.
pub(super) struct Placed {
    /// For each node its middle.
    pub(super) nodes: Vec<Spot>,
    /// For each link its tracks, one a strand, from `link.from` to `link.to`.
    pub(super) tracks: Vec<Vec<Track>>,
    /// How many edges go around the part.
    pub(super) around: u32,
}

/// A place before the direction is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) along: f64,
    pub(super) across: f64,
}

impl Subgraph {
    pub(super) fn node_count(&self) -> usize {
        self.nodes.len()
    }
}

impl Spot {
    pub(super) const fn new(along: f64, across: f64) -> Self {
        Self { along, across }
    }

    pub(super) fn point(self, direction: Direction) -> Point {
        match direction {
            Direction::LeftToRight => Point::new(self.along, self.across),
            Direction::TopDown => Point::new(self.across, self.along),
        }
    }
}

/// Post-conditions: every node and every link is in exactly one component; components are sorted by their first node.
pub(super) fn split(n: usize, links: &[Link]) -> Vec<Component> {
    let mut leader: Vec<u32> = (0..n as u32).collect();
    for link in links {
        let (a, b) = (find(&mut leader, link.from), find(&mut leader, link.to));
        // The smaller index leads, so that components come out sorted.
        leader[a.max(b) as usize] = a.min(b);
    }
    let mut component_of = vec![u32::MAX; n];
    let mut components: Vec<Component> = Vec::new();
    for v in 0..n as u32 {
        let lead = find(&mut leader, v) as usize;
        if component_of[lead] == u32::MAX {
            component_of[lead] = components.len() as u32;
            components.push(Component {
                nodes: Vec::new(),
                links: Vec::new(),
            });
        }
        component_of[v as usize] = component_of[lead];
        components[component_of[lead] as usize].nodes.push(v);
    }
    for (i, link) in (0u32..).zip(links) {
        components[component_of[link.from as usize] as usize]
            .links
            .push(i);
    }
    components
}

fn find(leader: &mut [u32], v: u32) -> u32 {
    let mut v = v;
    while leader[v as usize] != v {
        // Path halving.
        leader[v as usize] = leader[leader[v as usize] as usize];
        v = leader[v as usize];
    }
    v
}

/// The component in indices of its own.
pub(super) fn subgraph(part: &Component, links: &[Link], clean: &Clean) -> Subgraph {
    // Nodes are ascending, so the own index is found by search.
    let own = |v: u32| part.nodes.partition_point(|&u| u < v) as u32;
    Subgraph {
        nodes: part
            .nodes
            .iter()
            .map(|&v| clean.nodes[v as usize])
            .collect(),
        links: part
            .links
            .iter()
            .map(|&i| (own(links[i as usize].from), own(links[i as usize].to)))
            .collect(),
        strands: part
            .links
            .iter()
            .map(|&i| links[i as usize].strands.len())
            .collect(),
    }
}

/// For each node of the part where it lay across when last drawn, or where its source would put it.
pub(super) fn seeds(part: &Component, request: &LayoutRequest) -> Vec<Option<f64>> {
    let seed = |&v: &u32| {
        let node = &request.nodes[v as usize];
        let previous = request.previous.get(v as usize).copied().flatten();
        let corner = node
            .fixed
            .map(|p| Point::new(p.x + node.width / 2.0, p.y + node.height / 2.0));
        let point = previous.or(corner).filter(|point| point.is_finite())?;
        Some(match request.direction {
            Direction::LeftToRight => point.y,
            Direction::TopDown => point.x,
        })
    };
    part.nodes.iter().map(seed).collect()
}

/// Sets the parts side by side in rows, in their order, and gives the whole its direction.
///
/// Post-conditions: the bounds of two parts are `gaps.component` apart at least; the bounds of the whole start at the origin.
pub(super) fn pack(
    request: &LayoutRequest,
    clean: Clean,
    links: &[Link],
    parts: &[Component],
    placed: Vec<Placed>,
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
    let corners = rows(&all_bounds, clean.gaps.component);
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
        layout.bounds = layout.bounds.union(&bounds.translate(dx, dy));
    }
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

/// Fills rows from left to right. Returns the top-left corner of each rectangle.
fn rows(rects: &[Rect], gap: f64) -> Vec<Point> {
    let area: f64 = rects
        .iter()
        .map(|r| (r.width + gap) * (r.height + gap))
        .sum();
    let widest = rects.iter().fold(0.0, |widest: f64, r| widest.max(r.width));
    let limit = widest.max((area * ASPECT).sqrt());
    let (mut x, mut y, mut height) = (0.0, 0.0, 0.0);
    let place = |rect: &Rect| {
        if x > 0.0 && x + rect.width > limit {
            y += height + gap;
            (x, height) = (0.0, 0.0);
        }
        let corner = Point::new(x, y);
        x += rect.width + gap;
        height = rect.height.max(height);
        corner
    };
    rects.iter().map(place).collect()
}
