//! Moving single vertices within their layer to where they cross least.

use super::normalise::Layered;
use super::sides::Sides;

/// Buffers of [`Sifter::sift_layer`], kept between calls.
#[derive(Default)]
pub(super) struct Sifter {
    sides: Sides,
    /// The layer as indices into its order at the start.
    order: Vec<u32>,
    /// Inverse of `order`.
    place: Vec<u32>,
    /// For each vertex whether it or what is around it has moved since it was last looked at.
    touched: Vec<bool>,
    /// Comparisons made so far, about.
    work: usize,
}

/// What a vertex does where another place crosses as much as its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ties {
    /// It stays: without a gain the order is kept as it is.
    Stay,
    /// It goes to the nearest such place, which may open a way to a gain elsewhere.
    Swap,
}

impl Sifter {
    /// Comparisons made so far, about; the same graph always costs the same.
    pub(super) fn work(&self) -> usize {
        self.work
    }

    /// Has every vertex looked at anew.
    pub(super) fn touch_all(&mut self, layered: &Layered) {
        self.touched.clear();
        self.touched.resize(layered.rank.len(), true);
    }

    /// Moves every vertex of `layer` whose surroundings have changed, in turn, to the best place within `reach` of its own.
    /// Returns how many crossings that saved.
    ///
    /// A vertex never moves when that makes for more crossings, and where several places are best it goes the shortest way.
    pub(super) fn sift_layer(
        &mut self,
        layered: &mut Layered,
        layer: usize,
        reach: usize,
        ties: Ties,
    ) -> u64 {
        let vertices = &layered.layers[layer];
        let count = vertices.len();
        if count < 2 || !vertices.iter().any(|&v| self.touched[v as usize]) {
            return 0;
        }
        self.sides.fill(layered, layer);
        self.order.clear();
        self.order.extend(0..count as u32);
        self.place.clone_from(&self.order);
        let (mut saved, mut moved) = (0, false);
        for v in 0..count as u32 {
            let vertex = vertices[v as usize];
            if !std::mem::take(&mut self.touched[vertex as usize]) {
                continue;
            }
            let from = self.place[v as usize] as usize;
            let (to, gain) = self.best_place(v, from, reach, ties);
            let degree = self.sides.degree(v);
            self.work += 2 * reach.min(count) * (1 + degree);
            if to != from {
                saved += gain as u64;
                moved = true;
                self.shift(from, to);
                for &passed in &self.order[from.min(to)..=from.max(to)] {
                    self.touched[vertices[passed as usize] as usize] = true;
                }
                for &near in layered.up.of(vertex).iter().chain(layered.down.of(vertex)) {
                    self.touched[near as usize] = true;
                }
            }
        }
        if moved {
            let before = layered.layers[layer].clone();
            for (vertex, &was) in layered.layers[layer].iter_mut().zip(&self.order) {
                *vertex = before[was as usize];
            }
            layered.refresh_places(layer);
        }
        saved
    }

    /// The place around `from` where `v` crosses least, and how many crossings fewer that is.
    fn best_place(&self, v: u32, from: usize, reach: usize, ties: Ties) -> (usize, i64) {
        let change = |w: u32| self.sides.change(v, w);
        let (mut best, mut best_gain) = (from, 0);
        let better = |gain, best, best_gain| {
            gain > best_gain || gain == 0 && best == from && ties == Ties::Swap
        };
        let mut gain = 0;
        let end = self.order.len().min(from + reach + 1);
        for (to, &w) in (from + 1..end).zip(&self.order[from + 1..end]) {
            gain -= change(w);
            if better(gain, best, best_gain) {
                (best, best_gain) = (to, gain);
            }
        }
        gain = 0;
        let start = from.saturating_sub(reach);
        for (to, &w) in (start..from).zip(&self.order[start..from]).rev() {
            gain += change(w);
            if better(gain, best, best_gain) {
                (best, best_gain) = (to, gain);
            }
        }
        (best, best_gain)
    }

    fn shift(&mut self, from: usize, to: usize) {
        if from < to {
            self.order[from..=to].rotate_left(1);
        } else {
            self.order[to..=from].rotate_right(1);
        }
        for place in from.min(to)..=from.max(to) {
            self.place[self.order[place] as usize] = place as u32;
        }
    }
}
