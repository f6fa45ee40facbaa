//! Pass `position`: gives every vertex a place across its layer, and every layer a place along the graph.

use super::Gaps;
use super::components::Subgraph;
use super::fit::{Fit, Look, Pull, straightness};
use super::hold;
use super::normalise::{Layered, Thread};

/// Sweeps down and up; more of them make long edges straighter.
const SWEEPS: usize = 12;
/// The same where most vertices stay, and few are to find their place.
const SWEEPS_HELD: usize = 4;

/// Where the vertices of a component lie.
#[derive(Clone, Debug)]
pub(super) struct Positions {
    /// For each vertex its middle, across.
    pub(super) across: Vec<f64>,
    /// For each layer where it begins and where it ends, along.
    pub(super) layers: Vec<(f64, f64)>,
}

/// Moves each layer as a whole towards its neighbours, sweep after sweep.
///
/// Within a layer the best places for given wishes are a least-squares fit under the order and the gaps, which pooling solves
/// exactly in linear time; so boxes can never overlap, whatever the wishes.
///
/// Post-conditions: vertices keep their order; two nodes of a layer are `gaps.node` apart at least, a waypoint and its neighbour
/// `gaps.edge`; layers are `gaps.layer` apart.
///
/// `before` holds, for each node that was drawn before, where it lay across. When that is most of them, nodes stay where they
/// were as far as the others leave room, and only what is new, or has new neighbours, looks for its place.
pub(super) fn position(
    graph: &Subgraph,
    layered: &Layered,
    gaps: &Gaps,
    before: &[Option<f64>],
) -> Positions {
    let breadths = breadths(graph, layered, gaps);
    let offsets = offsets(layered, &breadths, gaps);
    let (mut across, mut fit, sweeps) = if hold::is_known(layered, before) {
        let fit = Fit::new(hold::holds(layered, before));
        (hold::guesses(layered, before), fit, SWEEPS_HELD)
    } else {
        (side_by_side(layered, &offsets), Fit::default(), SWEEPS)
    };
    let count = layered.layers.len();
    let mut place = |layer, across: &mut [f64], look, pull| {
        fit.place(layered, layer, &offsets, across, look, pull);
    };
    for sweep in 0..sweeps {
        let pull = if sweep < sweeps / 2 {
            Pull::Mean
        } else {
            Pull::Median
        };
        for layer in 1..count {
            place(layer, &mut across, Look::Up, pull);
        }
        for layer in (0..count.saturating_sub(1)).rev() {
            place(layer, &mut across, Look::Down, pull);
        }
    }
    for _ in 0..2 {
        for layer in 0..count {
            place(layer, &mut across, Look::Both, Pull::Median);
        }
    }
    straighten(layered, &offsets, &mut across, gaps.edge, &fit);
    Positions {
        across,
        layers: layer_spans(graph, layered, gaps),
    }
}

/// Each layer packed, around the middle.
fn side_by_side(layered: &Layered, offsets: &[f64]) -> Vec<f64> {
    let mut across = offsets.to_vec();
    for layer in &layered.layers {
        let width = layer.last().map_or(0.0, |&v| offsets[v as usize]);
        for &v in layer {
            across[v as usize] -= width / 2.0;
        }
    }
    across
}

/// Takes small kinks out of steps: a vertex that lies almost level with one it follows moves there, where neighbours leave room.
fn straighten(layered: &Layered, offsets: &[f64], across: &mut [f64], kink: f64, fit: &Fit) {
    for layer in &layered.layers {
        for (i, &v) in layer.iter().enumerate() {
            if !fit.is_free(v) {
                continue;
            }
            let here = across[v as usize];
            let off = |w: u32| across[w as usize] - here;
            let target = layered.up.of(v).iter().copied().min_by(|&a, &b| {
                let straight = |w| straightness(layered, v, w);
                let by_need = straight(b).cmp(&straight(a));
                by_need.then(off(a).abs().total_cmp(&off(b).abs()))
            });
            let Some(target) = target.filter(|&w| off(w).abs() <= kink) else {
                continue;
            };
            let there = across[target as usize];
            let apart = |w: u32| (offsets[w as usize] - offsets[v as usize]).abs();
            let before = i.checked_sub(1).and_then(|i| layer.get(i));
            let after = layer.get(i + 1);
            let room = before.is_none_or(|&w| there - across[w as usize] >= apart(w))
                && after.is_none_or(|&w| across[w as usize] - there >= apart(w));
            if room {
                across[v as usize] = there;
            }
        }
    }
}

/// For each vertex its extent across.
fn breadths(graph: &Subgraph, layered: &Layered, gaps: &Gaps) -> Vec<f64> {
    let mut breadths: Vec<f64> = graph.nodes.iter().map(|node| node.across).collect();
    breadths.resize(layered.rank.len(), 0.0);
    for (thread, &strands) in layered.threads.iter().zip(&graph.strands) {
        if let Thread::Through(waypoints) = thread {
            for v in waypoints.clone() {
                breadths[v as usize] = gaps.edge * (strands.saturating_sub(1)) as f64;
            }
        }
    }
    breadths
}

/// For each vertex how far behind the first of its layer it lies when the layer is packed.
fn offsets(layered: &Layered, breadths: &[f64], gaps: &Gaps) -> Vec<f64> {
    let mut offsets = vec![0.0; breadths.len()];
    for layer in &layered.layers {
        for pair in layer.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let gap = if layered.is_waypoint(a) || layered.is_waypoint(b) {
                gaps.edge
            } else {
                gaps.node
            };
            let apart = (breadths[a as usize] + breadths[b as usize]) / 2.0 + gap;
            offsets[b as usize] = offsets[a as usize] + apart;
        }
    }
    offsets
}

fn layer_spans(graph: &Subgraph, layered: &Layered, gaps: &Gaps) -> Vec<(f64, f64)> {
    let mut from = 0.0;
    let depth = |layer: &Vec<u32>| {
        layer
            .iter()
            .filter_map(|&v| graph.nodes.get(v as usize))
            .fold(0.0, |depth: f64, node| depth.max(node.along))
    };
    let spans = layered.layers.iter().map(|layer| {
        let span = (from, from + depth(layer));
        from = span.1 + gaps.layer;
        span
    });
    spans.collect()
}
