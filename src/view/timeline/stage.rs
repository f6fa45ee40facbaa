//! What the timeline keeps between frames, and the painting of one.

use super::data::Data;
use super::facts::Facts;
use super::input::Hand;
use super::paint::{self, Picture};
use super::palette::Palette;
use super::shape::{self, Frame};
use super::tree::{Item, Tree};
use crate::dom::canvas::{self, Canvas};
use crate::state::timeline_view::{Camera, TimelineView};
use crate::state::{RunStore, Selection};
use layout::Point;
use layout::timeline::{Cluster, Lane, TimeScale};
use leptos::prelude::*;
use model::playhead::Extent;
use model::{Journal, Millis, NodeIx};
use std::collections::BTreeSet;

/// What the rows were made of: while it stays, so do they.
#[derive(PartialEq)]
struct MadeOf {
    graph: u64,
    unnamed: usize,
    attempts: usize,
    rewrites: u64,
    opened: BTreeSet<String>,
}

/// What the still picture depends on, beside the journal, what is closed and opened, and the colours.
#[derive(PartialEq)]
struct Still {
    size: (f64, f64),
    density: f64,
    scale: TimeScale,
    extent: Extent,
    top: f64,
    selected: Option<NodeIx>,
    range: Option<(i64, i64)>,
    path_shown: bool,
}

/// No signal holds any of it.
pub struct Stage {
    /// What stays while the playhead moves, and above it what moves.
    still: Canvas,
    moving: Canvas,
    pub palette: Palette,
    pub data: Data,
    pub facts: Facts,
    pub tree: Tree,
    /// What the rows were made of.
    made_of: Option<MadeOf>,
    /// How far the rows are scrolled, in pixels.
    pub top: f64,
    /// The geometry of the last frame.
    pub frame: Option<Frame>,
    /// Where the mouse is.
    pub pointer: Option<Point>,
    /// The row that keys act on.
    pub cursor: Option<usize>,
    pub hand: Hand,
    /// Whether what is painted is not as of now.
    pub stale: bool,
    /// What the still picture shows; none where it is not as of now whatever it shows.
    painted: Option<Still>,
    /// Instant and camera of the last frame.
    before: Option<(Millis, Camera)>,
}

impl Stage {
    /// An empty one on two canvases, one over the other.
    pub fn new(still: Canvas, moving: Canvas) -> Self {
        Self {
            still,
            moving,
            painted: None,
            palette: Palette::read(),
            data: Data::default(),
            facts: Facts::default(),
            tree: Tree::default(),
            made_of: None,
            top: 0.0,
            frame: None,
            pointer: None,
            cursor: None,
            hand: Hand::default(),
            stale: true,
            before: None,
        }
    }

    /// Takes in what is new in the journal, and what was closed or opened.
    pub fn update(&mut self, journal: &Journal, view: TimelineView) {
        self.painted = None;
        self.data.update(journal);
        self.facts.update(journal);
        let opened = view.opened.get_untracked();
        let made_of = MadeOf {
            graph: journal.graph_revision(),
            unnamed: self.data.unnamed(),
            // Only what is opened shows attempts.
            attempts: match opened.is_empty() {
                true => 0,
                false => journal.attempts().as_slice().len(),
            },
            rewrites: journal.attempts().rewrites(),
            opened,
        };
        if self.made_of.as_ref() != Some(&made_of) {
            self.made_of = Some(made_of);
            self.tree = Tree::new(journal, &self.data, view);
        } else {
            self.tree.measure(&self.data);
            self.tree.arrange(view);
        }
        self.facts.close(view.collapsed.get_untracked());
    }

    /// Takes the colours as the theme has them now.
    pub fn recolour(&mut self) {
        self.palette = Palette::read();
        self.painted = None;
    }

    /// The row at a place, names included.
    pub fn row_at(&self, at: Point) -> Option<usize> {
        let below = at.y - self.frame?.rows_top;
        let row = self.tree.rows().at(below + self.top)?;
        (below >= 0.0).then_some(row)
    }

    /// The marks at a place, with the lane they stand in.
    pub fn marks_at(&self, at: Point, tolerance: f64) -> Option<(&Lane, Cluster)> {
        let (frame, row) = (self.frame?, self.row_at(at)?);
        let lane = match self.tree.item(row)? {
            Item::Node { node, .. } => self.data.marks.of(*node),
            Item::Group { key, .. } => self.facts.marks_of_closed(key)?,
            Item::Attempt { .. } => return None,
        };
        let top = self.tree.rows().all().get(row)?.top;
        let place = (at.x - frame.gutter, at.y - frame.rows_top + self.top - top);
        Some((lane, paint::marks_at(lane, &frame.scale, place, tolerance)?))
    }

    /// The instant of the marks at a place.
    pub fn instant_of_mark(&self, at: Point) -> Option<Millis> {
        let (_, cluster) = self.marks_at(at, 3.0)?;
        Some(Millis(cluster.from))
    }

    /// Paints a frame, where there is something new to see. Signals are read once.
    pub fn paint(&mut self, store: RunStore, selection: Selection) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        let size = self.moving.begin();
        let view = selection.timeline;
        let (extent, at) = (store.extent(), store.at());
        let camera = self.follow(store, view, size);
        let frame = Frame::new(size, &extent, camera);
        self.top = self.tree.rows().clamp(self.top, frame.rows_height());
        let whole = layout::timeline::Camera::Whole.scale(&frame.bounds, frame.overview.width);
        store.journal_untracked(|journal| self.facts.measure(journal, &extent, &whole));
        let seen = self.tree.rows().in_view(self.top, frame.rows_height());
        seen.for_each(|row| self.facts.gather(&self.tree, &self.data, row));
        let state = store.state();
        let selected = selection.node.get();
        let range = view.range.get();
        let path_shown = view.path_shown.get();
        store.journal_untracked(|journal| {
            if path_shown {
                self.facts.find_path(journal);
            }
            let start = extent.start.0;
            let picture = Picture {
                context: self.moving.context(),
                palette: &self.palette,
                frame: &frame,
                tree: &self.tree,
                data: &self.data,
                facts: &self.facts,
                journal,
                state: &state,
                extent,
                at,
                top: self.top,
                selected: selected.and_then(|reference| journal.graph().find(&reference)),
                cursor: self.cursor,
                range: range.map(|(from, to)| (start + from, start + to)),
                path_shown,
                pointer: self.pointer.map(|at| at.x).filter(|x| *x >= frame.gutter),
            };
            let still = Still {
                size,
                density: canvas::density(),
                scale: frame.scale,
                extent,
                top: self.top,
                selected: picture.selected,
                range,
                path_shown,
            };
            if self.painted.as_ref() != Some(&still) {
                self.still.begin();
                paint::still(&Picture {
                    context: self.still.context(),
                    ..picture
                });
                self.painted = Some(still);
            }
            paint::moving(&picture);
        });
        self.frame = Some(frame);
    }

    /// The camera: where the playhead leaves by itself what is in view, the next page is turned to.
    fn follow(&mut self, store: RunStore, view: TimelineView, size: (f64, f64)) -> Camera {
        let (extent, at, camera) = (store.extent(), store.at(), view.camera.get());
        let before = self.before.replace((at, camera));
        let moved = before.is_some_and(|(then, looked)| then != at && looked == camera);
        if !moved || self.hand.is_busy() {
            return camera;
        }
        let was_seen = before.is_some_and(|(then, _)| {
            let (from, to) = Frame::new(size, &extent, camera).scale.visible();
            // The end as it was may lie a little before the view that goes with the end.
            (from..=to).contains(&then.0) || matches!(camera, Camera::End { .. })
        });
        if !was_seen {
            return camera;
        }
        let bounds = shape::bounds(&extent);
        let kept = shape::to_layout(camera, bounds.start).keep_in_view(&bounds, at.0);
        let kept = shape::from_layout(kept, bounds.start);
        if kept != camera {
            self.before = Some((at, kept));
            view.camera.set(kept);
        }
        kept
    }
}
