//! What follows from the journal beyond attempts and marks: quiet stretches, the critical path, closed groups' marks.

use super::data::Data;
use super::tree::{Item, Tree};
use super::words;
use crate::view::parts::time::short_span;
use layout::timeline::{Interval, Lane, TimeScale, density};
use model::attempts::Attempts;
use model::clocks::{Clocks, Disagreement, Source};
use model::critical_path::CriticalPath;
use model::playhead::{Extent, Stretch};
use model::quiet::Quiet;
use model::{Journal, Millis, NodeIx, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Shorter stretches in which nothing was recorded are nothing to tell.
const QUIET: Span = Span(5_000);

/// So many disagreements of clocks are shown, the largest.
const MAX_DISPUTES: usize = 1_000;

/// Width of a bucket of the density, in pixels.
pub const BUCKET: f64 = 3.0;

/// All of it, as far as it was asked for.
pub struct Facts {
    quiet: Quiet,
    stretches: Vec<Stretch>,
    /// How much was recorded, and how much failed, in each [`BUCKET`] of the whole run.
    density: (Vec<u32>, Vec<u32>),
    /// The run they were found in, and how wide it is drawn.
    measured: Option<(Stretch, f64)>,
    path: Option<CriticalPath>,
    /// Clocks that disagree, by whose row shows it.
    disputes: Vec<(NodeIx, Disagreement)>,
    /// How many events they were looked for in.
    disputed_in: usize,
    closed: BTreeSet<String>,
    closed_marks: BTreeMap<String, (u64, Lane)>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            quiet: Quiet::new(QUIET),
            stretches: Vec::new(),
            density: Default::default(),
            measured: None,
            path: None,
            disputes: Vec::new(),
            disputed_in: 0,
            closed: BTreeSet::new(),
            closed_marks: BTreeMap::new(),
        }
    }
}

impl Facts {
    /// Reads what is new.
    pub fn update(&mut self, journal: &Journal) {
        self.quiet.extend(journal);
        self.measured = None;
        self.path = None;
        self.find_disputes(journal);
    }

    /// Facts that lie the wrong way round. To look for them costs all events, so it is done when a twentieth of them is new,
    /// and when the run has ended.
    fn find_disputes(&mut self, journal: &Journal) {
        let events = journal.events().len();
        let grown = events.abs_diff(self.disputed_in);
        if grown == 0 || (journal.ended().is_none() && grown * 20 < self.disputed_in) {
            return;
        }
        self.disputed_in = events;
        let all = Clocks::of(journal).disagreements;
        let node = |it: &Disagreement| match (it.later.0, it.earlier.0) {
            (Source::Node(node), _) | (Source::Run, Source::Node(node)) => Some(node),
            (Source::Run, Source::Run) => None,
        };
        let shown = all.into_iter().filter_map(|it| Some((node(&it)?, it)));
        self.disputes = shown.take(MAX_DISPUTES).collect();
        self.disputes.sort_by_key(|(node, _)| *node);
    }

    /// Where a node's facts and those of others lie the wrong way round: from when to when.
    pub fn disputes(&self, node: NodeIx) -> impl Iterator<Item = (Millis, Millis)> {
        let of_node = self.disputes_of(node).iter();
        of_node.map(|(_, it)| (it.later.1.min(it.earlier.1), it.later.1.max(it.earlier.1)))
    }

    /// What is the wrong way round at an instant, in words.
    pub fn dispute(&self, journal: &Journal, node: NodeIx, at: Millis) -> Option<String> {
        let found = self.disputes_of(node).iter().find(|(_, it)| {
            let (from, to) = (it.later.1.min(it.earlier.1), it.later.1.max(it.earlier.1));
            from <= at && at <= to
        })?;
        let name = |source: Source| match source {
            Source::Run => "the run".to_owned(),
            Source::Node(node) => words::name(journal, node),
        };
        let (_, it) = found;
        let (earlier, later) = (name(it.earlier.0), name(it.later.0));
        Some(format!(
            "Clocks disagree by {}: {later} cannot come before {earlier}",
            short_span(it.by.0)
        ))
    }

    fn disputes_of(&self, node: NodeIx) -> &[(NodeIx, Disagreement)] {
        let from = self.disputes.partition_point(|(known, _)| *known < node);
        let to = self.disputes.partition_point(|(known, _)| *known <= node);
        self.disputes.get(from..to).unwrap_or_default()
    }

    /// The run as it is shown has another end or width, or the journal has grown.
    pub fn measure(&mut self, journal: &Journal, extent: &Extent, whole: &TimeScale) {
        let run = Stretch {
            from: extent.start,
            to: extent.end,
        };
        if self.measured != Some((run, whole.width())) {
            self.measured = Some((run, whole.width()));
            self.stretches = self.quiet.within(run).collect();
            self.density = (recorded(journal, whole), failed(journal, whole));
        }
    }

    /// How much was recorded in each [`BUCKET`] of the whole run.
    pub fn recorded(&self) -> &[u32] {
        &self.density.0
    }

    /// How much failed in each.
    pub fn failed(&self) -> &[u32] {
        &self.density.1
    }

    /// The quiet stretches in view, in order.
    pub fn quiet_within(&self, scale: &TimeScale) -> impl Iterator<Item = Stretch> {
        let (from, to) = scale.visible();
        let first = self.stretches.partition_point(|quiet| quiet.to.0 <= from);
        let rest = self.stretches.get(first..).unwrap_or_default();
        rest.iter()
            .copied()
            .take_while(move |quiet| quiet.from.0 < to)
    }

    /// Finds the path to the run's end where it is not known.
    pub fn find_path(&mut self, journal: &Journal) {
        if self.path.is_none() {
            let attempts: &Attempts = journal.attempts();
            self.path = Some(CriticalPath::at(journal, attempts, Millis::MAX));
        }
    }

    /// The path, where it was asked for.
    pub fn path(&self) -> Option<&CriticalPath> {
        self.path.as_ref()
    }

    /// Which groups are closed from now on.
    pub fn close(&mut self, closed: BTreeSet<String>) {
        self.closed_marks.retain(|key, _| closed.contains(key));
        self.closed = closed;
    }

    /// Whether a group is closed.
    pub fn is_closed(&self, key: &str) -> bool {
        self.closed.contains(key)
    }

    /// Gathers the marks of a closed group that comes into view, where they are not as of now.
    pub fn gather(&mut self, tree: &Tree, data: &Data, row: usize) {
        let Some(Item::Group { key, .. }) = tree.item(row) else {
            return;
        };
        let version = data.marks.version;
        let known = self.closed_marks.get(key).map(|(version, _)| *version);
        if !self.closed.contains(key) || known == Some(version) {
            return;
        }
        let mut all: Vec<Interval> = Vec::new();
        for node in tree.nodes(row) {
            all.extend(data.marks.of(node).intervals());
        }
        all.sort_by_key(|mark| mark.from);
        let mut lane = Lane::default();
        all.into_iter().for_each(|mark| lane.put(mark));
        self.closed_marks.insert(key.clone(), (version, lane));
    }

    /// The marks of a closed group in view.
    pub fn marks_of_closed(&self, key: &str) -> Option<&Lane> {
        self.closed_marks.get(key).map(|(_, lane)| lane)
    }
}

fn recorded(journal: &Journal, whole: &TimeScale) -> Vec<u32> {
    let (events, logs) = (journal.events(), journal.logs());
    let before = |at: i64| {
        let at = Millis(at);
        events.partition_point(|event| event.stamp.at < at) + logs.upto(at - Span(1))
    };
    density(&before, whole, BUCKET)
}

fn failed(journal: &Journal, whole: &TimeScale) -> Vec<u32> {
    let (events, failures) = (journal.events(), journal.attempts().failures());
    let before = |at: i64| {
        let is_before = |number: &u32| {
            events
                .get(*number as usize)
                .is_some_and(|event| event.stamp.at.0 < at)
        };
        failures.partition_point(is_before)
    };
    density(&before, whole, BUCKET)
}
