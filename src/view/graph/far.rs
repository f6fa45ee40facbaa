//! A large graph seen from far away: thousands of blocks of a few pixels each.
//!
//! One call of the canvas a block is what takes the time then (10,000 of them 12 ms and more), and one
//! a line. So the blocks are painted into memory and put on the canvas as one picture, and the lines,
//! which are one colour from there, are drawn once for as long as the view stays.

use crate::dom::canvas::{Context, Layer, Pixel};
use crate::view::graph::palette::Palette;
use crate::view::graph::scene::Scene;
use layout::viewport::{ScreenSize, Viewport};
use layout::{Point, Rect};
use model::{NodeState, RunState};

/// Fewer nodes in view are drawn one by one: edges then have the colours of what goes along them.
const FROM_NODES: usize = 1_500;

/// What is kept between frames.
#[derive(Default)]
pub struct Far {
    lines: Option<Layer>,
    blocks: Option<Layer>,
    /// What the lines were drawn for.
    drawn: Option<View>,
    pixels: Vec<Pixel>,
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

/// Whether so many nodes in view, at this size, are better painted here.
pub fn is_far(nodes: usize, zoom: f64) -> bool {
    nodes >= FROM_NODES && zoom < super::painter::LABELS_FROM
}

impl Far {
    /// Paints lines and blocks on a canvas whose unit is a pixel of the page.
    pub fn paint(
        &mut self,
        context: &Context,
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
        if self.drawn.as_ref() != Some(&view) {
            let layer = self.lines.get_or_insert_with(Layer::new);
            layer.begin(width, height, view.density);
            if let Some(context) = layer.context() {
                lines(context, &view, scene);
            }
        }
        self.blocks(&view, (width, height), scene, nodes, palette, state);
        for layer in [&self.lines, &self.blocks].into_iter().flatten() {
            layer.show(context, view.size.width, view.size.height);
        }
        self.drawn = Some(view);
    }

    fn blocks(
        &mut self,
        view: &View,
        (width, height): (u32, u32),
        scene: &Scene,
        nodes: &[u32],
        palette: &Palette,
        state: &RunState,
    ) {
        self.pixels.clear();
        self.pixels
            .resize(width as usize * height as usize, Pixel::default());
        for index in nodes {
            let (rect, node) = (scene.rects[*index as usize], scene.nodes[*index as usize]);
            let stands = state.node(node).map_or(NodeState::Idle, |view| view.state);
            let corner = view.viewport.screen_from_world(Point::new(rect.x, rect.y));
            let (zoom, density) = (view.viewport.zoom(), view.density);
            let on_screen = Rect::new(
                corner.x * density,
                corner.y * density,
                rect.width * zoom * density,
                rect.height * zoom * density,
            );
            fill(
                &mut self.pixels,
                (width, height),
                on_screen,
                palette.pixel(stands),
            );
        }
        let layer = self.blocks.get_or_insert_with(Layer::new);
        layer.begin(width, height, 1.0);
        layer.put(&self.pixels, width);
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

/// Fills the pixels that `rect` covers, at least one.
fn fill(pixels: &mut [Pixel], (width, height): (u32, u32), rect: Rect, colour: Pixel) {
    // Casts saturate: what lies outside is cut off.
    let left = (rect.x.round() as u32).min(width);
    let top = (rect.y.round() as u32).min(height);
    let right = (rect.right().round() as u32).max(left + 1).min(width);
    let bottom = ((rect.y + rect.height).round() as u32)
        .max(top + 1)
        .min(height);
    if rect.right() <= 0.0 || rect.y + rect.height <= 0.0 || left >= right {
        return;
    }
    for row in top..bottom {
        let start = row as usize * width as usize;
        pixels[start + left as usize..start + right as usize].fill(colour);
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
            fill(&mut pixels, (4, 3), rect, [7; 4]);
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
}
