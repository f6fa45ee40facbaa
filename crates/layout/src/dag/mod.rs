//! Layered layout of the run graph, as a list of named passes.
//!
//! ```text
//! request ─ clean ─ acyclic ─ components ─┬─ rank ─ normalise ─ order ─ position ─ route ─┬─ pack ─ layout
//!                                         └──────────── for each component ──────────────┘
//! ```
//!
//! What `order`, `position` and `pack` keep of the layout before is told by `hold`. A graph whose source has placed its nodes goes
//! through `clean` and `fixed` only.
//!
//! Inside the passes a graph has no left or top, only *along* (the way its edges run) and *across* (within a layer);
//! [`Direction`] is applied once, at the end. Every pass is iterative, so depth is bounded by memory and not by the stack.

mod acyclic;
mod adjacency;
mod beside;
mod clean;
mod components;
mod crossings;
mod fit;
mod fixed;
mod hold;
mod normalise;
mod order;
mod pack;
mod position;
mod rank;
mod request;
mod result;
mod route;
mod sides;
mod sift;
mod sorted;
#[cfg(test)]
mod tests;

pub use request::{Direction, Gaps, LayoutRequest, NodeBox};
pub use result::{Curve, EdgePath, Layout, Problem};

use clean::Clean;
use components::{Before, Component, Placed};

/// Places every node and routes every edge of `request`.
///
/// Never fails: what cannot be drawn is left out or mended, and named in [`Layout::problems`]. The same request always gives
/// the same layout. When at least half of the nodes carry a position of their own, those are kept and the other nodes are placed
/// beside them; to lay such a graph out anew, ask without the positions.
pub fn layout(request: &LayoutRequest) -> Layout {
    let mut clean = clean::clean(request);
    if let Some(positions) = fixed::positions(request, &clean) {
        return fixed::layout(request, clean, &positions);
    }
    let links = acyclic::acyclic(&mut clean);
    let parts = components::split(clean.nodes.len(), &links);
    let before = Before::new(request);
    let placed: Vec<Placed> = parts
        .iter()
        .map(|part| place(part, &links, &clean, &before, request.direction))
        .collect();
    pack::pack(request, clean, &links, &parts, placed, &before.drawn)
}

/// Runs the passes of one connected component; the result has its own origin.
fn place(
    part: &Component,
    links: &[acyclic::Link],
    clean: &Clean,
    before: &Before,
    direction: Direction,
) -> Placed {
    let graph = components::subgraph(part, links, clean);
    let ranks = rank::rank(graph.node_count(), &graph.links);
    let mut layered = normalise::normalise(&graph, &ranks);
    order::order(&mut layered, &before.across(part, direction));
    let drawn = before.drawn_across(part, direction);
    let positions = position::position(&graph, &layered, &clean.gaps, &drawn);
    route::route(&graph, &layered, &positions, &clean.gaps)
}
