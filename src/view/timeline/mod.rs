//! The timeline: the playhead's controls and slider over a ruler, and a lane for every node.

mod controls;
mod painter;

use crate::dom::canvas::{self, Canvas, Resized};
use crate::dom::frame::{self, Turn, Wants};
use crate::state::reactive::{Memo, effect};
use crate::state::{Desk, RunStore, Selection};
use crate::view::parts::live::{on, value, words};
use crate::view::parts::text::visible;
use crate::view::parts::time::clock;
use controls::Controls;
use leptos::ev::{Event, KeyboardEvent, MouseEvent, WheelEvent};
use leptos::html;
use leptos::prelude::*;
use model::attempts::{Attempt, attempts};
use model::playhead::PlaybackCommand;
use model::{Millis, NodeIx, Span};
use painter::{LANE, Palette, RULER, Strip};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// What the lanes are made of; computed once a revision.
#[derive(Clone, Default, PartialEq)]
struct Lanes {
    /// Node, and its label, by lane.
    nodes: Vec<(NodeIx, String, String)>,
    /// All attempts; `lane_of` tells where they go.
    attempts: Vec<Attempt>,
    /// Lane by number of node.
    lane_of: Vec<Option<u32>>,
    /// Instants of all events, in order.
    times: Vec<i64>,
}

/// The panel.
#[component]
pub fn TimelinePanel(store: RunStore, selection: Selection, desk: Desk) -> impl IntoView {
    let lanes = Memo::new(move |_| Arc::new(lanes(&store)));
    let element = NodeRef::<html::Canvas>::new();
    let top = RwSignal::new(0.0_f64);
    let strip = Rc::new(RefCell::new(None::<Strip>));
    mount(store, selection, element, lanes, top, &strip);
    let click = {
        let strip = strip.clone();
        move |event: MouseEvent| {
            let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
            if let Some(strip) = strip.borrow().as_ref() {
                let lane = ((y - RULER + top.get_untracked()) / LANE).floor();
                let node =
                    lanes.with_untracked(|lanes| lanes.nodes.get(lane.max(0.0) as usize).cloned());
                if let Some((_, reference, _)) = node.filter(|_| y > RULER) {
                    selection.node.set(Some(reference));
                }
                if x >= strip.gutter {
                    store.playback(PlaybackCommand::SeekClamped(Millis(
                        strip.scale.time_from_px(x - strip.gutter),
                    )));
                }
            }
        }
    };
    let wheel = move |event: WheelEvent| {
        let height = lanes.with_untracked(|lanes| lanes.nodes.len() as f64 * LANE);
        let room = element
            .get_untracked()
            .map_or(0.0, |canvas| f64::from(canvas.client_height()))
            - RULER;
        let next = (top.get_untracked() + event.delta_y()).clamp(0.0, (height - room).max(0.0));
        if next != top.get_untracked() {
            event.prevent_default();
            top.set(next);
        }
    };
    view! {
        <div class="timeline">
            <Controls store selection desk />
            <div class="timeline__track">
                <canvas
                    class="timeline__canvas"
                    aria-hidden="true"
                    node_ref=element
                    on:click=on(click)
                    on:wheel=on(wheel)
                ></canvas>
                <Slider store />
            </div>
        </div>
    }
}

/// The playhead as a native slider: milliseconds from the run's start.
#[component]
fn Slider(store: RunStore) -> impl IntoView {
    let length = Memo::new(move |_| {
        let extent = store.extent();
        (extent.end - extent.start).0.max(0)
    });
    let t = Memo::new(move |_| store.t().clamp(0, length.get()));
    let input = move |event: Event| {
        let start = untrack(|| store.extent().start);
        if let Ok(t) = event_target_value(&event).parse::<f64>() {
            store.playback(PlaybackCommand::SeekClamped(start + Span(t.round() as i64)));
        }
    };
    let text = move || format!("{} of {}", clock(t.get()), clock(length.get()));
    view! {
        <input
            class="timeline__slider"
            type="range"
            aria-label="Playhead"
            min="0"
            max=words(move || length.get())
            step="1"
            prop:value=value(move || { length.get(); t.get().to_string() })
            aria-valuemin="0"
            aria-valuemax=words(move || length.get())
            aria-valuenow=words(move || t.get())
            aria-valuetext=words(text)
            on:input=on(input)
            on:keydown=on(move |event| step(&store, &event, length.get_untracked()))
        />
        <span class="timeline__ring" aria-hidden="true"></span>
    }
}

/// A millisecond a key press is no way to move: arrows go by a hundredth of the run, pages by a tenth.
fn step(store: &RunStore, event: &KeyboardEvent, length: i64) {
    let (small, large) = ((length / 100).max(1), (length / 10).max(1));
    let command = match event.key().as_str() {
        "ArrowLeft" | "ArrowDown" => PlaybackCommand::StepBy(Span(-small)),
        "ArrowRight" | "ArrowUp" => PlaybackCommand::StepBy(Span(small)),
        "PageDown" => PlaybackCommand::StepBy(Span(-large)),
        "PageUp" => PlaybackCommand::StepBy(Span(large)),
        "Home" => PlaybackCommand::JumpToStart,
        "End" => PlaybackCommand::JumpToEnd,
        _ => return,
    };
    event.prevent_default();
    store.playback(command);
}

fn mount(
    store: RunStore,
    selection: Selection,
    element: NodeRef<html::Canvas>,
    lanes: Memo<Arc<Lanes>>,
    top: RwSignal<f64>,
    strip: &Rc<RefCell<Option<Strip>>>,
) {
    let held = StoredValue::new_local(None);
    let strip = strip.clone();
    effect(move || {
        let Some(element) = element.get() else { return };
        let Some(canvas) = Canvas::new(element.clone()) else {
            return;
        };
        let palette = Rc::new(RefCell::new(Palette::read()));
        let (strip, colours) = (strip.clone(), palette.clone());
        let subscription = frame::subscribe(Turn::Paint, move |_| {
            let (width, height) = canvas.begin();
            let painted = untrack(|| {
                painter::paint(
                    canvas.context(),
                    &colours.borrow(),
                    (width, height),
                    &painter::Picture {
                        lanes: &lanes.get(),
                        extent: store.extent(),
                        at: store.at(),
                        top: top.get(),
                        selected: selection.node.get().as_deref(),
                    },
                )
            });
            *strip.borrow_mut() = Some(painted);
            Wants::Rest
        });
        let resized = Resized::watch(&element, frame::request);
        let theme = canvas::on_theme_change(move || {
            *palette.borrow_mut() = Palette::read();
            frame::request();
        });
        held.set_value(Some((subscription, resized, theme)));
    });
    effect(move || {
        lanes.with(|_| ());
        top.track();
        selection.node.track();
        store.extent();
        store.at();
        frame::request();
    });
}

fn lanes(store: &RunStore) -> Lanes {
    store.journal(|journal| {
        let graph = journal.graph();
        let attempts = attempts(journal.events());
        let mut lane_of = vec![None; graph.nodes().len()];
        let mut has_bar = vec![false; graph.nodes().len()];
        for attempt in &attempts {
            has_bar[attempt.node.index()] = true;
        }
        let mut nodes = Vec::new();
        for ix in graph.topological() {
            let Some(node) = graph.node(*ix) else {
                continue;
            };
            if node.origin == model::graph::Origin::Graph || has_bar[ix.index()] {
                lane_of[ix.index()] = Some(nodes.len() as u32);
                nodes.push((
                    *ix,
                    node.reference.to_string(),
                    visible(&node.label).into_owned(),
                ));
            }
        }
        let times = journal
            .events()
            .iter()
            .map(|event| event.stamp.at.0)
            .collect();
        Lanes {
            nodes,
            attempts,
            lane_of,
            times,
        }
    })
}
