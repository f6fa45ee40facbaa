//! Large graphs: how few edges cross, and that neither depth nor width nor long edges break anything.

use layout::dag::{Problem, layout};

use crate::graphs::{chain, fan, fans, flow, request, skipping_chain, straight_crossings};

#[test]
fn workflow_graphs_cross_little() {
    // Graphviz crosses 1,240 and 6,056 times; the order in which nodes were planted 2,205 and 14,061 times.
    for (n, most) in [(1000, 1_450), (5000, 7_000)] {
        let graph = flow(n);
        assert_eq!(graph.edges.len(), n as usize * 3 / 2);
        let crossings = straight_crossings(&graph, &layout(&graph));
        assert!(crossings < most, "{crossings} crossings of {n} nodes");
    }
}

#[test]
fn chains_and_fans_do_not_cross() {
    for graph in [chain(10_000), fan(5000), fans()] {
        let layout = layout(&graph);
        assert_eq!(straight_crossings(&graph, &layout), 0);
        assert!(layout.problems.is_empty());
    }
}

#[test]
fn a_chain_of_ten_thousand_is_one_line() {
    let layout = layout(&chain(10_000));
    assert!(layout.nodes.iter().all(|rect| rect.y == 0.0));
    assert!(
        layout
            .nodes
            .windows(2)
            .all(|pair| pair[0].right() < pair[1].x)
    );
}

#[test]
fn long_edges_beyond_the_allowance_go_around_and_say_so() {
    let graph = skipping_chain(1_000);
    let result = layout(&graph);
    let around = result.problems.iter().find_map(|problem| match problem {
        Problem::EdgesRoutedAround { count } => Some(*count),
        _ => None,
    });
    assert!(
        around.is_some_and(|count| count > 300 && count < 500),
        "{around:?}"
    );
    let top = result
        .nodes
        .iter()
        .fold(f64::INFINITY, |top, rect| top.min(rect.y));
    let outside = result
        .edges
        .iter()
        .filter(|path| path.points.iter().any(|p| p.y < top));
    assert!(outside.count() as u32 >= around.unwrap_or(0));
}

#[test]
fn a_cycle_of_ten_thousand_is_opened_once() {
    let mut graph = chain(10_000);
    graph.edges.push((9_999, 0));
    let result = layout(&graph);
    assert_eq!(
        result.problems.first(),
        Some(&Problem::BackEdge { edge: 9_999 })
    );
}

#[test]
fn nodes_without_edges_fill_a_page() {
    let result = layout(&request(2_000, Vec::new()));
    let shape = result.bounds.width / result.bounds.height;
    assert!((1.0..3.0).contains(&shape), "{shape}");
}
