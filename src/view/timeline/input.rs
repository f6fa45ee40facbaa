//! What pointer, wheel and keys do on the canvas.

use super::hover::{self, Card};
use super::paint::is_on_chevron;
use super::shape::{self, Region};
use super::stage::Stage;
use super::tree::Item;
use crate::dom::canvas;
use crate::dom::frame;
use crate::state::{RunStore, Selection};
use layout::Point;
use layout::timeline::{Bounds, Camera};
use leptos::ev::{PointerEvent, WheelEvent};
use leptos::prelude::*;
use model::Millis;
use model::playhead::PlaybackCommand;

/// A pointer that moved less than this between press and release has clicked; a finger is less steady.
const CLICK: f64 = 4.0;
const TOUCH_CLICK: f64 = 10.0;

/// What the pointers that are down do.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Act {
    /// None is down.
    #[default]
    Free,
    /// One went down here and has not moved yet.
    Pressed(Point, Region),
    /// The picture is drawn along.
    Pan,
    /// The playhead is drawn along.
    Scrub,
    /// A stretch is marked, from this instant on.
    Mark(Millis),
    /// Two draw the picture apart.
    Pinch,
    /// It was a pinch; the finger that is left does nothing.
    Spent,
}

/// The pointers that are down.
#[derive(Clone, Debug, Default)]
pub struct Hand {
    pub act: Act,
    down: Vec<(i32, Point)>,
}

impl Hand {
    /// Whether a person moves something.
    pub fn is_busy(&self) -> bool {
        self.act != Act::Free
    }
}

/// Handlers for the canvas and what stands around it. A handle: copying it copies nothing.
#[derive(Clone, Copy)]
pub struct Input {
    pub stage: StoredValue<Option<Stage>, LocalStorage>,
    pub store: RunStore,
    pub selection: Selection,
    /// What is told at the pointer.
    pub card: RwSignal<Option<Card>>,
    /// What is said of the row that keys are on.
    pub said: RwSignal<String>,
}

impl Input {
    /// Acts on the stage, then has it painted.
    pub fn with(&self, act: impl FnOnce(&mut Stage)) {
        self.stage.try_update_value(|stage| stage.as_mut().map(act));
        self.paint_soon();
    }

    /// Has the timeline painted in the next frame. Frames that others ask for leave it as it is.
    pub fn paint_soon(&self) {
        self.stage.try_update_value(|stage| {
            if let Some(stage) = stage {
                stage.stale = true;
            }
        });
        frame::request();
    }

    /// Looks at the stage, where there is one.
    pub fn look_at<T>(&self, look: impl FnOnce(&Stage) -> T) -> Option<T> {
        self.stage
            .try_with_value(|stage| stage.as_ref().map(look))?
    }

    /// Changes the camera by a function of the camera and the run's bounds.
    pub fn look(&self, change: impl FnOnce(Camera, &Bounds) -> Camera) {
        let bounds = shape::bounds(&untrack(|| self.store.extent()));
        let camera = self.selection.timeline.camera;
        let before = shape::to_layout(camera.get_untracked(), bounds.start);
        let after = change(before, &bounds);
        if after != before {
            camera.set(shape::from_layout(after, bounds.start));
        }
    }

    /// Zooms about a share of what is in view.
    pub fn zoom(&self, share: f64, factor: f64) {
        self.look(|camera, bounds| camera.zoom_about(bounds, share, factor));
    }

    /// A pointer goes down.
    pub fn press(&self, event: &PointerEvent) {
        canvas::capture_pointer(event);
        self.card.set(None);
        let at = point(event);
        let marks = event.shift_key();
        self.with(|stage| {
            let Some(frame) = stage.frame else { return };
            let hand = &mut stage.hand;
            hand.down.retain(|(id, _)| *id != event.pointer_id());
            hand.down.push((event.pointer_id(), at));
            hand.act = match hand.down.len() {
                1 if marks && frame.region(at) == Region::Rows => Act::Mark(frame.time(at.x)),
                1 => Act::Pressed(at, frame.region(at)),
                2 => Act::Pinch,
                _ => Act::Spent,
            };
        });
    }

    /// A pointer moves, up or down.
    pub fn moved(&self, event: &PointerEvent) {
        let at = point(event);
        let act = self.look_at(|stage| stage.hand.act);
        if act == Some(Act::Free) {
            return self.hover(event, at);
        }
        let slack = if is_touch(event) { TOUCH_CLICK } else { CLICK };
        self.drag(event.pointer_id(), at, slack);
    }

    fn drag(&self, id: i32, at: Point, slack: f64) {
        let mut moved = None;
        self.with(|stage| {
            let before = stage.hand.down.clone();
            let Some(own) = stage.hand.down.iter_mut().find(|(known, _)| *known == id) else {
                return;
            };
            let from = own.1;
            if let Act::Pressed(pressed, region) = stage.hand.act {
                if (at.x - pressed.x).abs().max((at.y - pressed.y).abs()) < slack {
                    return;
                }
                stage.hand.act = match region {
                    Region::Ruler => Act::Scrub,
                    _ => Act::Pan,
                };
            }
            own.1 = at;
            let (dx, dy) = (at.x - from.x, at.y - from.y);
            if matches!(stage.hand.act, Act::Pan) {
                stage.top -= dy;
            }
            moved = stage
                .frame
                .map(|frame| (stage.hand.act, frame, dx, before, stage.hand.down.clone()));
        });
        let Some((act, frame, dx, before, after)) = moved else {
            return;
        };
        match act {
            Act::Scrub => self.seek(frame.time(at.x)),
            Act::Pan => {
                self.look(|camera, bounds| camera.pan(bounds, -dx * frame.scale.millis_per_px()))
            }
            Act::Mark(anchor) => self.mark(anchor, frame.time(at.x)),
            Act::Pinch => {
                if let ([a, b], [c, d]) = (&before[..], &after[..]) {
                    let apart =
                        |a: &(i32, Point), b: &(i32, Point)| (a.1.x - b.1.x).abs().max(24.0);
                    let middle = |a: &(i32, Point), b: &(i32, Point)| f64::midpoint(a.1.x, b.1.x);
                    self.zoom(frame.share(middle(a, b)), apart(c, d) / apart(a, b));
                    let dx = middle(c, d) - middle(a, b);
                    self.look(|camera, bounds| {
                        camera.pan(bounds, -dx * frame.scale.millis_per_px())
                    });
                }
            }
            Act::Free | Act::Pressed(..) | Act::Spent => {}
        }
    }

    /// A pointer goes up.
    pub fn release(&self, event: &PointerEvent) {
        let mut clicked = None;
        self.with(|stage| {
            if let Act::Pressed(at, region) = stage.hand.act {
                clicked = Some((at, region));
            }
            stage.hand.down.retain(|(id, _)| *id != event.pointer_id());
            stage.hand.act = match stage.hand.down.is_empty() {
                true => Act::Free,
                false => Act::Spent,
            };
        });
        if let Some((at, region)) = clicked {
            self.click(at, region);
        }
    }

    /// The browser took the pointer away.
    pub fn cancel(&self, event: &PointerEvent) {
        self.with(|stage| {
            stage.hand.down.retain(|(id, _)| *id != event.pointer_id());
            stage.hand.act = Act::Free;
        });
    }

    /// The mouse left.
    pub fn leave(&self) {
        self.card.set(None);
        self.with(|stage| stage.pointer = None);
    }

    /// Ctrl, or a pinch on a touchpad, zooms about the pointer; shift, or sideways, moves in time; else rows scroll.
    pub fn wheel(&self, event: &WheelEvent) {
        let (dx, dy) = (event.delta_x(), event.delta_y());
        let at = f64::from(event.offset_x());
        let Some(frame) = self.look_at(|stage| stage.frame).flatten() else {
            return;
        };
        if event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            self.zoom(frame.share(at), canvas::exp((-dy * 0.004).clamp(-0.7, 0.7)));
        } else if event.shift_key() || dx.abs() > dy.abs() {
            event.prevent_default();
            let by = if dx == 0.0 { dy } else { dx };
            self.look(|camera, bounds| camera.pan(bounds, by * frame.scale.millis_per_px()));
        } else {
            let mut scrolled = false;
            self.with(|stage| {
                let top = stage.tree.rows().clamp(stage.top + dy, frame.rows_height());
                scrolled = top != stage.top;
                stage.top = top;
            });
            // At an end the page may scroll on.
            if scrolled {
                event.prevent_default();
            }
        }
    }

    /// To an instant.
    pub fn seek(&self, at: Millis) {
        self.store.playback(PlaybackCommand::SeekClamped(at));
    }

    /// Marks what lies between two instants, within the run.
    pub fn mark(&self, anchor: Millis, at: Millis) {
        let extent = untrack(|| self.store.extent());
        let clamp = |at: Millis| {
            shape::from_start(
                at.clamp(extent.start, extent.end.max(extent.start)),
                extent.start,
            )
        };
        let (a, b) = (clamp(anchor), clamp(at));
        self.selection
            .timeline
            .range
            .set((a != b).then_some((a.min(b), a.max(b))));
    }

    /// Opens or closes a row: a group, or a node with several attempts.
    pub fn toggle(&self, item: &Item) {
        let view = self.selection.timeline;
        let (names, name) = match item {
            Item::Group { key, .. } => (view.collapsed, Some(key.clone())),
            Item::Node { node, .. } => (view.opened, self.reference(*node)),
            Item::Attempt { .. } => return,
        };
        let Some(name) = name else { return };
        names.update(|names| {
            if !names.remove(&name) {
                names.insert(name);
            }
        });
    }

    /// What records call a node.
    pub fn reference(&self, node: model::NodeIx) -> Option<String> {
        self.store
            .journal_untracked(|journal| Some(journal.graph().node(node)?.reference.to_string()))
    }

    fn click(&self, at: Point, region: Region) {
        let mut found = None;
        self.with(|stage| {
            let row = stage.row_at(at);
            stage.cursor = None;
            let item = row.and_then(|row| stage.tree.item(row).cloned());
            let depth = row.and_then(|row| Some(stage.tree.rows().all().get(row)?.depth));
            found = stage
                .frame
                .map(|frame| (frame, item.zip(depth), stage.instant_of_mark(at)));
        });
        let Some((frame, row, mark)) = found else {
            return;
        };
        if matches!(region, Region::Rows | Region::Ruler) {
            let to = mark.unwrap_or_else(|| frame.time(at.x));
            self.store.playback(PlaybackCommand::JumpTo(to));
        }
        match (row, region) {
            (_, Region::Overview | Region::Ruler) | (None, _) => {}
            (Some((item @ Item::Group { .. }, _)), Region::Names) => self.toggle(&item),
            (Some((Item::Group { .. }, _)), Region::Rows) => {}
            (Some((item, depth)), region) if is_on_chevron(at, depth, region) => self.toggle(&item),
            (Some((Item::Node { node, .. } | Item::Attempt { node, .. }, _)), _) => {
                let reference = self.reference(node);
                self.selection.node.set(reference);
            }
        }
    }

    fn hover(&self, event: &PointerEvent, at: Point) {
        if is_touch(event) {
            return;
        }
        let mut card = None;
        self.with(|stage| {
            stage.pointer = Some(at);
            card = untrack(|| hover::card(stage, &self.store, at));
        });
        self.card.set(card);
    }
}

fn is_touch(event: &PointerEvent) -> bool {
    event.pointer_type() == "touch"
}

fn point(event: &PointerEvent) -> Point {
    Point::new(f64::from(event.offset_x()), f64::from(event.offset_y()))
}
