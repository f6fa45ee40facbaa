//! Pass `position`: gives every vertex a place across its layer, and every layer a place along the graph.

use super::Gaps;
use super::components::Subgraph;
use super::normalise::{Layered, Thread};

/// Sweeps down and up; more of them make long edges straighter.
const SWEEPS: usize = 12;

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
pub(super) fn position(graph: &Subgraph, layered: &Layered, gaps: &Gaps) -> Positions {
    let breadths = breadths(graph, layered, gaps);
    let offsets = offsets(layered, &breadths, gaps);
    let mut across = vec![0.0; layered.rank.len()];
    for layer in &layered.layers {
        let width = layer.last().map_or(0.0, |&v| offsets[v as usize]);
        for &v in layer {
            across[v as usize] = offsets[v as usize] - width / 2.0;
        }
    }
    let mut fit = Fit::default();
    let count = layered.layers.len();
    for sweep in 0..SWEEPS {
        let pull = if sweep < SWEEPS / 2 {
            Pull::Mean
        } else {
            Pull::Median
        };
        for layer in 1..count {
            fit.place(layered, layer, &offsets, &mut across, Look::Up, pull);
        }
        for layer in (0..count.saturating_sub(1)).rev() {
            fit.place(layered, layer, &offsets, &mut across, Look::Down, pull);
        }
    }
    for _ in 0..2 {
        for layer in 0..count {
            fit.place(
                layered,
                layer,
                &offsets,
                &mut across,
                Look::Both,
                Pull::Median,
            );
        }
    }
    straighten(layered, &offsets, &mut across, gaps.edge);
    Positions {
        across,
        layers: layer_spans(graph, layered, gaps),
    }
}

/// Takes small kinks out of steps: a vertex that lies almost level with one it follows moves there, where neighbours leave room.
fn straighten(layered: &Layered, offsets: &[f64], across: &mut [f64], kink: f64) {
    for layer in &layered.layers {
        for (i, &v) in layer.iter().enumerate() {
            let here = across[v as usize];
            let off = |w: u32| across[w as usize] - here;
            let target = layered.up.of(v).iter().copied().min_by(|&a, &b| {
                let straight = |w| straightness(layered, v, w);
                let by_need = straight(b).total_cmp(&straight(a));
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

/// Whose places a vertex is drawn to.
#[derive(Clone, Copy)]
enum Look {
    Up,
    Down,
    Both,
}

/// How several neighbours make one wish.
#[derive(Clone, Copy)]
enum Pull {
    Mean,
    Median,
}

/// A run of vertices that move together.
struct Pool {
    wish: f64,
    weight: f64,
    count: usize,
}

/// Buffers of the fit, kept between layers.
#[derive(Default)]
struct Fit {
    pools: Vec<Pool>,
    near: Vec<(f64, f64)>,
}

impl Fit {
    /// Places one layer as near to its wishes as order and gaps allow.
    fn place(
        &mut self,
        layered: &Layered,
        layer: usize,
        offsets: &[f64],
        across: &mut [f64],
        look: Look,
        pull: Pull,
    ) {
        self.pools.clear();
        for &v in &layered.layers[layer] {
            let (wish, weight) = self.wish(layered, v, across, look, pull);
            let mut pool = Pool {
                wish: wish - offsets[v as usize],
                weight,
                count: 1,
            };
            while let Some(last) = self.pools.last() {
                if last.wish < pool.wish {
                    break;
                }
                let weight = last.weight + pool.weight;
                pool.wish = (last.wish * last.weight + pool.wish * pool.weight) / weight;
                pool.weight = weight;
                pool.count += last.count;
                self.pools.pop();
            }
            self.pools.push(pool);
        }
        let mut vertices = layered.layers[layer].iter();
        for pool in &self.pools {
            for &v in vertices.by_ref().take(pool.count) {
                across[v as usize] = pool.wish + offsets[v as usize];
            }
        }
    }

    /// Where `v` would like to be, and how much.
    fn wish(
        &mut self,
        layered: &Layered,
        v: u32,
        across: &[f64],
        look: Look,
        pull: Pull,
    ) -> (f64, f64) {
        let (up, down) = (layered.up.of(v), layered.down.of(v));
        let (up, down) = match look {
            Look::Up => (up, &[][..]),
            Look::Down => (&[][..], down),
            Look::Both => (up, down),
        };
        let here = across[v as usize];
        self.near.clear();
        for &w in up.iter().chain(down) {
            self.near
                .push((across[w as usize], straightness(layered, v, w)));
        }
        let weight: f64 = self.near.iter().map(|&(_, weight)| weight).sum();
        if self.near.is_empty() {
            // Nothing pulls: stay, but give way to anything that is pulled.
            return (here, 0.01);
        }
        let wish = match pull {
            Pull::Mean => self.near.iter().map(|&(at, w)| at * w).sum::<f64>() / weight,
            Pull::Median => median(&mut self.near, weight, here),
        };
        (wish, weight)
    }
}

/// How much it matters that the step between the two runs straight: bends in the middle of a long edge look worst.
fn straightness(layered: &Layered, v: u32, w: u32) -> f64 {
    match (layered.is_waypoint(v), layered.is_waypoint(w)) {
        (false, false) => 1.0,
        (true, true) => 8.0,
        _ => 2.0,
    }
}

/// The weighted median; where a whole interval is, the place in it that is nearest to `here`.
fn median(near: &mut [(f64, f64)], weight: f64, here: f64) -> f64 {
    near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut sum = 0.0;
    let (mut low, mut high) = (here, here);
    for (i, &(at, w)) in near.iter().enumerate() {
        sum += w;
        if sum * 2.0 >= weight {
            low = at;
            high = if sum * 2.0 > weight {
                at
            } else {
                near.get(i + 1).map_or(at, |next| next.0)
            };
            break;
        }
    }
    here.clamp(low, high.max(low))
}
