//! Pass `acyclic`: turns edges that close a cycle around, and gathers parallel edges into links.

use super::Problem;
use super::adjacency::Adjacency;
use super::clean::{Clean, Edge};
use super::sorted;

/// All edges between one pair of nodes, whatever their direction.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// The node in the earlier layer.
    pub(super) from: u32,
    /// The node in the later layer.
    pub(super) to: u32,
    /// The edges, by their index in the request.
    pub(super) strands: Vec<Strand>,
}

/// One edge of a link.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strand {
    /// Index into the request's edges.
    pub(super) edge: u32,
    /// Whether the edge runs from `to` to `from`.
    pub(super) reversed: bool,
}

/// Post-conditions: the links form no cycle; there is one link at most between two nodes; links are sorted by `(from, to)` and
/// strands by edge; an edge that was turned around is in `problems`. The same edges give the same links.
pub(super) fn acyclic(clean: &mut Clean) -> Vec<Link> {
    let reversed = back_edges(clean.nodes.len(), &clean.edges);
    let mut strands: Vec<(u32, u32, u32)> = Vec::with_capacity(clean.edges.len());
    for ((i, edge), &reversed) in (0u32..).zip(&clean.edges).zip(&reversed) {
        if reversed {
            clean.problems.push(Problem::BackEdge { edge: edge.index });
            strands.push((edge.to, edge.from, i));
        } else {
            strands.push((edge.from, edge.to, i));
        }
    }
    sorted::by_ends(&mut strands);
    let mut links: Vec<Link> = Vec::with_capacity(strands.len());
    for (from, to, i) in strands {
        let strand = Strand {
            edge: clean.edges[i as usize].index,
            reversed: reversed[i as usize],
        };
        match links.last_mut() {
            Some(link) if link.from == from && link.to == to => link.strands.push(strand),
            _ => links.push(Link {
                from,
                to,
                strands: vec![strand],
            }),
        }
    }
    links
}

/// For every edge whether it leads back to a node on the way of a depth-first walk, which starts at the nodes without
/// predecessors and takes nodes and edges in the order given.
fn back_edges(n: usize, edges: &[Edge]) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum Visit {
        New,
        OnTheWay,
        Done,
    }
    let out = Adjacency::new(n, (0u32..).zip(edges).map(|(i, edge)| (edge.from, i)));
    let mut has_parent = vec![false; n];
    for edge in edges {
        has_parent[edge.to as usize] = true;
    }
    let all = 0..n as u32;
    let roots = all
        .clone()
        .filter(|&v| !has_parent[v as usize])
        .chain(all.filter(|&v| has_parent[v as usize]));

    let mut visit = vec![Visit::New; n];
    let mut reversed = vec![false; edges.len()];
    // Node and how many of its edges were taken.
    let mut way: Vec<(u32, usize)> = Vec::new();
    for root in roots {
        if visit[root as usize] != Visit::New {
            continue;
        }
        visit[root as usize] = Visit::OnTheWay;
        way.push((root, 0));
        while let Some((v, taken)) = way.last_mut() {
            let Some(&edge) = out.of(*v).get(*taken) else {
                visit[*v as usize] = Visit::Done;
                way.pop();
                continue;
            };
            *taken += 1;
            let to = edges[edge as usize].to;
            match visit[to as usize] {
                Visit::New => {
                    visit[to as usize] = Visit::OnTheWay;
                    way.push((to, 0));
                }
                Visit::OnTheWay => reversed[edge as usize] = true,
                Visit::Done => {}
            }
        }
    }
    reversed
}
