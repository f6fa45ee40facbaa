//! A large graph seen from far away: thousands of blocks of a few pixels each.
//!
//! One call of the canvas a block is what takes the time then (10,000 of them 12 ms and more), and one
//! a line. So they are painted into memory, and what has changed is put on the canvas as one picture.
//! The lines, which are one colour from there, are drawn once for as long as the view stays.

use crate::dom::canvas::{Canvas, Context, Layer, Pixel};
use crate::view::graph::palette::Palette;
use crate::view::graph::scene::Scene;
use layout::viewport::{ScreenSize, Viewport};
use layout::{Point, Rect};
use model::{NodeIx, NodeState, RunState};
use std::ops::Range;

/// Fewer nodes in view are drawn one by one: edges then have the colours of what goes along them.
const FROM_NODES: usize = 1_500;

/// What is kept between frames.
#[derive(Default)]
pub struct Far {
    /// What is on the canvas, but for the states.
    drawn: Option<View>,
    /// Lines, and blocks as they were painted last.
    pixels: Vec<Pixel>,
    blocks: Vec<Block>,
    /// Whether something lies over them.
    covered: bool,
    lines: Option<Layer>,
}

/// From where it is seen, and what.
#[derive(Clone, PartialEq)]
pub struct View {
    /// What is in view.
    pub viewport: Viewport,
    /// Of the canvas.
    pub size: ScreenSize,
    /// Pixels of the screen in one of the page.
    pub density: f64,
    /// Counts layouts.
    pub layout: u64,
    /// Of the lines.
    pub colour: String,
}

/// A node as pixels.
struct Block {
    node: NodeIx,
    area: Area,
    painted: Option<NodeState>,
}

/// Pixels that stand together.
#[derive(Clone, Debug, PartialEq)]
struct Area {
    columns: Range<u32>,
    rows: Range<u32>,
}

/// Whether so many nodes in view, at this size, are better painted here.
pub fn is_far(nodes: usize, zoom: f64) -> bool {
    nodes >= FROM_NODES && zoom < super::painter::LABELS_FROM
}

impl Far {
    /// Paints lines and blocks where they are not on the canvas as they should be.
    pub fn paint(
        &mut self,
        canvas: &Canvas,
        view: View,
        scene: &Scene,
        nodes: &[u32],
        palette: &Palette,
        state: &RunState,
    ) {
        let width = (view.size.width * view.density).round() as u32;
        let height = (view.size.height * view.density).round() as u32;
        if width == 0 || height == 0 {
            return;
        }
        let stays = self.drawn.as_ref() == Some(&view);
        if !stays {
            self.look(&view, (width, height), scene, nodes);
        }
        let all = Area {
            columns: 0..width,
            rows: 0..height,
        };
        let changed = self.repaint(width, palette, state);
        let whole = std::mem::take(&mut self.covered) || !stays;
        if let Some(area) = if whole { Some(all) } else { changed } {
            canvas.put(&self.pixels, width, area.columns, area.rows);
        }
        self.drawn = Some(view);
    }

    /// Something was painted over it, until the next time.
    pub fn cover(&mut self) {
        self.covered = true;
    }

    /// Something else is on the canvas from now on.
    pub fn leave(&mut self) {
        self.drawn = None;
    }

    /// Draws the lines, and finds where the blocks lie.
    fn look(&mut self, view: &View, (width, height): (u32, u32), scene: &Scene, nodes: &[u32]) {
        let layer = self.lines.get_or_insert_with(Layer::new);
        layer.begin(width, height, view.density);
        if let Some(context) = layer.context() {
            lines(context, view, scene);
        }
        self.pixels = layer.pixels();
        self.pixels
            .resize(width as usize * height as usize, Pixel::default());
        let block = |index: &u32| {
            let (rect, node) = (scene.rects[*index as usize], scene.nodes[*index as usize]);
            let corner = view.viewport.screen_from_world(Point::new(rect.x, rect.y));
            let (zoom, density) = (view.viewport.zoom(), view.density);
            let on_screen = Rect::new(
                corner.x * density,
                corner.y * density,
                rect.width * zoom * density,
                rect.height * zoom * density,
            );
            Some(Block {
                node,
                area: covered(on_screen, (width, height))?,
                painted: None,
            })
        };
        self.blocks = nodes.iter().filter_map(block).collect();
    }

    /// Paints the blocks whose state has changed; around all of them.
    fn repaint(&mut self, width: u32, palette: &Palette, state: &RunState) -> Option<Area> {
        let mut changed: Option<Area> = None;
        for block in &mut self.blocks {
            let stands = state
                .node(block.node)
                .map_or(NodeState::Idle, |view| view.state);
            if block.painted.replace(stands) != Some(stands) {
                fill(&mut self.pixels, width, &block.area, palette.pixel(stands));
                changed = Some(match changed {
                    Some(area) => area.with(&block.area),
                    None => block.area.clone(),
                });
            }
        }
        changed
    }
}

impl Area {
    /// Around both.
    fn with(self, other: &Self) -> Self {
        let around = |one: Range<u32>, other: &Range<u32>| {
            one.start.min(other.start)..one.end.max(other.end)
        };
        Self {
            columns: around(self.columns, &other.columns),
            rows: around(self.rows, &other.rows),
        }
    }
}

/// All lines as one.
fn lines(context: &Context, view: &View, scene: &Scene) {
    let origin = view.viewport.screen_from_world(Point::new(0.0, 0.0));
    let zoom = view.viewport.zoom();
    context.translate(origin.x, origin.y).ok();
    context.scale(zoom, zoom).ok();
    context.set_stroke_style_str(&view.colour);
    context.set_line_width(0.7 / zoom);
    context.begin_path();
    for index in scene.edges_in(view.viewport.visible(view.size)) {
        let path = &scene.edges[index as usize].path;
        // From here a curve looks as its ends do.
        if let (Some(first), Some(last)) = (path.points.first(), path.points.last()) {
            context.move_to(first.x, first.y);
            for point in &path.points[1..path.points.len() - 1] {
                context.line_to(point.x, point.y);
            }
            context.line_to(last.x, last.y);
        }
    }
    context.stroke();
}

/// The pixels that `rect` covers, at least one, where it lies within the canvas.
fn covered(rect: Rect, (width, height): (u32, u32)) -> Option<Area> {
    // Casts saturate: what lies outside is cut off.
    let left = (rect.x.round() as u32).min(width);
    let top = (rect.y.round() as u32).min(height);
    let right = (rect.right().round() as u32).max(left + 1).min(width);
    let bottom = ((rect.y + rect.height).round() as u32)
        .max(top + 1)
        .min(height);
    let outside = rect.right() <= 0.0 || rect.y + rect.height <= 0.0;
    (!outside && left < right && top < bottom).then_some(Area {
        columns: left..right,
        rows: top..bottom,
    })
}

fn fill(pixels: &mut [Pixel], width: u32, area: &Area, colour: Pixel) {
    for row in area.rows.clone() {
        let start = row as usize * width as usize;
        pixels[start + area.columns.start as usize..start + area.columns.end as usize].fill(colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_cut_at_the_borders_and_never_vanish() {
        for (rect, want) in [
            (Rect::new(1.0, 1.0, 2.0, 1.0), "....\n.##.\n...."),
            (Rect::new(-2.0, -1.0, 3.0, 2.0), "#...\n....\n...."),
            (Rect::new(2.2, 0.9, 0.1, 0.1), "....\n..#.\n...."),
            (Rect::new(3.0, 2.0, 9.0, 9.0), "....\n....\n...#"),
            (Rect::new(-9.0, 0.0, 3.0, 1.0), "....\n....\n...."),
            (Rect::new(4.0, 0.0, 3.0, 1.0), "....\n....\n...."),
            (Rect::new(1e300, f64::NAN, 3.0, 1.0), "....\n....\n...."),
        ] {
            let mut pixels = [[0; 4]; 12];
            if let Some(area) = covered(rect, (4, 3)) {
                fill(&mut pixels, 4, &area, [7; 4]);
            }
            let rows: Vec<String> = pixels
                .chunks(4)
                .map(|row| {
                    row.iter()
                        .map(|pixel| if *pixel == [7; 4] { '#' } else { '.' })
                        .collect()
                })
                .collect();
            assert_eq!(rows.join("\n"), want, "{rect:?}");
        }
    }

    #[test]
    fn an_area_around_two_holds_both() {
        let area = |columns, rows| Area { columns, rows };
        assert_eq!(area(1..2, 5..9).with(&area(0..1, 6..10)), area(0..2, 5..10));
    }
}
