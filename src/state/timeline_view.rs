//! What a person chose on the timeline: which part of time is in view, what is marked, what is closed or opened.

use leptos::prelude::*;
use model::playhead::Stretch;
use model::{Millis, Span};
use std::collections::BTreeSet;

/// Which part of the run's time is in view, in milliseconds from its start: a link can say it before the start is known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Camera {
    /// All of it, however long the run gets.
    #[default]
    Whole,
    /// So many milliseconds up to the end, however far that moves.
    End {
        /// How much is in view.
        span: f64,
    },
    /// Always the same.
    Fixed {
        /// Fractions arise from zooming.
        from: f64,
        /// Behind `from`.
        to: f64,
    },
}

/// The choices, one signal each. A handle: copying it copies nothing.
#[derive(Clone, Copy)]
pub struct TimelineView {
    /// What is in view.
    pub camera: RwSignal<Camera>,
    /// The marked stretch, as milliseconds from the run's start to its beginning and to its end.
    pub range: RwSignal<Option<(i64, i64)>>,
    /// Names of the groups that are closed.
    pub collapsed: RwSignal<BTreeSet<String>>,
    /// References of the nodes whose attempts are shown one below the other.
    pub opened: RwSignal<BTreeSet<String>>,
    /// Whether what bounds the run's end is marked.
    pub path_shown: RwSignal<bool>,
}

impl TimelineView {
    /// The whole run, nothing marked, everything open.
    pub fn new() -> Self {
        Self {
            camera: RwSignal::default(),
            range: RwSignal::default(),
            collapsed: RwSignal::default(),
            opened: RwSignal::default(),
            path_shown: RwSignal::new(false),
        }
    }

    /// What a link says of the view: from where to where, in whole milliseconds from the run's start; none for the whole
    /// run or a view that moves with its end.
    pub fn linked_zoom(&self) -> Option<(i64, i64)> {
        match self.camera.get() {
            Camera::Fixed { from, to } => Some((from.floor() as i64, to.ceil() as i64)),
            Camera::Whole | Camera::End { .. } => None,
        }
    }

    /// Looks at what a link says; what runs backwards or is empty says nothing.
    pub fn restore_zoom(&self, (from, to): (i64, i64)) {
        if (0..to).contains(&from) {
            self.camera.set(Camera::Fixed {
                from: from as f64,
                to: to as f64,
            });
        }
    }

    /// The marked stretch, in a run that began at `start`.
    pub fn stretch(&self, start: Millis) -> Option<Stretch> {
        let (from, to) = self.range.get()?;
        Stretch::between(start + Span(from), start + Span(to))
    }
}
