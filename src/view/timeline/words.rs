//! What the timeline tells in words: an event's text, why a step waits, a stretch in numbers.

use crate::view::parts::text::visible;
use crate::view::parts::time::short_span;
use model::channel::log::Level;
use model::critical_path::CriticalPath;
use model::journal::Event;
use model::summary::Summary;
use model::waiting::{Retry, Waiting, waiting};
use model::{Journal, NodeIx, NodeState, RunState};

/// So many names are told; more are counted.
const NAMES: usize = 3;

/// What an event says beyond its kind.
pub fn of_event(event: &Event) -> Option<String> {
    let detail = event.detail.as_ref()?;
    let error = detail.error.as_ref().map(|error| &error.message);
    Some(error.or(detail.message.as_ref())?.to_string())
}

/// Why a node does not go on at the instant of a state; none where it does.
pub fn why_it_waits(journal: &Journal, state: &RunState, node: NodeIx) -> Option<String> {
    let since = |at: Option<model::Millis>| match at {
        Some(at) if state.at > at => format!(" for {}", short_span((state.at - at).0)),
        _ => String::new(),
    };
    let words = match waiting(journal, state, node) {
        Waiting::No | Waiting::ForTheRun => return None,
        Waiting::ForParents(parents) => format!("Waits for {}", nodes(journal, &parents)),
        Waiting::Blocked { by: Some(by) } => {
            format!("Can no longer start: {}", nodes(journal, &[by]))
        }
        Waiting::Blocked { by: None } => "Can no longer start".to_owned(),
        Waiting::Queued { since: at } => format!("Ready{}, and not started yet", since(at)),
        Waiting::AwaitingInput {
            since: at,
            question,
        } => {
            let asked =
                question.map_or_else(String::new, |asked| format!(": {}", visible(&asked.title)));
            format!("Waits for a person{}{asked}", since(at))
        }
        Waiting::AfterFailure { attempt, retry, .. } => match retry {
            Retry::Queued => format!("Attempt {attempt} failed; the next one is queued"),
            Retry::Unknown => format!("Attempt {attempt} failed; another may follow"),
        },
    };
    Some(words)
}

/// Whether a node in this state waits for something.
pub fn is_waiting(state: NodeState) -> bool {
    matches!(
        state,
        NodeState::Waiting | NodeState::Queued | NodeState::Blocked | NodeState::AwaitingInput
    )
}

fn nodes(journal: &Journal, nodes: &[(NodeIx, NodeState)]) -> String {
    let mut words: Vec<String> = Vec::new();
    for (node, state) in nodes.iter().take(NAMES) {
        words.push(format!(
            "{} ({})",
            name(journal, *node),
            state.label().to_lowercase()
        ));
    }
    if nodes.len() > NAMES {
        words.push(format!("{} more", nodes.len() - NAMES));
    }
    words.join(", ")
}

/// What people call a node.
pub fn name(journal: &Journal, node: NodeIx) -> String {
    journal
        .graph()
        .node(node)
        .map_or_else(String::new, |node| visible(&node.label).into_owned())
}

/// A stretch in numbers: what there is none of is left out.
pub fn summary(journal: &Journal, summary: &Summary) -> Vec<String> {
    let mut words = Vec::new();
    let mut count = |count: usize, one: &str, many: &str| {
        if count > 0 {
            words.push(format!("{count} {}", if count == 1 { one } else { many }));
        }
    };
    let lines: usize = summary.lines.iter().sum();
    let errors: usize = Level::ALL
        .iter()
        .zip(summary.lines)
        .filter(|(level, _)| **level >= Level::Error)
        .map(|(_, count)| count)
        .sum();
    count(summary.events, "event", "events");
    count(summary.began, "attempt began", "attempts began");
    count(
        summary.ended_as(NodeState::Success),
        "succeeded",
        "succeeded",
    );
    count(summary.ended_as(NodeState::Failed), "failed", "failed");
    count(summary.most_at_once, "at once at most", "at once at most");
    count(lines, "log line", "log lines");
    count(errors, "error in logs", "errors in logs");
    count(summary.artifacts, "artifact", "artifacts");
    count(summary.agent_steps, "agent step", "agent steps");
    if let Some((node, span)) = summary.busiest {
        words.push(format!(
            "busiest: {} ({})",
            name(journal, node),
            short_span(span.0)
        ));
    }
    if words.is_empty() {
        words.push("nothing recorded".to_owned());
    }
    words
}

/// What bounds the run's end: the attempts that took longest, and the waits between them.
pub fn path(journal: &Journal, path: &CriticalPath) -> String {
    let took = |hop: &model::critical_path::Hop| hop.took.0.max(0);
    let mut longest: Vec<_> = path.hops.iter().collect();
    longest.sort_by_key(|hop| std::cmp::Reverse(took(hop)));
    longest.truncate(NAMES);
    longest.sort_by_key(|hop| hop.attempt.from);
    let active: i64 = path.hops.iter().map(took).sum();
    let waited: i64 = path.hops.iter().map(|hop| hop.waited.0.max(0)).sum();
    let names: Vec<_> = longest
        .iter()
        .map(|hop| {
            format!(
                "{} {}",
                name(journal, hop.attempt.node),
                short_span(took(hop))
            )
        })
        .collect();
    format!(
        "{} on the path, {} at work and {} between; the longest: {}",
        match path.hops.len() {
            1 => "1 attempt".to_owned(),
            count => format!("{count} attempts"),
        },
        short_span(active),
        short_span(waited),
        names.join(", ")
    )
}
