//! A step as a view shows it, compared with what is known of it.

use super::super::decoder::{Decoder, json};
use super::super::lenient::Members;
use super::known::{Known, hash, tell_context};
use super::step::Sight;
use super::view::{Look, context};
use super::{lines, words};
use contract::Json;
use contract::playbook::{ExecutionState, StepRunView, WorkerInfo};
use model::channel::log::{Level, LogStream};
use model::item::{LogItem, NodeIo, Provenance};
use model::{Item, Millis, NodeState};
use serde::Serialize;
use serde_json::value::RawValue;

/// A step's view, its words read.
pub(super) struct Seen {
    state: Option<NodeState>,
    created: Option<Millis>,
    pub(super) started: Option<Millis>,
    ended: Option<Millis>,
    /// The same by the step's own word, not its worker's.
    completed: Option<Millis>,
    pub(super) view: StepRunView,
}

impl Seen {
    pub(super) fn instants(&self) -> [Option<Millis>; 3] {
        [self.created, self.started, self.ended]
    }
}

impl Known {
    /// What of a step's view could be read; its words that could not be are problems.
    pub(super) fn read_step(
        &mut self,
        view: StepRunView,
        raw: &str,
        decoder: &mut Decoder,
    ) -> Option<Seen> {
        if view.key.is_empty() {
            decoder.problem("a step without a key", raw);
            return None;
        }
        let worker = view.worker_info.as_ref();
        let mut instant = |name, text: Option<&str>| decoder.optional_instant(name, text, raw);
        let began = instant("startedAt", view.started_at.as_deref());
        let ended = instant("completedAt", view.completed_at.as_deref());
        let created = instant("createdAt", Some(&view.created_at));
        let worker_began = instant("workerInfo.startedAt", worker.map(|it| &*it.started_at));
        let worker_ended = instant(
            "workerInfo.finishedAt",
            worker.and_then(|it| it.finished_at.as_deref()),
        );
        let state = words::node_state(&view.state, view.status.as_ref());
        if let ExecutionState::Other(word) = &view.state {
            decoder.problem(format!("state `{word}` is not known here"), raw);
        }
        Some(Seen {
            state,
            created,
            started: began.or(worker_began),
            ended: ended.or(worker_ended),
            completed: ended,
            view,
        })
    }

    /// Takes a step's view in; returns the step's place.
    pub(super) fn see_step(
        &mut self,
        seen: &Seen,
        raw: &str,
        look: &Look,
        decoder: &mut Decoder,
    ) -> usize {
        let (place, _) = self.place(&seen.view.key);
        let step = &mut self.steps[place];
        let newer = look.asked.number >= step.asked;
        step.asked = step.asked.max(look.asked.number);
        let fresh = newer && look.in_order && Self::had_heard(look.asked, step.heard);
        let whole = hash(&raw);
        if fresh && step.seen == Some(whole) {
            return place;
        }
        step.seen = fresh.then_some(whole);
        let view = &seen.view;
        if !view.name.is_empty() {
            step.label = decoder.name(&view.name);
        }
        if let Some(kind) = &view.kind {
            step.kind = decoder.name(kind.as_str());
        }
        if let Some(dependencies) = &view.dependencies {
            let keys = dependencies.iter().map(|key| decoder.name(key));
            step.dependencies = Some(keys.collect());
        }
        if let Some(state) = seen.state {
            let ended = seen
                .ended
                .or(look.ended.filter(|_| state == NodeState::Canceled));
            let sight = Sight {
                state,
                attempt: Some(
                    u32::try_from(view.attempt.saturating_add(1))
                        .unwrap_or(1)
                        .max(1),
                ),
                created: seen.created,
                started: seen.started,
                ended,
                completed: seen.completed,
                at: look.newest,
                fresh,
                provenance: Provenance::Inferred,
                message: None,
                error: view
                    .error
                    .as_ref()
                    .map(|error| words::error_info(error.get())),
                output: None,
            };
            step.advance(&sight, decoder);
        }
        self.see_io(place, seen, look, decoder);
        self.see_lines(place, seen, fresh, look, decoder);
        place
    }

    /// Inputs are known from the start of a step, outputs from its end.
    fn see_io(&mut self, place: usize, seen: &Seen, look: &Look, decoder: &mut Decoder) {
        let step = &mut self.steps[place];
        let view = &seen.view;
        let known_from = step.begun.or(step.over).or(step.told_until());
        let known_from = known_from.unwrap_or(look.newest);
        let now = step.over.unwrap_or(look.newest).max(known_from);
        let io = (view.input.as_ref(), view.output.as_ref());
        let state = hash(&(
            io.0.map(|it| it.get()),
            io.1.map(|it| it.get()),
            step.attempt(),
        ));
        if (io.0.is_some() || io.1.is_some()) && step.io != Some(state) {
            step.io = Some(state);
            let (inputs, outputs) = (json(view.input.clone()), json(view.output.clone()));
            let mut tell = |at, outputs| {
                let (node, inputs) = (step.key.clone(), inputs.clone());
                let io = NodeIo {
                    node,
                    at,
                    inputs,
                    outputs,
                    truncated: false,
                };
                decoder.push(Item::Io(Box::new(io), None));
            };
            if inputs.is_some() && (outputs.is_none() || known_from < now) {
                tell(known_from, None);
            }
            if outputs.is_some() {
                tell(now, outputs);
            }
        }
        let told = StepContext {
            personality: view.personality.as_ref(),
            collaboration_context: view.collaboration_context.as_ref(),
            episodic_traces: view.episodic_traces.iter().filter_map(remembered).collect(),
            worker_info: view.worker_info.as_ref(),
            max_attempts: Some(view.max_attempts).filter(|attempts| *attempts > 1),
        };
        if let Some(json) = context(&told)
            && step.context.replace(hash(&json)) != Some(hash(&json))
        {
            tell_context(&step.key, &json, now, step.attempt(), decoder);
        }
    }

    /// Lines say no instant: they are told when they came, within the time of the attempt.
    fn see_lines(
        &mut self,
        place: usize,
        seen: &Seen,
        fresh: bool,
        look: &Look,
        decoder: &mut Decoder,
    ) {
        let step = &mut self.steps[place];
        let (from, to) = (
            step.begun.unwrap_or(Millis::MIN),
            step.over.unwrap_or(Millis::MAX),
        );
        let view = lines::View {
            lines: &seen.view.logs,
            count: seen
                .view
                .log_count
                .and_then(|count| u64::try_from(count).ok()),
            anew: step.attempt() > step.lines_of,
            fresh,
            in_order: look.in_order,
            at: look.at.min(to).max(from),
            position: look.position,
        };
        let news = step.lines.show(&view);
        step.lines_of = step.attempt();
        if news.lost > 0 {
            let what = format!(
                "{} log lines of the step `{}` are missing: the backend keeps only the last ones",
                news.lost, step.key
            );
            decoder.problem(what, "");
        }
        if news.replaced {
            let what = format!(
                "the log of the step `{}` does not go on from what it was; it is shown after that",
                step.key
            );
            decoder.problem(what, "");
        }
        for told in news.told {
            let message = &seen.view.logs[told.index];
            decoder.push(Item::Log(LogItem {
                id: told.id(&step.key),
                node: step.key.clone(),
                stamp: told.stamp,
                level: Level::Info,
                stream: LogStream::Console,
                message: message.as_str().into(),
            }));
        }
    }
}

/// What is remembered, without its embedding: numbers for machines, thousands of them.
fn remembered(trace: &Json) -> Option<Json> {
    let text = Members::read(trace.get()).ok()?.without(&["embedding"]);
    RawValue::from_string(text).ok()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StepContext<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    personality: Option<&'a Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    collaboration_context: Option<&'a Json>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    episodic_traces: Vec<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    worker_info: Option<&'a WorkerInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_attempts: Option<i64>,
}
