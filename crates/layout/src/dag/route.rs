//! Pass `route`: draws every edge from border to border through its waypoints.

use super::Gaps;
use super::components::{Placed, Spot, Subgraph};
use super::normalise::{Layered, Thread};
use super::position::Positions;

/// Points closer than this, in pixels, are one.
const SAME: f64 = 1e-3;

/// The points of one edge, in the direction of its link.
pub(super) type Track = Vec<Spot>;

/// Post-conditions: a track starts in the end border of its first node and ends in the start border of its last; between layers it
/// runs freely, within a layer it keeps to its own place; parallel edges have ports of their own as far as the nodes are broad
/// enough; edges without waypoints go around all nodes.
pub(super) fn route(
    graph: &Subgraph,
    layered: &Layered,
    positions: &Positions,
    gaps: &Gaps,
) -> Placed {
    let middle = |v: u32| {
        let (from, to) = positions.layers[layered.rank[v as usize] as usize];
        Spot::new(f64::midpoint(from, to), positions.across[v as usize])
    };
    let outside = outer_lane(graph, positions, gaps);
    let mut around = 0;
    let mut tracks = Vec::with_capacity(graph.links.len());
    for ((&(from, to), &strands), thread) in
        graph.links.iter().zip(&graph.strands).zip(&layered.threads)
    {
        if *thread == Thread::Around {
            around += strands as u32;
        }
        let ends = Ends {
            from: (middle(from), graph.nodes[from as usize]),
            to: (middle(to), graph.nodes[to as usize]),
            from_layer: positions.layers[layered.rank[from as usize] as usize],
            to_layer: positions.layers[layered.rank[to as usize] as usize],
        };
        let strand = |i: usize| {
            // Strands lie evenly on both sides of the middle.
            let lane = i as f64 - (strands - 1) as f64 / 2.0;
            let through = match thread {
                Thread::Through(waypoints) => waypoints
                    .clone()
                    .map(|v| {
                        let layer = positions.layers[layered.rank[v as usize] as usize];
                        (layer, positions.across[v as usize] + lane * gaps.edge)
                    })
                    .collect(),
                Thread::Around => {
                    let (leave, arrive) = (ends.from_layer.1, ends.to_layer.0);
                    let margin = gaps.layer / 2.0;
                    vec![((leave + margin, arrive - margin), outside)]
                }
            };
            ends.track(&through, lane, strands, gaps)
        };
        tracks.push((0..strands).map(strand).collect());
    }
    let nodes = (0..graph.node_count() as u32).map(middle).collect();
    Placed {
        nodes,
        tracks,
        around,
    }
}

/// Both ends of a link.
struct Ends {
    from: (Spot, super::clean::Extent),
    to: (Spot, super::clean::Extent),
    from_layer: (f64, f64),
    to_layer: (f64, f64),
}

impl Ends {
    /// The points of one strand; `through` lists the layers it passes and where.
    fn track(
        &self,
        through: &[((f64, f64), f64)],
        lane: f64,
        strands: usize,
        gaps: &Gaps,
    ) -> Track {
        let port = |(middle, size): (Spot, super::clean::Extent)| {
            let apart = gaps.edge.min(size.across / (strands + 1) as f64);
            middle.across + lane * apart
        };
        let (leave, arrive) = (port(self.from), port(self.to));
        let mut track = Vec::with_capacity(4 + 2 * through.len());
        // A node may be less deep than its layer; stay level until its deeper neighbours are passed.
        track.push(Spot::new(
            self.from.0.along + self.from.1.along / 2.0,
            leave,
        ));
        track.push(Spot::new(self.from_layer.1, leave));
        for &((start, end), across) in through {
            track.push(Spot::new(start, across));
            track.push(Spot::new(end, across));
        }
        track.push(Spot::new(self.to_layer.0, arrive));
        let end = Spot::new(self.to.0.along - self.to.1.along / 2.0, arrive);
        // Where node and layer end together, rounding would leave a step of nothing.
        track.dedup_by(|b, a| near(a, b));
        while track.len() > 1 && track.last().is_some_and(|last| near(last, &end)) {
            track.pop();
        }
        track.push(end);
        track
    }
}

fn near(a: &Spot, b: &Spot) -> bool {
    (a.along - b.along).abs() < SAME && (a.across - b.across).abs() < SAME
}

/// Where edges run that go around the component.
fn outer_lane(graph: &Subgraph, positions: &Positions, gaps: &Gaps) -> f64 {
    let first = graph
        .nodes
        .iter()
        .zip(&positions.across)
        .fold(f64::INFINITY, |first, (node, middle)| {
            first.min(middle - node.across / 2.0)
        });
    first - gaps.node
}
