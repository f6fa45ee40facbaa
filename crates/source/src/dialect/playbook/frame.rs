//! The frames of a playbook run's stream, in the documented and in the coded spellings.

use super::super::Batch;
use super::super::decoder::{Decoder, json};
use super::super::lenient::Members;
use super::known::Known;
use super::step::Sight;
use super::words;
use contract::Json;
use contract::playbook::{
    Connected, EventType, ExecutionState, PlaybookEvent, PlaybookStepRunStatus, RunCompleted,
    RunFailed, RunUpdated, StepCompleted, StepFailed, StepLogAppended, StepUpdated,
};
use model::channel::log::{Level, LogStream};
use model::item::{LogItem, Provenance};
use model::run::Failure;
use model::{Item, Millis, NodeState, RunStatus, Stamp, Text};
use serde::de::DeserializeOwned;

/// What an event says of itself, apart from its payload.
struct Said<'a> {
    step: Option<String>,
    /// When it was sent, by its own word.
    sent: Option<Stamp>,
    /// When it came.
    came: Millis,
    payload: Option<Json>,
    raw: &'a str,
}

impl Said<'_> {
    fn at(&self) -> Millis {
        self.sent.map_or(self.came, |stamp| stamp.at)
    }
}

impl Known {
    /// Takes a frame in: its name (the SSE event) and its data; it came at `at`. A frame without a
    /// name is told by its data's `type`.
    pub fn frame(&mut self, name: &str, data: &str, at: Millis) -> Batch {
        let mut decoder = Decoder::new(format!("frame `{name}`"));
        let kind = match EventType::from_word(name) {
            EventType::Other(_) => Members::read(data)
                .ok()
                .and_then(|members| members.text("type"))
                .map_or(EventType::Other(name.to_owned()), |word| {
                    EventType::from_word(&word)
                }),
            kind => kind,
        };
        match kind {
            EventType::Connected => self.connected(data, &mut decoder),
            EventType::Heartbeat => {}
            EventType::Error => {
                let message = Members::read(data).ok().and_then(|it| it.text("message"));
                let what = match message {
                    Some(message) => format!("the server says: {message}"),
                    None => "the server could not read something".to_owned(),
                };
                decoder.problem(what, data);
            }
            EventType::Other(_) => {
                decoder.problem("a frame of this name is not known here", data);
            }
            kind => self.event(&kind, data, at, &mut decoder),
        }
        self.batch(decoder)
    }

    fn connected(&mut self, data: &str, decoder: &mut Decoder) {
        let Some(connected) = decoder.read::<Connected>(data) else {
            return;
        };
        decoder.batch.restarted = connected.resume.as_deref() == Some("restarted");
        let again = matches!(connected.resume.as_deref(), Some("start" | "restarted"));
        self.begin_stream(again);
    }

    fn event(&mut self, kind: &EventType, raw: &str, came: Millis, decoder: &mut Decoder) {
        let Some(event) = decoder.read::<PlaybookEvent>(raw) else {
            return;
        };
        if !event.run_id.is_empty() && event.run_id != self.run {
            return decoder.problem(format!("it is of another run, `{}`", event.run_id), raw);
        }
        self.events += 1;
        let said = Said {
            sent: decoder.optional_stamp("timestamp", Some(&event.timestamp), raw),
            step: event.step_key.filter(|key| !key.is_empty()),
            came,
            payload: event.payload,
            raw,
        };
        match kind {
            EventType::RunUpdated | EventType::RunCompleted | EventType::RunFailed => {
                self.heard = self.events;
                self.run_event(kind, &said, decoder);
            }
            _ => match said.step.clone() {
                Some(key) => self.step_event(kind, &key, &said, decoder),
                None if *kind == EventType::StepLogAppended => {
                    if let Some(appended) = payload::<StepLogAppended>(&said, decoder) {
                        self.appended(None, appended, &said, decoder);
                    }
                }
                None => decoder.problem("which step's it is: `stepKey` is needed", raw),
            },
        }
    }

    fn run_event(&mut self, kind: &EventType, said: &Said<'_>, decoder: &mut Decoder) {
        let (status, at, failure) = match kind {
            EventType::RunCompleted => {
                let Some(it) = payload::<RunCompleted>(said, decoder) else {
                    return;
                };
                let at = decoder.optional_instant("completedAt", Some(&it.completed_at), said.raw);
                (it.status, at, None)
            }
            EventType::RunFailed => {
                let Some(it) = payload::<RunFailed>(said, decoder) else {
                    return;
                };
                let at = decoder.optional_instant("failedAt", Some(&it.failed_at), said.raw);
                (
                    it.status,
                    at,
                    it.error.map(|error| words::failure(error.get())),
                )
            }
            _ => {
                let Some(it) = payload::<RunUpdated>(said, decoder) else {
                    return;
                };
                let finer = it
                    .state
                    .filter(|state| !matches!(state, ExecutionState::Other(_)));
                let status = match finer {
                    Some(state) => words::run_state(&state, Some(&it.status)),
                    None => words::run_status(&it.status),
                };
                return self.hear_status(status, said.at(), None, said, decoder);
            }
        };
        let status = words::run_status(&status);
        // The name of the frame says that it is over, whatever its status says.
        let status = match kind {
            EventType::RunCompleted if !status.is_terminal() => RunStatus::Completed,
            EventType::RunFailed if !status.is_terminal() => RunStatus::Failed,
            _ => status,
        };
        self.hear_status(status, at.unwrap_or(said.at()), failure, said, decoder);
    }

    fn hear_status(
        &mut self,
        status: RunStatus,
        at: Millis,
        failure: Option<Failure>,
        said: &Said<'_>,
        decoder: &mut Decoder,
    ) {
        if let RunStatus::Other(word) = &status {
            decoder.problem(format!("status `{word}` is not known here"), said.raw);
        }
        let last = self.stands.as_ref().map(|(stamp, ..)| stamp.at);
        let fresh = said
            .sent
            .is_some_and(|sent| last.is_none_or(|last| sent.at > last));
        self.stand(status, at, None, failure, fresh, decoder);
    }

    fn step_event(&mut self, kind: &EventType, key: &str, said: &Said<'_>, decoder: &mut Decoder) {
        let (place, made) = self.place(key);
        self.wants.run |= made;
        self.steps[place].heard = self.events;
        self.steps[place].seen = None;
        match kind {
            EventType::StepUpdated => {
                if let Some(updated) = payload::<StepUpdated>(said, decoder) {
                    self.updated(place, updated, said, decoder);
                }
            }
            EventType::StepCompleted => {
                if let Some(completed) = payload::<StepCompleted>(said, decoder) {
                    self.completed(place, completed, said, decoder);
                }
            }
            EventType::StepFailed => {
                if let Some(failed) = payload::<StepFailed>(said, decoder) {
                    self.failed(place, failed, said, decoder);
                }
            }
            EventType::StepView => self.viewed(key, said, decoder),
            _ => {
                if let Some(appended) = payload::<StepLogAppended>(said, decoder) {
                    self.appended(Some(place), appended, said, decoder);
                }
            }
        }
    }

    fn updated(
        &mut self,
        place: usize,
        updated: StepUpdated,
        said: &Said<'_>,
        decoder: &mut Decoder,
    ) {
        let drawn = updated.name.is_some() || updated.dependencies.is_some();
        let first = self.steps[place].first;
        if let Some(name) = updated.name.filter(|name| !name.is_empty()) {
            self.steps[place].label = decoder.name(&name);
        }
        if let Some(dependencies) = &updated.dependencies {
            let keys = dependencies.iter().map(|key| decoder.name(key));
            self.steps[place].dependencies = Some(keys.collect());
        }
        let state = match &updated.state {
            Some(state) => words::node_state(state, Some(&updated.status)),
            None => words::node_status(&updated.status),
        };
        let started =
            decoder.optional_instant("startedAt", updated.started_at.as_deref(), said.raw);
        match state {
            Some(state) => {
                let sight = Sight {
                    attempt: updated.attempt.map(from_one),
                    started,
                    ..self.sight(place, state, said)
                };
                self.steps[place].advance(&sight, decoder);
                let goes_on = matches!(
                    state,
                    NodeState::Running
                        | NodeState::Queued
                        | NodeState::Waiting
                        | NodeState::Blocked
                );
                if !goes_on {
                    self.want(place);
                }
            }
            None => {
                let word = updated.status.as_str();
                decoder.problem(format!("status `{word}` is not known here"), said.raw);
            }
        }
        if drawn || self.steps[place].first != first {
            self.redraw(decoder);
        }
    }

    fn completed(
        &mut self,
        place: usize,
        completed: StepCompleted,
        said: &Said<'_>,
        decoder: &mut Decoder,
    ) {
        let state = match completed.status {
            PlaybookStepRunStatus::Skipped => NodeState::Skipped,
            _ => NodeState::Success,
        };
        let ended =
            decoder.optional_instant("completedAt", Some(&completed.completed_at), said.raw);
        let sight = Sight {
            attempt: completed.attempt.map(from_one),
            ended: ended.or(Some(said.at())),
            output: json(completed.result),
            ..self.sight(place, state, said)
        };
        self.steps[place].advance(&sight, decoder);
        self.want(place);
    }

    /// The original sends attempt 1 whichever it is: what fails is the attempt that goes on. Whether
    /// another has failed without being seen, the next view tells.
    fn failed(&mut self, place: usize, failed: StepFailed, said: &Said<'_>, decoder: &mut Decoder) {
        self.want(place);
        let ended = decoder.optional_instant("failedAt", Some(&failed.failed_at), said.raw);
        let ended = ended.unwrap_or(said.at());
        let step = &self.steps[place];
        let past = |open| from_one(failed.attempt) < open && step.begun >= Some(ended);
        if step.open().is_some_and(past) || (step.attempt() > 0 && step.open().is_none()) {
            return;
        }
        let again = failed.will_retry.then(|| "it will be tried again".into());
        let sight = Sight {
            ended: Some(ended),
            message: again,
            error: failed.error.map(|error| words::error_info(error.get())),
            ..self.sight(place, NodeState::Failed, said)
        };
        self.steps[place].advance(&sight, decoder);
    }

    /// What an answer about the step would have told, which then need not be asked for. It may have
    /// been long under way: it takes back nothing.
    fn viewed(&mut self, key: &str, said: &Said<'_>, decoder: &mut Decoder) {
        let Some(view) = &said.payload else {
            return decoder.problem("missing field `payload`", said.raw);
        };
        let asked = self.ask();
        match self.take_step(view.get(), asked, false, said.came, decoder) {
            Some(seen) if seen == key => self.wants.steps.retain(|wanted| *wanted != seen),
            Some(seen) => decoder.problem(format!("it shows another step, `{seen}`"), said.raw),
            None => {}
        }
    }

    /// A line that no step wrote has no place.
    fn appended(
        &mut self,
        place: Option<usize>,
        appended: StepLogAppended,
        said: &Said<'_>,
        decoder: &mut Decoder,
    ) {
        let entry = appended.log_entry;
        let level = match &entry.level {
            Some(word) => words::level(word).unwrap_or_else(|| {
                decoder.problem(format!("level `{word}` is not known here"), said.raw);
                Level::Info
            }),
            None => Level::Info,
        };
        let stamp = decoder.optional_stamp("timestamp", Some(&entry.timestamp), said.raw);
        let stamp = stamp.or(said.sent).unwrap_or(Stamp::at(said.came));
        let metadata = entry.metadata.as_ref().map(|it| it.get());
        let metadata = metadata
            .and_then(|it| Members::read(it).ok())
            .unwrap_or_default();
        let stream = match metadata.text("stream").as_deref() {
            Some("stdout" | "pty") => LogStream::Stdout,
            Some("stderr") => LogStream::Stderr,
            _ => LogStream::Console,
        };
        let (node, lines) = match place.map(|place| &mut self.steps[place]) {
            Some(step) => (step.key.clone(), &mut step.lines),
            None => (Text::default(), &mut self.lines),
        };
        let id = metadata.text("id");
        if let Some(told) = lines.append(&entry.message, id.as_deref(), stamp) {
            decoder.push(Item::Log(LogItem {
                id: told.id(&node),
                node,
                stamp: told.stamp,
                level,
                stream,
                message: entry.message.into(),
            }));
        }
    }

    /// What is the same in every sight by an event.
    fn sight(&self, place: usize, state: NodeState, said: &Said<'_>) -> Sight {
        let last = self.steps[place].told_until();
        Sight {
            state,
            attempt: None,
            created: None,
            started: None,
            ended: None,
            at: said.at(),
            // Events are sent again, and come later than views that were asked for after them.
            fresh: said
                .sent
                .is_some_and(|sent| last.is_none_or(|last| sent.at > last)),
            provenance: Provenance::Observed,
            message: None,
            error: None,
            output: None,
        }
    }

    /// What the event does not carry, a look at the step will tell.
    fn want(&mut self, place: usize) {
        let key = self.steps[place].key.to_string();
        if !self.wants.steps.contains(&key) {
            self.wants.steps.push(key);
        }
    }
}

/// An attempt counted from 0, as we count it.
fn from_one(attempt: i64) -> u32 {
    u32::try_from(attempt.saturating_add(1)).unwrap_or(1).max(1)
}

fn payload<T: DeserializeOwned>(said: &Said<'_>, decoder: &mut Decoder) -> Option<T> {
    match &said.payload {
        Some(payload) => decoder.read(payload.get()),
        None => {
            decoder.problem("missing field `payload`", said.raw);
            None
        }
    }
}
