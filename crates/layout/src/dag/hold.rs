//! What a layout keeps of the one before: which nodes stay where they were, and where new ones are to be looked for.

use std::collections::VecDeque;
use std::ops::Range;

use super::normalise::{Layered, Thread};

/// What keeps a vertex in its place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Hold {
    /// Nothing: it is new, or a waypoint.
    #[default]
    Free,
    /// It was drawn before, and so was all that it is joined to.
    Stays {
        /// Its place, across.
        at: f64,
    },
    /// It was drawn before, but has a new neighbour that it is to meet halfway.
    Lingers {
        /// Its place, across.
        at: f64,
    },
}

/// Whether so much was drawn before that a layout keeps to it: half the nodes at least.
pub(super) fn is_known(layered: &Layered, before: &[Option<f64>]) -> bool {
    let known = before.iter().flatten().count();
    known > 0 && known * 2 >= layered.node_count
}

/// For each vertex what keeps it.
pub(super) fn holds(layered: &Layered, before: &[Option<f64>]) -> Vec<Hold> {
    let known = |v: u32| before.get(v as usize).copied().flatten();
    let mut met = vec![false; layered.rank.len()];
    // A new neighbour at the far end of a long link is none that would need to be met.
    for v in (0..layered.node_count as u32).filter(|&v| known(v).is_none()) {
        for &w in layered.up.of(v).iter().chain(layered.down.of(v)) {
            met[w as usize] = true;
        }
    }
    let hold = |v: u32| match known(v) {
        None => Hold::Free,
        Some(at) if met[v as usize] => Hold::Lingers { at },
        Some(at) => Hold::Stays { at },
    };
    (0..layered.rank.len() as u32).map(hold).collect()
}

/// For each vertex where it lay across, or else where what it is joined to would have it.
///
/// Pre-condition: a vertex is joined to the others, and a node of them has a place.
pub(super) fn guesses(layered: &Layered, before: &[Option<f64>]) -> Vec<f64> {
    let mut at = before.to_vec();
    at.resize(layered.rank.len(), None);
    for thread in &layered.threads {
        if let Thread::Through(waypoints) = thread
            && !waypoints.is_empty()
        {
            interpolate(layered, &mut at, waypoints.clone());
        }
    }
    let mut ahead: VecDeque<u32> = (0..at.len() as u32)
        .filter(|&v| at[v as usize].is_some())
        .collect();
    while let Some(v) = ahead.pop_front() {
        for &w in layered.down.of(v).iter().chain(layered.up.of(v)) {
            if at[w as usize].is_none() {
                at[w as usize] = mean(layered, &at, w);
                ahead.push_back(w);
            }
        }
    }
    at.into_iter().map(Option::unwrap_or_default).collect()
}

/// Has a long link between two nodes that have places run straight.
fn interpolate(layered: &Layered, at: &mut [Option<f64>], waypoints: Range<u32>) {
    let steps = f64::from(waypoints.end - waypoints.start + 1);
    let from = layered.up.of(waypoints.start).first();
    let to = layered.down.of(waypoints.end - 1).first();
    let place = |v: Option<&u32>| v.and_then(|&v| at[v as usize]);
    if let (Some(from), Some(to)) = (place(from), place(to)) {
        for (step, v) in (1..).zip(waypoints) {
            at[v as usize] = Some(from + (to - from) * f64::from(step) / steps);
        }
    }
}

/// The middle of the neighbours that have places.
fn mean(layered: &Layered, at: &[Option<f64>], v: u32) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0);
    let near = layered.up.of(v).iter().chain(layered.down.of(v));
    for near in near.filter_map(|&w| at[w as usize]) {
        sum += near;
        count += 1;
    }
    (count > 0).then(|| sum / f64::from(count))
}
