//! A run as Playbook shows it.

use super::current::{Current, Step, field, instant, member, raw, text};
use super::{execution_state, run_state, run_status, step_status};
use crate::json::{self, Object};
use crate::run_view::RunView;
use crate::token::ResumeToken;
use bytes::Bytes;
use contract::playbook::{
    Envelope, ExecutionState, PlaybookRunSummary, PlaybookRunView, StepProgress, StepRunView,
    StepType,
};
use serde_json::{Value, json};

/// Bytes of a step's view that a stream carries at most; frames stay below 64 KiB.
const STREAMED: usize = 48 << 10;

impl Current {
    /// The answer to `GET /playbook-runs/:id`; made once for each arrival.
    pub(crate) fn playbook_answer(&mut self) -> Bytes {
        if let Some(made) = &self.held.playbook {
            return made.clone();
        }
        let made = Bytes::from(answer(raw(&self.playbook())));
        self.held.playbook = Some(made.clone());
        made
    }

    fn playbook(&self) -> PlaybookRunView {
        let summary = summary(&self.view);
        let header = &self.view.header;
        let error = self.failure().filter(|_| self.view.status().is_terminal());
        let error = error.map(|message| {
            let failure = self.state().and_then(|state| state.failure.as_ref());
            let mut error = json!({ "message": message });
            if let Some(code) = failure.and_then(|failure| failure.code.as_ref()) {
                error["code"] = Value::from(&**code);
            }
            error
        });
        let input = header.get("inputPreview").and_then(Value::as_object);
        let cursor = ResumeToken {
            epoch: self.view.epoch.clone(),
            arrival: self.view.last,
        };
        PlaybookRunView {
            id: summary.id,
            playbook_id: summary.playbook_id,
            playbook_name: summary.playbook_name,
            playbook_version: summary.playbook_version,
            org_id: json::text(header, "organizationId")
                .unwrap_or("local")
                .to_owned(),
            state: summary.state,
            status: summary.status,
            triggered_by: summary.triggered_by,
            input: input.and_then(|input| member(input, "runtimeInputs")),
            output: None,
            error: error.as_ref().and_then(raw),
            webhook_url: None,
            worker_info: None,
            started_at: summary.started_at,
            completed_at: summary.completed_at,
            created_at: summary.created_at,
            updated_at: self.instants().updated,
            steps: self
                .steps()
                .filter_map(|step| raw(&self.step_view(step)))
                .collect(),
            progress: self.progress(),
            cursor: Some(cursor.to_string()),
        }
    }

    /// How many steps are where.
    pub(crate) fn progress(&self) -> StepProgress {
        let mut progress = StepProgress::default();
        for step in self.steps() {
            progress.total += 1;
            match execution_state(step.stands.state) {
                ExecutionState::Success => progress.completed += 1,
                ExecutionState::Failed => progress.failed += 1,
                ExecutionState::Running => progress.running += 1,
                ExecutionState::Queued | ExecutionState::Waiting => progress.pending += 1,
                ExecutionState::Blocked | ExecutionState::Canceled | ExecutionState::Other(_) => {}
            }
        }
        progress
    }

    /// A step as [`Self::step_view`] has it, for a stream: none where its values are previews, or where
    /// it has more than [`STREAMED`] bytes. Who needs it asks for it.
    pub(crate) fn streamed_step(&self, step: Step<'_>) -> Option<contract::Json> {
        let (mut lines, _) = self.held.logs.of(step.key);
        // Told before anything is copied: a log may be long.
        let bytes = lines.try_fold(0_usize, |bytes, line| {
            Some(bytes + line.len()).filter(|bytes| *bytes <= STREAMED)
        });
        if bytes.is_none() || self.has_previews(step) {
            return None;
        }
        raw(&self.step_view(step)).filter(|view| view.get().len() <= STREAMED)
    }

    /// A step; large values are previews.
    pub(crate) fn step_view(&self, step: Step<'_>) -> StepRunView {
        let stands = step.stands;
        let values = self.held.values.of(step.key);
        let (lines, count) = self.held.logs.of(step.key);
        let logs: Vec<String> = lines.map(|line| line.to_string()).collect();
        let input = values.and_then(|values| values.inputs.as_ref());
        let most = self.held.most.get(step.key).copied().unwrap_or(1);
        let kept = i64::try_from(logs.len()).unwrap_or(i64::MAX);
        StepRunView {
            id: format!("{}:{}", self.view.id(), step.key),
            key: step.key.to_string(),
            name: self.label(step.node),
            kind: Some(self.step_type(step)),
            state: execution_state(stands.state),
            status: Some(step_status(stands.state, stands.attempt)),
            attempt: i64::from(stands.attempt.saturating_sub(1)),
            max_attempts: i64::from(stands.attempt.max(most).max(1)),
            input: input.and_then(|input| field(input.json.as_str())),
            output: self.output(step).and_then(|output| field(&output)),
            error: self.step_error(step),
            log_count: (kept < count).then_some(count),
            logs,
            worker_info: None,
            collaboration_context: None,
            episodic_traces: Vec::new(),
            personality: None,
            started_at: stands.started().map(instant),
            completed_at: stands.ended().map(instant),
            created_at: self.instants().started,
            dependencies: Some(self.dependencies(step.node)),
        }
    }

    /// What came out of a step in its latest attempt, as JSON: its output, else what its end sums up.
    pub(crate) fn output(&self, step: Step<'_>) -> Option<String> {
        let values = self.held.values.of(step.key);
        let output = values.and_then(|values| values.outputs.as_ref());
        let output = output.filter(|it| step.stands.started().is_none_or(|from| it.at >= from));
        if let Some(output) = output {
            return Some(output.json.as_str().to_owned());
        }
        let event = step.stands.last_event(self.journal())?;
        let summary = event.detail.as_ref()?.output.as_ref()?;
        Some(summary.as_str().to_owned())
    }

    /// Whether the store has more of a step's values than is held here.
    pub(crate) fn has_previews(&self, step: Step<'_>) -> bool {
        let values = self.held.values.of(step.key);
        values.is_some_and(|values| {
            [&values.inputs, &values.outputs]
                .into_iter()
                .flatten()
                .any(|value| value.preview)
        })
    }

    fn step_error(&self, step: Step<'_>) -> Option<contract::Json> {
        // A step that runs again or went well after all has none.
        if step.stands.state != model::NodeState::Failed {
            return None;
        }
        let detail = step.stands.failure(self.journal())?.detail.as_ref()?;
        let mut error = Object::new();
        let told = detail.error.as_ref();
        let message = told.map(|it| &it.message).filter(|it| !it.is_empty());
        let message = message.or(detail.message.as_ref())?;
        error.insert("message".into(), Value::from(&**message));
        let told = [
            ("type", told.and_then(|it| it.kind.as_ref())),
            ("code", told.and_then(|it| it.code.as_ref())),
            ("stack", told.and_then(|it| it.stack.as_ref())),
        ];
        for (name, text) in told {
            if let Some(text) = text {
                error.insert(name.into(), Value::from(&**text));
            }
        }
        raw(&error)
    }

    /// The dialect has four types, recordings have components by name: guessed by the name.
    fn step_type(&self, step: Step<'_>) -> StepType {
        let node = self.graph().node(step.node);
        let kind = node.map_or("", |node| &*node.kind).to_ascii_lowercase();
        let has = |words: &[&str]| {
            let parts = kind.split(|c: char| !c.is_ascii_alphanumeric());
            parts.into_iter().any(|part| words.contains(&part))
        };
        if has(&["agent", "ai", "llm"]) {
            StepType::Agent
        } else if has(&["branch", "condition", "if", "switch", "approval"]) {
            StepType::Branch
        } else if has(&["api", "http", "webhook", "request"]) {
            StepType::Api
        } else {
            StepType::Data
        }
    }
}

/// A run as listed.
pub(crate) fn summary(view: &RunView) -> PlaybookRunSummary {
    let run = view.api_run();
    let of = |name: &str| json::text(&run, name).map(str::to_owned);
    let started = of("startTime").unwrap_or_default();
    let status = view.status();
    PlaybookRunSummary {
        id: view.id().to_owned(),
        playbook_id: of("workflowId").unwrap_or_default(),
        playbook_name: of("workflowName").unwrap_or_default(),
        playbook_version: run
            .get("workflowVersion")
            .and_then(Value::as_i64)
            .unwrap_or(0),
        state: run_state(&status),
        status: Some(run_status(&status)),
        triggered_by: of("triggerLabel")
            .or_else(|| of("triggerSource"))
            .or_else(|| of("triggerType")),
        started_at: Some(started.clone()),
        completed_at: of("endTime"),
        created_at: started,
    }
}

/// `{success:true,data}`.
pub(crate) fn answer(data: Option<contract::Json>) -> String {
    text(&Envelope {
        success: true,
        data,
        error: None,
    })
}
