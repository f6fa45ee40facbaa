//! Prints, for graphs of known shape, how long a layout takes and how good it is.
//!
//! `cargo run --release -p layout --example measure`

#[path = "../tests/large/graphs.rs"]
mod graphs;

use std::time::Instant;

use layout::dag::{Layout, LayoutRequest, layout};

/// Runs of each graph; the fastest counts, the machine being shared.
const RUNS: usize = 5;

fn main() {
    println!("graph            nodes  edges       ms  crossings  length/k  straight  height");
    for (name, request) in [
        ("flow-1000", graphs::flow(1000)),
        ("flow-5000", graphs::flow(5000)),
        ("flow-10000", graphs::flow(10_000)),
        ("chain-10000", graphs::chain(10_000)),
        ("fan-5000", graphs::fan(5000)),
        ("ten-fans-5000", graphs::fans()),
        ("skipping-4000", graphs::skipping_chain(4000)),
        ("isolated-10000", graphs::request(10_000, Vec::new())),
    ] {
        let mut best = f64::INFINITY;
        let mut result = Layout::default();
        for _ in 0..RUNS {
            let start = Instant::now();
            result = layout(&request);
            best = best.min(start.elapsed().as_secs_f64() * 1e3);
        }
        print(name, &request, &result, best);
    }
}

fn print(name: &str, request: &LayoutRequest, result: &Layout, millis: f64) {
    let length: f64 = request
        .edges
        .iter()
        .map(|&(a, b)| {
            let (a, b) = (
                result.nodes[a as usize].centre(),
                result.nodes[b as usize].centre(),
            );
            (a.x - b.x).hypot(a.y - b.y)
        })
        .sum();
    let steps = || result.edges.iter().flat_map(|edge| edge.points.windows(2));
    let straight = steps()
        .filter(|step| (step[0].y - step[1].y).abs() < 0.5)
        .count();
    println!(
        "{name:<15} {:>6} {:>6} {millis:>8.1} {:>10} {:>9.0} {:>8.0}% {:>7.0}",
        request.nodes.len(),
        request.edges.len(),
        graphs::straight_crossings(request, result),
        length / 1e3,
        100.0 * straight as f64 / steps().count().max(1) as f64,
        result.bounds.height,
    );
}
