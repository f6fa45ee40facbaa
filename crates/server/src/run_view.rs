//! A run as its header and its records tell it: one account, whatever the order they came in.
//!
//! What is derived here is either decided by the records or left as the header says, so that the
//! account of an exported run, imported again, is the same.

use crate::json::{self, Object};
use contract::studio::RunStatus;
use contract::time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A run without its graph and records.
#[derive(Clone, Debug)]
pub struct RunView {
    /// The `run` object of the header.
    pub header: Object,
    /// Changes when the store lost the run and got it anew.
    pub epoch: String,
    /// The last record's arrival, 0 without records.
    pub last: i64,
    /// What the records add up to.
    pub tally: Tally,
}

/// What the records of a run add up to; each field is a maximum, a minimum or a count.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// The status that holds.
    pub status: Option<Held>,
    /// Trace events.
    pub events: i64,
    /// Nanoseconds of the last record that has an instant.
    pub last_at: Option<i64>,
    /// Different nodes that events named.
    pub nodes_seen: i64,
    /// Those of them that have completed.
    pub nodes_completed: i64,
    /// Nodes of the graph that holds.
    pub graph_nodes: i64,
    /// Place of the graph record that holds; none: the header's.
    pub graph: Option<(i64, String)>,
    /// Unanswered questions.
    pub pending: i64,
}

/// A status object and its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// The greatest holds. An end outranks whatever is not one: a run that has ended does not go on
    /// because a "running" arrives late or carries a clock that runs ahead. Of several ends the
    /// earliest holds (what was cancelled does not complete afterwards), at one instant the one that
    /// gives a reason; of the others the latest.
    pub rank: (bool, i64, u8, String),
    /// The `status` object.
    pub body: String,
}

impl Tally {
    /// Counts a status in.
    pub fn hold(&mut self, status: &RunStatus, place: &contract::reel::Place, body: &str) {
        let rank = if status.is_terminal() {
            let says_why = serde_json::from_str::<Object>(body)
                .is_ok_and(|status| status.contains_key("failure"));
            let earliest = place.at.saturating_neg();
            (true, earliest, u8::from(says_why), place.key.clone())
        } else {
            (false, place.at, place.rank, place.key.clone())
        };
        if self.status.as_ref().is_none_or(|held| held.rank < rank) {
            let body = body.to_owned();
            self.status = Some(Held { rank, body });
        }
    }
}

impl RunView {
    /// The run's id.
    pub fn id(&self) -> &str {
        json::text(&self.header, "id").unwrap_or_default()
    }

    /// The state as header and records have it.
    pub fn stated(&self) -> RunStatus {
        let held = self.held();
        let word = json::text(&held, "status").or(json::text(&self.header, "status"));
        RunStatus::from_word(word.unwrap_or_default())
    }

    /// The state as shown: a run that goes on while a question is unanswered awaits input.
    pub fn status(&self) -> RunStatus {
        match self.stated() {
            RunStatus::Running | RunStatus::Queued if self.tally.pending > 0 => {
                RunStatus::AwaitingInput
            }
            stated => stated,
        }
    }

    /// The header's `run` object as of now.
    pub fn reel_run(&self) -> Object {
        let mut run = self.header.clone();
        run.insert("status".into(), self.stated().as_str().into());
        match self.end() {
            Some(end) => run.insert("endTime".into(), end.into()),
            None => run.remove("endTime"),
        };
        run.insert("eventCount".into(), self.event_count().into());
        run.insert("nodeCount".into(), self.node_count().into());
        run.insert("duration".into(), self.duration().into());
        run
    }

    /// The run as listed and in detail (contract A.3): nothing left out, null where it may be.
    pub fn api_run(&self) -> Object {
        let mut run = self.reel_run();
        run.insert("status".into(), self.status().as_str().into());
        json::default(&mut run, "organizationId", "local");
        json::default(&mut run, "triggerType", "manual");
        json::default(
            &mut run,
            "inputPreview",
            json!({"runtimeInputs": {}, "nodeOverrides": {}}),
        );
        for name in [
            "workflowVersionId",
            "workflowVersion",
            "endTime",
            "triggerSource",
            "triggerLabel",
            "parentRunId",
            "parentNodeRef",
        ] {
            json::default(&mut run, name, Value::Null);
        }
        run
    }

    /// The status object (contract A.4): optional means absent.
    pub fn api_status(&self) -> Object {
        let held = self.held();
        let start = json::text(&self.header, "startTime").unwrap_or_default();
        let mut status = Object::new();
        for name in ["failure", "progress", "taskQueue", "historyLength"] {
            if let Some(value) = held.get(name) {
                status.insert(name.into(), value.clone());
            }
        }
        status.insert("runId".into(), self.id().into());
        let workflow = json::text(&self.header, "workflowId").unwrap_or_default();
        status.insert("workflowId".into(), workflow.into());
        status.insert("status".into(), self.status().as_str().into());
        status.insert("startedAt".into(), start.into());
        let latest = self.tally.last_at.map(time::format_nanos);
        status.insert(
            "updatedAt".into(),
            latest.unwrap_or_else(|| start.to_owned()).into(),
        );
        if let Some(end) = self.end() {
            status.insert("completedAt".into(), end.into());
        }
        json::default(&mut status, "taskQueue", "");
        json::default(&mut status, "historyLength", self.tally.events);
        let total = self.node_count();
        if total > 0 {
            let completed = self.tally.nodes_completed.min(total);
            json::default(
                &mut status,
                "progress",
                json!({"completedActions": completed, "totalActions": total}),
            );
        }
        status
    }

    fn held(&self) -> Object {
        let held = self.tally.status.as_ref();
        held.map(|held| json::object(&held.body))
            .unwrap_or_default()
    }

    /// When the run ended; none while it goes on.
    fn end(&self) -> Option<String> {
        if !self.stated().is_terminal() {
            return None;
        }
        let held = self.held();
        json::text(&held, "completedAt")
            .or(json::text(&held, "updatedAt"))
            .or(json::text(&self.header, "endTime"))
            .map(str::to_owned)
    }

    fn event_count(&self) -> i64 {
        match self.tally.events {
            0 => self.header_count("eventCount"),
            events => events,
        }
    }

    fn node_count(&self) -> i64 {
        match (self.tally.graph_nodes, self.tally.nodes_seen) {
            (0, 0) => self.header_count("nodeCount"),
            (0, seen) => seen,
            (drawn, _) => drawn,
        }
    }

    /// Milliseconds from start to end, or to the last record while it goes on.
    fn duration(&self) -> i64 {
        let start = json::text(&self.header, "startTime").and_then(time::parse_millis);
        let end = self.end().as_deref().and_then(time::parse_millis);
        let end = end.or(self.tally.last_at.map(|at| at.div_euclid(1_000_000)));
        match (start, end) {
            (Some(start), Some(end)) => (end - start).max(0),
            _ => self.header_count("duration"),
        }
    }

    fn header_count(&self, name: &str) -> i64 {
        self.header.get(name).and_then(Value::as_i64).unwrap_or(0)
    }
}
