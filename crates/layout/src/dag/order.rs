//! Pass `order`: finds an order within the layers that crosses few edges.

use std::collections::VecDeque;

use super::crossings;
use super::hold;
use super::normalise::Layered;
use super::sift::{Sifter, Ties};
use super::sorted;

/// Barycentre sweeps, at most. Half of them go down, half up.
const MAX_SWEEPS: usize = 24;
/// Sweeps without a better order before giving up.
const PATIENCE: usize = 4;
/// Rounds of sifting at the end, at most.
const MAX_ROUNDS: usize = 30;
/// How far a vertex is moved in one go during the sweeps. Measured on graphs of 1,000 to 10,000 nodes, more costs time and
/// saves nothing.
const SWEEP_REACH: usize = 3;
/// Comparisons a round of sifting at the end may cost; sets how far a vertex is moved in one go there.
const ROUND_COST: usize = 500_000;

/// Comparisons the sweeps may cost, and again the rounds at the end: what keeps graphs that no order helps from taking seconds.
const MAX_WORK: usize = 30_000_000;

/// Orders every layer.
///
/// `seeds` holds, for each node that was drawn before, where it lay across the layers. When at least half the nodes have one, the
/// old order is the start and changes only where that saves crossings; else the search is free.
///
/// Post-conditions: every layer holds the same vertices as before; crossings are no more than in the starting order.
pub(super) fn order(layered: &mut Layered, seeds: &[Option<f64>]) {
    if hold::is_known(layered, seeds) {
        start_from_seeds(layered, seeds);
    } else {
        start_breadth_first(layered);
        sweep(layered);
    }
    settle(layered);
}

/// The best order met.
struct Best {
    layers: Vec<Vec<u32>>,
    crossings: u64,
}

impl Default for Best {
    fn default() -> Self {
        Self {
            layers: Vec::new(),
            crossings: u64::MAX,
        }
    }
}

impl Best {
    /// Keeps the present order when it is better; says whether it is.
    fn offer(&mut self, layered: &Layered) -> bool {
        let crossings = crossings::total(layered);
        let better = crossings < self.crossings;
        if better {
            self.crossings = crossings;
            self.layers.clone_from(&layered.layers);
        }
        better
    }

    fn restore(self, layered: &mut Layered) {
        layered.set_layers(self.layers);
    }
}

/// Orders each layer as a walk from the first layer comes by, which goes both ways along steps: what is near each other in the
/// graph is then near each other in its layer.
fn start_breadth_first(layered: &mut Layered) {
    let mut seen = vec![false; layered.rank.len()];
    let mut layers: Vec<Vec<u32>> = layered
        .layers
        .iter()
        .map(|layer| Vec::with_capacity(layer.len()))
        .collect();
    let mut ahead = VecDeque::new();
    for &root in layered.layers.iter().flatten() {
        if !std::mem::replace(&mut seen[root as usize], true) {
            ahead.push_back(root);
        }
        while let Some(v) = ahead.pop_front() {
            layers[layered.rank[v as usize] as usize].push(v);
            for &w in layered.down.of(v).iter().chain(layered.up.of(v)) {
                if !std::mem::replace(&mut seen[w as usize], true) {
                    ahead.push_back(w);
                }
            }
        }
    }
    layered.set_layers(layers);
}

/// Sorts by barycentre, layer after layer, down and up by turns, and sifts in between; ends with the best order met.
fn sweep(layered: &mut Layered) {
    let mut sifter = Sifter::default();
    let mut best = Best::default();
    best.offer(layered);
    let mut idle = 0;
    for sweep in 0..MAX_SWEEPS {
        if best.crossings == 0 || idle == PATIENCE || sifter.work() > MAX_WORK {
            break;
        }
        let flip_ties = sweep % 4 >= 2;
        if sweep % 2 == 0 {
            for layer in 1..layered.layers.len() {
                sort_by_barycentre(layered, layer, Side::Up, flip_ties);
            }
        } else {
            for layer in (0..layered.layers.len().saturating_sub(1)).rev() {
                sort_by_barycentre(layered, layer, Side::Down, flip_ties);
            }
        }
        sifter.touch_all(layered);
        for ties in [Ties::Swap, Ties::Stay] {
            sift_all(layered, &mut sifter, SWEEP_REACH, ties);
        }
        idle += 1;
        if best.offer(layered) {
            idle = 0;
        }
    }
    best.restore(layered);
}

/// Moves single vertices as long as that saves crossings.
fn settle(layered: &mut Layered) {
    if crossings::total(layered) == 0 {
        return;
    }
    let mut sifter = Sifter::default();
    sifter.touch_all(layered);
    let reach = reach(layered);
    for _ in 0..MAX_ROUNDS {
        if sift_all(layered, &mut sifter, reach, Ties::Stay) == 0 {
            break;
        }
    }
}

/// One round of sifting, down and up again. Returns how many crossings it saved.
fn sift_all(layered: &mut Layered, sifter: &mut Sifter, reach: usize, ties: Ties) -> u64 {
    let mut saved = 0;
    let count = layered.layers.len();
    for layer in (0..count).chain((0..count).rev()) {
        if sifter.work() <= MAX_WORK {
            saved += sifter.sift_layer(layered, layer, reach, ties);
        }
    }
    saved
}

fn reach(layered: &Layered) -> usize {
    let steps: usize = (0..layered.rank.len() as u32)
        .map(|v| layered.down.of(v).len())
        .sum();
    (ROUND_COST / steps.max(1)).clamp(4, 400)
}

/// The side whose neighbours a sort looks at.
#[derive(Clone, Copy)]
enum Side {
    Up,
    Down,
}

/// Sorts the vertices that have neighbours on `side` by the mean of their places; the others keep theirs.
fn sort_by_barycentre(layered: &mut Layered, layer: usize, side: Side, flip_ties: bool) {
    let neighbours = match side {
        Side::Up => &layered.up,
        Side::Down => &layered.down,
    };
    let mut keyed: Vec<(f64, u32)> = Vec::with_capacity(layered.layers[layer].len());
    let mut slots = Vec::with_capacity(layered.layers[layer].len());
    for (slot, &v) in layered.layers[layer].iter().enumerate() {
        let near = neighbours.of(v);
        if !near.is_empty() {
            let sum: u64 = near
                .iter()
                .map(|&w| u64::from(layered.place[w as usize]))
                .sum();
            keyed.push((sum as f64 / near.len() as f64, v));
            slots.push(slot);
        }
    }
    if flip_ties {
        keyed.reverse();
    }
    sorted::by_place(&mut keyed);
    for (slot, (_, v)) in slots.into_iter().zip(keyed) {
        layered.layers[layer][slot] = v;
    }
    layered.refresh_places(layer);
}

/// Orders each layer by where its vertices were; new ones go beside their neighbours.
pub(super) fn start_from_seeds(layered: &mut Layered, seeds: &[Option<f64>]) {
    let at = hold::guesses(layered, seeds);
    for layer in 0..layered.layers.len() {
        // Stable: where old positions say nothing, the index decides.
        let vertices = layered.layers[layer].iter();
        let mut keyed: Vec<(f64, u32)> = vertices.map(|&v| (at[v as usize], v)).collect();
        sorted::by_place(&mut keyed);
        layered.layers[layer] = keyed.into_iter().map(|(_, v)| v).collect();
        layered.refresh_places(layer);
    }
}
