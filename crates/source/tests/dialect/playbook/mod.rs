//! The Playbook dialect: views, frames, logs, and that it does not matter who says a fact first.

#![allow(
    clippy::unwrap_used,
    reason = "a drawing that cannot be read fails its test"
)]

mod attempts;
mod folding;
mod frames;
mod hostile;
mod logs;
mod resumed;
mod shown;
mod views;

use crate::draw::draw;
use model::item::Provenance;
use model::{Item, Journal, Millis, RunState};
use serde_json::{Value, json};
use source::dialect::Batch;
use source::dialect::playbook::{Asked, Known};

/// When everything here happens: 2026-01-01T00:00:00Z.
pub const START: i64 = 1_767_225_600_000;

/// A run that is watched: what is known, and the journal it fills.
pub struct Watch {
    pub known: Known,
    pub journal: Journal,
}

impl Watch {
    pub fn new() -> Self {
        Self {
            known: Known::new("r"),
            journal: Journal::default(),
        }
    }

    /// A view that was asked for just now and came at second `at`.
    pub fn view(&mut self, view: &Value, at: i64) -> Batch {
        let asked = self.known.ask();
        self.late_view(view, asked, at)
    }

    pub fn late_view(&mut self, view: &Value, asked: Asked, at: i64) -> Batch {
        let body = json!({"success": true, "data": view}).to_string();
        let batch = self.known.run_view(&body, asked, second(at)).unwrap();
        self.take(batch)
    }

    pub fn frame(&mut self, event: &Value, at: i64) -> Batch {
        let name = event["type"].as_str().unwrap().to_owned();
        let batch = self.known.frame(&name, "", &event.to_string(), second(at));
        self.take(batch)
    }

    pub fn take(&mut self, batch: Batch) -> Batch {
        let appended = self.journal.append(batch.items.clone());
        assert_eq!(appended.dropped, 0);
        batch
    }

    /// `key=state@attempt from-to` of each node in the journal's order, seconds; then the run's.
    pub fn stands(&self) -> String {
        let state = RunState::at(&self.journal, Millis::MAX);
        let second = |at: Option<Millis>| {
            at.map_or(String::new(), |at| {
                ((at.0 - START) as f64 / 1_000.0).to_string()
            })
        };
        let nodes = self.journal.graph().nodes().iter().zip(&state.nodes);
        let mut drawn: Vec<_> = nodes
            .map(|(node, it)| {
                let (from, to) = (second(it.started()), second(it.ended()));
                format!("{}={}@{} {from}-{to}", node.reference, it.state, it.attempt)
            })
            .collect();
        drawn.sort();
        drawn.push(format!("{} {}", state.status, second(state.ended)));
        drawn.join("; ")
    }

    /// The lines of a step, in order.
    pub fn log(&self, step: &str) -> Vec<String> {
        let node = self.journal.graph().find(step);
        let logs = self.journal.logs();
        let lines = logs.lines(0..logs.len()).filter(|line| line.node == node);
        lines.map(|line| line.message.to_owned()).collect()
    }

    /// `KEY@ATTEMPT KIND` of each event that changes a state, in order.
    pub fn events(&self) -> Vec<String> {
        let events = self.journal.events().iter();
        events
            .filter(|event| event.kind.state().is_some())
            .map(|event| format!("{} {:?}", event.id, event.provenance))
            .collect()
    }
}

pub fn second(second: i64) -> Millis {
    Millis(START + second * 1_000)
}

/// `hh:mm:ss` of that second.
pub fn clock(second: i64) -> String {
    contract::time::format_millis(START + second * 1_000)
}

/// A run's view: `state` and what else it says.
pub fn run(state: &str, more: Value, steps: Vec<Value>) -> Value {
    let mut view = json!({
        "id": "r", "playbookId": "p", "playbookName": "Plan", "playbookVersion": 2, "orgId": "o",
        "state": state, "triggeredBy": null, "input": null, "output": null, "error": null,
        "webhookUrl": null, "workerInfo": null, "startedAt": clock(0), "completedAt": null,
        "createdAt": clock(0), "updatedAt": "", "steps": steps,
        "progress": {"total": 0, "completed": 0, "failed": 0, "running": 0, "pending": 0},
    });
    merge(&mut view, more);
    view
}

/// A step's view.
pub fn step(key: &str, state: &str, more: Value) -> Value {
    let mut view = json!({
        "id": format!("s-{key}"), "key": key, "name": key.to_uppercase(), "type": "AGENT",
        "state": state, "attempt": 0, "maxAttempts": 1, "input": null, "output": null,
        "error": null, "logs": [], "workerInfo": null, "collaborationContext": null,
        "episodicTraces": [], "personality": null, "startedAt": null, "completedAt": null,
        "createdAt": clock(0),
    });
    merge(&mut view, more);
    view
}

/// An event of a step, sent at second `at`.
pub fn event(kind: &str, step: &str, at: i64, payload: Value) -> Value {
    json!({"type": kind, "runId": "r", "stepKey": step, "timestamp": clock(at), "payload": payload})
}

fn merge(into: &mut Value, more: Value) {
    for (name, value) in more.as_object().unwrap() {
        into[name] = value.clone();
    }
}

/// A batch drawn, without what says nothing of the case at hand: run and graph.
pub fn brief(batch: &Batch) -> String {
    let mut kept = batch.clone();
    kept.items
        .retain(|item| !matches!(item, Item::Run(_) | Item::Graph(_)));
    let mut drawn = draw(&kept);
    if batch.reopened {
        drawn.push_str("\nreopened");
    }
    drawn
}

pub fn check(drawn: &str, want: &str) {
    let want: Vec<_> = want.lines().map(str::trim).collect();
    assert_eq!(drawn, want.join("\n").trim());
}

/// Whether all events of a batch are of that provenance.
pub fn all_are(batch: &Batch, provenance: Provenance) -> bool {
    batch.items.iter().all(|item| match item {
        Item::Event(event) => event.provenance == provenance,
        _ => true,
    })
}
