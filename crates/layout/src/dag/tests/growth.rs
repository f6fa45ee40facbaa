//! Graphs that grow while people look at them.

use proptest::prelude::*;

use super::drawn::{assert_edges_keep_clear, drawn};
use super::properties::any_request;
use crate::dag::normalise::Layered;
use crate::dag::{
    Layout, LayoutRequest, acyclic, clean, components, crossings, layout, normalise, order, rank,
};
use crate::geom::{Point, Rect};

/// The request as it was when it had `n` nodes, knowing what was drawn last.
fn grown(request: &LayoutRequest, n: usize, drawn: Option<&Layout>) -> LayoutRequest {
    let mut request = request.clone();
    request.nodes.truncate(n);
    request
        .edges
        .retain(|&(from, to)| (from as usize) < n && (to as usize) < n);
    request.previous = drawn
        .map(|layout| {
            layout
                .nodes
                .iter()
                .map(|rect| Some(rect.centre()))
                .collect()
        })
        .unwrap_or_default();
    request
}

/// Pairs of nodes that share a layer before and after and have changed their order.
fn flips(before: &Layout, after: &Layout) -> Vec<(usize, usize)> {
    let mut flips = Vec::new();
    let shared = |layout: &Layout, a: usize, b: usize| {
        let (a, b): (Point, Point) = (layout.nodes[a].centre(), layout.nodes[b].centre());
        ((a.x - b.x).abs() < 0.01).then_some(a.y < b.y)
    };
    for a in 0..before.nodes.len() {
        for b in 0..a {
            if let (Some(was), Some(is)) = (shared(before, a, b), shared(after, a, b))
                && was != is
            {
                flips.push((b, a));
            }
        }
    }
    flips
}

/// The layers of the only component, with the old order kept as it is and with the order pass run.
fn both_orders(request: &LayoutRequest) -> Option<(Layered, Layered)> {
    let mut clean = clean::clean(request);
    let links = acyclic::acyclic(&mut clean);
    let parts = components::split(request.nodes.len(), &links);
    let [part] = &parts[..] else { return None };
    let graph = components::subgraph(part, &links, &clean);
    let seeds = components::Before::new(request).across(part, request.direction);
    let ranks = rank::rank(graph.node_count(), &graph.links);
    let mut kept = normalise::normalise(&graph, &ranks);
    let mut ordered = kept.clone();
    order::start_from_seeds(&mut kept, &seeds);
    order::order(&mut ordered, &seeds);
    Some((kept, ordered))
}

#[test]
fn a_growing_graph_keeps_its_order() {
    for text in [
        // A tree that grows by levels and by branches.
        "r -> a; r -> b; r -> c; a -> d; c -> e; b -> f; b -> g; a -> h; r -> i; i -> j",
        // Retries hung onto steps of a pipeline.
        "a -> b -> c -> d; b -> x; x -> d; c -> y; a -> z; z -> y; y -> d",
        // Branches that join late.
        "s -> a; s -> b; s -> c; s -> d; a -> j; d -> j; j -> k; b -> l; c -> l; l -> k",
    ] {
        let graph = drawn(text);
        let mut last: Option<Layout> = None;
        for n in 1..=graph.names.len() {
            let request = grown(&graph.request, n, last.as_ref());
            let next = layout(&request);
            if let (Some(last), Some((kept, ordered))) = (&last, both_orders(&request)) {
                let gained = crossings::total(&ordered) < crossings::total(&kept);
                let flips = flips(last, &next);
                assert!(
                    gained || flips.is_empty(),
                    "{text}: {flips:?} without a gain at {n}"
                );
            }
            last = Some(next);
        }
    }
}

#[test]
fn a_new_leaf_goes_beside_its_siblings() {
    let mut graph = drawn("r -> a; r -> b; a -> c; b -> d");
    let before = graph.layout();
    graph = drawn("r -> a; r -> b; a -> c; b -> d; a -> e");
    graph.request.previous = before
        .nodes
        .iter()
        .map(|rect| Some(rect.centre()))
        .collect();
    assert_eq!(graph.columns(), "r | a b | c e d");
}

/// Draws `before`, then `after`, which adds to it; the names of those that moved.
fn moved(before: &str, after: &str) -> Vec<String> {
    let old = drawn(before).layout();
    let mut graph = drawn(after);
    graph.request.previous = old.nodes.iter().map(|rect| Some(rect.centre())).collect();
    let new = graph.layout();
    assert_edges_keep_clear(&new);
    let moved = |v: &usize| {
        let (was, is): (Rect, Rect) = (old.nodes[*v], new.nodes[*v]);
        (was.x - is.x).hypot(was.y - is.y) > 0.01
    };
    let moved = (0..old.nodes.len()).filter(moved);
    moved.map(|v| graph.names[v].clone()).collect()
}

#[test]
fn only_what_has_to_move_does() {
    for (before, added, expected) in [
        // Something at the end of a chain, and of a branch.
        ("a -> b -> c", "c -> d", &[][..]),
        ("r -> a; r -> b; a -> c; b -> d", "d -> e", &[]),
        // Something at its beginning.
        ("a -> b -> c", "z -> a", &[]),
        // A second branch, which goes beside the first.
        ("a -> b -> c; b -> d", "a -> e", &[]),
        // A sibling in between pushes its neighbours apart.
        ("r -> a; r -> b; a -> c; b -> d", "a -> e", &["c", "d"]),
        // A long edge that finds room outside.
        ("a -> b -> c -> d", "a -> d", &[]),
        // Another part, and one that grows where there is room.
        ("a -> b; c -> d", "e -> f", &[]),
        ("a -> b; c", "c -> d", &[]),
        ("a; b -> c", "a -> d -> e", &[]),
        // One that grows into another, which makes way as a whole.
        ("a; b -> c", "a -> d; a -> e; a -> f", &["b", "c"]),
    ] {
        assert_eq!(
            moved(before, &format!("{before}; {added}")),
            expected,
            "{before}; {added}"
        );
    }
}

#[test]
fn an_upside_down_order_is_kept() {
    let mut graph = drawn("r -> a; r -> b; r -> c");
    let at = |y| Some(Point::new(0.0, y));
    graph.request.previous = vec![at(0.0), at(30.0), at(20.0), at(10.0)];
    assert_eq!(graph.columns(), "r | c b a");
}

proptest! {
    #[test]
    fn order_changes_only_for_a_gain(request in any_request(), seed in 0u32..1000) {
        let mut request = request;
        // All but the last few were drawn before, somewhere.
        let place = |v: usize| Point::new(0.0, f64::from((v as u32 * 7919 + seed * 31) % 997));
        request.previous =
            (0..request.nodes.len()).map(|v| (v % 8 != 7).then(|| place(v))).collect();
        if let Some((kept, ordered)) = both_orders(&request) {
            let (before, after) = (crossings::total(&kept), crossings::total(&ordered));
            prop_assert!(after <= before);
            if after == before {
                prop_assert_eq!(&ordered.layers, &kept.layers);
            }
        }
    }

    #[test]
    fn laying_out_again_changes_no_order(request in any_request()) {
        let mut request = request;
        request.direction = Default::default();
        let first = layout(&request);
        request.previous = first.nodes.iter().map(|rect| Some(rect.centre())).collect();
        let again = layout(&request);
        if both_orders(&request).is_some_and(|(kept, ordered)| {
            crossings::total(&kept) == crossings::total(&ordered)
        }) {
            prop_assert!(flips(&first, &again).is_empty());
        }
    }
}
