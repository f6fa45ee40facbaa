//! The card at the pointer: which instant it is, what stands there, and what changed.

use super::marks;
use super::shape::Region;
use super::stage::Stage;
use super::tree::Item;
use super::words;
use crate::state::RunStore;
use crate::view::parts::live::live;
use crate::view::parts::text::visible;
use crate::view::parts::time::{clock, short_span};
use layout::Point;
use layout::timeline::{Cluster, Lane};
use leptos::prelude::*;
use model::marks::MarkKind;
use model::{Journal, Millis, NodeIx, RunState};

/// So near to the pointer, in pixels, something changed "there".
const NEAR: f64 = 3.0;
/// So many changes are told; more are counted.
const TOLD: usize = 4;
/// So many are looked at; more are not even counted.
const LOOKED_AT: usize = 2_000;
/// So many characters of a text from elsewhere.
const MAX_TEXT: usize = 90;

/// What the card says, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Distance from the left of the canvas, in pixels.
    left: f64,
    /// Distance from its right, where the card stands left of the pointer.
    right: Option<f64>,
    /// Distance from its bottom, in pixels.
    bottom: f64,
    title: String,
    lines: Vec<String>,
}

/// The card as part of the page; it says nothing to a screen reader that the steps and the inspector do not.
#[component]
pub fn HoverCard(card: RwSignal<Option<Card>>) -> impl IntoView {
    live(move || {
        card.get().map(|card| {
            let side = match card.right {
                Some(right) => format!("right:{right}px;bottom:{}px", card.bottom),
                None => format!("left:{}px;bottom:{}px", card.left, card.bottom),
            };
            let lines = card
                .lines
                .into_iter()
                .map(|line| view! { <li>{line}</li> }.into_any());
            view! {
                <div class="timeline__card" style=side aria-hidden="true">
                    <strong>{card.title}</strong>
                    <ul>{lines.collect_view()}</ul>
                </div>
            }
        })
    })
}

/// The card for a place; none where there is nothing to tell of.
pub fn card(stage: &Stage, store: &RunStore, at: Point) -> Option<Card> {
    let frame = stage.frame?;
    let region = frame.region(at);
    if !matches!(region, Region::Rows | Region::Ruler) {
        return None;
    }
    let extent = store.extent();
    let time = frame.time(at.x);
    let item = stage.row_at(at).and_then(|row| stage.tree.item(row));
    let node = match item {
        Some(Item::Node { node, .. } | Item::Attempt { node, .. }) if region == Region::Rows => {
            Some(*node)
        }
        _ => None,
    };
    let lines = store.journal_untracked(|journal| {
        let mut lines = Vec::new();
        match stage.marks_at(at, 3.0) {
            Some((lane, cluster)) => of_marks(journal, lane, &cluster, &mut lines),
            None => of_row(
                stage,
                journal,
                item.filter(|_| region == Region::Rows),
                time,
                extent.end,
                &mut lines,
            ),
        }
        let near = (NEAR * frame.scale.millis_per_px()).max(0.5) as i64;
        if matches!(item, Some(Item::Group { .. })) && region == Region::Rows {
            return lines;
        }
        changes(
            journal,
            (time.0.saturating_sub(near), time.0.saturating_add(near)),
            node,
            &mut lines,
        );
        lines
    });
    let wide = frame.width - at.x;
    Some(Card {
        left: at.x + 14.0,
        right: (wide < 300.0).then_some(wide + 14.0),
        // Over the pointer, where the rows are few; the card may stand out of the panel.
        bottom: frame.height - at.y + 12.0,
        title: clock((time - extent.start).0),
        lines,
    })
}

fn of_marks(journal: &Journal, lane: &Lane, cluster: &Cluster, lines: &mut Vec<String>) {
    let all = &lane.intervals()[cluster.first..][..cluster.count.min(LOOKED_AT)];
    for kind in MarkKind::ALL {
        let own = || all.iter().filter(|mark| marks::kind(mark.rank) == kind);
        let (one, many) = marks::words(kind);
        match own().count() {
            0 => {}
            1 => lines.push(first_upper(one)),
            count => lines.push(format!("{count} {many}")),
        }
        if let Some(text) = own()
            .next()
            .and_then(|mark| text_of(journal, kind, mark.id))
        {
            lines.push(short(&text));
        }
    }
}

/// What a mark says: `id` counts those of its kind.
fn text_of(journal: &Journal, kind: MarkKind, id: u32) -> Option<String> {
    let id = id as usize;
    match kind {
        MarkKind::Failure => {
            let event = journal
                .events()
                .get(*journal.attempts().failures().get(id)? as usize)?;
            words::of_event(event)
        }
        MarkKind::Artifact => Some(
            journal
                .artifacts_upto(Millis::MAX)
                .get(id)?
                .name
                .to_string(),
        ),
        MarkKind::Note => Some(journal.notes().get(id)?.text.to_string()),
        MarkKind::Retry | MarkKind::HumanInput | MarkKind::LogError | MarkKind::AgentStep => None,
    }
}

fn of_row(
    stage: &Stage,
    journal: &Journal,
    item: Option<&Item>,
    time: Millis,
    end: Millis,
    lines: &mut Vec<String>,
) {
    let (node, label) = match item {
        Some(Item::Node { node, label }) => (*node, label.clone()),
        Some(Item::Attempt { node, .. }) => (*node, words::name(journal, *node)),
        Some(Item::Group { label, nodes, .. }) => {
            return lines.push(format!("From {label}: {nodes} steps"));
        }
        None => return,
    };
    let lane = stage.data.attempts(node);
    let near = stage
        .frame
        .map_or(0.0, |frame| 2.0 * frame.scale.millis_per_px()) as i64;
    let hit = lane.hit(time.0 - near, time.0 + near, end.0);
    match hit.and_then(|hit| {
        journal
            .attempts()
            .as_slice()
            .get(lane.intervals()[hit].id as usize)
    }) {
        Some(attempt) => {
            let took = attempt.to.unwrap_or(end) - attempt.from;
            let state = attempt.outcome.label();
            let attempts = match lane.intervals().len() {
                1 => String::new(),
                _ => format!(" · attempt {}", attempt.number),
            };
            lines.push(format!(
                "{label} · {state}{attempts} · {}",
                short_span(took.0.max(0))
            ));
        }
        None => {
            let state = RunState::at(journal, time);
            let stands = state.node(node).map_or("", |view| view.state.label());
            lines.push(format!("{label} · {stands}"));
            lines.extend(words::why_it_waits(journal, &state, node));
        }
    }
    lines.extend(stage.facts.dispute(journal, node, time));
}

/// What happened between two instants, of one node or of all.
fn changes(
    journal: &Journal,
    (from, to): (i64, i64),
    node: Option<NodeIx>,
    lines: &mut Vec<String>,
) {
    let events = journal.events_upto(Millis(to));
    let first = events.partition_point(|event| event.stamp.at.0 < from);
    let there = events[first..].iter().take(LOOKED_AT);
    let mut more = 0;
    for event in there.filter(|event| node.is_none() || event.node == node) {
        if lines.len() > TOLD {
            more += 1;
            continue;
        }
        let what = event.kind.label();
        let whose = match (node, event.node) {
            (None, Some(node)) => format!("{}: ", words::name(journal, node)),
            _ => String::new(),
        };
        let at = match node {
            Some(_) => String::new(),
            None => format!(
                " at {}",
                clock((event.stamp.at - journal.start().unwrap_or_default()).0)
            ),
        };
        let text = words::of_event(event).map_or_else(String::new, |text| format!(" ({text})"));
        lines.push(short(&format!("{whose}{what}{at}{text}")));
    }
    if events.len() - first > LOOKED_AT {
        lines.push("and more".to_owned());
    } else if more > 0 {
        lines.push(format!("and {more} more"));
    }
}

fn short(text: &str) -> String {
    let text = visible(text);
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

fn first_upper(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
