//! Finding room for nodes without a position beside those that have one.

use std::collections::VecDeque;

use super::Gaps;
use super::adjacency::Adjacency;
use super::clean::{Clean, Extent};
use super::components::Spot;
use super::sorted;

/// A box before the direction is known: its first corner, and its size.
#[derive(Clone, Copy)]
struct Area {
    corner: Spot,
    size: Extent,
}

/// Gives a corner to every node that has none in `corners`: at `wanted` when there is one, else behind what leads to it, else
/// before what it leads to, else below all; and as near to that as it covers nobody.
///
/// Takes time for each pair of a node without a corner and one that has one by then.
pub(super) fn beside(
    clean: &Clean,
    corners: &[Option<Spot>],
    wanted: &[Option<Spot>],
) -> Vec<Spot> {
    let n = clean.nodes.len();
    let into = Adjacency::new(n, clean.edges.iter().map(|edge| (edge.to, edge.from)));
    let out = Adjacency::new(n, clean.edges.iter().map(|edge| (edge.from, edge.to)));
    let mut placed: Vec<Option<Area>> = corners
        .iter()
        .zip(&clean.nodes)
        .map(|(corner, &size)| corner.map(|corner| Area { corner, size }))
        .collect();
    let mut areas: Vec<Area> = placed.iter().flatten().copied().collect();
    let near = |v: u32| out.of(v).iter().chain(into.of(v)).copied();
    // What is joined to a place comes first, what nothing leads to last.
    let mut ahead: VecDeque<u32> = (0..n as u32)
        .filter(|&v| placed[v as usize].is_some())
        .flat_map(near)
        .collect();
    let mut rest = 0..n as u32;
    while let Some(v) = ahead.pop_front().or_else(|| rest.next()) {
        if placed[v as usize].is_some() {
            continue;
        }
        let size = clean.nodes[v as usize];
        let joined = |near: &[u32]| -> Vec<Area> {
            near.iter().filter_map(|&w| placed[w as usize]).collect()
        };
        let wish = wanted[v as usize]
            .or_else(|| behind(&joined(into.of(v)), size, &clean.gaps))
            .or_else(|| before(&joined(out.of(v)), size, &clean.gaps))
            .unwrap_or_else(|| below(&areas, &clean.gaps));
        let area = Area {
            corner: free(wish, size, &areas, clean.gaps.node),
            size,
        };
        placed[v as usize] = Some(area);
        areas.push(area);
        ahead.extend(near(v));
    }
    placed
        .into_iter()
        .map(|area| area.map_or(Spot::new(0.0, 0.0), |area| area.corner))
        .collect()
}

fn behind(parents: &[Area], size: Extent, gaps: &Gaps) -> Option<Spot> {
    let ends = parents
        .iter()
        .map(|area| area.corner.along + area.size.along);
    let last = ends.reduce(f64::max)?;
    Some(Spot::new(last + gaps.layer, level(parents, size)))
}

fn before(children: &[Area], size: Extent, gaps: &Gaps) -> Option<Spot> {
    let first = children
        .iter()
        .map(|area| area.corner.along)
        .reduce(f64::min)?;
    Some(Spot::new(
        first - gaps.layer - size.along,
        level(children, size),
    ))
}

fn below(areas: &[Area], gaps: &Gaps) -> Spot {
    let first = areas.iter().map(|area| area.corner.along).reduce(f64::min);
    let ends = areas
        .iter()
        .map(|area| area.corner.across + area.size.across);
    let last = ends.reduce(f64::max);
    Spot::new(
        first.unwrap_or_default(),
        last.map_or(0.0, |last| last + gaps.component),
    )
}

/// Where a box is level with the middle of the others.
fn level(others: &[Area], size: Extent) -> f64 {
    let middles = others
        .iter()
        .map(|area| area.corner.across + area.size.across / 2.0);
    middles.sum::<f64>() / others.len() as f64 - size.across / 2.0
}

/// The place nearest to `wish`, across, where a box keeps its distance.
fn free(wish: Spot, size: Extent, areas: &[Area], gap: f64) -> Spot {
    let in_the_way = areas.iter().filter(|area| {
        area.corner.along < wish.along + size.along + gap
            && wish.along < area.corner.along + area.size.along + gap
    });
    let in_the_way: Vec<&Area> = in_the_way.collect();
    let mut taken: Vec<(f64, u32)> = (0..)
        .zip(&in_the_way)
        .map(|(i, area)| (area.corner.across - gap - size.across, i))
        .collect();
    sorted::by_place(&mut taken);
    // The run of overlapping ones around the wish.
    let (mut from, mut to) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    for (start, i) in taken {
        let area = in_the_way[i as usize];
        let end = area.corner.across + area.size.across + gap;
        if start >= to {
            if to > wish.across {
                break;
            }
            from = start;
        }
        to = to.max(end);
    }
    let inside = from < wish.across && wish.across < to;
    let across = match inside {
        false => wish.across,
        true if wish.across - from < to - wish.across => from,
        true => to,
    };
    Spot::new(wish.along, across)
}
