//! What is worth a mark in time: failures, retries, questions, lines that tell of errors, files,
//! agent steps, people's notes; to be drawn, counted, and jumped between.
//!
//! ```text
//! time       0         10        20        30
//! failure         ×                   ×            next after 7: 25; in [0, 20): 1
//! retry              ↻
//! artifact                  ▪  ▪
//! ```

use crate::channel::log::Level;
use crate::graph::NodeIx;
use crate::journal::Journal;
use crate::playhead::Stretch;
use crate::reading::Reading;
use crate::time::{Millis, Span};

/// What a mark tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkKind {
    /// An attempt failed.
    Failure,
    /// An attempt began that is not its node's first.
    Retry,
    /// A person was asked.
    HumanInput,
    /// A log line tells of an error.
    LogError,
    /// A file appeared.
    Artifact,
    /// An agent began a step, or called a tool.
    AgentStep,
    /// A person's note.
    Note,
}

impl MarkKind {
    /// All kinds, the weightiest first.
    pub const ALL: [Self; 7] = [
        Self::Failure,
        Self::Retry,
        Self::HumanInput,
        Self::LogError,
        Self::Artifact,
        Self::AgentStep,
        Self::Note,
    ];
}

/// A mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// When.
    pub at: Millis,
    /// What it tells of.
    pub kind: MarkKind,
    /// Whose; none where it is the run's, or no event or graph names the node.
    pub node: Option<NodeIx>,
}

/// All marks of a journal, as far as it was read.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    tracks: [Vec<Mark>; MarkKind::ALL.len()],
    logs: Reading,
    /// The index of attempts that was read had been changed so often.
    rewrites: u64,
    /// The graph that names were looked up in.
    graph: u64,
    /// Agents' chunks that were read.
    agents: usize,
    named: Named,
}

/// Facts that name their node by reference; there are few of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Named {
    artifacts: usize,
    questions: usize,
    notes: usize,
}

impl Marks {
    /// Reads what is new in the journal, which must be the one read before. It costs what is new,
    /// and some 512 log lines.
    pub fn extend(&mut self, journal: &Journal) {
        self.read_attempts(journal);
        self.read_logs(journal);
        self.read_named(journal);
        self.read_agents(journal);
    }

    /// The marks of a kind, by when they are.
    pub fn of(&self, kind: MarkKind) -> &[Mark] {
        &self.tracks[kind as usize]
    }

    /// Those within a stretch.
    pub fn within(&self, kind: MarkKind, stretch: Stretch) -> &[Mark] {
        let marks = self.of(kind);
        let from = marks.partition_point(|mark| mark.at < stretch.from);
        let to = marks.partition_point(|mark| mark.at < stretch.to);
        marks.get(from..to).unwrap_or_default()
    }

    /// The first mark of these kinds after an instant; of several at one instant, the weightiest.
    pub fn next(&self, kinds: &[MarkKind], after: Millis) -> Option<Mark> {
        let next = |kind: &MarkKind| {
            let marks = self.of(*kind);
            let index = marks.partition_point(|mark| mark.at <= after);
            marks.get(index).copied()
        };
        kinds.iter().filter_map(next).min()
    }

    /// The last mark of these kinds before an instant; of several at one instant, the weightiest.
    pub fn previous(&self, kinds: &[MarkKind], before: Millis) -> Option<Mark> {
        let previous = |kind: &MarkKind| {
            let marks = self.of(*kind);
            let count = marks.partition_point(|mark| mark.at < before);
            let last = marks.get(count.checked_sub(1)?)?;
            // Several of a kind at one instant are one place to go to: its first.
            let first = marks.partition_point(|mark| mark.at < last.at);
            marks.get(first).copied()
        };
        let found = kinds.iter().filter_map(previous);
        found.min_by_key(|mark| (std::cmp::Reverse(mark.at), mark.kind))
    }

    fn read_attempts(&mut self, journal: &Journal) {
        let (attempts, events) = (journal.attempts(), journal.events());
        let [failures, retries, ..] = &mut self.tracks;
        if self.rewrites != attempts.rewrites() {
            self.rewrites = attempts.rewrites();
            failures.clear();
            retries.clear();
        }
        // Without a rewrite these lists only grow at their ends.
        let new = attempts.failures().iter().skip(failures.len());
        failures.extend(new.filter_map(|event| {
            let event = events.get(*event as usize)?;
            Some(mark(MarkKind::Failure, event.stamp.at, event.node))
        }));
        let new = attempts.retries().iter().skip(retries.len());
        retries.extend(new.filter_map(|index| {
            let attempt = attempts.as_slice().get(*index as usize)?;
            Some(mark(MarkKind::Retry, attempt.from, Some(attempt.node)))
        }));
    }

    fn read_logs(&mut self, journal: &Journal) {
        let logs = journal.logs();
        let (from, at) = self.logs.resume(|at| logs.upto(at - Span(1)));
        let errors = &mut self.tracks[MarkKind::LogError as usize];
        errors.truncate(errors.partition_point(|mark| mark.at < at));
        self.logs.read(from, logs.len(), |number| {
            let Some(line) = logs.line(number) else {
                return Millis::MAX;
            };
            if line.level >= Level::Error {
                errors.push(mark(MarkKind::LogError, line.at, line.node));
            }
            line.at
        });
    }

    /// Made anew whenever there are more of them, or more nodes to know.
    fn read_named(&mut self, journal: &Journal) {
        let graph = journal.graph();
        let artifacts = journal.artifacts_upto(Millis::MAX);
        let questions = journal.human_inputs_upto(Millis::MAX);
        let notes = journal.notes();
        let named = Named {
            artifacts: artifacts.len(),
            questions: questions.len(),
            notes: notes.len(),
        };
        if (self.named, self.graph) == (named, journal.graph_revision()) {
            return;
        }
        (self.named, self.graph) = (named, journal.graph_revision());
        let find = |reference: &str| graph.find(reference);
        let artifacts = artifacts
            .iter()
            .map(|it| mark(MarkKind::Artifact, it.at, find(&it.node)));
        let questions = questions.iter().filter(|it| it.is_pending());
        let questions = questions.map(|it| mark(MarkKind::HumanInput, it.at, find(&it.node)));
        let notes = notes.iter().map(|it| {
            let node = it.node.as_deref().and_then(find);
            mark(MarkKind::Note, it.at, node)
        });
        self.tracks[MarkKind::Artifact as usize] = artifacts.collect();
        self.tracks[MarkKind::HumanInput as usize] = questions.collect();
        self.tracks[MarkKind::Note as usize] = notes.collect();
    }

    /// Made anew whenever an agent said more: its chunks stand in its own order.
    fn read_agents(&mut self, journal: &Journal) {
        let agents = journal.agents();
        let chunks = agents.runs().map(|run| run.upto(Millis::MAX)).sum();
        if self.agents == chunks {
            return;
        }
        self.agents = chunks;
        let steps = &mut self.tracks[MarkKind::AgentStep as usize];
        steps.clear();
        for run in agents.runs() {
            steps.extend(
                run.marks()
                    .map(|at| mark(MarkKind::AgentStep, at, Some(run.node))),
            );
        }
        steps.sort();
    }
}

fn mark(kind: MarkKind, at: Millis, node: Option<NodeIx>) -> Mark {
    Mark { at, kind, node }
}
