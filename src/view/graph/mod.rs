//! The run graph: a canvas that shows every node's state, and pans, zooms, fits and selects.

mod far;
mod motion;
mod painter;
mod palette;
mod scene;

use crate::dom::canvas::{self, Canvas, Resized};
use crate::dom::frame::{self, Turn, Wants};
use crate::state::reactive::{Memo, effect};
use crate::state::{RunStore, Selection};
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{on, words};
use far::Far;
use layout::Point;
use layout::viewport::{ScreenSize, Viewport, ZoomLimits};
use leptos::ev::{KeyboardEvent, PointerEvent, WheelEvent};
use leptos::html;
use leptos::prelude::*;
use motion::Motion;
use palette::Palette;
use scene::Scene;
use std::cell::RefCell;
use std::rc::Rc;

/// How far one may zoom.
const LIMITS: ZoomLimits = ZoomLimits {
    min: 0.02,
    max: 3.0,
};
/// Left free around a fitted graph, in pixels.
const PADDING: f64 = 24.0;
/// A pointer that moved less than this between press and release has clicked.
const CLICK_PIXELS: f64 = 4.0;

/// What the canvas keeps between frames; no signal holds any of it.
struct Stage {
    canvas: Canvas,
    size: ScreenSize,
    viewport: Viewport,
    /// Whether the person has chosen a view; until then every new layout is fitted.
    framing: Framing,
    scene: Scene,
    palette: Palette,
    motion: Motion,
    far: Far,
    drag: Option<Drag>,
    /// Whether what is painted is not as of now.
    stale: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Framing {
    Fitted,
    Chosen,
}

#[derive(Clone, Copy)]
struct Drag {
    last: Point,
    travelled: f64,
}

/// The panel.
#[component]
pub fn GraphPanel(store: RunStore, selection: Selection) -> impl IntoView {
    let element = NodeRef::<html::Canvas>::new();
    let stage: Rc<RefCell<Option<Stage>>> = Rc::default();
    let graph_revision = Memo::new(move |_| {
        // Nodes that only records name come and go with the playhead, so the picture depends on who is present.
        let state = store.state();
        let present = state.nodes.iter().filter(|view| view.present).count();
        (store.journal(|journal| journal.graph_revision()), present)
    });
    let moves = Memo::new(move |_| motion::is_live(&store));
    mount(store, selection, element, &stage);
    let painted = stage.clone();
    effect(move || {
        graph_revision.get();
        selection.node.track();
        moves.get();
        store.state();
        store.playhead();
        store.at();
        paint_soon(&painted);
    });
    let label = move || {
        let (done, all) = store.state().progress();
        format!("Run graph: {all} steps, {done} done. The Steps tree beside it holds the same.")
    };
    let with = Handlers {
        stage: stage.clone(),
        store,
        selection,
    };
    view! {
        <div class="graph">
            <canvas
                class="graph__canvas"
                role="img"
                aria-label="Run graph"
                aria-description=words(label)
                tabindex="0"
                node_ref=element
                on:pointerdown=on({let with = with.clone(); move |event| with.press(&event)})
                on:pointermove=on({let with = with.clone(); move |event| with.drag(&event)})
                on:pointerup=on({let with = with.clone(); move |event| with.release(&event)})
                on:wheel=on({let with = with.clone(); move |event| with.wheel(&event)})
                on:keydown=on({let with = with.clone(); move |event| with.key(&event)})
            ></canvas>
            <Controls with=with />
        </div>
    }
}

#[component]
fn Controls(with: Handlers) -> impl IntoView {
    let (out, into, fit) = (with.clone(), with.clone(), with);
    view! {
        <div class="graph__controls">
            <button class="button button--quiet button--icon" aria-label="Zoom out" title="Zoom out (-)" on:click=on(move |_| out.zoom(1.0 / 1.3))>
                <IconView icon=Icon::Minus />
            </button>
            <button class="button button--quiet button--icon" aria-label="Zoom in" title="Zoom in (+)" on:click=on(move |_| into.zoom(1.3))>
                <IconView icon=Icon::Plus />
            </button>
            <button class="button button--quiet button--icon" aria-label="Fit graph" title="Fit graph (0)" on:click=on(move |_| fit.fit())>
                <IconView icon=Icon::Fit />
            </button>
        </div>
    }
}

/// Ties the canvas to the frame loop once it is on the page, and lets go of everything with it.
fn mount(
    store: RunStore,
    selection: Selection,
    element: NodeRef<html::Canvas>,
    stage: &Rc<RefCell<Option<Stage>>>,
) {
    let held = StoredValue::new_local(None);
    let stage = stage.clone();
    effect(move || {
        let Some(element) = element.get() else { return };
        let Some(canvas) = Canvas::new(element.clone()) else {
            return;
        };
        *stage.borrow_mut() = Some(Stage {
            canvas,
            size: ScreenSize {
                width: 0.0,
                height: 0.0,
            },
            viewport: Viewport::new(LIMITS),
            framing: Framing::Fitted,
            scene: Scene::default(),
            palette: Palette::read(),
            motion: Motion::default(),
            far: Far::default(),
            drag: None,
            stale: true,
        });
        let painted = stage.clone();
        let subscription = frame::subscribe(Turn::Paint, move |elapsed| {
            match painted.borrow_mut().as_mut() {
                Some(stage) => stage.paint(store, selection, elapsed),
                None => Wants::Rest,
            }
        });
        let sized = stage.clone();
        let resized = Resized::watch(&element, move || paint_soon(&sized));
        let themed = stage.clone();
        let theme = canvas::on_theme_change(move || {
            if let Some(stage) = themed.borrow_mut().as_mut() {
                stage.palette = Palette::read();
                stage.scene.forget_texts();
            }
            paint_soon(&themed);
        });
        held.set_value(Some((subscription, resized, theme)));
        frame::request();
    });
}

/// Has the graph painted in the next frame. Frames that others ask for leave it as it is.
fn paint_soon(stage: &RefCell<Option<Stage>>) {
    if let Some(stage) = stage.borrow_mut().as_mut() {
        stage.stale = true;
        frame::request();
    }
}

impl Stage {
    fn paint(&mut self, store: RunStore, selection: Selection, elapsed: f64) -> Wants {
        if !std::mem::take(&mut self.stale) {
            return Wants::Rest;
        }
        let (width, height) = self.canvas.fit();
        let size = ScreenSize { width, height };
        let laid_out = untrack(|| self.scene.update(&store, size));
        if self.framing == Framing::Fitted && (laid_out || size != self.size) {
            self.viewport = self.viewport.fit(self.scene.bounds(), size, PADDING);
        }
        self.size = size;
        let selected = selection.node.get_untracked();
        untrack(|| {
            let state = store.state();
            self.motion.update(&store, &state, elapsed);
            painter::paint(&mut painter::Painting {
                canvas: &self.canvas,
                context: self.canvas.context(),
                viewport: self.viewport,
                size,
                scene: &mut self.scene,
                palette: &self.palette,
                motion: &self.motion,
                store: &store,
                state: &state,
                selected: selected.as_deref(),
                far: &mut self.far,
            });
        });
        if self.motion.is_moving() {
            self.stale = true;
            Wants::Another
        } else {
            Wants::Rest
        }
    }
}

/// What pointer, wheel and keys do.
#[derive(Clone)]
struct Handlers {
    stage: Rc<RefCell<Option<Stage>>>,
    store: RunStore,
    selection: Selection,
}

impl Handlers {
    fn with(&self, change: impl FnOnce(&mut Stage)) {
        if let Some(stage) = self.stage.borrow_mut().as_mut() {
            change(stage);
        }
        paint_soon(&self.stage);
    }

    fn press(&self, event: &PointerEvent) {
        canvas::capture_pointer(event);
        self.with(|stage| {
            stage.drag = Some(Drag {
                last: point(event),
                travelled: 0.0,
            })
        });
    }

    fn drag(&self, event: &PointerEvent) {
        let at = point(event);
        if self
            .stage
            .borrow()
            .as_ref()
            .is_none_or(|stage| stage.drag.is_none())
        {
            return;
        }
        self.with(|stage| {
            let Some(drag) = &mut stage.drag else { return };
            let (dx, dy) = (at.x - drag.last.x, at.y - drag.last.y);
            drag.travelled += dx.abs() + dy.abs();
            drag.last = at;
            if drag.travelled >= CLICK_PIXELS {
                stage.viewport = stage.viewport.pan(dx, dy);
                stage.framing = Framing::Chosen;
            }
        });
    }

    fn release(&self, event: &PointerEvent) {
        let mut clicked = None;
        self.with(|stage| {
            let click = stage
                .drag
                .take()
                .is_some_and(|drag| drag.travelled < CLICK_PIXELS);
            if click {
                clicked = Some(
                    stage
                        .scene
                        .hit(stage.viewport.world_from_screen(point(event))),
                );
            }
        });
        let Some(node) = clicked else { return };
        let reference = node.and_then(|node| {
            self.store.journal_untracked(|journal| {
                Some(journal.graph().node(node)?.reference.to_string())
            })
        });
        self.selection.node.set(reference);
    }

    fn wheel(&self, event: &WheelEvent) {
        event.prevent_default();
        let pointer = Point::new(f64::from(event.offset_x()), f64::from(event.offset_y()));
        let factor = canvas::exp((-event.delta_y() * 0.0016).clamp(-0.6, 0.6));
        self.with(|stage| {
            stage.viewport = stage.viewport.zoom_about(pointer, factor);
            stage.framing = Framing::Chosen;
        });
    }

    fn zoom(&self, factor: f64) {
        self.with(|stage| {
            let centre = Point::new(stage.size.width / 2.0, stage.size.height / 2.0);
            stage.viewport = stage.viewport.zoom_about(centre, factor);
            stage.framing = Framing::Chosen;
        });
    }

    fn fit(&self) {
        self.with(|stage| {
            stage.framing = Framing::Fitted;
            stage.viewport = stage
                .viewport
                .fit(stage.scene.bounds(), stage.size, PADDING);
        });
    }

    fn pan(&self, dx: f64, dy: f64) {
        self.with(|stage| {
            stage.viewport = stage.viewport.pan(dx, dy);
            stage.framing = Framing::Chosen;
        });
    }

    fn key(&self, event: &KeyboardEvent) {
        const STEP: f64 = 60.0;
        match event.key().as_str() {
            "+" | "=" => self.zoom(1.3),
            "-" => self.zoom(1.0 / 1.3),
            "0" => self.fit(),
            "ArrowLeft" => self.pan(STEP, 0.0),
            "ArrowRight" => self.pan(-STEP, 0.0),
            "ArrowUp" => self.pan(0.0, STEP),
            "ArrowDown" => self.pan(0.0, -STEP),
            "Escape" => self.selection.node.set(None),
            _ => return,
        }
        event.prevent_default();
    }
}

fn point(event: &PointerEvent) -> Point {
    Point::new(f64::from(event.offset_x()), f64::from(event.offset_y()))
}
