//! Counting crossings between neighbouring layers.

use super::normalise::Layered;

/// How many pairs of steps cross in the whole graph.
pub(super) fn total(layered: &Layered) -> u64 {
    let mut tree = CountTree::default();
    (1..layered.layers.len())
        .map(|layer| between(layered, layer, &mut tree))
        .sum()
}

/// How many pairs of steps cross between `layer - 1` and `layer`, in `O(E log V)`.
pub(super) fn between(layered: &Layered, layer: usize, tree: &mut CountTree) -> u64 {
    let Some(above) = layer.checked_sub(1) else {
        return 0;
    };
    if layer >= layered.layers.len() {
        return 0;
    }
    tree.clear(layered.layers[layer].len());
    let mut crossings = 0;
    for &v in &layered.layers[above] {
        // Steps from one vertex never cross each other: count all of them before adding any.
        for &w in layered.down.of(v) {
            crossings += tree.after(layered.place[w as usize]);
        }
        for &w in layered.down.of(v) {
            tree.add(layered.place[w as usize]);
        }
    }
    crossings
}

/// An accumulator tree: adds to single places, counts how many lie after a place.
#[derive(Default)]
pub(super) struct CountTree {
    sums: Vec<u32>,
    total: u32,
}

impl CountTree {
    fn clear(&mut self, places: usize) {
        self.sums.clear();
        self.sums.resize(places + 1, 0);
        self.total = 0;
    }

    fn add(&mut self, place: u32) {
        self.total += 1;
        let mut i = place as usize + 1;
        while i < self.sums.len() {
            self.sums[i] += 1;
            i += i & i.wrapping_neg();
        }
    }

    fn after(&self, place: u32) -> u64 {
        let mut upto = 0;
        let mut i = place as usize + 1;
        while i > 0 {
            upto += self.sums[i];
            i &= i - 1;
        }
        u64::from(self.total - upto)
    }
}
