//! Operations as our own server lists them, and what an error says.

use super::super::decoder::Decoder;
use super::super::lenient::Members;
use super::parts;
use contract::operations::{OperationState, OperationStatus};
use model::run::RunSummary;
use model::{Problem, RunStatus};
use serde_json::value::RawValue;

/// Decodes `GET /operations`, in the source's order (newest first). Ours alone has it.
pub fn decode_operations(body: &str) -> (Vec<RunSummary>, Vec<Problem>) {
    let mut decoder = Decoder::new("answer `operations`".to_owned());
    let mut summaries = Vec::new();
    let list = Members::read(body).and_then(|members| {
        let raw = members
            .get("operations")
            .ok_or("missing field `operations`")?;
        serde_json::from_str::<Vec<&RawValue>>(raw).map_err(|error| error.to_string())
    });
    match list {
        Ok(list) => decoder.each("operation", &list, |decoder, raw| {
            if let Some(status) = decoder.read(raw) {
                summaries.push(summary(decoder, status, raw));
            }
        }),
        Err(what) => decoder.problem(what, body),
    }
    (summaries, decoder.take().problems)
}

/// One whose times cannot be read is still listed, without them.
fn summary(decoder: &mut Decoder, status: OperationStatus, raw: &str) -> RunSummary {
    let started = decoder.optional_instant("started_at", status.started_at.as_deref(), raw);
    let ended = match status.status.is_terminal() {
        true => decoder.optional_instant("finished_at", status.finished_at.as_deref(), raw),
        false => None,
    };
    let word = match status.status {
        OperationState::Starting => RunStatus::Queued,
        OperationState::Processing => RunStatus::Running,
        OperationState::Succeeded => RunStatus::Completed,
        OperationState::Failed => RunStatus::Failed,
        OperationState::Canceled => RunStatus::Cancelled,
        OperationState::Other(word) => {
            decoder.problem(format!("status `{word}` is not known here"), raw);
            RunStatus::Other(word)
        }
    };
    let (kind, created) = parts(&status.id);
    let kind = decoder.name(kind);
    RunSummary {
        name: status.name.map_or_else(|| kind.clone(), |name| name.into()),
        workflow_id: kind,
        version: None,
        status: word,
        started: started.or(created),
        ended,
        duration: ended.zip(started).map(|(ended, started)| ended - started),
        trigger: None,
        trigger_label: None,
        event_count: 0,
        node_count: 1,
        parent_run: None,
        id: status.id.into(),
    }
}

/// What an error says: its `detail`, which stands within a `detail`; or one that is a text.
pub fn detail_of(body: &str) -> Option<String> {
    let members = Members::read(body).ok()?;
    let said = match Members::read(members.get("detail")?) {
        Ok(detail) => detail.text("detail"),
        Err(_) => members.text("detail"),
    };
    said.filter(|said| !said.trim().is_empty())
}
