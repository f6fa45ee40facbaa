//! What every panel shows at an instant is what a viewer sees who stopped there: a journal that holds
//! only what was recorded up to then.

#![allow(
    clippy::unwrap_used,
    reason = "a drawing that cannot be read fails its test"
)]

mod drawn;
#[path = "drawn/rich.rs"]
mod rich;
#[path = "facts/runs.rs"]
mod runs;

use drawn::{journal, second};
use model::attempts::Attempts;
use model::channel::log::Level;
use model::clocks::Clocks;
use model::critical_path::CriticalPath;
use model::item::{Detail, ErrorInfo, Item};
use model::marks::{MarkKind, Marks};
use model::shown::{self, Flow, NodeFacts, Shown};
use model::waiting::waiting;
use model::{Journal, JsonText, Millis, NodeIx, RunState};
use proptest::prelude::*;
use rich::items;
use runs::{GRAPH, any_facts};
use std::collections::BTreeMap;

/// When an item is there to be seen. What is not dated is there from the beginning: the run, its
/// graph. A person's note marks an instant and does not happen then.
fn instant(item: &Item) -> Option<Millis> {
    match item {
        Item::Run(_) | Item::Graph(_) | Item::Note(_) | Item::Unknown { .. } => None,
        Item::Event(it) => Some(it.stamp.at),
        Item::Log(it) => Some(it.stamp.at),
        Item::Terminal(it) => Some(it.stamp.at),
        Item::Status(it, _) => Some(it.stamp.at),
        Item::Agent(it) => Some(it.at),
        Item::Packet(it) => Some(it.at),
        Item::Io(it, _) => Some(it.at),
        Item::Artifact(it) => Some(it.at),
        Item::HumanInput(it, _) => Some(it.at),
    }
}

/// What was there at `at`. An agent's part is never there before those that precede it, whatever
/// its clock says: nobody ever read a sentence from its middle.
fn until(items: &[Item], at: Millis) -> Vec<Item> {
    let held_back = |item: &Item| {
        let Item::Agent(part) = item else {
            return false;
        };
        items.iter().any(|other| {
            matches!(other, Item::Agent(other) if other.agent_run == part.agent_run && other.sequence < part.sequence && other.at > at)
        })
    };
    let there = |item: &&Item| instant(item).is_none_or(|it| it <= at) && !held_back(item);
    items.iter().filter(there).cloned().collect()
}

/// Everything shown at `at`, nodes by name, since numbers depend on what was ever recorded.
fn shown(journal: &Journal, at: Millis) -> Vec<String> {
    let name = |node: NodeIx| journal.graph().node(node).unwrap().reference.to_string();
    let state = RunState::at(journal, at);
    let mut told = vec![
        format!("run {:?} {:?} {:?}", state.phase, state.status, state.ended),
        format!("counts {:?} {:?}", state.counts, state.progress()),
        format!(
            "failure {:?} {:?}",
            state.failure.as_ref().map(|it| &it.reason),
            state.stated_progress
        ),
        format!(
            "first failure {:?}",
            shown::first_failure(journal, &state).map(|it| &it.id)
        ),
        format!("printed {:?}", shown::last_printed(journal, at).map(name)),
    ];
    let known = journal.statuses().iter().filter(|it| it.stamp.at <= at);
    told.push(format!("statuses {:?}", known.collect::<Vec<_>>()));
    let lines = journal.logs().lines(0..journal.logs().upto(at));
    told.extend(lines.map(|line| {
        format!(
            "line {} {:?} {:?} {}",
            line.at.0,
            line.node.map(name),
            line.level,
            line.message
        )
    }));
    for transcript in shown::transcripts(journal, None, at) {
        let run = transcript.run;
        told.push(format!(
            "agent {} {} {:?}",
            run.id,
            name(run.node),
            transcript.parts
        ));
    }
    told.push(format!("questions {:?}", shown::questions(journal, at)));
    let mut marks = Marks::default();
    marks.extend(journal);
    for kind in MarkKind::ALL
        .into_iter()
        .filter(|kind| *kind != MarkKind::AgentStep)
    {
        let marks = marks.of(kind).iter().filter(|mark| mark.at <= at);
        // A node that no event tells of is not there yet, whatever else names it.
        let present = |node: &NodeIx| state.node(*node).is_some_and(|view| view.present);
        let whose = |node: Option<NodeIx>| node.filter(present).map(name);
        let mut marks: Vec<_> = marks.map(|mark| (mark.at.0, whose(mark.node))).collect();
        marks.sort();
        told.push(format!("marks {kind:?} {marks:?}"));
    }
    let mut attempts = Attempts::default();
    attempts.go_to(journal, at);
    let path = CriticalPath::at(journal, &attempts, at);
    let hops = path.hops.iter().map(|hop| {
        (
            name(hop.attempt.node),
            hop.attempt.number,
            hop.took,
            hop.waited,
        )
    });
    told.push(format!("path {:?}", hops.collect::<Vec<_>>()));
    let mut nodes = BTreeMap::new();
    for node in (0..journal.graph().nodes().len() as u32).map(NodeIx) {
        let view = state.node(node).unwrap();
        if view.present {
            nodes.insert(name(node), of_node(journal, &state, node));
        }
    }
    told.extend(nodes.into_values());
    told
}

/// What the tree, the inspector, the terminal and the agent panel show of a node.
fn of_node(journal: &Journal, state: &RunState, node: NodeIx) -> String {
    let name = |node: NodeIx| journal.graph().node(node).unwrap().reference.to_string();
    let view = state.node(node).unwrap();
    let facts = shown::node(journal, state, node, state.at);
    let attempts = facts.attempts.iter();
    let attempts: Vec<_> = attempts
        .map(|it| (it.number, it.from, it.to, it.outcome))
        .collect();
    let flows = |flows: &[Flow]| {
        // What never moved anything is not told apart from what is not there.
        let flows = flows.iter().filter(|flow| flow.count > 0);
        let mut flows: Vec<_> = flows
            .map(|it| (it.other.to_string(), it.count, it.bytes))
            .collect();
        flows.sort();
        flows
    };
    let bytes = shown::terminal(journal, node, state.at);
    let bytes: Vec<&[u8]> = bytes.iter().map(|chunk| &*chunk.bytes).collect();
    let agents = shown::transcripts(journal, Some(node), state.at);
    let agents: Vec<_> = agents
        .iter()
        .map(|it| (&it.run.id, it.parts.len()))
        .collect();
    let why = waiting(journal, state, node);
    let why = match why {
        model::waiting::Waiting::ForParents(parents) => {
            let mut parents: Vec<_> = parents
                .into_iter()
                .map(|(node, state)| (name(node), state))
                .collect();
            parents.sort();
            format!("for {parents:?}")
        }
        model::waiting::Waiting::Blocked { by } => {
            format!("blocked {:?}", by.map(|(node, state)| (name(node), state)))
        }
        why => format!("{why:?}"),
    };
    format!(
        "{} {:?} {} {:?} {:?} {:?} {:?} {:?} last {:?} attempts {attempts:?} error {:?} in {:?} out {:?} files {:?} child {:?} asks {:?} from {:?} to {:?} printed {bytes:?} agents {agents:?} {why}",
        name(node),
        view.state,
        view.attempt,
        view.started(),
        view.ended(),
        view.duration(state.at),
        view.progress(journal),
        view.message(journal),
        view.last_event(journal).map(|event| &event.id),
        facts.error,
        facts.inputs,
        facts.outputs,
        facts.artifacts,
        facts.child_run,
        facts.questions,
        flows(&facts.incoming),
        flows(&facts.outgoing),
    )
}

/// Gives some events of a drawing what only details carry.
fn with_details(items: &mut [Item]) {
    for (number, item) in items.iter_mut().enumerate() {
        if let Item::Event(event) = item {
            event.detail = (number % 3 > 0).then(|| {
                Box::new(Detail {
                    message: (number % 2 == 0).then(|| format!("message {number}").into()),
                    error: (number % 4 == 1).then(|| {
                        Box::new(ErrorInfo {
                            message: format!("error {number}").into(),
                            ..ErrorInfo::default()
                        })
                    }),
                    output: (number % 5 == 1).then(|| JsonText(number.to_string().into())),
                    child_run: (number % 7 == 1).then(|| format!("run {number}").into()),
                    ..Detail::default()
                })
            });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_panel_shows_what_a_viewer_saw_who_stopped_there(facts in any_facts(), at in -1..42_i64) {
        let mut all = items(GRAPH, &facts);
        with_details(&mut all);
        let at = Millis(at * 1_000);
        let (whole, then) = (journal(all.clone()), journal(until(&all, at)));
        prop_assert_eq!(shown(&whole, at), shown(&then, at));
    }

    #[test]
    fn at_the_end_of_what_was_there_nothing_more_is_shown(facts in any_facts(), at in 0..42_i64) {
        let mut all = items(GRAPH, &facts);
        with_details(&mut all);
        let at = Millis(at * 1_000);
        let then = journal(until(&all, at));
        // Only what counts on to the instant itself differs: how long things have gone on.
        let timeless = |journal: &Journal, at: Millis| {
            let state = RunState::at(journal, at);
            let states = drawn::states(journal, &state);
            let mut marks = Marks::default();
            marks.extend(journal);
            let facts = (0..journal.graph().nodes().len() as u32).map(|node| shown::node(journal, &state, NodeIx(node), state.at));
            (states, state.status.clone(), state.ended, facts.collect::<Vec<_>>(), journal.logs().upto(at), marks.next(&MarkKind::ALL, at))
        };
        let mut told = timeless(&then, Millis::MAX);
        let noted = timeless(&then, at);
        told.5 = noted.5;
        prop_assert_eq!(told, noted);
    }

    #[test]
    fn nothing_of_it_minds_the_order_of_delivery(
        facts in any_facts(),
        at in -1..42_i64,
        late in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
        size in 1..20_usize,
    ) {
        let mut all = items(GRAPH, &facts);
        with_details(&mut all);
        let straight = journal(all.clone());
        let other = runs::fed(all, &late, size, |_| {});
        let at = Millis(at * 1_000);
        prop_assert_eq!(shown(&other, at), shown(&straight, at));
        let found = |journal: &Journal| {
            let found = Clocks::of(journal).disagreements;
            found.iter().map(|it| (it.rule, it.by)).collect::<Vec<_>>()
        };
        prop_assert_eq!(found(&other), found(&straight));
    }
}

#[test]
fn a_value_that_came_in_full_after_its_preview_is_no_preview() {
    // Drawn: even numbers are inputs, multiples of three outputs, of five previews.
    let journal = journal(items("a", "1 a io 30 x\n 2 a io 6 y\n 3 a io 15 z"));
    let shown = |at: f64| {
        let facts = shown::node(
            &journal,
            &RunState::at(&journal, second(at)),
            NodeIx(0),
            second(at),
        );
        let drawn = |shown: Option<Shown>| {
            shown.map_or("-".to_owned(), |shown| {
                format!(
                    "{}{}",
                    shown.json.as_str(),
                    if shown.truncated { "…" } else { "" }
                )
            })
        };
        format!("{} {}", drawn(facts.inputs), drawn(facts.outputs))
    };
    let told = [0.0, 1.0, 2.0, 3.0].map(shown);
    assert_eq!(told, ["- -", "30… \"x\"…", "6 \"y\"", "6 \"z\"…"]);
}

#[test]
fn what_is_asked_for_and_is_not_there() {
    let journal = journal(items("a", "1 a log x"));
    let state = RunState::at(&journal, Millis::MAX);
    assert_eq!(
        shown::node(&journal, &state, NodeIx(9), state.at),
        NodeFacts::default()
    );
    assert_eq!(shown::last_printed(&journal, Millis::MAX), None);
    assert!(shown::terminal(&journal, NodeIx(9), Millis::MAX).is_empty());
    assert!(shown::first_failure(&journal, &state).is_none());
    assert_eq!(journal.logs().line(0).unwrap().level, Level::Info);
}
