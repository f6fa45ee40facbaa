//! Paints one frame of the graph: edges, then cards, only what is in view, in as much detail as can be seen.

use crate::dom::canvas;
use crate::dom::canvas::{Canvas, Context};
use crate::state::RunStore;
use crate::view::graph::far::{Far, View, is_far};
use crate::view::graph::motion::Motion;
use crate::view::graph::palette::Palette;
use crate::view::graph::scene::{CARD_HEIGHT, Scene};
use crate::view::parts::badge::icon_of;
use crate::view::parts::text::visible;
use crate::view::parts::time::short_span;
use layout::dag::Direction;
use layout::viewport::{ScreenSize, Viewport};
use layout::{Point, Rect};
use model::run_state::NodeView;
use model::{Journal, Millis, NodeIx, NodeState, RunState};

/// Below this zoom a card is a block of colour.
pub const LABELS_FROM: f64 = 0.22;
/// Below this zoom a label fills its card; from it on the card also shows its mark.
const MARKS_FROM: f64 = 0.44;
/// Labels are drawn no smaller than this on the screen, in pixels, while their card has room.
const LEGIBLE: f64 = 10.5;
/// From this zoom on a card tells everything.
const DETAILS_FROM: f64 = 0.62;

/// Everything a frame is made from.
pub struct Painting<'a> {
    pub canvas: &'a Canvas,
    pub context: &'a Context,
    pub viewport: Viewport,
    pub size: ScreenSize,
    pub scene: &'a mut Scene,
    pub palette: &'a Palette,
    pub motion: &'a Motion,
    pub store: &'a RunStore,
    pub state: &'a RunState,
    pub selected: Option<&'a str>,
    pub far: &'a mut Far,
}

/// Paints.
pub fn paint(painting: &mut Painting<'_>) {
    let area = painting.viewport.visible(painting.size);
    let nodes = painting.scene.nodes_in(area);
    if is_far(nodes.len(), painting.viewport.zoom()) {
        return from_afar(painting, &nodes);
    }
    painting.far.leave();
    let size = painting.size;
    painting.canvas.clear((size.width, size.height));
    let origin = painting.viewport.screen_from_world(Point::new(0.0, 0.0));
    let zoom = painting.viewport.zoom();
    let context = painting.context;
    context.save();
    context.translate(origin.x, origin.y).ok();
    context.scale(zoom, zoom).ok();
    edges(painting, area);
    let at = painting.store.at();
    painting.store.journal_untracked(|journal| {
        for index in nodes.iter() {
            card(painting, journal, at, *index as usize);
        }
    });
    context.restore();
}

fn from_afar(painting: &mut Painting<'_>, nodes: &[u32]) {
    let view = View {
        viewport: painting.viewport,
        size: painting.size,
        density: canvas::density(),
        layout: painting.scene.layouts(),
        colour: painting.palette.line_strong.clone(),
    };
    let (scene, palette, state) = (&*painting.scene, painting.palette, painting.state);
    let chosen = painting.selected.and_then(|selected| {
        let node = painting
            .store
            .journal_untracked(|journal| journal.graph().find(selected))?;
        let index = scene.nodes.iter().position(|known| *known == node)?;
        Some(scene.rects[index])
    });
    painting
        .far
        .paint(painting.canvas, view, scene, nodes, palette, state);
    if let Some(rect) = chosen {
        painting.far.cover();
        let (zoom, context) = (painting.viewport.zoom(), painting.context);
        let corner = painting
            .viewport
            .screen_from_world(Point::new(rect.x, rect.y));
        let ring = Rect::new(corner.x, corner.y, rect.width * zoom, rect.height * zoom);
        context.set_stroke_style_str(&painting.palette.accent);
        context.set_line_width(2.0);
        rounded(context, ring.inflate(3.0), 4.0);
        context.stroke();
    }
}

fn edges(painting: &Painting<'_>, area: Rect) {
    let context = painting.context;
    // At least half a pixel on the screen, so that edges do not vanish when zoomed out.
    let width = (1.6_f64).max(0.7 / painting.viewport.zoom());
    for index in painting.scene.edges_in(area) {
        let edge = &painting.scene.edges[index as usize];
        let state = |node: NodeIx| {
            painting
                .state
                .node(node)
                .map(|view| view.state)
                .unwrap_or_default()
        };
        let (source, target) = (state(edge.source), state(edge.target));
        let flowing = source == NodeState::Success && target.is_active();
        let colour = match (source, target) {
            (NodeState::Success, NodeState::Running | NodeState::AwaitingInput) => {
                &painting.palette.of(NodeState::Running).solid
            }
            (NodeState::Success, NodeState::Success | NodeState::Failed | NodeState::Canceled) => {
                &painting.palette.of(NodeState::Success).solid
            }
            _ => &painting.palette.line_strong,
        };
        context.set_stroke_style_str(colour);
        context.set_line_width(if flowing { width * 1.4 } else { width });
        context.set_global_alpha(match target {
            NodeState::Skipped | NodeState::Blocked => 0.5,
            _ => 1.0,
        });
        if flowing {
            canvas::dash(context, &[8.0, 4.0], painting.motion.flow());
        }
        trace(context, &edge.path, painting.scene.direction());
        context.stroke();
        if flowing {
            canvas::dash(context, &[], 0.0);
        }
    }
    context.set_global_alpha(1.0);
}

fn trace(context: &Context, path: &layout::dag::EdgePath, direction: Direction) {
    let Some(first) = path.points.first() else {
        return;
    };
    context.begin_path();
    context.move_to(first.x, first.y);
    for curve in path.curves(direction) {
        let (leave, arrive, to) = (curve.leave, curve.arrive, curve.to);
        context.bezier_curve_to(leave.x, leave.y, arrive.x, arrive.y, to.x, to.y);
    }
}

fn card(painting: &mut Painting<'_>, journal: &Journal, at: Millis, index: usize) {
    let node = painting.scene.nodes[index];
    let rect = painting.scene.rects[index];
    let (Some(known), Some(view)) = (journal.graph().node(node), painting.state.node(node)) else {
        return;
    };
    let zoom = painting.viewport.zoom();
    let rect = rect.translate(
        if view.state == NodeState::Failed {
            painting.motion.shake(node)
        } else {
            0.0
        },
        0.0,
    );
    match zoom {
        ..LABELS_FROM => block(painting, rect, view.state),
        LABELS_FROM..MARKS_FROM => {
            frame(painting, rect, view.state, Ground::Tinted);
            label(painting, rect, &known.label, view.state);
        }
        _ => {
            let details = zoom >= DETAILS_FROM;
            halo(painting, node, rect, view.state);
            frame(painting, rect, view.state, Ground::Plain);
            mark(painting, rect, view.state);
            title(painting, rect, &known.label, details);
            if details {
                second_line(painting, rect, &note(journal, view, at, &known.kind), view);
                progress(painting, rect, view);
            }
        }
    }
    if painting.selected == Some(&*known.reference) {
        let context = painting.context;
        context.set_stroke_style_str(&painting.palette.accent);
        context.set_line_width((2.5_f64).max(2.0 / zoom));
        rounded(context, rect.inflate(3.0), 11.0);
        context.stroke();
    }
}

fn block(painting: &Painting<'_>, rect: Rect, state: NodeState) {
    let context = painting.context;
    context.set_fill_style_str(&painting.palette.of(state).solid);
    context.fill_rect(rect.x, rect.y, rect.width, rect.height);
}

/// The pulse of a running node, the glow of one that has just ended.
fn halo(painting: &Painting<'_>, node: NodeIx, rect: Rect, state: NodeState) {
    let context = painting.context;
    let (strength, reach) = match (state.is_active(), painting.motion.pulse()) {
        (true, Some(pulse)) => ((1.0 - pulse) * 0.55, 2.0 + pulse * 8.0),
        _ => (painting.motion.glow(node) * 0.6, 5.0),
    };
    if strength <= 0.01 {
        return;
    }
    context.set_global_alpha(strength);
    context.set_stroke_style_str(&painting.palette.of(state).solid);
    context.set_line_width(reach);
    rounded(context, rect.inflate(reach / 2.0), 8.0 + reach / 2.0);
    context.stroke();
    context.set_global_alpha(1.0);
}

/// What a card is filled with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ground {
    /// The page's surface.
    Plain,
    /// The state's own soft colour.
    Tinted,
}

fn frame(painting: &Painting<'_>, rect: Rect, state: NodeState, ground: Ground) {
    let context = painting.context;
    let colours = painting.palette.of(state);
    let quiet = matches!(
        state,
        NodeState::Idle
            | NodeState::Queued
            | NodeState::Waiting
            | NodeState::Skipped
            | NodeState::Canceled
    );
    context.set_fill_style_str(match ground {
        Ground::Plain => &painting.palette.surface,
        Ground::Tinted => &colours.soft,
    });
    context.set_stroke_style_str(if quiet && ground == Ground::Plain {
        &painting.palette.line
    } else {
        &colours.solid
    });
    context.set_line_width(1.4_f64.max(1.0 / painting.viewport.zoom()));
    rounded(context, rect, 8.0);
    context.fill();
    if matches!(
        state,
        NodeState::Skipped | NodeState::Waiting | NodeState::Blocked
    ) {
        canvas::dash(context, &[5.0, 4.0], 0.0);
        context.stroke();
        canvas::dash(context, &[], 0.0);
    } else {
        context.stroke();
    }
}

fn mark(painting: &Painting<'_>, rect: Rect, state: NodeState) {
    let context = painting.context;
    let colours = painting.palette.of(state);
    let (x, y) = (rect.x + 24.0, rect.y + rect.height / 2.0);
    context.set_fill_style_str(&colours.soft);
    context.begin_path();
    context.arc(x, y, 14.0, 0.0, std::f64::consts::TAU).ok();
    context.fill();
    context.set_stroke_style_str(&colours.ink);
    context.set_line_width(1.6);
    canvas::stroke_icon(context, icon_of(state).path(), x - 8.0, y - 8.0);
}

/// The name alone, as large as its card allows, so that a graph seen from afar can still be read.
fn label(painting: &mut Painting<'_>, rect: Rect, label: &str, state: NodeState) {
    let context = painting.context;
    let size = (LEGIBLE / painting.viewport.zoom())
        .min(CARD_HEIGHT * 0.8)
        .round();
    context.set_font(&format!("600 {size}px {}", painting.palette.font));
    context.set_text_baseline("middle");
    context.set_fill_style_str(&painting.palette.of(state).ink);
    let room = rect.width - 20.0;
    let text = painting
        .scene
        .fitted(label, size, room, |text| canvas::text_width(context, text));
    context
        .fill_text(text, rect.x + 10.0, rect.y + rect.height / 2.0)
        .ok();
}

fn title(painting: &mut Painting<'_>, rect: Rect, label: &str, details: bool) {
    let context = painting.context;
    let size = (LEGIBLE / painting.viewport.zoom())
        .clamp(13.0, 24.0)
        .round();
    context.set_font(&format!("600 {size}px {}", painting.palette.font));
    context.set_text_baseline("middle");
    context.set_fill_style_str(&painting.palette.ink);
    let y = if details {
        rect.y + 20.0
    } else {
        rect.y + rect.height / 2.0
    };
    let label = visible(label);
    let text = painting
        .scene
        .fitted(&label, size, rect.width - 58.0, |text| {
            canvas::text_width(context, text)
        });
    context.fill_text(text, rect.x + 46.0, y).ok();
}

fn second_line(painting: &mut Painting<'_>, rect: Rect, note: &str, view: &NodeView) {
    let context = painting.context;
    let colour = match view.state {
        NodeState::Failed => &painting.palette.of(NodeState::Failed).ink,
        _ => &painting.palette.muted,
    };
    context.set_font(&format!("11px {}", painting.palette.font));
    context.set_fill_style_str(colour);
    let note = visible(note);
    let text = painting
        .scene
        .fitted(&note, 11.0, rect.width - 57.0, |text| {
            canvas::text_width(context, text)
        });
    context.fill_text(text, rect.x + 46.0, rect.y + 37.0).ok();
}

fn progress(painting: &Painting<'_>, rect: Rect, view: &NodeView) {
    if !view.state.is_active() {
        return;
    }
    let progress = painting
        .store
        .journal_untracked(|journal| view.progress(journal));
    let Some(ratio) = progress.and_then(model::item::Fraction::ratio) else {
        return;
    };
    let context = painting.context;
    let colours = painting.palette.of(view.state);
    let (x, y, width) = (rect.x + 8.0, rect.y + CARD_HEIGHT - 6.0, rect.width - 16.0);
    context.set_fill_style_str(&colours.soft);
    context.fill_rect(x, y, width, 3.0);
    context.set_fill_style_str(&colours.solid);
    context.fill_rect(x, y, width * ratio, 3.0);
}

/// What a card says below its name: how far, what went wrong, how long, or what it waits for.
fn note(journal: &Journal, view: &NodeView, at: Millis, kind: &str) -> String {
    let attempt = if view.attempt > 1 {
        format!("attempt {} · ", view.attempt)
    } else {
        String::new()
    };
    let span = view.duration(at).map(|span| short_span(span.0.max(0)));
    let fraction = view
        .progress(journal)
        .and_then(|progress| Some(format!("{}/{}", progress.done, progress.total?)));
    match view.state {
        NodeState::Running => {
            let message = view.message(journal).map(str::to_owned);
            // A message such as "scanned 89/127" says how far it is itself.
            let told = message
                .as_ref()
                .zip(fraction.as_ref())
                .is_some_and(|(message, fraction)| message.contains(fraction.as_str()));
            let parts = [fraction.filter(|_| !told), span, message];
            format!(
                "{attempt}{}",
                parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
            )
        }
        NodeState::Failed => {
            let error = view
                .failure(journal)
                .and_then(|event| event.detail.as_ref()?.error.as_ref())
                .map(|error| error.message.to_string());
            format!(
                "{attempt}{}",
                error.or(span).unwrap_or_else(|| "failed".into())
            )
        }
        NodeState::Success => format!("{attempt}{}", span.unwrap_or_default()),
        state if kind.is_empty() => state.label().to_owned(),
        state => format!("{} · {kind}", state.label()),
    }
}

fn rounded(context: &Context, rect: Rect, radius: f64) {
    context.begin_path();
    canvas::round_rect(context, rect.x, rect.y, rect.width, rect.height, radius);
}
