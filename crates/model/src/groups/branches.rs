//! Parallel branches: what can be reached through one child of a fork only.
//!
//! Node b dominates node c where every way from the beginning to c leads through b; its *immediate
//! dominator* is the nearest such node. A child that has no other parent than a fork begins a
//! branch, and what that child dominates belongs to it: the join that the branches meet in is
//! dominated by the fork and by none of them.

use super::Groups;
use crate::graph::{Graph, NodeIx, Origin};

/// The place of each node in the graph's order.
pub(crate) fn ranks(graph: &Graph) -> Vec<u32> {
    let mut ranks = vec![0; graph.nodes().len()];
    for (rank, node) in (0..).zip(graph.topological()) {
        ranks[node.index()] = rank;
    }
    ranks
}

/// A branch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Branch {
    pub(crate) fork: Option<NodeIx>,
    pub(crate) head: NodeIx,
    /// The branch it parts from; it stands before this one.
    pub(crate) parent: Option<usize>,
    depth: usize,
}

/// All branches of at least two nodes.
#[derive(Debug, Default)]
pub(crate) struct Branches {
    pub(crate) all: Vec<Branch>,
    /// The innermost of each node.
    pub(crate) of: Vec<Option<usize>>,
}

impl Branches {
    /// Edges that lead back (on a cycle) are as if they were not there.
    pub(crate) fn of(graph: &Graph, ranks: &[u32]) -> Self {
        let count = graph.nodes().len();
        let mut found = Self {
            all: Vec::new(),
            of: vec![None; count],
        };
        let mut tree = Dominators::new(count);
        for node in graph.topological().iter().copied() {
            let rank = ranks[node.index()];
            let before = |parent: &&NodeIx| ranks[parent.index()] < rank;
            let parents = graph.parents(node).iter().filter(before);
            let mut parents = parents.copied();
            let fork = parents.next();
            let single = parents.next().is_none();
            let above = tree.add(
                node,
                graph.parents(node).iter().copied().filter(|it| before(&it)),
            );
            let outer = above.and_then(|above| found.of[above.index()]);
            let begins = single && fork.is_none_or(|fork| graph.children(fork).len() > 1);
            // What only records name hangs in no graph.
            let named = graph
                .node(node)
                .is_some_and(|node| node.origin == Origin::Graph);
            let depth = outer.map_or(1, |outer| found.all[outer].depth + 1);
            found.of[node.index()] = outer;
            if begins && named && depth <= Groups::MAX_DEPTH {
                found.of[node.index()] = Some(found.all.len());
                found.all.push(Branch {
                    fork,
                    head: node,
                    parent: outer,
                    depth,
                });
            }
        }
        found.keep_large();
        found
    }

    /// Gives up branches of a single node, and the beginning of the run where it is the only one.
    fn keep_large(&mut self) {
        let mut sizes = vec![0_usize; self.all.len()];
        for branch in self.of.iter().flatten() {
            sizes[*branch] += 1;
        }
        for number in (0..self.all.len()).rev() {
            if let Some(parent) = self.all[number].parent {
                sizes[parent] += sizes[number];
            }
        }
        let beginnings = |(branch, size): &(&Branch, &usize)| branch.fork.is_none() && **size > 1;
        let several = self.all.iter().zip(&sizes).filter(beginnings).count() > 1;
        let mut kept = Vec::new();
        let mut now: Vec<Option<usize>> = Vec::with_capacity(self.all.len());
        for (branch, size) in self.all.iter().zip(&sizes) {
            let parent = branch.parent.and_then(|parent| now[parent]);
            if *size > 1 && (branch.fork.is_some() || several) {
                now.push(Some(kept.len()));
                kept.push(Branch { parent, ..*branch });
            } else {
                now.push(parent);
            }
        }
        self.all = kept;
        for of in &mut self.of {
            *of = of.and_then(|branch| now[branch]);
        }
    }
}

/// The tree of immediate dominators, grown node by node; 0 is the beginning of all, a node its
/// number and 1. `jump` leads far up, so that a common ancestor is found in few steps.
struct Dominators {
    above: Vec<usize>,
    jump: Vec<usize>,
    depth: Vec<usize>,
}

impl Dominators {
    fn new(nodes: usize) -> Self {
        Self {
            above: vec![0; nodes + 1],
            jump: vec![0; nodes + 1],
            depth: vec![0; nodes + 1],
        }
    }

    /// Adds a node behind parents that were added; returns what dominates it.
    fn add(&mut self, node: NodeIx, parents: impl Iterator<Item = NodeIx>) -> Option<NodeIx> {
        let places = parents.map(|parent| parent.index() + 1);
        let above = places.reduce(|one, other| self.common(one, other));
        let (above, place) = (above.unwrap_or(0), node.index() + 1);
        let far = self.jump[above];
        let even =
            self.depth[above] - self.depth[far] == self.depth[far] - self.depth[self.jump[far]];
        self.above[place] = above;
        self.jump[place] = if even { self.jump[far] } else { above };
        self.depth[place] = self.depth[above] + 1;
        above.checked_sub(1).map(|above| NodeIx(above as u32))
    }

    fn common(&self, mut one: usize, mut other: usize) -> usize {
        if self.depth[one] < self.depth[other] {
            std::mem::swap(&mut one, &mut other);
        }
        while self.depth[one] > self.depth[other] {
            one = match self.depth[self.jump[one]] >= self.depth[other] {
                true => self.jump[one],
                false => self.above[one],
            };
        }
        while one != other {
            (one, other) = match self.jump[one] == self.jump[other] {
                true => (self.above[one], self.above[other]),
                false => (self.jump[one], self.jump[other]),
            };
        }
        one
    }
}
