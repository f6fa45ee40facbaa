//! Events about a step of a playbook run, its log lines among them.

use super::super::decoder::{Decoder, json};
use super::super::lenient::Members;
use super::frame::{Said, payload};
use super::known::Known;
use super::lines::Appended;
use super::step::Sight;
use super::view::Circumstances;
use super::words;
use contract::playbook::{
    EventType, PlaybookStepRunStatus, StepCompleted, StepFailed, StepLogAppended, StepUpdated,
};
use model::channel::log::{Level, LogStream};
use model::item::{LogItem, Provenance};
use model::{Item, NodeState, Stamp, Text};

impl Known {
    pub(super) fn step_event(
        &mut self,
        kind: &EventType,
        key: &str,
        said: &Said<'_>,
        decoder: &mut Decoder,
    ) {
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
        let circumstances = Circumstances {
            asked: self.ask(),
            in_order: false,
            at: said.came,
            position: said.position,
        };
        match self.take_step(view.get(), &circumstances, decoder) {
            Some(seen) if seen == key => self.wants.steps.retain(|wanted| *wanted != seen),
            Some(seen) => decoder.problem(format!("it shows another step, `{seen}`"), said.raw),
            None => {}
        }
    }

    /// A line that no step wrote has no place.
    pub(super) fn appended(
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
        match lines.append(&entry.message, id.as_deref(), stamp, said.position) {
            Appended::New(told) => decoder.push(Item::Log(LogItem {
                id: told.id(&node),
                node,
                stamp: told.stamp,
                level,
                stream,
                message: entry.message.into(),
            })),
            Appended::Known => {}
            Appended::Doubtful => {
                if let Some(place) = place {
                    self.want(place);
                }
            }
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
            completed: None,
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
