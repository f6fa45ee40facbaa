//! A run as Playbook's stream tells it: what changed in which step, a frame a record.
//!
//! Events are passed on as they come. What no event says (that a step may start now, that the end
//! of the run has stopped it) is said when everything is sent, from the one fold. So are views of
//! steps that ended or whose input came to be known: a reader need not ask for each.

use super::pieces::Pieces;
use super::playbook_frames as frames;
use super::voice::{At, Standing};
use crate::projection::{
    Current, Decode, execution_state, run_state, run_status, step_status, text,
};
use crate::store::{StoreError, StoredRecord};
use contract::playbook::{
    Connected, EventType, ExecutionState, PlaybookRunStatus, PlaybookStepRunStatus, RunUpdated,
    StepUpdated,
};
use contract::reel::Kind;
use model::item::{EventItem, EventKind, NodeIo};
use model::{Item, JsonText, NodeState, Text};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What has been said.
#[derive(Default)]
pub(crate) struct Playbook {
    decode: Decode,
    /// State and attempt (from 1; 0 before the first) of each step the stream spoke of.
    said: HashMap<Text, (ExecutionState, u32)>,
    /// The graph that the reader knows; see `Current::drawn`.
    drawn: u64,
    /// The last `run.updated`.
    run: String,
    /// Steps that have more to show than frames said.
    unshown: BTreeSet<Text>,
    /// Steps of which the stream knows that they have an input.
    given: HashSet<Text>,
}

/// Bytes of views that are sent at once; readers ask for the others.
const VIEWS: usize = 256 << 10;

impl Playbook {
    pub(super) async fn open(&mut self, at: At<'_>, out: &mut Pieces) -> Result<(), StoreError> {
        let connected = Connected {
            message: "Connected to execution stream".to_owned(),
            run_id: Some(at.run.to_string()),
            resume: Some(at.position.origin.as_str().to_owned()),
        };
        let name = EventType::Connected;
        out.event(name.as_str(), &at.token(), &text(&connected));
        let current = at.state.projections.of(&at.state.stores, at.run).await?;
        self.drawn = current.drawn();
        if at.position.arrival > 0 {
            return Ok(());
        }
        // As it was before the first record: all steps of the graph are to come.
        let instant = current.instants().started;
        for step in current.steps().filter(|step| current.is_drawn(step.node)) {
            let dependencies = current.dependencies(step.node);
            let state = match dependencies.is_empty() {
                true => ExecutionState::Queued,
                false => ExecutionState::Waiting,
            };
            self.said.insert(step.key.clone(), (state.clone(), 0));
            let payload = StepUpdated {
                state: Some(state),
                dependencies: Some(dependencies),
                name: Some(current.label(step.node)),
                ..frames::updated(PlaybookStepRunStatus::Pending)
            };
            let frame = frames::step(at, step.key, &instant, EventType::StepUpdated, &payload);
            out.event(EventType::StepUpdated.as_str(), &at.token(), &frame);
        }
        Ok(())
    }

    pub(super) async fn records(
        &mut self,
        at: At<'_>,
        batch: &[StoredRecord],
        out: &mut Pieces,
    ) -> Result<(), StoreError> {
        if !batch.iter().any(is_told) {
            return Ok(());
        }
        let current = at.state.projections.of(&at.state.stores, at.run).await?;
        for record in batch.iter().filter(|record| is_told(record)) {
            // A record says one thing at most here, so its token covers it.
            let id = at.position.token(record.arrival);
            for item in self.decode.record(record) {
                let (name, frame) = match item {
                    Item::Log(line) => (EventType::StepLogAppended, frames::log(at, &line)),
                    Item::Event(event) => match self.event(at, &current, record, &event) {
                        Some(frame) => frame,
                        None => continue,
                    },
                    Item::Io(io, _) => {
                        self.values(&io);
                        continue;
                    }
                    _ => continue,
                };
                out.event(name.as_str(), &id, &frame);
            }
        }
        Ok(())
    }

    /// An input is shown when it is first known; what comes out, also when it comes after the end.
    fn values(&mut self, io: &NodeIo) {
        let some =
            |value: &Option<JsonText>| value.as_ref().is_some_and(|it| it.as_str() != "null");
        let begins = some(&io.inputs) && self.given.insert(io.node.clone());
        let said = self.said.get(&io.node).map(|(state, _)| state);
        let over = matches!(said, Some(ExecutionState::Success | ExecutionState::Failed));
        if begins || (over && some(&io.outputs)) {
            self.unshown.insert(io.node.clone());
        }
    }

    /// What an event of a step changes; none where that has been said.
    fn event(
        &mut self,
        at: At<'_>,
        current: &Current,
        record: &StoredRecord,
        event: &EventItem,
    ) -> Option<(EventType, String)> {
        let state = event.kind.state().filter(|_| !event.node.is_empty())?;
        let before = self.said.get(&event.node);
        let attempt = match (event.attempt, before) {
            (0, Some((_, attempt))) if event.kind == EventKind::Started => attempt + 1,
            (0, Some((_, attempt))) => (*attempt).max(1),
            (0, None) => 1,
            (attempt, _) => attempt,
        };
        let now = (execution_state(state), attempt);
        let known = before == Some(&now);
        self.said.insert(event.node.clone(), now);
        if shows_more(state) {
            self.unshown.insert(event.node.clone());
        }
        let stands = current.step(&event.node).map(|step| step.stands);
        Some(match state {
            NodeState::Success => frames::completed(at, event, attempt, stands),
            NodeState::Failed => frames::failed(at, record, event, attempt, stands),
            _ if known => return None,
            _ => frames::changed(at, event, state, attempt),
        })
    }

    /// Says what no event said, how the run stands where that is news, and whether it is over.
    pub(super) async fn caught_up(
        &mut self,
        at: At<'_>,
        out: &mut Pieces,
    ) -> Result<Standing, StoreError> {
        let current = at.state.projections.of(&at.state.stores, at.run).await?;
        let view = &current.view;
        if view.last != at.position.arrival || view.epoch != at.position.epoch {
            return Ok(Standing::Behind);
        }
        let redrawn = self.drawn != current.drawn();
        self.drawn = current.drawn();
        let instant = current.instants().updated;
        for step in current.steps() {
            let stands = step.stands;
            let now = (execution_state(stands.state), stands.attempt);
            // A reader that has come back knows what events say.
            let derived = stands.last_event(current.journal()).is_none()
                || stands.state == NodeState::Canceled;
            let news = match self.said.get(step.key) {
                Some(said) => *said != now,
                None => derived,
            };
            if !news && !redrawn {
                continue;
            }
            let payload = StepUpdated {
                attempt: (stands.attempt > 0).then(|| i64::from(stands.attempt) - 1),
                started_at: stands.started().map(frames::instant),
                state: Some(now.0.clone()),
                dependencies: redrawn.then(|| current.dependencies(step.node)),
                name: redrawn.then(|| current.label(step.node)),
                ..frames::updated(step_status(stands.state, stands.attempt))
            };
            let frame = frames::step(at, step.key, &instant, EventType::StepUpdated, &payload);
            out.event(EventType::StepUpdated.as_str(), &at.token(), &frame);
            self.said.insert(step.key.clone(), now);
            if news && shows_more(stands.state) {
                self.unshown.insert(step.key.clone());
            }
        }
        self.show(at, &current, &instant, out);
        Ok(self.run(at, &current, &instant, out))
    }

    /// Sends the views that are due, up to the first that there is no room for: who comes late to a long
    /// run has thousands of them due, and none is made for nothing.
    fn show(&mut self, at: At<'_>, current: &Current, instant: &str, out: &mut Pieces) {
        let mut room = VIEWS;
        for key in std::mem::take(&mut self.unshown) {
            let Some(view) = current.step(&key).and_then(|it| current.streamed_step(it)) else {
                continue;
            };
            let Some(left) = room.checked_sub(view.get().len()) else {
                break;
            };
            room = left;
            let frame = frames::step(at, &key, instant, EventType::StepView, &view);
            out.event(EventType::StepView.as_str(), &at.token(), &frame);
        }
    }

    fn run(&mut self, at: At<'_>, current: &Current, instant: &str, out: &mut Pieces) -> Standing {
        let status = current.view.status();
        let ended = status.is_terminal();
        let running = |step: &crate::projection::Step<'_>| step.stands.state.is_active();
        let payload = RunUpdated {
            status: run_status(&status),
            current_step_key: current.steps().find(running).map(|it| it.key.to_string()),
            progress: crate::projection::raw(&current.progress()),
            state: Some(run_state(&status)),
        };
        let said = text(&payload);
        if said != self.run {
            let frame = frames::run(at, instant, EventType::RunUpdated, &payload);
            out.event(EventType::RunUpdated.as_str(), &at.token(), &frame);
            self.run = said;
        }
        if !ended {
            return Standing::CaughtUp;
        }
        let (name, frame) = match payload.status {
            PlaybookRunStatus::Succeeded => frames::run_completed(at, current, instant),
            status => frames::run_failed(at, current, instant, status),
        };
        out.event(name.as_str(), &at.token(), &frame);
        Standing::Over
    }
}

/// Whether a step that came into this state has more to show than the event says.
fn shows_more(state: NodeState) -> bool {
    matches!(
        state,
        NodeState::Success | NodeState::Failed | NodeState::Skipped | NodeState::Canceled
    )
}

fn is_told(record: &StoredRecord) -> bool {
    matches!(record.kind, Kind::Log | Kind::Trace | Kind::Io)
}
