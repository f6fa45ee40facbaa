//! One search over everything a run said: logs, terminals, agents, values, errors, names.
//!
//! ```text
//! Query ──► Matcher ──► Search::step(journal, budget), again and again until it is done
//!                         │ lists, agents, terminals, then lines; only what has come since
//!                         ▼
//!                       places in order of time ──► counts, ticks, badges, next and previous
//! ```
//!
//! A search holds no text: it looks at the journal's own, as much in one step as the caller allows, so
//! that it can go on between frames or in a worker. To cancel one is to drop it. What was found up to an
//! instant is a part of what was found, so that moving the playhead looks for nothing again.

mod agents;
mod flow;
mod hits;
mod lines;
mod lists;
mod literal;
mod query;
mod regex;
mod results;
mod terminals;

pub use hits::{Count, Hit, LogHits};
pub use lists::List;
pub use query::{Kind, Matcher, Query, QueryError};
pub use regex::Wrong;
pub use results::{Place, Source};

use crate::channel::log::LogChannel;
use crate::graph::NodeIx;
use crate::journal::Journal;
use crate::text::Text;
use agents::AgentText;
use lists::Listed;
use std::collections::BTreeMap;
use terminals::TerminalText;

/// A query, how far it was looked for, and what was found.
#[derive(Clone, Debug)]
pub struct Search {
    query: Query,
    matcher: Matcher,
    lists: [Listed; List::ALL.len()],
    agents: BTreeMap<Text, AgentText>,
    terminals: BTreeMap<NodeIx, TerminalText>,
    logs: LogHits,
    /// So many lines were looked at.
    lines: usize,
    /// The channel's count when they were.
    rewrites: u32,
}

impl Search {
    /// What a step may do in a frame: some milliseconds. A word is looked for in about eight bytes of
    /// log for one of these.
    pub const FRAME: usize = 1 << 20;

    /// Nothing found yet.
    pub fn new(query: Query) -> Result<Self, QueryError> {
        Ok(Self {
            matcher: Matcher::new(&query)?,
            query,
            lists: Default::default(),
            agents: BTreeMap::new(),
            terminals: BTreeMap::new(),
            logs: LogHits::default(),
            lines: 0,
            rewrites: 0,
        })
    }

    /// What is looked for.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// To mark what was found where it is shown.
    pub fn matcher(&mut self) -> &mut Matcher {
        &mut self.matcher
    }

    /// Looks on until `budget` is used up; whether everything that there is was looked at. To be called
    /// again when more has come: only that is looked at then, and what stands behind what came late.
    pub fn step(&mut self, journal: &Journal, mut budget: usize) -> bool {
        let Self {
            matcher,
            lists,
            agents,
            terminals,
            ..
        } = self;
        for (list, listed) in List::ALL.into_iter().zip(lists) {
            if !listed.step(list, journal, matcher, &mut budget) {
                return false;
            }
        }
        for run in journal.agents().runs() {
            if !agents.contains_key(&run.id) {
                agents.insert(run.id.clone(), AgentText::default());
            }
            if let Some(agent) = agents.get_mut(&run.id)
                && !agent.step(run, matcher, &mut budget)
            {
                return false;
            }
        }
        for node in journal.terminals().nodes() {
            if let Some(terminal) = journal.terminals().of(node)
                && !terminals
                    .entry(node)
                    .or_default()
                    .step(terminal, node, matcher, &mut budget)
            {
                return false;
            }
        }
        self.step_log(journal.logs(), budget)
    }

    /// The same for the log alone, for who searches nothing else.
    pub fn step_log(&mut self, logs: &LogChannel, mut budget: usize) -> bool {
        let hits = &mut self.logs;
        let unchanged = logs.unchanged_since(self.rewrites);
        if unchanged < self.lines {
            self.lines = unchanged;
            hits.truncate(unchanged);
        }
        self.rewrites = logs.rewrites();
        self.lines = self.matcher.lines(logs, self.lines, &mut budget, |found| {
            let (node, ..) = found.piece.whose(found.number);
            hits.push(found.number, node, found.count);
        });
        self.lines == logs.len()
    }

    /// The lines of the log in which it was found.
    pub fn log(&self) -> &LogHits {
        &self.logs
    }

    /// How much of what there is was looked at, from 0 to 1, about.
    pub fn progress(&self, journal: &Journal) -> f64 {
        let (mut read, mut all) = (0.0, 0.0);
        let mut add = |part: usize, of: usize, weight: f64| {
            read += part as f64 / of.max(1) as f64 * weight;
            all += weight;
        };
        for (list, listed) in List::ALL.into_iter().zip(&self.lists) {
            let count = list.len(journal);
            add(listed.read(), count, count as f64 * 64.0);
        }
        for run in journal.agents().runs() {
            let (read, count) = (self.agents.get(&run.id), run.upto(crate::Millis::MAX));
            add(read.map_or(0, AgentText::read), count, count as f64 * 64.0);
        }
        for node in journal.terminals().nodes() {
            let read = self.terminals.get(&node).map_or(0, TerminalText::read);
            if let Some(terminal) = journal.terminals().of(node) {
                add(read, terminal.chunks().len(), terminal.end() as f64);
            }
        }
        let lines = journal.logs().len();
        add(self.lines, lines, journal.logs().bytes() as f64);
        if all > 0.0 {
            (read / all).min(1.0)
        } else {
            1.0
        }
    }

    /// How many lines and texts were too long, or too much work for this pattern, so that only their
    /// beginning was looked at.
    pub fn cut(&self) -> usize {
        self.matcher.cut()
    }
}
