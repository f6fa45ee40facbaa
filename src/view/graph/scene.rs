//! What is where: the layout of the present nodes, an index over it, and texts cut to fit.

use crate::state::RunStore;
use layout::dag::{self, Direction, EdgePath, Gaps, Layout, LayoutRequest, NodeBox};
use layout::spatial::SpatialIndex;
use layout::viewport::ScreenSize;
use layout::{Point, Rect};
use model::NodeIx;
use std::collections::HashMap;
use std::rc::Rc;

/// A card, in canvas units.
pub const CARD_WIDTH: f64 = 196.0;
/// A card, in canvas units.
pub const CARD_HEIGHT: f64 = 54.0;

/// Graphs of up to so many nodes are laid out both ways, and the way that shows more is taken.
const TURNED_UP_TO: usize = 2_000;

/// An edge as drawn.
pub struct SceneEdge {
    /// What comes first.
    pub source: NodeIx,
    /// What comes after it.
    pub target: NodeIx,
    /// Its way.
    pub path: EdgePath,
}

/// The picture without its states.
#[derive(Default)]
pub struct Scene {
    request: LayoutRequest,
    key: Option<(u64, usize)>,
    /// The node of each box.
    pub nodes: Vec<NodeIx>,
    /// The boxes.
    pub rects: Vec<Rect>,
    /// The edges.
    pub edges: Vec<SceneEdge>,
    bounds: Rect,
    layouts: u64,
    node_index: Option<SpatialIndex>,
    /// The boxes that were asked for last, and where.
    found: Option<(Rect, Rc<[u32]>)>,
    edge_index: Option<SpatialIndex>,
    /// Texts as they fit: by text, size of the font and width.
    texts: HashMap<(String, u16, u16), String>,
}

impl Scene {
    /// Lays out anew where nodes or edges have changed; says whether it did.
    pub fn update(&mut self, store: &RunStore, size: ScreenSize) -> bool {
        let state = store.state();
        let present: Vec<NodeIx> = (0..state.nodes.len())
            .filter(|index| state.nodes[*index].present)
            .map(|index| NodeIx(index as u32))
            .collect();
        let key = (
            store.journal(|journal| journal.graph_revision()),
            present.len(),
        );
        if self.key == Some(key) && self.nodes == present {
            return false;
        }
        self.key = Some(key);
        let (mut request, ends) = self.request(store, &present);
        if request == self.request && self.nodes == present {
            return false;
        }
        let mut layout = dag::layout(&request);
        if self.nodes.is_empty() && present.len() <= TURNED_UP_TO {
            let turned = LayoutRequest {
                direction: Direction::TopDown,
                ..request.clone()
            };
            let other = dag::layout(&turned);
            if room(&other, size) > room(&layout, size) * 1.1 {
                (request, layout) = (turned, other);
            }
        }
        self.request = request;
        self.place(layout, present, ends);
        true
    }

    fn request(
        &self,
        store: &RunStore,
        present: &[NodeIx],
    ) -> (LayoutRequest, Vec<(NodeIx, NodeIx)>) {
        let place: HashMap<NodeIx, u32> = (0..)
            .zip(present)
            .map(|(place, node)| (*node, place))
            .collect();
        let before: HashMap<NodeIx, Point> = self
            .nodes
            .iter()
            .zip(&self.rects)
            .map(|(node, rect)| (*node, rect.centre()))
            .collect();
        store.journal(|journal| {
            let graph = journal.graph();
            let mut ends: Vec<(NodeIx, NodeIx)> = graph
                .edges()
                .iter()
                .map(|edge| (edge.source, edge.target))
                .collect();
            // Parallel edges between two nodes are one line here: what runs along it is in the inspector.
            ends.sort_unstable();
            ends.dedup();
            ends.retain(|(source, target)| {
                place.contains_key(source) && place.contains_key(target)
            });
            let boxes = present.iter().map(|node| NodeBox {
                fixed: graph
                    .node(*node)
                    .and_then(|node| node.position)
                    .map(|(x, y)| Point::new(x, y)),
                ..NodeBox::new(CARD_WIDTH, CARD_HEIGHT)
            });
            let request = LayoutRequest {
                nodes: boxes.collect(),
                edges: ends
                    .iter()
                    .map(|(source, target)| (place[source], place[target]))
                    .collect(),
                previous: present
                    .iter()
                    .map(|node| before.get(node).copied())
                    .collect(),
                direction: self.request.direction,
                gaps: Gaps {
                    layer: 52.0,
                    node: 22.0,
                    ..Gaps::default()
                },
            };
            (request, ends)
        })
    }

    fn place(&mut self, layout: Layout, nodes: Vec<NodeIx>, ends: Vec<(NodeIx, NodeIx)>) {
        self.node_index = Some(SpatialIndex::new(layout.nodes.iter().copied().map(Some)));
        self.edge_index = Some(SpatialIndex::new(layout.edges.iter().map(EdgePath::bounds)));
        self.found = None;
        self.bounds = layout.bounds;
        self.layouts += 1;
        self.nodes = nodes;
        self.rects = layout.nodes;
        self.edges = ends
            .into_iter()
            .zip(layout.edges)
            .map(|((source, target), path)| SceneEdge {
                source,
                target,
                path,
            })
            .collect();
    }

    /// The way edges run.
    pub fn direction(&self) -> Direction {
        self.request.direction
    }

    /// How often it was laid out: who keeps a picture of it knows when that is stale.
    pub fn layouts(&self) -> u64 {
        self.layouts
    }

    /// Around everything.
    pub fn bounds(&self) -> Rect {
        self.bounds
    }

    /// Boxes that lie in `area`, by index. Time moves more often than the view, so they are remembered.
    pub fn nodes_in(&mut self, area: Rect) -> Rc<[u32]> {
        match &self.found {
            Some((known, found)) if *known == area => found.clone(),
            _ => {
                let index = self.node_index.as_ref();
                let found: Rc<[u32]> = index
                    .map(|index| index.query(area))
                    .unwrap_or_default()
                    .into();
                self.found = Some((area, found.clone()));
                found
            }
        }
    }

    /// Edges that may lie in `area`, by index.
    pub fn edges_in(&self, area: Rect) -> Vec<u32> {
        self.edge_index
            .as_ref()
            .map(|index| index.query(area))
            .unwrap_or_default()
    }

    /// The node at a point.
    pub fn hit(&self, point: Point) -> Option<NodeIx> {
        let index = self.node_index.as_ref()?.hit(point)?;
        self.nodes.get(index as usize).copied()
    }

    /// `text` in a font of `size` cut to `width`, as `measure` sees it; remembered.
    pub fn fitted(
        &mut self,
        text: &str,
        size: f64,
        width: f64,
        measure: impl Fn(&str) -> f64,
    ) -> &str {
        /// So many texts are remembered; messages change all the time.
        const REMEMBERED: usize = 20_000;
        if self.texts.len() > REMEMBERED {
            self.texts.clear();
        }
        self.texts
            .entry((text.to_owned(), size as u16, width as u16))
            .or_insert_with(|| fit(text, width, measure))
    }

    /// The font may have changed with the theme.
    pub fn forget_texts(&mut self) {
        self.texts.clear();
    }
}

/// How large a layout can be shown on a screen, at most in its own size.
fn room(layout: &Layout, size: ScreenSize) -> f64 {
    let (width, height) = (layout.bounds.width.max(1.0), layout.bounds.height.max(1.0));
    (size.width / width).min(size.height / height).min(1.0)
}

fn fit(text: &str, width: f64, measure: impl Fn(&str) -> f64) -> String {
    // Longer than any card shows: measuring a megabyte would stall the frame.
    let text: String = text.chars().take(200).collect();
    if measure(&text) <= width {
        return text;
    }
    let characters: Vec<char> = text.chars().collect();
    let cut = |count: usize| characters[..count].iter().collect::<String>() + "…";
    let (mut fits, mut over) = (0, characters.len());
    while over - fits > 1 {
        let middle = fits.midpoint(over);
        if measure(&cut(middle)) <= width {
            fits = middle
        } else {
            over = middle
        }
    }
    cut(fits)
}
