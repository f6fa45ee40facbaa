//! What small graphs look like.

use super::drawn::{assert_edges_keep_clear, drawn};
use crate::dag::{Direction, Gaps, LayoutRequest, NodeBox, Problem, layout};
use crate::geom::{Point, Rect};

fn check(text: &str, columns: &str) {
    let graph = drawn(text);
    assert_eq!(graph.columns(), columns, "{text}");
    assert_edges_keep_clear(&graph.layout());
}

#[test]
fn nodes_stand_in_columns() {
    for (text, columns) in [
        ("a", "a"),
        ("a -> b -> c", "a | b | c"),
        ("a -> b -> d; a -> c -> d", "a | b c | d"),
        // A long edge passes its shorter sibling.
        ("a -> b -> c; a -> c", "a | b | c"),
        // A branch without a start of its own waits for its join.
        ("a -> b -> c -> d; x -> y -> d", "a | b x | c y | d"),
        // A branch with slack on both sides starts at once.
        ("a -> b -> c -> d; a -> x -> d", "a | b x | c | d"),
        // Trees are drawn in their order.
        (
            "r -> a -> c; r -> b -> e; a -> d; b -> f",
            "r | a b | c d e f",
        ),
        // Crossed pairs are uncrossed.
        ("a -> y; b -> x; s -> a; s -> b; s -> x", "s | a b | y x"),
    ] {
        check(text, columns);
    }
}

#[test]
fn a_cycle_is_opened_at_its_back_edge() {
    let graph = drawn("a -> b -> c -> a; c -> d");
    assert_eq!(graph.columns(), "a | b | c | d");
    let layout = graph.layout();
    assert_eq!(layout.problems, [Problem::BackEdge { edge: 2 }]);
    assert!(layout.edges[2].reversed);
}

#[test]
fn a_chain_is_straight_and_a_fan_is_centred() {
    let chain = drawn("a -> b -> c -> d").layout();
    assert!(chain.nodes.iter().all(|rect| rect.y == chain.nodes[0].y));
    let fan = drawn("a -> b -> e; a -> c -> e; a -> d -> e").layout();
    let middle = |v: usize| fan.nodes[v].centre().y;
    assert!(
        (middle(0) - middle(3)).abs() < 0.01,
        "a is level with c: {:?}",
        fan.nodes
    );
    assert!(
        (middle(2) - middle(0)).abs() < 0.01,
        "e is level with a: {:?}",
        fan.nodes
    );
}

#[test]
fn a_long_edge_runs_straight_beside_a_chain() {
    let layout = drawn("a -> b -> c -> d -> e; a -> e").layout();
    let long = &layout.edges[4].points;
    let bends = long
        .windows(2)
        .filter(|step| (step[0].y - step[1].y).abs() > 0.01)
        .count();
    assert!(bends <= 2, "{long:?}");
}

#[test]
fn top_down_is_left_to_right_turned() {
    let mut graph = drawn("a -> b -> d; a -> c -> d; a -> d");
    graph
        .request
        .nodes
        .iter_mut()
        .for_each(|node| *node = NodeBox::new(40.0, 40.0));
    let across = graph.layout();
    graph.request.direction = Direction::TopDown;
    let down = graph.layout();
    let turned: Vec<Rect> = down
        .nodes
        .iter()
        .map(|r| Rect::new(r.y, r.x, r.height, r.width))
        .collect();
    assert_eq!(turned, across.nodes);
}

#[test]
fn parallel_edges_have_ports_of_their_own() {
    let layout = drawn("a -> b; a -> b; b -> a; a -> c -> b").layout();
    let mut ports: Vec<f64> = layout.edges[..3]
        .iter()
        .map(|path| {
            if path.reversed {
                path.points.last()
            } else {
                path.points.first()
            }
        })
        .map(|point| point.unwrap().y)
        .collect();
    ports.sort_by(f64::total_cmp);
    assert!(ports.windows(2).all(|p| p[1] - p[0] >= 5.0), "{ports:?}");
    assert_edges_keep_clear(&layout);
}

#[test]
fn components_are_packed_apart() {
    let layout = drawn("a -> b -> c; d; e -> f; g; h; i").layout();
    let gap = Gaps::default().component;
    for i in [3, 4, 6, 7, 8] {
        for j in [0, 1, 2] {
            let apart = !layout.nodes[i]
                .inflate(gap - 0.01)
                .intersects(&layout.nodes[j]);
            assert!(apart, "{i} {j} {:?}", layout.nodes);
        }
    }
    assert!(
        layout.bounds.height > 40.0 && layout.bounds.width < 1_000.0,
        "{:?}",
        layout.bounds
    );
}

#[test]
fn big_boxes_push_their_neighbours_away() {
    let mut graph = drawn("a -> b -> d; a -> c -> d; c -> e");
    graph.request.nodes[1] = NodeBox::new(300.0, 500.0);
    let layout = graph.layout();
    assert_edges_keep_clear(&layout);
    assert!(layout.nodes[2].x >= layout.nodes[1].right() + Gaps::default().layer - 0.01);
}

#[test]
fn what_cannot_be_drawn_is_named() {
    let request = LayoutRequest {
        nodes: vec![
            NodeBox::new(f64::NAN, 40.0),
            NodeBox::new(100.0, -1.0),
            NodeBox::new(1e300, f64::INFINITY),
            NodeBox {
                fixed: Some(Point::new(f64::NAN, 0.0)),
                ..NodeBox::new(10.0, 10.0)
            },
        ],
        edges: vec![(0, 9), (1, 1), (u32::MAX, 0), (0, 1), (1, 0), (2, 3)],
        gaps: Gaps {
            node: f64::NEG_INFINITY,
            ..Gaps::default()
        },
        ..LayoutRequest::default()
    };
    let layout = layout(&request);
    super::drawn::assert_sound(&request, &layout);
    assert_eq!(
        layout.problems,
        [
            Problem::BadSize { node: 0 },
            Problem::BadSize { node: 1 },
            Problem::BadSize { node: 2 },
            Problem::BadPosition { node: 3 },
            Problem::UnknownNode { edge: 0 },
            Problem::SelfLoop { edge: 1 },
            Problem::UnknownNode { edge: 2 },
            Problem::BadGap,
            Problem::BackEdge { edge: 4 },
        ]
    );
    assert!(
        layout
            .problems
            .iter()
            .all(|problem| !problem.to_string().is_empty())
    );
}

#[test]
fn an_empty_graph_has_an_empty_layout() {
    let layout = layout(&LayoutRequest::default());
    assert!(layout.nodes.is_empty() && layout.bounds == Rect::default());
}

#[test]
fn positions_of_the_source_are_kept() {
    let mut graph = drawn("a -> b; b -> c; c -> a; a -> b");
    for (node, x) in graph.request.nodes.iter_mut().zip([500.0, 700.0, 300.0]) {
        node.fixed = Some(Point::new(x, x / 2.0));
    }
    let layout = layout(&graph.request);
    let corners: Vec<f64> = layout.nodes.iter().map(|rect| rect.x).collect();
    assert_eq!(corners, [500.0, 700.0, 300.0]);
    for (&(from, to), path) in graph.request.edges.iter().zip(&layout.edges) {
        let (from, to) = (layout.nodes[from as usize], layout.nodes[to as usize]);
        assert_eq!(path.points.first().unwrap().x, from.right());
        assert_eq!(path.points.last().unwrap().x, to.x);
        assert_eq!(path.reversed, to.x < from.right());
    }
    assert_ne!(
        layout.edges[0], layout.edges[3],
        "parallel edges do not cover each other"
    );
    assert!(layout.problems.is_empty());
}

#[test]
fn nodes_without_a_position_go_beside_those_that_have_one() {
    let mut graph = drawn("a -> b -> x; a -> y; z -> a; i; a -> c");
    let at = |x, y| Some(Point::new(x, y));
    // a, b, x, y, z, i, c
    for (node, place) in [
        (0, at(0.0, 0.0)),
        (1, at(200.0, 0.0)),
        (6, at(200.0, 100.0)),
        (5, at(0.0, 300.0)),
    ] {
        graph.request.nodes[node].fixed = place;
    }
    let layout = graph.layout();
    let corner = |v: usize| (layout.nodes[v].x, layout.nodes[v].y);
    let gap = Gaps::default();
    assert_eq!(corner(0), (0.0, 0.0));
    assert_eq!(corner(6), (200.0, 100.0));
    assert_eq!(corner(2), (300.0 + gap.layer, 0.0), "x follows b");
    assert_eq!(
        corner(3),
        (100.0 + gap.layer, -40.0 - gap.node),
        "y makes room for b"
    );
    assert_eq!(corner(4), (-100.0 - gap.layer, 0.0), "z leads to a");
    // Drawn before, it stays there.
    graph.request.previous = vec![None; 7];
    graph.request.previous[3] = Some(Point::new(250.0, 220.0));
    assert_eq!(graph.layout().nodes[3].centre(), Point::new(250.0, 220.0));
    // Asked without positions, it is laid out anew.
    graph.request.previous.clear();
    graph
        .request
        .nodes
        .iter_mut()
        .for_each(|node| node.fixed = None);
    assert_eq!(graph.columns(), "z i | a | b y c | x");
}

#[test]
fn positions_out_of_reach_are_no_positions() {
    for far in [1e300, -1e12, f64::NAN, f64::INFINITY] {
        let mut graph = drawn("a -> b -> c; a -> d");
        for (node, x) in graph.request.nodes.iter_mut().zip([0.0, 150.0, 300.0]) {
            node.fixed = Some(Point::new(x, 0.0));
        }
        graph.request.nodes[3].fixed = Some(Point::new(far, 0.0));
        graph.request.previous = vec![Some(Point::new(far, far)); 4];
        let layout = graph.layout();
        assert_eq!(layout.problems, [Problem::BadPosition { node: 3 }]);
        assert!(layout.bounds.width < 1_000.0, "{far}: {:?}", layout.bounds);
    }
}
