//! Clocks that disagree: facts that by their instants lie the wrong way round, and how far each
//! node's clock may be off. It is for saying so; nothing is moved.
//!
//! Records carry no worker, so each node counts as a clock of its own; the run (its start, its end,
//! the answers of people) is the server's, against which the others are measured.
//!
//! ```text
//! a -> b, both needed        a  0 ──── 5
//!                            b     3 ────── 9       b began 2 before a ended:
//!                            run 0 ─────────── 10   a's clock is ahead by 2, b's behind by 2, or between
//! ```

use crate::graph::{Join, NodeIx};
use crate::journal::Journal;
use crate::run::StatusKind;
use crate::state::RunStatus;
use crate::time::{Millis, Span};
use std::collections::HashMap;

/// Whose clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The server's.
    Run,
    /// That of whoever ran the node.
    Node(NodeIx),
}

/// Why one fact must have come before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A run starts before its nodes.
    RunStartsFirst,
    /// A needed parent ends before its child begins.
    ParentEndsFirst,
    /// A question is put before it is answered.
    QuestionFirst,
    /// A run that completed did so after its nodes.
    RunEndsLast,
    /// A node's own events happened as they are numbered.
    OwnOrder,
}

/// Two facts the wrong way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// Why that cannot be.
    pub rule: Rule,
    /// What came first, and when by its clock.
    pub earlier: (Source, Millis),
    /// What came after it, and when by its clock.
    pub later: (Source, Millis),
    /// How far the instants overlap; more than 0.
    pub by: Span,
}

/// How far a node's clock is ahead of the run's; negative where it is behind. Estimated from what
/// must have come before what, so that it tells what cannot be ruled out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offset {
    /// At least so much.
    pub least: Option<Span>,
    /// At most so much.
    pub most: Option<Span>,
}

impl Offset {
    /// Whether the clock may be right.
    pub fn may_be_none(&self) -> bool {
        self.least.is_none_or(|least| least <= Span(0))
            && self.most.is_none_or(|most| most >= Span(0))
    }

    /// Whether no steady offset explains what was recorded: the clock was set meanwhile, or the
    /// records are wrong.
    pub fn is_impossible(&self) -> bool {
        matches!((self.least, self.most), (Some(least), Some(most)) if least > most)
    }
}

/// What the records of a run tell of its clocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// What is the wrong way round, the most first.
    pub disagreements: Vec<Disagreement>,
    /// Of each node, by number.
    pub offsets: Vec<Offset>,
}

/// When a node began first, ended first and ended last.
#[derive(Clone, Copy, Debug, Default)]
struct Times {
    began: Option<Millis>,
    first_end: Option<Millis>,
    last_end: Option<Millis>,
}

impl Clocks {
    /// Of everything in the journal. It costs a look at each event, attempt and edge.
    pub fn of(journal: &Journal) -> Self {
        let all = times(journal);
        let (start, end) = (stated_start(journal), completed(journal));
        let mut found = Vec::new();
        for (node, times) in (0..).map(NodeIx).zip(&all) {
            let own = |at| (Source::Node(node), at);
            let run = |at| (Source::Run, at);
            if let (Some(start), Some(began)) = (start, times.began) {
                found.extend(overlap(Rule::RunStartsFirst, run(start), own(began)));
            }
            if let (Some(last), Some(end)) = (times.last_end, end) {
                found.extend(overlap(Rule::RunEndsLast, own(last), run(end)));
            }
            for (parent, ended, began) in needed(journal, &all, node) {
                let parent = (Source::Node(parent), ended);
                found.extend(overlap(Rule::ParentEndsFirst, parent, own(began)));
            }
        }
        answers(journal, &mut found);
        own_order(journal, &mut found);
        found.sort_by_key(|it| (std::cmp::Reverse(it.by), it.rule, it.earlier, it.later));
        Self {
            disagreements: found,
            offsets: offsets(journal, &all, start, end),
        }
    }
}

fn overlap(rule: Rule, earlier: (Source, Millis), later: (Source, Millis)) -> Option<Disagreement> {
    let by = earlier.1 - later.1;
    (by > Span(0)).then_some(Disagreement {
        rule,
        earlier,
        later,
        by,
    })
}

fn times(journal: &Journal) -> Vec<Times> {
    let mut all = vec![Times::default(); journal.graph().nodes().len()];
    for attempt in journal.attempts().as_slice() {
        let times = &mut all[attempt.node.index()];
        times.began = times.began.or(Some(attempt.from));
        if let Some(end) = attempt.to {
            times.first_end = Some(times.first_end.map_or(end, |first| first.min(end)));
            times.last_end = times.last_end.max(Some(end));
        }
    }
    all
}

/// The parents that a node needed to begin: each with its first end, and when the node began. What a
/// parent did later, tried again or run anew, says nothing about the beginning.
fn needed<'a>(
    journal: &'a Journal,
    times: &'a [Times],
    node: NodeIx,
) -> impl Iterator<Item = (NodeIx, Millis, Millis)> + 'a {
    let graph = journal.graph();
    let join = graph.node(node).map(|node| node.join);
    let began = times[node.index()]
        .began
        .filter(|_| join == Some(Join::All));
    graph.parents(node).iter().filter_map(move |parent| {
        let ended = times[parent.index()].first_end?;
        Some((*parent, ended, began?))
    })
}

/// The run's start, where it is said and not made from its first record.
fn stated_start(journal: &Journal) -> Option<Millis> {
    let statuses = journal.statuses().iter();
    let said = statuses.filter_map(|update| update.started).next();
    journal.info().started.or(said)
}

/// When the run completed; none where it ended otherwise, as then nodes may go on a while, or was
/// reopened.
fn completed(journal: &Journal) -> Option<Millis> {
    let statuses = journal.statuses();
    let reopened = statuses.iter().any(|it| it.kind == StatusKind::Reopens);
    let end = statuses.iter().find(|it| it.status.is_terminal())?;
    (!reopened && end.status == RunStatus::Completed).then_some(end.stamp.at)
}

/// Answers that lie before their question.
fn answers(journal: &Journal, found: &mut Vec<Disagreement>) {
    let mut asked = HashMap::new();
    let inputs = journal.human_inputs_upto(Millis::MAX);
    for input in inputs.iter().filter(|input| input.is_pending()) {
        asked.entry(&*input.id).or_insert(input);
    }
    for answer in inputs.iter().filter(|input| !input.is_pending()) {
        let Some(question) = asked.get(&*answer.id) else {
            continue;
        };
        let source = match journal.graph().find(&question.node) {
            Some(node) => Source::Node(node),
            None => Source::Run,
        };
        found.extend(overlap(
            Rule::QuestionFirst,
            (source, question.at),
            (Source::Run, answer.at),
        ));
    }
}

/// Events of one node whose numbers go back while time goes on: of each node the worst. Numbers are
/// believed only where none occurs twice: a worker that was started anew begins to count again.
fn own_order(journal: &Journal, found: &mut Vec<Disagreement>) {
    let mut latest: Vec<Option<(u64, Millis)>> = vec![None; journal.graph().nodes().len()];
    let mut worst: HashMap<NodeIx, Disagreement> = HashMap::new();
    // From the last on, the lowest number met stands behind everything with a higher one.
    for event in journal.events().iter().rev() {
        let (Some(node), at) = (event.node, event.stamp.at) else {
            continue;
        };
        let number = event.stamp.sequence;
        if number == 0 {
            continue;
        }
        let lowest = &mut latest[node.index()];
        if let Some((_, behind)) = lowest.filter(|(lowest, _)| *lowest < number) {
            let own = Source::Node(node);
            if let Some(new) = overlap(Rule::OwnOrder, (own, behind), (own, at)) {
                let known = worst.entry(node).or_insert(new);
                if new.by > known.by {
                    *known = new;
                }
            }
        }
        if lowest.is_none_or(|(lowest, _)| number < lowest) {
            *lowest = Some((number, at));
        }
    }
    if !worst.is_empty() && numbers_are_unique(journal) {
        found.extend(worst.into_values());
    }
}

fn numbers_are_unique(journal: &Journal) -> bool {
    let events = journal.events().iter();
    let mut numbers: Vec<u64> = events.map(|event| event.stamp.sequence).collect();
    numbers.retain(|number| *number > 0);
    numbers.sort_unstable();
    numbers.windows(2).all(|pair| pair[0] != pair[1])
}

/// With the true instant being what a clock shows less its offset, each rule bounds the difference
/// of two offsets; along the graph the bounds add up, from the start on and back from the end.
fn offsets(
    journal: &Journal,
    times: &[Times],
    start: Option<Millis>,
    end: Option<Millis>,
) -> Vec<Offset> {
    let graph = journal.graph();
    let mut offsets = vec![Offset::default(); times.len()];
    for node in graph.topological() {
        let began = times[node.index()].began;
        let mut most = began.and_then(|began| Some(began - start?));
        for (parent, ended, began) in needed(journal, times, *node) {
            if let Some(of_parent) = offsets[parent.index()].most {
                let own = plus(of_parent, began - ended);
                most = Some(most.map_or(own, |most| most.min(own)));
            }
        }
        offsets[node.index()].most = most;
    }
    for node in graph.topological().iter().rev() {
        let last = times[node.index()].last_end;
        let own = last.and_then(|last| Some(last - end?));
        let least = offsets[node.index()].least.max(own);
        offsets[node.index()].least = least;
        let Some(least) = least else { continue };
        for (parent, ended, began) in needed(journal, times, *node) {
            let of_parent = &mut offsets[parent.index()].least;
            *of_parent = (*of_parent).max(Some(plus(least, ended - began)));
        }
    }
    offsets
}

fn plus(one: Span, other: Span) -> Span {
    Span(one.0.saturating_add(other.0))
}
