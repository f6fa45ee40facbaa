//! Pass `normalise`: cuts long links into steps from layer to layer.

use std::ops::Range;

use super::adjacency::Adjacency;
use super::components::Subgraph;

/// How many waypoints a component may have beyond twice its nodes and links. Without a bound, a chain of `n` nodes with a link
/// over half of it from each would need `n²/4`.
const WAYPOINT_ALLOWANCE: usize = 40_000;

/// A component in layers. Vertices are the nodes, then the waypoints of long links.
#[derive(Clone, Debug)]
pub(super) struct Layered {
    /// How many vertices are nodes; these come first.
    pub(super) node_count: usize,
    /// The vertices of each layer, in order.
    pub(super) layers: Vec<Vec<u32>>,
    /// For each vertex its layer.
    pub(super) rank: Vec<u32>,
    /// For each vertex its place within the layer.
    pub(super) place: Vec<u32>,
    /// For each vertex those joined to it in the layer before.
    pub(super) up: Adjacency,
    /// For each vertex those joined to it in the layer after.
    pub(super) down: Adjacency,
    /// For each link how it is threaded.
    pub(super) threads: Vec<Thread>,
}

/// How a link gets from its node to the other.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Thread {
    /// Through these waypoints, one a layer; none when the layers are neighbours.
    Through(Range<u32>),
    /// Around the component, because waypoints ran out.
    Around,
}

impl Layered {
    /// Whether the vertex is a waypoint.
    pub(super) fn is_waypoint(&self, v: u32) -> bool {
        v as usize >= self.node_count
    }

    /// Puts the vertices of all layers into another order.
    pub(super) fn set_layers(&mut self, layers: Vec<Vec<u32>>) {
        self.layers = layers;
        for layer in 0..self.layers.len() {
            self.refresh_places(layer);
        }
    }

    /// Writes `place` anew from `layers[layer]`.
    pub(super) fn refresh_places(&mut self, layer: usize) {
        for (place, &v) in (0u32..).zip(&self.layers[layer]) {
            self.place[v as usize] = place;
        }
    }
}

/// Pre-condition: `ranks` increases along every link and leaves no layer empty.
/// Post-conditions: every step joins neighbouring layers; waypoints number at most
/// `WAYPOINT_ALLOWANCE + 2 * (nodes + links)`, given to the shortest links first; layers list nodes in index order, then waypoints.
pub(super) fn normalise(graph: &Subgraph, ranks: &[u32]) -> Layered {
    let node_count = graph.node_count();
    let mut threads = vec![Thread::Around; graph.links.len()];
    let mut rank = ranks.to_vec();
    let mut steps = Vec::with_capacity(graph.links.len());
    let allowed = WAYPOINT_ALLOWANCE + 2 * (node_count + graph.links.len());
    let span = |link: usize| {
        let (from, to) = graph.links[link];
        (ranks[to as usize] - ranks[from as usize]) as usize
    };
    let layer_count = ranks.iter().max().map_or(0, |&last| last as usize + 1);
    let all = 0..graph.links.len() as u32;
    let by_span = Adjacency::new(layer_count, all.map(|i| (span(i as usize) as u32, i)));
    for link in (0..layer_count as u32).flat_map(|span| by_span.of(span)) {
        let link = *link as usize;
        let first = rank.len();
        if first - node_count + span(link) - 1 > allowed {
            break;
        }
        let (from, to) = graph.links[link];
        let mut last = from;
        for layer in ranks[from as usize] + 1..ranks[to as usize] {
            let waypoint = rank.len() as u32;
            rank.push(layer);
            steps.push((last, waypoint));
            last = waypoint;
        }
        steps.push((last, to));
        threads[link] = Thread::Through(first as u32..rank.len() as u32);
    }
    let mut layers = vec![Vec::new(); layer_count];
    for (v, &layer) in (0u32..).zip(&rank) {
        layers[layer as usize].push(v);
    }
    let n = rank.len();
    let mut layered = Layered {
        node_count,
        layers,
        place: vec![0; n],
        up: Adjacency::new(n, steps.iter().map(|&(a, b)| (b, a))),
        down: Adjacency::new(n, steps.iter().copied()),
        rank,
        threads,
    };
    for layer in 0..layer_count {
        layered.refresh_places(layer);
    }
    layered
}
