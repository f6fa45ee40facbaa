//! A run as Operations shows it.

use super::current::{Current, field, raw, text};
use super::operation_state;
use crate::json::{self, Object};
use crate::run_view::RunView;
use crate::store::StoredRecord;
use crate::token::ResumeToken;
use bytes::Bytes;
use contract::operations::{
    AgentResult, ArtifactInfo, OperationState, OperationStatus, ResultStatus,
};
use contract::time::parse_millis;
use model::{Millis, NodeState};
use std::collections::HashMap;

impl Current {
    /// The answer to `GET /operations/:id`; made once for each arrival.
    pub(crate) fn operation_answer(&mut self) -> Bytes {
        if let Some(made) = &self.held.operation {
            return made.clone();
        }
        let cursor = ResumeToken {
            epoch: self.view.epoch.clone(),
            arrival: self.view.last,
        };
        let made = Bytes::from(text(&OperationStatus {
            result: raw(&self.agent_result()),
            cursor: Some(cursor.to_string()),
            ..summary(&self.view)
        }));
        self.held.operation = Some(made.clone());
        made
    }

    fn agent_result(&self) -> AgentResult {
        let state = operation_state(&self.view.status());
        let log = &self.held.logs.operation;
        let instants = self.instants();
        let started = parse_millis(&instants.started);
        let ended = instants.ended.as_deref().and_then(parse_millis);
        let took = started.zip(ended).map(|(from, to)| (to - from).max(0));
        AgentResult {
            status: match &state {
                OperationState::Succeeded => ResultStatus::Ok,
                OperationState::Failed | OperationState::Canceled => ResultStatus::Error,
                _ => ResultStatus::Processing,
            },
            summary: self.summed_up(&state),
            result: self.outputs(),
            artifacts: self.artifacts(),
            logs: log.last.iter().map(|line| line.to_string()).collect(),
            log_count: log.count,
            truncated: log.truncated,
            stdout: None,
            execution_time: took.map(|took| took as f64 / 1_000.0),
            return_code: None,
        }
    }

    fn summed_up(&self, state: &OperationState) -> String {
        let steps = self.steps();
        let (done, all) = steps.fold((0, 0), |(done, all), step| {
            let success = step.stands.state == NodeState::Success;
            (done + u32::from(success), all + 1)
        });
        let failure = self.failure();
        match (state, failure) {
            (OperationState::Failed | OperationState::Canceled, Some(why)) => why,
            (OperationState::Canceled, None) => "The operation was canceled".to_owned(),
            (OperationState::Failed, None) => "The operation failed".to_owned(),
            _ => format!("{done} of {all} steps succeeded"),
        }
    }

    /// What came out of the last steps, those that no other waits for, by their keys.
    fn outputs(&self) -> Option<contract::Json> {
        let last = |step: &super::current::Step<'_>| self.graph().children(step.node).is_empty();
        let mut members = Vec::new();
        for step in self.steps().filter(last) {
            if let Some(output) = self.output(step) {
                members.push(format!("{}:{output}", json::quote(step.key)));
            }
        }
        field(&format!("{{{}}}", members.join(",")))
    }

    /// The files of the run.
    pub(crate) fn artifacts(&self) -> Vec<ArtifactInfo> {
        let files = self.journal().artifacts_upto(Millis::MAX);
        let mut names = HashMap::new();
        for file in files {
            *names.entry(&*file.name).or_insert(0) += 1;
        }
        let info = |file: &model::item::Artifact| ArtifactInfo {
            path: path(&file.name, &file.id, names.get(&*file.name) == Some(&1)),
            size: i64::try_from(file.size).unwrap_or(i64::MAX),
            content_type: Some(content_type(file.mime.as_deref())),
        };
        files.iter().map(info).collect()
    }
}

/// A run as listed.
pub(crate) fn summary(view: &RunView) -> OperationStatus {
    let run = view.api_run();
    let of = |name: &str| json::text(&run, name).map(str::to_owned);
    OperationStatus {
        kind: "OperationStatus".to_owned(),
        id: view.id().to_owned(),
        status: operation_state(&view.status()),
        started_at: of("startTime"),
        finished_at: of("endTime"),
        result: None,
        cursor: None,
        name: of("workflowName"),
    }
}

/// The id of the artifact that `path` names: by its name where one alone has it, else by id and name.
pub(crate) fn artifact_id(records: &[StoredRecord], asked: &str) -> Option<String> {
    let files: Vec<Object> = records.iter().map(|it| json::object(&it.body)).collect();
    let text = |file: &Object, name| json::text(file, name).unwrap_or_default().to_owned();
    let alone = files.iter().filter(|it| text(it, "name") == asked).count() == 1;
    let found = files.iter().find(|file| {
        let (name, id) = (text(file, "name"), text(file, "id"));
        (alone && asked == name) || asked == path(&name, &id, false)
    });
    found.map(|file| text(file, "id"))
}

fn path(name: &str, id: &str, alone: bool) -> String {
    match alone {
        true => name.to_owned(),
        false => format!("{id}/{name}"),
    }
}

fn content_type(mime: Option<&str>) -> String {
    mime.unwrap_or("application/octet-stream").to_owned()
}
