//! Pass `rank`: gives every node its layer.

use super::adjacency::Adjacency;

/// How often nodes are shifted both ways; each round is linear, and workflow graphs settle in two or three.
const MAX_ROUNDS: usize = 12;

/// Layers nodes by the longest path to them, then shifts nodes inside their slack so that edges get short.
///
/// Pre-condition: the links form no cycle.
/// Post-conditions: `rank[from] < rank[to]` for every link; the ranks in use are exactly `0..layers`.
pub(super) fn rank(n: usize, links: &[(u32, u32)]) -> Vec<u32> {
    let down = Adjacency::new(n, links.iter().copied());
    let up = Adjacency::new(n, links.iter().map(|&(from, to)| (to, from)));
    let sorted = topological(n, &up, &down);
    let mut rank = vec![0u32; n];
    for &v in &sorted {
        rank[v as usize] = up
            .of(v)
            .iter()
            .map(|&u| rank[u as usize] + 1)
            .max()
            .unwrap_or(0);
    }
    for _ in 0..MAX_ROUNDS {
        // Later first, so that a whole branch follows its join; ties move too, or a chain would never budge. Earlier last:
        // a branch with the same slack on both sides starts as soon as it can, as the run itself does.
        let later = shift_later(&mut rank, &sorted, &up, &down);
        let earlier = shift_earlier(&mut rank, &sorted, &up, &down);
        if later + earlier == 0 {
            break;
        }
    }
    close_empty_layers(&mut rank);
    rank
}

/// Every node after all its predecessors; among those free to go, first in, first out.
fn topological(n: usize, up: &Adjacency, down: &Adjacency) -> Vec<u32> {
    let mut waiting_for: Vec<usize> = (0..n as u32).map(|v| up.of(v).len()).collect();
    let mut sorted: Vec<u32> = (0..n as u32)
        .filter(|&v| waiting_for[v as usize] == 0)
        .collect();
    let mut next = 0;
    while next < sorted.len() {
        for &w in down.of(sorted[next]) {
            waiting_for[w as usize] -= 1;
            if waiting_for[w as usize] == 0 {
                sorted.push(w);
            }
        }
        next += 1;
    }
    sorted
}

/// Moves nodes with no more edges in than out next to their first successor. Returns by how much edges got shorter.
fn shift_later(rank: &mut [u32], sorted: &[u32], up: &Adjacency, down: &Adjacency) -> usize {
    let mut shorter = 0;
    for &v in sorted.iter().rev() {
        let (ins, outs) = (up.of(v).len(), down.of(v).len());
        let Some(limit) = down.of(v).iter().map(|&w| rank[w as usize] - 1).min() else {
            continue;
        };
        if ins <= outs && limit > rank[v as usize] {
            shorter += (limit - rank[v as usize]) as usize * (outs - ins);
            rank[v as usize] = limit;
        }
    }
    shorter
}

/// Moves nodes with no more edges out than in next to their last predecessor. Returns by how much edges got shorter.
fn shift_earlier(rank: &mut [u32], sorted: &[u32], up: &Adjacency, down: &Adjacency) -> usize {
    let mut shorter = 0;
    for &v in sorted {
        let (ins, outs) = (up.of(v).len(), down.of(v).len());
        let Some(limit) = up.of(v).iter().map(|&u| rank[u as usize] + 1).max() else {
            continue;
        };
        if outs <= ins && limit < rank[v as usize] {
            shorter += (rank[v as usize] - limit) as usize * (ins - outs);
            rank[v as usize] = limit;
        }
    }
    shorter
}

fn close_empty_layers(rank: &mut [u32]) {
    let Some(&last) = rank.iter().max() else {
        return;
    };
    let mut renamed = vec![0u32; last as usize + 1];
    for &r in rank.iter() {
        renamed[r as usize] = 1;
    }
    let mut next = 0;
    for used in &mut renamed {
        let in_use = *used;
        *used = next;
        next += in_use;
    }
    for r in rank.iter_mut() {
        *r = renamed[*r as usize];
    }
}
