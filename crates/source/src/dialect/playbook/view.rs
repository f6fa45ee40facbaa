//! The run view and the step view: snapshots, compared with what is known.

use super::super::Batch;
use super::super::decoder::{Decoder, json, text};
use super::super::lenient::{self, Members};
use super::known::{Asked, Known, hash, tell_context};
use super::position::Position;
use super::words;
use contract::Json;
use contract::playbook::{Envelope, ExecutionState, PlaybookRunView, StepRunView, WorkerInfo};
use model::run::RunInfo;
use model::{Item, Millis, RunStatus, Text};
use serde::Serialize;
use std::collections::HashSet;

/// Milliseconds by which an instant may lie after its answer and still tell when the answer was made.
const AHEAD: i64 = 86_400_000;

impl Known {
    /// Takes in the body of a good answer to [`super::path::run`]; it came at `at`. One that has not the
    /// run that was asked for changes nothing.
    pub fn run_view(&mut self, body: &str, asked: Asked, at: Millis) -> Result<Batch, Without> {
        let mut decoder = Decoder::new("playbook run".to_owned());
        let data = data(body)?;
        let view: PlaybookRunView = lenient::read(data, |what| {
            decoder.problem(format!("left out: {what}"), data);
        })
        .map_err(Without::Nothing)?;
        if !view.id.is_empty() && view.id != self.run {
            return Err(Without::Nothing(format!("it is the run `{}`", view.id)));
        }
        self.see_run(&view, data, asked, at, &mut decoder);
        Ok(self.batch(decoder))
    }

    /// The same of [`super::path::step`].
    pub fn step_view(&mut self, body: &str, asked: Asked, at: Millis) -> Result<Batch, Without> {
        let mut decoder = Decoder::new("playbook step".to_owned());
        let circumstances = Circumstances {
            asked,
            in_order: true,
            at,
            position: None,
        };
        self.take_step(data(body)?, &circumstances, &mut decoder);
        Ok(self.batch(decoder))
    }

    /// Takes a step's view in; answers its key, where it could be read.
    pub(super) fn take_step(
        &mut self,
        data: &str,
        came: &Circumstances,
        decoder: &mut Decoder,
    ) -> Option<String> {
        let view = decoder.read::<StepRunView>(data)?;
        let seen = self.read_step(view, data, decoder)?;
        let look = Look {
            asked: came.asked,
            in_order: came.in_order,
            at: came.at,
            newest: newest(came.at, seen.instants()).unwrap_or(came.at),
            position: came.position,
            ended: None,
        };
        self.see_step(&seen, data, &look, decoder);
        self.redraw(decoder);
        Some(seen.view.key)
    }

    pub(super) fn batch(&mut self, mut decoder: Decoder) -> Batch {
        let mut batch = decoder.take();
        self.tell_once(&mut batch.problems);
        batch
    }

    fn see_run(
        &mut self,
        view: &PlaybookRunView,
        raw: &str,
        asked: Asked,
        at: Millis,
        decoder: &mut Decoder,
    ) {
        let updated = decoder.optional_instant("updatedAt", Some(&view.updated_at), raw);
        let created = decoder.optional_instant("createdAt", Some(&view.created_at), raw);
        let started = decoder.optional_instant("startedAt", view.started_at.as_deref(), raw);
        let ended = decoder.optional_instant("completedAt", view.completed_at.as_deref(), raw);
        decoder.resume(view.cursor.clone());
        let in_order = self.in_order(asked);
        let position = view.cursor.as_deref().and_then(Position::read);
        if let Some(position) = position.filter(|_| in_order) {
            let before = self.shown.replace(position);
            if before.is_some_and(|before| before.history != position.history) {
                self.begin_another_history();
            }
        }
        let in_order = in_order && updated >= self.updated.filter(|_| updated.is_some());
        self.updated = self.updated.max(updated);
        let info = RunInfo {
            id: self.run.clone(),
            workflow_id: view.playbook_id.clone(),
            name: view.playbook_name.clone(),
            version: Some(view.playbook_version).filter(|version| *version != 0),
            version_id: None,
            started,
            trigger: None,
            trigger_label: text(view.triggered_by.clone()),
            parent_run: None,
            input: json(view.input.clone()),
        };
        if self.info.as_ref() != Some(&info) {
            decoder.push(Item::Run(Box::new(info.clone())));
            self.info = Some(info);
        }
        let mut steps = Vec::with_capacity(view.steps.len());
        let mut index = 0;
        let list: Vec<_> = view.steps.iter().map(|raw| &**raw).collect();
        decoder.each("step", &list, |decoder, raw| {
            if let Some(step) = decoder.read(raw)
                && let Some(seen) = self.read_step(step, raw, decoder)
            {
                steps.push((seen, index));
            }
            index += 1;
        });
        let stated = steps.iter().flat_map(|(step, _)| step.instants());
        let newest = newest(at, stated.chain([updated, created, started, ended])).unwrap_or(at);
        let look = Look {
            asked,
            in_order,
            at,
            newest,
            position,
            ended,
        };
        let mut places = Vec::with_capacity(steps.len());
        let mut keys = HashSet::with_capacity(steps.len());
        for (step, index) in &steps {
            let raw = list[*index].get();
            match keys.insert(&step.view.key) {
                true => places.push(self.see_step(step, raw, &look, decoder)),
                false => {
                    decoder.problem(format!("two steps with the key `{}`", step.view.key), raw)
                }
            }
        }
        self.arrange(&places);
        self.draw(decoder);
        let began = steps.iter().filter_map(|(step, _)| step.started);
        let ended = self.stands.as_ref().map(|(stamp, ..)| stamp.at);
        let resumed = began.filter(|at| ended.is_some_and(|ended| *at > ended));
        self.note_resumed(view, resumed.min(), started, &look, decoder);
        self.see_status(view, (created, started), &look, raw, decoder);
    }

    /// A run that had failed and has ended since was resumed, though nobody saw it go on; `resumed`: when
    /// the first step began after it had failed, where that is said. Views alone are compared: an event
    /// may say another instant of the same end.
    fn note_resumed(
        &mut self,
        view: &PlaybookRunView,
        resumed: Option<Millis>,
        started: Option<Millis>,
        look: &Look,
        decoder: &mut Decoder,
    ) {
        let status = words::run_state(&view.state, view.status.as_ref());
        let fresh = look.in_order && Self::had_heard(look.asked, self.heard);
        let failed = matches!(self.stands, Some((_, RunStatus::Failed, _)));
        let (Some(ended), true) = (look.ended, fresh && status.is_terminal()) else {
            return;
        };
        let again = self.failed.is_some_and(|before| ended > before);
        if failed && (again || status != RunStatus::Failed) {
            let at = resumed.filter(|at| *at <= ended);
            // Where nobody says when, another end alone says that it was.
            if let Some(at) = at.or(Some(ended).filter(|_| status == RunStatus::Failed)) {
                self.stand(RunStatus::Running, at, started, None, true, decoder);
            }
        }
        self.failed = Some(ended).filter(|_| status == RunStatus::Failed);
    }

    fn see_status(
        &mut self,
        view: &PlaybookRunView,
        (created, started): (Option<Millis>, Option<Millis>),
        look: &Look,
        raw: &str,
        decoder: &mut Decoder,
    ) {
        let status = words::run_state(&view.state, view.status.as_ref());
        if let ExecutionState::Other(word) = &view.state {
            decoder.problem(format!("state `{word}` is not known here"), raw);
        }
        let known = self.stands.is_some();
        let from = match &status {
            status if status.is_terminal() => look.ended,
            RunStatus::Queued => created.filter(|_| !known),
            _ => started.filter(|_| {
                self.stands
                    .as_ref()
                    .is_none_or(|(_, it, _)| !it.is_terminal())
            }),
        };
        let failure = view.error.as_ref().filter(|_| status.is_terminal());
        let failure = failure.map(|error| words::failure(error.get()));
        let fresh = look.in_order && Self::had_heard(look.asked, self.heard);
        self.stand(
            status,
            from.unwrap_or(look.newest),
            started,
            failure,
            fresh,
            decoder,
        );
        let told = RunContext {
            output: view.output.as_ref(),
            worker_info: view.worker_info.as_ref(),
            webhook_url: view.webhook_url.as_deref(),
        };
        if let Some(json) = context(&told)
            && self.context.replace(hash(&json)) != Some(hash(&json))
        {
            let at = look.ended.or(started).unwrap_or(look.newest);
            tell_context(&Text::default(), &json, at, 0, decoder);
        }
    }
}

/// How a step's view came.
pub(super) struct Circumstances {
    pub(super) asked: Asked,
    /// Whether no newer view has come before it: only such a one may take something back.
    pub(super) in_order: bool,
    pub(super) at: Millis,
    /// Where it stands in the run's records, if that is known.
    pub(super) position: Option<Position>,
}

/// The same of any view, and what it states.
pub(super) struct Look {
    pub(super) asked: Asked,
    /// Whether no newer view has come before it.
    pub(super) in_order: bool,
    /// When the answer came.
    pub(super) at: Millis,
    /// The newest instant that the view states, else when it came: what it shows was so by then, and
    /// what comes after it is later.
    pub(super) newest: Millis,
    /// Where it stands in the run's records, if it says so.
    pub(super) position: Option<Position>,
    /// When the run ended.
    pub(super) ended: Option<Millis>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RunContext<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<&'a Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    worker_info: Option<&'a WorkerInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_url: Option<&'a str>,
}

/// As JSON; what says nothing is no context.
pub(super) fn context(told: &impl Serialize) -> Option<String> {
    serde_json::to_string(told).ok().filter(|json| json != "{}")
}

fn newest(at: Millis, instants: impl IntoIterator<Item = Option<Millis>>) -> Option<Millis> {
    let bound = Millis(at.0.saturating_add(AHEAD));
    instants
        .into_iter()
        .flatten()
        .filter(|it| *it <= bound)
        .max()
}

/// Why a good answer has not what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Without {
    /// The backend says that it refuses; its words.
    Refused(String),
    /// It is something else; what is wrong with it.
    Nothing(String),
}

/// What an answer holds: `data` of the envelope, or the whole where there is no envelope.
pub(super) fn data(body: &str) -> Result<&str, Without> {
    let members = Members::read(body)
        .map_err(|what| Without::Nothing(format!("it is no JSON object: {what}")))?;
    match (members.get("success"), members.get("data")) {
        (None, _) => Ok(body),
        (Some("true"), Some(data)) => Ok(data),
        (Some("true"), None) => Err(Without::Nothing("it has no `data`".to_owned())),
        _ => {
            let why = refusal(body).unwrap_or_else(|| "it says no reason".to_owned());
            Err(Without::Refused(why))
        }
    }
}

/// The words of `{success:false,error:{code,message}}`.
pub fn refusal(body: &str) -> Option<String> {
    let envelope: Envelope = lenient::read(body, |_| ()).ok()?;
    let error = envelope.error?;
    Some(match error.message.as_str() {
        "" => error.code.to_string(),
        message => format!("{message} ({})", error.code),
    })
}
