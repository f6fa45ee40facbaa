//! The journal: every fact of one run, each once, each where it belongs.

mod place;
mod refetch;
mod room;
mod take;

pub use place::Event;
use refetch::identity;

use crate::attempts::Attempts;
use crate::channel::agent::AgentChannel;
use crate::channel::log::LogChannel;
use crate::channel::sorted::{Inserted, Sorted};
use crate::channel::terminal::TerminalChannel;
use crate::graph::{Graph, GraphSpec};
use crate::item::{Artifact, HumanInput, Item, NodeIo, Note, Packet, RecordId};
use crate::keyframes::Keyframes;
use crate::missing::Missing;
use crate::problem::{Problem, Problems};
use crate::run::{RunInfo, StatusUpdate};
use crate::standing::Standing;
use crate::text::{JsonText, Text};
use crate::time::{Millis, Span};
use std::collections::HashSet;

/// What an append did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// Facts that were new.
    pub fresh: usize,
    /// Facts that were held already.
    pub duplicates: usize,
    /// Fresh facts that belong before others that were held.
    pub late: usize,
    /// Facts for which there was no room.
    pub dropped: usize,
}

impl Appended {
    fn count(&mut self, inserted: Inserted) {
        match inserted {
            Inserted::Appended => self.fresh += 1,
            Inserted::Late(_) => {
                self.fresh += 1;
                self.late += 1;
            }
            Inserted::Duplicate => self.duplicates += 1,
            Inserted::Dropped => self.dropped += 1,
        }
    }
}

/// Everything known of one run.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    info: RunInfo,
    graph: Graph,
    graph_spec: Option<GraphSpec>,
    graph_revision: u64,
    statuses: Sorted<StatusUpdate>,
    events: Sorted<Event>,
    keyframes: Keyframes,
    attempts: Attempts,
    logs: LogChannel,
    terminals: TerminalChannel,
    agents: AgentChannel,
    packets: Sorted<Packet>,
    ios: Sorted<NodeIo>,
    artifacts: Sorted<Artifact>,
    human_inputs: Sorted<HumanInput>,
    notes: Sorted<Note>,
    unknown: Vec<(Text, JsonText)>,
    problems: Problems,
    missing: Missing,
    records: usize,
    /// Records that make no item, or several, of their own.
    counted: HashSet<RecordId>,
    refetch: Option<refetch::Refetch>,
}

impl Journal {
    /// Records of unknown kinds that are kept; more are counted as dropped, and said.
    pub const MAX_UNKNOWN: usize = 100_000;

    /// Takes what a source brought, in any order, any number of times.
    pub fn append(&mut self, items: impl IntoIterator<Item = Item>) -> Appended {
        let mut appended = Appended::default();
        room::make_room();
        for item in items {
            self.append_one(item, &mut appended);
        }
        self.keyframes
            .extend(self.events.as_slice(), self.graph.nodes().len());
        self.attempts.extend(self.events.as_slice());
        appended
    }

    /// Apart from the loop, which is generic and so compiled wherever it is called; and small, so that
    /// a browser compiles it while the first events arrive: events come by the hundred thousand.
    #[inline(never)]
    fn append_one(&mut self, item: Item, appended: &mut Appended) {
        match item {
            Item::Event(event) if self.refetch.is_none() => {
                let inserted = self.take_event(event);
                self.records += usize::from(inserted.is_fresh());
                appended.count(inserted);
            }
            item => self.append_other(item, appended),
        }
    }

    #[inline(never)]
    fn append_other(&mut self, item: Item, appended: &mut Appended) {
        let record = self.refetch.as_ref().and_then(|_| identity(&item));
        let counted = self.count(&item);
        let inserted = self.take(item);
        let counts = counted.unwrap_or(inserted.is_fresh());
        self.records += usize::from(counts);
        if let (Some(refetch), Some(record)) = (&mut self.refetch, record)
            && inserted != Inserted::Dropped
        {
            refetch.bring(record, counts);
        }
        appended.count(inserted);
    }

    /// Notes what could not be read of what came at `at`.
    pub fn note_problems(&mut self, at: Millis, problems: impl IntoIterator<Item = Problem>) {
        for problem in problems {
            self.problems.push(at, problem);
        }
    }

    /// The run apart from its records.
    pub fn info(&self) -> &RunInfo {
        &self.info
    }

    /// The graph as known now.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Grows whenever nodes or edges change, so that a layout knows it is stale.
    pub fn graph_revision(&self) -> u64 {
        self.graph_revision
    }

    /// All lifecycle events, in order.
    pub fn events(&self) -> &[Event] {
        self.events.as_slice()
    }

    /// The lifecycle events at or before `at`.
    pub fn events_upto(&self, at: Millis) -> &[Event] {
        self.events.prefix(|event| event.stamp.at <= at)
    }

    /// All status updates, in order.
    pub fn statuses(&self) -> &[StatusUpdate] {
        self.statuses.as_slice()
    }

    /// The log channel.
    pub fn logs(&self) -> &LogChannel {
        &self.logs
    }

    /// The terminal channel.
    pub fn terminals(&self) -> &TerminalChannel {
        &self.terminals
    }

    /// The agent channel.
    pub fn agents(&self) -> &AgentChannel {
        &self.agents
    }

    /// Values that had gone along edges by `at`.
    pub fn packets_upto(&self, at: Millis) -> &[Packet] {
        self.packets.prefix(|packet| packet.at <= at)
    }

    /// Inputs and outputs as known at `at`, all nodes, oldest first.
    pub fn ios_upto(&self, at: Millis) -> &[NodeIo] {
        self.ios.prefix(|io| io.at <= at)
    }

    /// Files that had appeared by `at`.
    pub fn artifacts_upto(&self, at: Millis) -> &[Artifact] {
        self.artifacts.prefix(|artifact| artifact.at <= at)
    }

    /// Questions as they stood up to `at`; the last of an id is how it stands.
    pub fn human_inputs_upto(&self, at: Millis) -> &[HumanInput] {
        self.human_inputs.prefix(|input| input.at <= at)
    }

    /// Whether a question stands unanswered at `at`.
    pub fn is_asking(&self, at: Millis) -> bool {
        let mut known = HashSet::new();
        let mut inputs = self.human_inputs_upto(at).iter().rev();
        inputs.any(|input| known.insert(&*input.id) && input.is_pending())
    }

    /// People's marks.
    pub fn notes(&self) -> &[Note] {
        self.notes.as_slice()
    }

    /// Records of kinds that nobody here knows.
    pub fn unknown(&self) -> &[(Text, JsonText)] {
        &self.unknown
    }

    /// What could not be read.
    pub fn problems(&self) -> &Problems {
        &self.problems
    }

    /// What the source's own numbers tell to be missing.
    pub fn missing(&self) -> &Missing {
        &self.missing
    }

    /// From now on counts missing events too: for sources that number all events of a run from 1,
    /// and nothing but events.
    pub fn count_events(&mut self) {
        let events = self.events.as_slice().iter();
        self.missing
            .count_events(events.map(|event| event.stamp.sequence));
    }

    /// How many records are held: what was recorded, however it came here.
    pub fn records(&self) -> usize {
        self.records
    }

    /// Snapshots to fold on from.
    pub(crate) fn keyframes(&self) -> &Keyframes {
        &self.keyframes
    }

    /// The attempts of all nodes, as known now.
    pub fn attempts(&self) -> &Attempts {
        &self.attempts
    }

    /// Instant zero: when the run started, else its first fact.
    pub fn start(&self) -> Option<Millis> {
        let stated = self.info.started.or_else(|| {
            self.statuses
                .as_slice()
                .iter()
                .find_map(|update| update.started)
        });
        stated.or_else(|| self.first_fact())
    }

    /// When the run ended, where it has and was not reopened since.
    pub fn ended(&self) -> Option<Millis> {
        Standing::at(self.statuses(), Millis::MAX)?.ended
    }

    /// The last instant of which anything is known.
    pub fn end(&self) -> Option<Millis> {
        let ends = [
            self.start(),
            self.statuses
                .as_slice()
                .last()
                .map(|update| update.stamp.at),
            self.events().last().map(|event| event.stamp.at),
            self.logs.end(),
            self.terminals.end(),
            self.agents.end(),
            self.packets.as_slice().last().map(|packet| packet.at),
            self.artifacts.as_slice().last().map(|artifact| artifact.at),
            self.human_inputs.as_slice().last().map(|input| input.at),
            self.ios.as_slice().last().map(|io| io.at),
        ];
        ends.into_iter().flatten().max()
    }

    /// From [`Self::start`] to [`Self::end`].
    pub fn length(&self) -> Span {
        match (self.start(), self.end()) {
            (Some(start), Some(end)) if end > start => end - start,
            _ => Span(0),
        }
    }

    fn first_fact(&self) -> Option<Millis> {
        let firsts = [
            self.events().first().map(|event| event.stamp.at),
            self.logs.line(0).map(|line| line.at),
            self.statuses
                .as_slice()
                .first()
                .map(|update| update.stamp.at),
        ];
        firsts.into_iter().flatten().min()
    }
}
