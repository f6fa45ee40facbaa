//! Quiet stretches: where nothing was recorded in any channel for a while.
//!
//! ```text
//! events      ×   ×                              ×
//! lines         ▪   ▪ ▪                    ▪
//! terminal                        ▪
//! quiet             └─────────────┘└───────┘          of at least 5
//! ```
//!
//! A record can only part a stretch, so it does not matter in which order they are read, nor whether
//! one is read twice.

use crate::journal::Journal;
use crate::playhead::Stretch;
use crate::reading::Reading;
use crate::time::{Millis, Span};

/// The quiet stretches of a journal, as far as it was read.
#[derive(Clone, Debug)]
pub struct Quiet {
    least: Span,
    /// Between the first and the last instant recorded, in order; each at least so long.
    gaps: Vec<Stretch>,
    first: Millis,
    last: Millis,
    events: Reading,
    logs: Reading,
    /// Chunks read of each node's terminal.
    terminals: Vec<(usize, Reading)>,
    /// Chunks read of each agent, by its place among them.
    agents: Vec<usize>,
    /// Facts read of the channels that hold few.
    few: usize,
}

impl Quiet {
    /// Of stretches of at least so long; a millisecond at least.
    pub fn new(least: Span) -> Self {
        Self {
            least: least.max(Span(1)),
            gaps: Vec::new(),
            first: Millis::MAX,
            last: Millis::MIN,
            events: Reading::default(),
            logs: Reading::default(),
            terminals: Vec::new(),
            agents: Vec::new(),
            few: 0,
        }
    }

    /// Reads what is new in the journal, which must be the one read before.
    pub fn extend(&mut self, journal: &Journal) {
        let mut instants = Vec::new();
        let reads = [
            Self::read_events,
            Self::read_logs,
            Self::read_terminals,
            Self::read_agents,
            Self::read_few,
        ];
        for read in reads {
            read(self, journal, &mut instants);
            self.part(&mut instants);
            instants.clear();
        }
    }

    /// The quiet stretches within `run`, in order: those before its first and after its last record
    /// among them.
    pub fn within(&self, run: Stretch) -> impl Iterator<Item = Stretch> {
        let empty = self.first > self.last;
        let ends = match empty {
            true => [Some(run), None],
            false => [
                Stretch::between(run.from, self.first.max(run.from)),
                Stretch::between(self.last.min(run.to), run.to),
            ],
        };
        let from = self.gaps.partition_point(|gap| gap.to <= run.from);
        let to = self.gaps.partition_point(|gap| gap.from < run.to);
        let between = self.gaps.get(from..to).unwrap_or_default().iter().copied();
        let [before, after] = ends;
        let all = before.into_iter().chain(between).chain(after);
        all.filter_map(move |gap| {
            let (from, to) = (gap.from.max(run.from), gap.to.min(run.to));
            (from < to && to - from >= self.least).then_some(Stretch { from, to })
        })
    }

    /// The quiet stretch that an instant lies in: behind the record at its beginning, before the
    /// one at its end.
    pub fn at(&self, run: Stretch, at: Millis) -> Option<Stretch> {
        let mut around = self.within(run);
        around.find(|gap| gap.contains(at))
    }

    /// Something was recorded at these instants.
    fn part(&mut self, instants: &mut [Millis]) {
        // Of most channels they are; of several terminals a stable sort merges what is in order.
        if !instants.is_sorted() {
            instants.sort();
        }
        if self.first > self.last {
            let Some(first) = instants.first() else {
                return;
            };
            (self.first, self.last) = (*first, *first);
        }
        let before = instants.partition_point(|at| *at < self.first);
        let within = instants.partition_point(|at| *at <= self.last);
        match within - before {
            0 => {}
            few if few < 16 => {
                let within = &instants[before..within];
                within.iter().for_each(|at| self.part_within(*at));
            }
            _ => self.part_all_within(&instants[before..within]),
        }
        let mut earlier = Vec::new();
        self.push_gaps(&mut earlier, &instants[..before], Some(self.first));
        self.gaps.splice(..0, earlier);
        let mut later = vec![self.last];
        later.extend_from_slice(&instants[within..]);
        let mut gaps = std::mem::take(&mut self.gaps);
        self.push_gaps(&mut gaps, &later, None);
        self.gaps = gaps;
        self.first = instants
            .first()
            .map_or(self.first, |at| self.first.min(*at));
        self.last = instants.last().map_or(self.last, |at| self.last.max(*at));
    }

    /// The stretches between neighbours of `instants`, and up to `end`, that are long enough.
    fn push_gaps(&self, gaps: &mut Vec<Stretch>, instants: &[Millis], end: Option<Millis>) {
        let next = instants.iter().copied().skip(1).chain(end);
        for (from, to) in instants.iter().copied().zip(next) {
            if to - from >= self.least {
                gaps.push(Stretch { from, to });
            }
        }
    }

    fn part_within(&mut self, at: Millis) {
        let index = self.gaps.partition_point(|gap| gap.to <= at);
        if self.gaps.get(index).is_some_and(|gap| gap.from < at) {
            let gap = self.gaps[index];
            let mut parts = Vec::new();
            self.push_gaps(&mut parts, &[gap.from, at], Some(gap.to));
            self.gaps.splice(index..=index, parts);
        }
    }

    /// As [`Self::part_within`] for many instants, in order, in one go over all gaps.
    fn part_all_within(&mut self, instants: &[Millis]) {
        let mut parts = Vec::new();
        let mut instants = instants.iter().copied().peekable();
        for gap in std::mem::take(&mut self.gaps) {
            let mut from = gap.from;
            while let Some(at) = instants.next_if(|at| *at < gap.to) {
                if at > from {
                    self.push_gaps(&mut parts, &[from], Some(at));
                    from = at;
                }
            }
            self.push_gaps(&mut parts, &[from], Some(gap.to));
        }
        self.gaps = parts;
    }

    fn read_events(&mut self, journal: &Journal, instants: &mut Vec<Millis>) {
        let events = journal.events();
        let before = |at| events.partition_point(|event| event.stamp.at < at);
        let (from, _) = self.events.resume(before);
        self.events.read(from, events.len(), |index| {
            let at = events[index].stamp.at;
            instants.push(at);
            at
        });
    }

    fn read_logs(&mut self, journal: &Journal, instants: &mut Vec<Millis>) {
        let logs = journal.logs();
        let (from, _) = self.logs.resume(|at| logs.upto(at - Span(1)));
        self.logs.read(from, logs.len(), |number| {
            let at = logs.line(number).map_or(Millis::MAX, |line| line.at);
            instants.push(at);
            at
        });
    }

    fn read_terminals(&mut self, journal: &Journal, instants: &mut Vec<Millis>) {
        let terminals = journal.terminals();
        for node in terminals.nodes() {
            let chunks = terminals.of(node).map_or(&[][..], |it| it.chunks());
            if node.index() >= self.terminals.len() {
                self.terminals
                    .resize_with(node.index() + 1, Default::default);
            }
            let (read, reading) = &mut self.terminals[node.index()];
            if *read == chunks.len() {
                continue;
            }
            *read = chunks.len();
            let before = |at| chunks.partition_point(|chunk| chunk.stamp.at < at);
            let (from, _) = reading.resume(before);
            reading.read(from, chunks.len(), |index| {
                let at = chunks[index].stamp.at;
                instants.push(at);
                at
            });
        }
    }

    /// An agent that came between two others moves their places: then all are read again.
    fn read_agents(&mut self, journal: &Journal, instants: &mut Vec<Millis>) {
        let counts: Vec<usize> = journal
            .agents()
            .runs()
            .map(|run| run.upto(Millis::MAX))
            .collect();
        if counts == self.agents {
            return;
        }
        let moved = counts.len() != self.agents.len();
        for (place, run) in journal.agents().runs().enumerate() {
            if moved || self.agents.get(place) != counts.get(place) {
                instants.extend(run.instants());
            }
        }
        self.agents = counts;
    }

    fn read_few(&mut self, journal: &Journal, instants: &mut Vec<Millis>) {
        let end = Millis::MAX;
        let (statuses, packets) = (journal.statuses(), journal.packets_upto(end));
        let (ios, artifacts) = (journal.ios_upto(end), journal.artifacts_upto(end));
        let questions = journal.human_inputs_upto(end);
        let few = statuses.len() + packets.len() + ios.len() + artifacts.len() + questions.len();
        if few == self.few {
            return;
        }
        self.few = few;
        let statuses = statuses.iter().map(|it| it.stamp.at);
        let packets = packets.iter().map(|it| it.at);
        let ios = ios.iter().map(|it| it.at);
        let artifacts = artifacts.iter().map(|it| it.at);
        let questions = questions.iter().map(|it| it.at);
        let all = statuses.chain(packets).chain(ios).chain(artifacts);
        instants.extend(all.chain(questions));
    }
}
