//! What crossings come of two vertices of a layer changing places.

use super::normalise::Layered;

/// For each vertex of a layer where its neighbours in the layers before and after are.
#[derive(Default)]
pub(super) struct Sides {
    vertices: Vec<Near>,
    /// The places of all neighbours, sorted for each vertex and side.
    places: Vec<u32>,
}

/// The neighbours of a vertex.
#[derive(Clone, Copy)]
struct Near {
    /// When there are no more than two on a side: their places, filled up with `NOWHERE`.
    few: Option<[u32; 4]>,
    /// Where in `places` the side before begins, where the side after begins, and where that ends.
    begin: u32,
    middle: u32,
    end: u32,
}

/// Stands behind every place.
const NOWHERE: u32 = u32::MAX;

/// Degrees from which on two lists are merged instead of compared each with each.
const MERGED_FROM: usize = 6;

impl Sides {
    /// Looks up the neighbours of the vertices of `layer`, which are then known by their present places.
    pub(super) fn fill(&mut self, layered: &Layered, layer: usize) {
        self.vertices.clear();
        self.places.clear();
        for &v in &layered.layers[layer] {
            let begin = self.places.len();
            self.extend(layered, layered.up.of(v));
            let middle = self.places.len();
            self.extend(layered, layered.down.of(v));
            self.push(begin, middle);
        }
    }

    /// Adds a vertex whose places are those from `begin` on, and from `middle` on those of the side after.
    fn push(&mut self, begin: usize, middle: usize) {
        let end = self.places.len();
        let two = |side: &[u32]| match *side {
            [] => Some([NOWHERE, NOWHERE]),
            [a] => Some([a, NOWHERE]),
            [a, b] => Some([a, b]),
            _ => None,
        };
        let (up, down) = (
            two(&self.places[begin..middle]),
            two(&self.places[middle..end]),
        );
        self.vertices.push(Near {
            few: up.zip(down).map(|([a, b], [c, d])| [a, b, c, d]),
            begin: begin as u32,
            middle: middle as u32,
            end: end as u32,
        });
    }

    /// How many neighbours `v` has.
    pub(super) fn degree(&self, v: u32) -> usize {
        let near = &self.vertices[v as usize];
        (near.end - near.begin) as usize
    }

    /// How many crossings more there are when `first`, now before `second`, goes behind it.
    pub(super) fn change(&self, first: u32, second: u32) -> i64 {
        let (v, w) = (
            &self.vertices[first as usize],
            &self.vertices[second as usize],
        );
        if let (Some(a), Some(b)) = (&v.few, &w.few) {
            // What is filled up counts as rising from every place of `first`, and as falling to every place of `second`.
            let degrees = (v.end - v.begin) as i32 - (w.end - w.begin) as i32;
            return i64::from(few(a, b) - 2 * degrees);
        }
        let side = |from, to| &self.places[from as usize..to as usize];
        change(side(v.begin, v.middle), side(w.begin, w.middle))
            + change(side(v.middle, v.end), side(w.middle, w.end))
    }

    /// Adds the places of `near`, sorted.
    fn extend(&mut self, layered: &Layered, near: &[u32]) {
        let begin = self.places.len();
        let places = near.iter().map(|&w| layered.place[w as usize]);
        self.places.extend(places);
        let added = &mut self.places[begin..];
        if let [a, b] = added {
            (*a, *b) = (*a.min(b), *a.max(b));
        } else {
            added.sort_unstable();
        }
    }
}

/// Rising less falling pairs of two vertices with two neighbours a side, without a branch.
#[inline]
fn few(a: &[u32; 4], b: &[u32; 4]) -> i32 {
    let rise = |p: u32, q: u32| i32::from(p < q) - i32::from(q < p);
    rise(a[0], b[0])
        + rise(a[0], b[1])
        + rise(a[1], b[0])
        + rise(a[1], b[1])
        + rise(a[2], b[2])
        + rise(a[2], b[3])
        + rise(a[3], b[2])
        + rise(a[3], b[3])
}

/// Of the pairs of `first × second`: those in rising order less those in falling order. Both are sorted.
fn change(first: &[u32], second: &[u32]) -> i64 {
    if second.len() >= MERGED_FROM && first.len() >= MERGED_FROM {
        return merged(first, second);
    }
    let mut sum = 0;
    for &p in first {
        for &q in second {
            // Without branches: which way it goes is anybody's guess.
            sum += i32::from(p < q) - i32::from(q < p);
        }
    }
    i64::from(sum)
}

/// As `change`, in linear time.
fn merged(first: &[u32], second: &[u32]) -> i64 {
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
    use super::*;

    #[test]
    fn change_counts_rising_less_falling_pairs() {
        for (first, second, expected) in [
            (&[1u32, 2][..], &[3u32, 4][..], 4),
            (&[3, 4], &[1, 2], -4),
            (&[1, 3], &[2], 0),
            (&[2], &[2], 0),
            (&[1, 2, 2], &[2, 5], 4),
            (&[], &[1], 0),
            (&[1, 2, 3, 4, 5, 6], &[3, 3, 3, 5, 5, 7], 9),
        ] {
            assert_eq!(change(first, second), expected, "{first:?} {second:?}");
            assert_eq!(merged(first, second), expected, "{first:?} {second:?}");
        }
    }

    #[test]
    fn few_neighbours_count_as_many_do() {
        let sides = [&[][..], &[0], &[7], &[0, 7], &[3, 3], &[3, 9]];
        let mut prepared = Sides::default();
        let mut spans = Vec::new();
        for up in sides {
            for down in sides {
                let begin = prepared.places.len();
                prepared.places.extend(up);
                let middle = prepared.places.len();
                prepared.places.extend(down);
                prepared.push(begin, middle);
                spans.push((up, down));
            }
        }
        for (v, &(up, down)) in (0..).zip(&spans) {
            for (w, &(up2, down2)) in (0..).zip(&spans) {
                assert!(prepared.vertices[v as usize].few.is_some());
                let expected = change(up, up2) + change(down, down2);
                assert_eq!(
                    prepared.change(v, w),
                    expected,
                    "{up:?} {down:?} {up2:?} {down2:?}"
                );
            }
        }
    }
}
