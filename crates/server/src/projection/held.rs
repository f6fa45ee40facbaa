//! What is held of one run: its journal without bulk, its last log lines, its values.

use super::decode::{Decode, RetryPolicy, retry_policy};
use super::logs::Logs;
use super::values::{self, Values};
use crate::run_id::RunId;
use crate::run_view::RunView;
use crate::store::{GraphOf, Limit, StoreError, StoredRecord, Stores};
use bytes::Bytes;
use contract::reel::Kind;
use model::item::{EventItem, EventKind};
use model::run::{StatusKind, StatusUpdate};
use model::{Item, Journal, Millis, RunState, RunStatus, Stamp, Text};
use serde_json::Value;
use std::collections::HashMap;

/// See [`super::Projections`].
#[derive(Default)]
pub(super) struct Held {
    epoch: String,
    arrival: i64,
    decode: Decode,
    pub(super) journal: Journal,
    pub(super) logs: Logs,
    pub(super) values: Values,
    /// The run at its end, of what is held.
    pub(super) state: Option<RunState>,
    /// Grows with every graph.
    pub(super) drawn: u64,
    /// A graph was recorded that is not drawn yet.
    redrawn: bool,
    /// How many attempts a step may have, where a retry policy says so.
    pub(super) most: HashMap<Text, u32>,
    /// Answers of each dialect, while nothing is new.
    pub(super) playbook: Option<Bytes>,
    pub(super) operation: Option<Bytes>,
    bytes: usize,
}

/// What is read and held at once beside what stays.
const BATCH: Limit = Limit {
    records: 2_000,
    bytes: 1 << 20,
};
/// What an event takes beside its texts.
const EVENT: usize = 160;

impl Held {
    /// Reads what arrived since the last time; answers the run as of the same arrival.
    pub(super) async fn catch_up(
        &mut self,
        stores: &Stores,
        run: &RunId,
    ) -> Result<RunView, StoreError> {
        let view = stores.runs.run(run).await?;
        if self.epoch != view.epoch {
            self.begin(&view);
        }
        // Who asked may go away at any wait: what is noted here must hold there.
        while self.arrival < view.last {
            let mut batch = stores.records.after(run, self.arrival, BATCH).await?;
            // What came after the account was taken waits for the next one.
            batch.retain(|record| record.arrival <= view.last);
            let Some(reached) = batch.last().map(|record| record.arrival) else {
                break;
            };
            for record in &batch {
                self.redrawn |= record.kind == Kind::Graph;
                self.take(record);
            }
            self.arrival = reached;
            (self.playbook, self.operation) = (None, None);
        }
        // A run without a graph may get one with a later header, which is no record.
        if self.redrawn || self.drawn == 0 {
            self.draw(stores.runs.graph(run, GraphOf::Now).await?);
            self.redrawn = false;
        }
        self.end(&view);
        if self.state.is_none() {
            self.state = Some(RunState::at(&self.journal, Millis::MAX));
        }
        Ok(view)
    }

    /// Bytes held, roughly.
    pub(super) fn bytes(&self) -> usize {
        let answers = [&self.playbook, &self.operation];
        let answers: usize = answers.into_iter().flatten().map(Bytes::len).sum();
        self.bytes + self.logs.bytes() + self.values.bytes() + answers
    }

    fn begin(&mut self, view: &RunView) {
        *self = Self {
            epoch: view.epoch.clone(),
            ..Self::default()
        };
        let run = Value::Object(view.header.clone()).to_string();
        let items = self.decode.header(&run, None);
        self.journal.append(items);
    }

    /// The journal has grown: states are to be derived again.
    fn changed(&mut self) {
        (self.state, self.playbook, self.operation) = (None, None, None);
    }

    fn draw(&mut self, graph: Option<String>) {
        let Some(graph) = graph else { return };
        let items = self.decode.graph(&graph);
        self.journal.append(items);
        self.drawn += 1;
        self.bytes += 2 * graph.len();
        self.changed();
    }

    fn take(&mut self, record: &StoredRecord) {
        let shown = matches!(
            record.kind,
            Kind::Status | Kind::Trace | Kind::Log | Kind::Io | Kind::Artifact
        );
        if !shown {
            return;
        }
        if let Some((node, most)) = retry_policy(record).and_then(RetryPolicy::of_node) {
            self.most.insert(node, most);
        }
        for item in self.decode.record(record) {
            match item {
                Item::Log(line) => self.logs.push(&line.node, line.message),
                Item::Io(io, _) => self.values.take(*io),
                Item::Event(mut event) => {
                    if event.kind.state().is_some() {
                        lighten(&mut event);
                        self.bytes += weight(&event);
                        self.changed();
                        self.journal.append([Item::Event(event)]);
                    }
                }
                item => {
                    self.bytes += EVENT + record.body.len();
                    self.changed();
                    self.journal.append([item]);
                }
            }
        }
    }

    /// The store's account says that a run has ended also where no record has an instant for it.
    fn end(&mut self, view: &RunView) {
        let stated = view.stated();
        if !stated.is_terminal() || self.journal.ended().is_some() {
            return;
        }
        let at = self.journal.end().unwrap_or_default();
        let status = match stated {
            contract::studio::RunStatus::Completed => RunStatus::Completed,
            contract::studio::RunStatus::Failed => RunStatus::Failed,
            contract::studio::RunStatus::TimedOut => RunStatus::TimedOut,
            contract::studio::RunStatus::ContinuedAsNew => RunStatus::ContinuedAsNew,
            _ => RunStatus::Cancelled,
        };
        let update = StatusUpdate {
            stamp: Stamp::at(at),
            kind: StatusKind::Plain,
            status,
            started: None,
            progress: None,
            failure: None,
        };
        self.journal.append([Item::Status(Box::new(update), None)]);
        self.changed();
    }
}

/// Leaves of an event what the answers show.
fn lighten(event: &mut EventItem) {
    let Some(mut detail) = event.detail.take() else {
        return;
    };
    if !matches!(event.kind, EventKind::Completed | EventKind::Failed) {
        return;
    }
    detail.data = None;
    detail.correlation = None;
    detail.output = detail.output.take().map(values::small);
    event.detail = Some(detail);
}

fn weight(event: &EventItem) -> usize {
    let texts = event.detail.as_ref().map_or(0, |detail| {
        let message = detail.message.as_ref().map_or(0, |message| message.len());
        let output = detail.output.as_ref().map_or(0, |it| it.as_str().len());
        let error = detail.error.as_ref().map_or(0, |error| {
            let stack = error.stack.as_ref().map_or(0, |stack| stack.len());
            let details = error.details.as_ref().map_or(0, |it| it.as_str().len());
            error.message.len() + stack + details
        });
        message + output + error
    });
    EVENT + texts
}
