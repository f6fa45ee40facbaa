//! What holds for any graph, however ill-formed.

use proptest::prelude::*;

use super::drawn::{assert_edges_keep_clear, assert_sound};
use crate::dag::{Direction, Gaps, LayoutRequest, NodeBox, acyclic, clean, layout, rank};
use crate::geom::Point;

/// Any graph: cycles, self loops, parallel edges, edges to nowhere, several components, boxes of all sizes.
pub(super) fn any_request() -> impl Strategy<Value = LayoutRequest> {
    let node = (0.0..300.0, prop_oneof![Just(0.0), 1.0..200.0])
        .prop_map(|(width, height)| NodeBox::new(width, height));
    let direction = prop_oneof![Just(Direction::LeftToRight), Just(Direction::TopDown)];
    (prop::collection::vec(node, 0..40), direction).prop_flat_map(|(nodes, direction)| {
        let n = nodes.len() as u32;
        let end = 0..n + 1;
        let previous = prop::option::weighted(0.7, (0.0..900.0, 0.0..900.0));
        let previous = previous.prop_map(|p| p.map(|(x, y)| Point::new(x, y)));
        (
            prop::collection::vec((end.clone(), end), 0..80),
            prop::collection::vec(previous, 0..=nodes.len()),
        )
            .prop_map(move |(edges, previous)| LayoutRequest {
                nodes: nodes.clone(),
                edges,
                direction,
                gaps: Gaps::default(),
                previous,
            })
    })
}

/// Any graph, most nodes of which have a position somewhere on a wide grid where they do not cover each other.
fn any_given() -> impl Strategy<Value = LayoutRequest> {
    (
        any_request(),
        prop::collection::vec((0..9u32, any::<bool>()), 40),
    )
        .prop_map(|(mut request, given)| {
            request.previous.clear();
            for ((v, node), (column, known)) in (0u32..).zip(&mut request.nodes).zip(given) {
                let place = Point::new(f64::from(column) * 310.0, f64::from(v) * 210.0);
                node.fixed = (known || v % 4 != 3).then_some(place);
            }
            request
        })
}

proptest! {
    #[test]
    fn given_positions_are_kept_and_the_others_cover_nobody(request in any_given()) {
        let layout = layout(&request);
        for (node, rect) in request.nodes.iter().zip(&layout.nodes) {
            if let Some(corner) = node.fixed {
                prop_assert_eq!((corner.x, corner.y), (rect.x, rect.y));
            }
        }
        for (i, a) in layout.nodes.iter().enumerate() {
            for b in &layout.nodes[..i] {
                prop_assert!(!a.inflate(-0.01).intersects(&b.inflate(-0.01)) || a.width * a.height * b.width * b.height == 0.0, "{:?} {:?}", a, b);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_graph_is_laid_out_soundly(request in any_request()) {
        let first = layout(&request);
        assert_sound(&request, &first);
        assert_edges_keep_clear(&first);
        prop_assert_eq!(&layout(&request), &first, "the same request, the same layout");
    }

    #[test]
    fn edges_that_are_not_reversed_run_onwards(request in any_request()) {
        let layout = layout(&request);
        for (&(from, to), path) in request.edges.iter().zip(&layout.edges) {
            if path.points.is_empty() {
                continue;
            }
            let (from, to) = if path.reversed { (to, from) } else { (from, to) };
            let (from, to) = (layout.nodes[from as usize], layout.nodes[to as usize]);
            let gap = match request.direction {
                Direction::LeftToRight => to.x - from.right(),
                Direction::TopDown => to.y - from.bottom(),
            };
            prop_assert!(gap >= request.gaps.layer - 0.01);
        }
    }

    #[test]
    fn ranks_rise_along_links_and_leave_no_layer_empty(request in any_request()) {
        let mut clean = clean::clean(&request);
        let links = acyclic::acyclic(&mut clean);
        let links: Vec<(u32, u32)> = links.iter().map(|link| (link.from, link.to)).collect();
        let ranks = rank::rank(request.nodes.len(), &links);
        prop_assert!(links.iter().all(|&(a, b)| ranks[a as usize] < ranks[b as usize]));
        let layers = ranks.iter().max().map_or(0, |&last| last + 1);
        prop_assert!((0..layers).all(|layer| ranks.contains(&layer)));
    }

    #[test]
    fn a_graph_without_cycles_keeps_all_its_directions(request in any_request()) {
        let mut request = request;
        request.edges.retain(|&(from, to)| from < to);
        prop_assert!(layout(&request).edges.iter().all(|path| !path.reversed));
    }
}
