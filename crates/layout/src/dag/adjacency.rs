//! Neighbours of every vertex in one flat table.

/// For each vertex `0..n` the list of its neighbours, in the order the pairs came.
#[derive(Clone, Debug, Default)]
pub(super) struct Adjacency {
    start: Vec<u32>,
    neighbours: Vec<u32>,
}

impl Adjacency {
    /// Lists, for every `a` of `0..n`, the `b` of all pairs `(a, b)`.
    ///
    /// Pre-condition: every `a` is below `n`.
    pub(super) fn new(n: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut start = vec![0u32; n + 1];
        for (a, _) in pairs.clone() {
            start[a as usize + 1] += 1;
        }
        for i in 0..n {
            start[i + 1] += start[i];
        }
        let mut fill = start.clone();
        let mut neighbours = vec![0; start[n] as usize];
        for (a, b) in pairs {
            let slot = &mut fill[a as usize];
            neighbours[*slot as usize] = b;
            *slot += 1;
        }
        Self { start, neighbours }
    }

    /// The neighbours of `v`.
    pub(super) fn of(&self, v: u32) -> &[u32] {
        &self.neighbours[self.start[v as usize] as usize..self.start[v as usize + 1] as usize]
    }
}
