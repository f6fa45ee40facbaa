//! What is known of a run: its steps, how it stands, and what was asked and heard when.

use super::super::decoder::Decoder;
use super::graph::{self, Vertex};
use super::lines::Lines;
use super::position::Position;
use super::step::Step;
use model::channel::log::Level;
use model::graph::GraphSpec;
use model::item::{Detail, EventItem, EventKind, Provenance, RecordId};
use model::run::{Failure, RunInfo, StatusKind, StatusUpdate};
use model::{Item, JsonText, Millis, Problem, RunStatus, Stamp, Text};
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Problems that are told once only; beyond, they are told each time.
const REMEMBERED: usize = 4_096;
/// Steps of which events give rise to a graph of their own; of longer runs only views do.
const QUICK_GRAPH: usize = 1_000;

/// One run as far as it is known, and so what of an answer or a frame is new.
#[derive(Debug, Default)]
pub struct Known {
    pub(super) run: String,
    pub(super) steps: Vec<Step>,
    index: HashMap<Text, usize>,
    pub(super) info: Option<RunInfo>,
    /// How the run stands: from when on, and whether it was said why.
    pub(super) stands: Option<(Stamp, RunStatus, bool)>,
    /// When the run failed, as the last view says that showed it so.
    pub(super) failed: Option<Millis>,
    pub(super) context: Option<u64>,
    /// The last event about the run as a whole.
    pub(super) heard: u64,
    graph: Option<GraphSpec>,
    /// Events heard so far.
    pub(super) events: u64,
    asked: u64,
    answered: u64,
    /// The newest instant at which a view says that the run was changed.
    pub(super) updated: Option<Millis>,
    told: HashSet<u64>,
    pub(super) wants: Wants,
    /// Where the last view stood that said it.
    pub(super) shown: Option<Position>,
    /// Lines of no step; only events tell them.
    pub(super) lines: Lines,
}

/// When something was asked for: what was heard since may be newer than the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub(super) number: u64,
    events: u64,
}

/// What events only hinted at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// The whole run should be looked at.
    pub run: bool,
    /// Keys of steps that should be looked at.
    pub steps: Vec<String>,
}

impl Known {
    /// Nothing yet, of the run `run`.
    pub fn new(run: &str) -> Self {
        Self {
            run: run.to_owned(),
            ..Self::default()
        }
    }

    /// To be called when a view is asked for, and handed in with the answer.
    pub fn ask(&mut self) -> Asked {
        self.asked += 1;
        Asked {
            number: self.asked,
            events: self.events,
        }
    }

    /// Whether nothing was heard since a view was asked for.
    pub fn heard_nothing_since(&self, asked: Asked) -> bool {
        asked.events == self.events
    }

    /// A stream begins; perhaps it says everything again.
    pub(super) fn begin_stream(&mut self, again: bool) {
        let lines = self.steps.iter_mut().map(|step| &mut step.lines);
        lines
            .chain([&mut self.lines])
            .for_each(|lines| lines.begin_stream(again));
    }

    /// The backend lost the run and got it anew.
    pub(super) fn begin_another_history(&mut self) {
        self.updated = None;
        let lines = self.steps.iter_mut().map(|step| &mut step.lines);
        lines.for_each(Lines::begin_another_history);
    }

    /// What should be looked at because of what was heard, once.
    pub fn wants(&mut self) -> Wants {
        std::mem::take(&mut self.wants)
    }

    /// Whether a view that was asked for then is newer than the one before.
    pub(super) fn in_order(&mut self, asked: Asked) -> bool {
        let in_order = asked.number > self.answered;
        self.answered = self.answered.max(asked.number);
        in_order
    }

    /// Whether an event of that number had been heard when a view was asked for.
    pub(super) fn had_heard(asked: Asked, event: u64) -> bool {
        event <= asked.events
    }

    /// The number of a step's place; made where it has none.
    pub(super) fn place(&mut self, key: &str) -> (usize, bool) {
        if let Some(place) = self.index.get(key) {
            return (*place, false);
        }
        let key: Text = key.into();
        self.index.insert(key.clone(), self.steps.len());
        self.steps.push(Step::new(key));
        (self.steps.len() - 1, true)
    }

    /// Places the steps as a view lists them; those it does not list come last.
    pub(super) fn arrange(&mut self, places: &[usize]) {
        if places.iter().enumerate().all(|(to, from)| to == *from) {
            return;
        }
        let mut rank = vec![usize::MAX; self.steps.len()];
        for (to, from) in places.iter().enumerate() {
            rank[*from] = to;
        }
        let mut steps: Vec<_> = std::mem::take(&mut self.steps)
            .into_iter()
            .zip(rank)
            .collect();
        steps.sort_by_key(|(_, rank)| *rank);
        self.steps = steps.into_iter().map(|(step, _)| step).collect();
        self.index = self
            .steps
            .iter()
            .enumerate()
            .map(|(place, step)| (step.key.clone(), place))
            .collect();
    }

    /// Tells how the run stands, where that is new. `fresh` as of a step's sight.
    pub(super) fn stand(
        &mut self,
        status: RunStatus,
        at: Millis,
        started: Option<Millis>,
        failure: Option<Failure>,
        fresh: bool,
        decoder: &mut Decoder,
    ) {
        let said_why = failure.is_some();
        let mut stamp = Stamp::at(at);
        let mut kind = StatusKind::Plain;
        if let Some((last, known, why)) = &self.stands {
            let same = *known == status;
            let ended = known.is_terminal();
            if same && (why == &said_why || !said_why) {
                decoder.batch.ended |= ended;
                return;
            }
            if !same && !fresh && (ended || !status.is_terminal()) {
                decoder.batch.ended |= ended;
                return;
            }
            if same {
                stamp = *last;
            } else if stamp <= *last {
                stamp = Stamp {
                    sequence: last.sequence + 1,
                    ..*last
                };
            }
            decoder.batch.reopened |= ended && !status.is_terminal();
            // A run that failed may have been resumed, and have ended anew, between two looks.
            let resumed = !status.is_terminal() || *known == RunStatus::Failed;
            if ended && !same && resumed {
                kind = StatusKind::Reopens;
            }
        }
        decoder.batch.ended = status.is_terminal();
        self.stands = Some((stamp, status.clone(), said_why));
        let update = StatusUpdate {
            stamp,
            kind,
            status,
            started,
            progress: None,
            failure,
        };
        decoder.push(Item::Status(Box::new(update), None));
    }

    /// Tells the graph, where it has changed.
    pub(super) fn draw(&mut self, decoder: &mut Decoder) {
        let vertices: Vec<_> = self.steps.iter().map(vertex).collect();
        let graph = graph::graph(&vertices);
        if self.graph.as_ref() != Some(&graph) {
            decoder.push(Item::Graph(Box::new(graph.clone())));
            self.graph = Some(graph);
        }
    }

    /// As [`Self::draw`], where it is cheap and the graph is known at all.
    pub(super) fn redraw(&mut self, decoder: &mut Decoder) {
        if self.graph.is_some() && self.steps.len() <= QUICK_GRAPH {
            self.draw(decoder);
        }
    }

    /// Forgets problems that were told before: a poll would tell them every two seconds.
    pub(super) fn tell_once(&mut self, problems: &mut Vec<Problem>) {
        problems.retain(|problem| {
            let known = hash(&(&problem.place, &problem.what, &problem.excerpt));
            let room = self.told.len() < REMEMBERED;
            match room {
                true => self.told.insert(known),
                false => !self.told.contains(&known),
            }
        });
    }
}

/// Tells data for the inspector, which is no event of the run's life: under `playbook`, so that it
/// is told from what other dialects attach.
pub(super) fn tell_context(
    node: &Text,
    json: &str,
    at: Millis,
    attempt: u32,
    decoder: &mut Decoder,
) {
    let detail = Detail {
        data: Some(JsonText(format!("{{\"playbook\":{json}}}").into())),
        ..Detail::default()
    };
    decoder.push(Item::Event(EventItem {
        id: format!("{node}:context:{:016x}", RecordId::of(&[json]).0).into(),
        node: node.clone(),
        stamp: Stamp::at(at),
        kind: EventKind::Other("CONTEXT".into()),
        level: Level::Debug,
        attempt,
        provenance: Provenance::Inferred,
        detail: Some(Box::new(detail)),
    }));
}

pub(super) fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn vertex(step: &Step) -> Vertex {
    Vertex {
        key: step.key.clone(),
        label: step.label.clone(),
        kind: step.kind.clone(),
        dependencies: step.dependencies.clone(),
        from: step.first,
        to: step.over,
    }
}
