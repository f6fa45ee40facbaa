//! Large graphs as nobody should send them.

use std::collections::HashMap;

use layout::dag::{Direction, Layout, LayoutRequest, NodeBox, Problem, layout};
use layout::{Point, Rect};

use crate::graphs::{Random, chain, flow, request};

const MANY: u32 = 100_000;

/// Fails when a box is not where a canvas can draw it, leaves the bounds, or covers another.
fn assert_drawable(layout: &Layout) {
    let bounds = layout.bounds.inflate(0.01);
    // Boxes by the cell of a grid that their first corner is in; no box is larger than a cell.
    let mut cells: HashMap<(i64, i64), Vec<Rect>> = HashMap::new();
    let side = layout
        .nodes
        .iter()
        .fold(1.0, |side: f64, rect| side.max(rect.width).max(rect.height));
    let cell = |rect: &Rect| {
        (
            (rect.x / side).floor() as i64,
            (rect.y / side).floor() as i64,
        )
    };
    for rect in &layout.nodes {
        assert!(
            bounds.contains(Point::new(rect.x, rect.y)),
            "{rect:?} leaves {bounds:?}"
        );
        assert!(bounds.contains(Point::new(rect.right(), rect.bottom())));
        let (column, row) = cell(rect);
        for near in (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (column + dx, row + dy))) {
            for other in cells.get(&near).into_iter().flatten() {
                assert!(
                    !rect.inflate(-0.01).intersects(&other.inflate(-0.01)),
                    "{rect:?} covers {other:?}"
                );
            }
        }
        cells.entry((column, row)).or_default().push(*rect);
    }
    for point in layout.edges.iter().flat_map(|path| &path.points) {
        assert!(bounds.contains(*point), "{point:?} leaves {bounds:?}");
    }
}

#[test]
fn a_hundred_thousand_single_nodes_are_placed_and_stay() {
    let mut graph = request(MANY, Vec::new());
    let first = layout(&graph);
    assert_drawable(&first);
    graph.previous = first.nodes.iter().map(|rect| Some(rect.centre())).collect();
    graph.nodes.push(NodeBox::new(180.0, 60.0));
    let next = layout(&graph);
    assert_drawable(&next);
    assert_eq!(next.nodes[..MANY as usize], first.nodes);
}

#[test]
fn nodes_all_at_one_place_are_spread() {
    let mut graph = request(MANY / 10, Vec::new());
    graph.previous = vec![Some(Point::new(5.0, 5.0)); graph.nodes.len()];
    assert_drawable(&layout(&graph));
    // All given positions but one are the same: the last finds room all the same.
    graph.previous.clear();
    for node in &mut graph.nodes[1..] {
        node.fixed = Some(Point::new(5.0, 5.0));
    }
    let placed = layout(&graph);
    assert!(!placed.nodes[0].intersects(&placed.nodes[1]));
}

#[test]
fn edges_that_make_no_sense_are_named_and_harm_nobody() {
    let mut random = Random(1);
    let mut below = |n: u32| (random.next() * f64::from(n)) as u32;
    let n = 3_000;
    let edges = (0..12_000).map(|_| (below(n + 50), below(n + 50)));
    let mut graph = request(n, edges.collect());
    graph.edges.extend([(7, 7), (u32::MAX, 0), (0, u32::MAX)]);
    for direction in [Direction::LeftToRight, Direction::TopDown] {
        graph.direction = direction;
        let placed = layout(&graph);
        assert_drawable(&placed);
        for (i, &(from, to)) in (0..).zip(&graph.edges) {
            let expected = if from >= n || to >= n {
                Some(Problem::UnknownNode { edge: i })
            } else {
                (from == to).then_some(Problem::SelfLoop { edge: i })
            };
            let drawn = !placed.edges[i as usize].points.is_empty();
            assert_eq!(drawn, expected.is_none(), "edge {i} from {from} to {to}");
            if let Some(problem) = expected {
                assert!(placed.problems.contains(&problem), "{problem}");
            }
        }
    }
}

#[test]
fn cycles_of_all_lengths_are_opened_and_marked() {
    let mut graph = chain(2_000);
    graph.edges.extend((0..1_000).map(|v| (v + 1_000, v)));
    let placed = layout(&graph);
    assert_drawable(&placed);
    let back = |problem: &&Problem| matches!(problem, Problem::BackEdge { .. });
    assert_eq!(placed.problems.iter().filter(back).count(), 1_000);
    assert!(placed.edges[1_999..].iter().all(|path| path.reversed));
    assert!(placed.edges[..1_999].iter().all(|path| !path.reversed));
}

#[test]
fn sizes_and_places_that_are_no_numbers_are_mended() {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e300, 0.0];
    let mut graph: LayoutRequest = flow(1_000);
    for (v, node) in graph.nodes.iter_mut().enumerate().step_by(97) {
        (node.width, node.height) = (odd[v % 6], odd[v / 6 % 6]);
        node.fixed = Some(Point::new(odd[v / 2 % 6], odd[v / 3 % 6]));
    }
    graph.previous = (0..1_000)
        .map(|v| Some(Point::new(odd[v % 6], odd[v / 6 % 6])))
        .collect();
    let placed = layout(&graph);
    assert_drawable(&placed);
    assert!(
        placed
            .problems
            .iter()
            .any(|problem| matches!(problem, Problem::BadSize { .. }))
    );
    assert!(
        placed
            .problems
            .iter()
            .any(|problem| matches!(problem, Problem::BadPosition { .. }))
    );
}

#[test]
fn more_edges_than_any_order_helps_are_drawn_all_the_same() {
    let edges = (0..300).flat_map(|a| (0..300).map(move |b| (a, 300 + b)));
    let placed = layout(&request(600, edges.collect()));
    assert_drawable(&placed);
    assert!(placed.edges.iter().all(|path| path.points.len() >= 2));
}
