//! What keys do: W and S zoom, A and D move in time, arrows walk the rows.

use super::input::Input;
use super::tree::Item;
use layout::timeline::Camera;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// A press zooms in by so much, or out.
const ZOOM: f64 = 1.35;
/// A press moves by such a share of what is in view.
const MOVE: f64 = 0.12;

impl Input {
    /// Keys anywhere on the rows and the strip above them; there are no fields.
    pub fn key(&self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "w" | "W" | "+" | "=" => self.zoom(self.zoom_about(), ZOOM),
            "s" | "S" | "-" => self.zoom(self.zoom_about(), 1.0 / ZOOM),
            "a" | "A" => self.move_by(-MOVE),
            "d" | "D" => self.move_by(MOVE),
            "0" => self.look(|_, _| Camera::Whole),
            "v" | "V" => self.frame_range(),
            "c" | "C" => self
                .selection
                .timeline
                .path_shown
                .update(|shown| *shown = !*shown),
            "Escape" => self.selection.timeline.range.set(None),
            _ => return,
        }
        event.prevent_default();
    }

    /// Keys on the canvas itself: the rows.
    pub fn row_key(&self, event: &KeyboardEvent) {
        let by: i64 = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "PageDown" => 8,
            "PageUp" => -8,
            "Home" => i64::MIN / 2,
            "End" => i64::MAX / 2,
            "Enter" => return self.choose(event),
            "ArrowRight" | "ArrowLeft" => return self.open(event),
            _ => return,
        };
        event.prevent_default();
        self.with(|stage| {
            let last = stage.tree.rows().all().len() as i64 - 1;
            let from = stage
                .cursor
                .map_or(-i64::from(by > 0), |cursor| cursor as i64);
            let row = (from + by).clamp(0, last.max(0)) as usize;
            stage.cursor = (last >= 0).then_some(row);
            if let Some(frame) = stage.frame {
                stage.top = stage
                    .tree
                    .rows()
                    .reveal(row, stage.top, frame.rows_height());
            }
        });
        self.tell_row();
    }

    /// Zooms about the mouse, where it is over the rows, else about the playhead, where that is in view.
    fn zoom_about(&self) -> f64 {
        let at = untrack(|| self.store.at());
        let shares = self.look_at(|stage| {
            let frame = stage.frame?;
            let pointer = stage.pointer.map(|at| frame.share(at.x));
            Some((pointer, frame.share(frame.x(at.0))))
        });
        let shares = shares.flatten();
        let within = |share: &f64| (0.0..=1.0).contains(share);
        match shares {
            Some((Some(pointer), _)) if within(&pointer) => pointer,
            Some((_, playhead)) if within(&playhead) => playhead,
            _ => 0.5,
        }
    }

    fn move_by(&self, share: f64) {
        self.look(|camera, bounds| {
            let (from, to) = camera.view(bounds);
            camera.pan(bounds, (to - from) * share)
        });
    }

    /// Looks at the marked stretch, with a little on both sides.
    pub fn frame_range(&self) {
        if let Some((from, to)) = self.selection.timeline.range.get_untracked() {
            let margin = ((to - from) as f64 * 0.04).max(5.0);
            self.look(|_, bounds| {
                let start = bounds.start as f64;
                Camera::look(
                    start + from as f64 - margin,
                    start + to as f64 + margin,
                    bounds,
                )
            });
        }
    }

    fn at_cursor(&self) -> Option<Item> {
        self.look_at(|stage| stage.tree.item(stage.cursor?).cloned())?
    }

    fn choose(&self, event: &KeyboardEvent) {
        match self.at_cursor() {
            Some(Item::Node { node, .. } | Item::Attempt { node, .. }) => {
                let reference = self.reference(node);
                self.selection.node.set(reference);
            }
            Some(group) => self.toggle(&group),
            None => return,
        }
        event.prevent_default();
        self.tell_row();
    }

    /// To the right opens, to the left closes.
    fn open(&self, event: &KeyboardEvent) {
        let Some(item) = self.at_cursor() else { return };
        event.prevent_default();
        let view = self.selection.timeline;
        let is_open = match &item {
            Item::Group { key, .. } => {
                !view.collapsed.with_untracked(|closed| closed.contains(key))
            }
            Item::Node { node, .. } => {
                let name = self.reference(*node);
                name.is_some_and(|name| view.opened.with_untracked(|opened| opened.contains(&name)))
            }
            Item::Attempt { .. } => return,
        };
        if is_open != (event.key() == "ArrowRight") {
            self.toggle(&item);
            self.tell_row();
        }
    }

    /// Tells a screen reader which row the keys are on.
    fn tell_row(&self) {
        let said = match self.at_cursor() {
            Some(Item::Group { key, label, nodes }) => {
                let closed = self
                    .selection
                    .timeline
                    .collapsed
                    .with_untracked(|closed| closed.contains(&key));
                format!(
                    "Group {label}, {nodes} steps, {}",
                    if closed { "closed" } else { "open" }
                )
            }
            Some(Item::Node { node, label }) => {
                let state = untrack(|| self.store.state());
                let state = state.node(node).map_or("", |view| view.state.label());
                format!("{label}, {state}")
            }
            Some(Item::Attempt { ordinal, .. }) => format!("Attempt {}", ordinal + 1),
            None => return,
        };
        self.said.set(said);
    }
}
