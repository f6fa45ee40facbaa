//! Moving single vertices within their layer to where they cross least.

use super::adjacency::Adjacency;
use super::normalise::Layered;

/// Buffers of [`sift_layer`], kept between calls.
#[derive(Default)]
pub(super) struct Sifter {
    up: Sides,
    down: Sides,
    /// The layer as indices into its order at the start.
    order: Vec<u32>,
    /// Inverse of `order`.
    place: Vec<u32>,
    /// Comparisons made so far, about.
    work: usize,
}

/// For each vertex of a layer the sorted places of its neighbours on one side.
#[derive(Default)]
struct Sides {
    start: Vec<u32>,
    places: Vec<u32>,
}

impl Sifter {
    /// Comparisons made so far, about; the same graph always costs the same.
    pub(super) fn work(&self) -> usize {
        self.work
    }

    /// Moves every vertex of `layer`, in turn, to the best place within `reach` of its own. Returns how many crossings that saved.
    ///
    /// A vertex only moves when crossings get fewer, and then by the shortest way: without a gain the order stays as it is.
    pub(super) fn sift_layer(&mut self, layered: &mut Layered, layer: usize, reach: usize) -> u64 {
        let vertices = &layered.layers[layer];
        let count = vertices.len();
        if count < 2 {
            return 0;
        }
        self.up.fill(vertices, &layered.up, &layered.place);
        self.down.fill(vertices, &layered.down, &layered.place);
        self.order.clear();
        self.order.extend(0..count as u32);
        self.place.clone_from(&self.order);
        let mut saved = 0;
        for v in 0..count as u32 {
            let from = self.place[v as usize] as usize;
            let (to, gain) = self.best_place(v, from, reach);
            let degree = self.up.of(v).len() + self.down.of(v).len();
            self.work += 2 * reach.min(count) * (1 + degree);
            if gain > 0 {
                saved += gain as u64;
                self.shift(from, to);
            }
        }
        if saved > 0 {
            let before = layered.layers[layer].clone();
            for (vertex, &was) in layered.layers[layer].iter_mut().zip(&self.order) {
                *vertex = before[was as usize];
            }
            layered.refresh_places(layer);
        }
        saved
    }

    /// The place around `from` where `v` crosses least, and how many crossings fewer that is.
    fn best_place(&self, v: u32, from: usize, reach: usize) -> (usize, i64) {
        let (mut best, mut best_gain) = (from, 0);
        let mut gain = 0;
        for to in from + 1..self.order.len().min(from + reach + 1) {
            gain -= self.change(v, self.order[to]);
            if gain > best_gain {
                (best, best_gain) = (to, gain);
            }
        }
        gain = 0;
        for to in (from.saturating_sub(reach)..from).rev() {
            gain -= self.change(self.order[to], v);
            if gain > best_gain {
                (best, best_gain) = (to, gain);
            }
        }
        (best, best_gain)
    }

    /// How many crossings more there are when `first`, now before `second`, goes behind it.
    fn change(&self, first: u32, second: u32) -> i64 {
        change(self.up.of(first), self.up.of(second))
            + change(self.down.of(first), self.down.of(second))
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

impl Sides {
    fn fill(&mut self, vertices: &[u32], neighbours: &Adjacency, place: &[u32]) {
        self.start.clear();
        self.places.clear();
        self.start.push(0);
        for &v in vertices {
            let from = self.places.len();
            self.places
                .extend(neighbours.of(v).iter().map(|&w| place[w as usize]));
            self.places[from..].sort_unstable();
            self.start.push(self.places.len() as u32);
        }
    }

    fn of(&self, v: u32) -> &[u32] {
        &self.places[self.start[v as usize] as usize..self.start[v as usize + 1] as usize]
    }
}

/// Of the pairs of `first × second`: those in rising order less those in falling order. Both are sorted.
fn change(first: &[u32], second: &[u32]) -> i64 {
    let ([a, .., b] | [a @ b]) = first else {
        return 0;
    };
    let ([c, .., d] | [c @ d]) = second else {
        return 0;
    };
    let all = (first.len() * second.len()) as i64;
    if b < c {
        return all;
    }
    if d < a {
        return -all;
    }
    let (mut below, mut upto) = (0, 0);
    let mut sum = 0;
    for &p in first {
        while below < second.len() && second[below] < p {
            below += 1;
        }
        while upto < second.len() && second[upto] <= p {
            upto += 1;
        }
        sum += (second.len() - upto) as i64 - below as i64;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::change;

    #[test]
    fn change_counts_rising_less_falling_pairs() {
        for (first, second, expected) in [
            (&[1u32, 2][..], &[3u32, 4][..], 4),
            (&[3, 4], &[1, 2], -4),
            (&[1, 3], &[2], 0),
            (&[2], &[2], 0),
            (&[1, 2, 2], &[2, 5], 4),
            (&[], &[1], 0),
        ] {
            let naive: i64 = first
                .iter()
                .flat_map(|a| second.iter().map(move |b| (b > a) as i64 - (b < a) as i64))
                .sum();
            assert_eq!(change(first, second), naive, "{first:?} {second:?}");
            assert_eq!(naive, expected);
        }
    }
}
