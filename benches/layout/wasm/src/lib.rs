//! Our layout for a page that has nothing else: numbers in, numbers out.

use layout::dag::{Direction, Gaps, LayoutRequest, NodeBox, layout};
use wasm_bindgen::prelude::wasm_bindgen;

/// Lays out `nodes` boxes of `width` by `height` pixels from the top down, `gap` pixels apart.
///
/// `edges` holds `from, to` of each edge. Returns x and y of the middle of each node.
#[wasm_bindgen]
pub fn lay_out(nodes: u32, width: f64, height: f64, gap: f64, edges: &[u32]) -> Vec<f64> {
    let request = LayoutRequest {
        nodes: vec![NodeBox::new(width, height); nodes as usize],
        edges: edges
            .chunks_exact(2)
            .map(|edge| (edge[0], edge[1]))
            .collect(),
        direction: Direction::TopDown,
        gaps: Gaps {
            layer: gap,
            node: gap,
            ..Gaps::default()
        },
        ..LayoutRequest::default()
    };
    let middles = layout(&request).nodes.into_iter().map(|rect| rect.centre());
    middles.flat_map(|middle| [middle.x, middle.y]).collect()
}
