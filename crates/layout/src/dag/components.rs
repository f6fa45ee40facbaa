//! Pass `components`: splits the graph into its connected parts.

use super::acyclic::Link;
use super::clean::{Clean, Extent, mended, usable_point};
use super::route::Track;
use super::{Direction, LayoutRequest};
use crate::geom::Point;

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

    pub(super) fn of(point: Point, direction: Direction) -> Self {
        match direction {
            Direction::LeftToRight => Self::new(point.x, point.y),
            Direction::TopDown => Self::new(point.y, point.x),
        }
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

/// Where the middles of nodes were, in pixels, if anywhere that can be used.
pub(super) struct Before {
    /// When last drawn.
    pub(super) drawn: Vec<Option<Point>>,
    /// Where their source would have them.
    pub(super) given: Vec<Option<Point>>,
}

impl Before {
    pub(super) fn new(request: &LayoutRequest) -> Self {
        let given = request.nodes.iter().map(|node| {
            let corner = node.fixed.filter(usable_point)?;
            Some(Point::new(
                corner.x + mended(node.width) / 2.0,
                corner.y + mended(node.height) / 2.0,
            ))
        });
        let mut drawn = request.previous.clone();
        drawn.resize(request.nodes.len(), None);
        for point in &mut drawn {
            *point = point.filter(usable_point);
        }
        Self {
            drawn,
            given: given.collect(),
        }
    }

    /// For each node of the part where it lay across when last drawn.
    pub(super) fn drawn_across(&self, part: &Component, way: Direction) -> Vec<Option<f64>> {
        let place = |&v: &u32| Some(Spot::of(self.drawn[v as usize]?, way).across);
        part.nodes.iter().map(place).collect()
    }

    /// The same, or else where its source would put it.
    pub(super) fn across(&self, part: &Component, way: Direction) -> Vec<Option<f64>> {
        let place = |&v: &u32| {
            let point = self.drawn[v as usize].or(self.given[v as usize])?;
            Some(Spot::of(point, way).across)
        };
        part.nodes.iter().map(place).collect()
    }
}
