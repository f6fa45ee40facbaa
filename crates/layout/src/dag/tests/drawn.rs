//! Graphs written as text: `a -> b -> c; a -> d`.

use crate::dag::{Direction, Layout, LayoutRequest, NodeBox, layout};
use crate::geom::{Point, Rect};

/// A graph with names for its nodes, which are numbered as they are first named.
#[derive(Clone, Default)]
pub(super) struct Drawn {
    pub(super) names: Vec<String>,
    pub(super) request: LayoutRequest,
}

/// Reads chains of names separated by `;` or line ends; a name alone is a node without edges. Boxes are 100 by 40.
pub(super) fn drawn(text: &str) -> Drawn {
    let mut graph = Drawn::default();
    for chain in text
        .split([';', '\n'])
        .map(str::trim)
        .filter(|chain| !chain.is_empty())
    {
        let nodes: Vec<u32> = chain
            .split("->")
            .map(|name| graph.node(name.trim()))
            .collect();
        graph
            .request
            .edges
            .extend(nodes.windows(2).map(|pair| (pair[0], pair[1])));
    }
    graph
}

impl Drawn {
    pub(super) fn layout(&self) -> Layout {
        let layout = layout(&self.request);
        assert_sound(&self.request, &layout);
        layout
    }

    /// The names in columns from left to right, each from the top down: `a | b c | d`.
    pub(super) fn columns(&self) -> String {
        let layout = self.layout();
        let mut places: Vec<(f64, f64, &str)> = layout
            .nodes
            .iter()
            .zip(&self.names)
            .map(|(rect, name)| (rect.centre().x, rect.centre().y, name.as_str()))
            .collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let columns: Vec<String> = places
            .chunk_by(|a, b| (a.0 - b.0).abs() < 0.01)
            .map(|column| {
                column
                    .iter()
                    .map(|place| place.2)
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect();
        columns.join(" | ")
    }

    fn node(&mut self, name: &str) -> u32 {
        let known = self.names.iter().position(|n| n == name);
        known.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.request.nodes.push(NodeBox::new(100.0, 40.0));
            self.names.len() - 1
        }) as u32
    }
}

/// Checks what holds for every layout that places nodes itself: nothing overlaps, edges run from border to border in the right
/// direction and through no box, all lies within the bounds.
pub(super) fn assert_sound(request: &LayoutRequest, layout: &Layout) {
    assert_eq!(layout.nodes.len(), request.nodes.len());
    assert_eq!(layout.edges.len(), request.edges.len());
    for (i, a) in layout.nodes.iter().enumerate() {
        assert!(
            within(layout.bounds, *a),
            "node {i} at {a:?} leaves {:?}",
            layout.bounds
        );
        for (j, b) in layout.nodes.iter().enumerate().take(i) {
            let overlap = a.x < b.right() - 0.01
                && b.x < a.right() - 0.01
                && a.y < b.bottom() - 0.01
                && b.y < a.bottom() - 0.01;
            assert!(!overlap, "nodes {j} and {i} overlap: {b:?} {a:?}");
        }
    }
    for (i, (&(from, to), path)) in request.edges.iter().zip(&layout.edges).enumerate() {
        let n = request.nodes.len() as u32;
        if from >= n || to >= n || from == to {
            assert!(path.points.is_empty(), "edge {i} cannot be drawn");
            continue;
        }
        let ends = (layout.nodes[from as usize], layout.nodes[to as usize]);
        let (first, last) = if path.reversed {
            (ends.1, ends.0)
        } else {
            ends
        };
        let mut points = path.points.clone();
        if path.reversed {
            points.reverse();
        }
        assert!(points.len() >= 2, "edge {i} has {} points", points.len());
        let lr = request.direction == Direction::LeftToRight;
        let (leave, arrive) = (points[0], points[points.len() - 1]);
        let at_border = if lr {
            near(leave.x, first.right()) && near(arrive.x, last.x)
        } else {
            near(leave.y, first.bottom()) && near(arrive.y, last.y)
        };
        assert!(
            at_border,
            "edge {i} from {first:?} to {last:?} runs {points:?}"
        );
        assert!(first.inflate(0.01).contains(leave) && last.inflate(0.01).contains(arrive));
        let onwards = points.windows(2).all(|p| {
            if lr {
                p[0].x <= p[1].x
            } else {
                p[0].y <= p[1].y
            }
        });
        assert!(onwards, "edge {i} turns back: {points:?}");
        assert!(
            within(layout.bounds, Rect::around(points).unwrap()),
            "edge {i} leaves the bounds"
        );
    }
}

/// Checks that no edge runs through the inside of a box.
pub(super) fn assert_edges_keep_clear(layout: &Layout) {
    for (i, path) in layout.edges.iter().enumerate() {
        for step in path.points.windows(2) {
            for (v, rect) in layout.nodes.iter().enumerate() {
                let inside = rect.inflate(-0.5);
                let clear = inside.width <= 0.0
                    || inside.height <= 0.0
                    || !crosses(step[0], step[1], inside);
                assert!(clear, "edge {i} runs through node {v}: {step:?} {rect:?}");
            }
        }
    }
}

/// Whether the segment meets the rectangle (clipping after Liang and Barsky).
fn crosses(from: Point, to: Point, rect: Rect) -> bool {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (p, q) in [
        (-dx, from.x - rect.x),
        (dx, rect.right() - from.x),
        (-dy, from.y - rect.y),
        (dy, rect.bottom() - from.y),
    ] {
        if p == 0.0 {
            if q < 0.0 {
                return false;
            }
        } else if p < 0.0 {
            enter = enter.max(q / p);
        } else {
            leave = leave.min(q / p);
        }
    }
    enter <= leave
}

fn within(outer: Rect, inner: Rect) -> bool {
    let outer = outer.inflate(0.01);
    outer.contains(Point::new(inner.x, inner.y))
        && outer.contains(Point::new(inner.right(), inner.bottom()))
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.01
}
