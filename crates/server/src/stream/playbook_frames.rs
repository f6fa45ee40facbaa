//! The frames of Playbook's stream, each from what it tells of.

use super::voice::At;

use crate::projection::{Current, execution_state, raw, retry_policy, step_status, text};
use crate::store::StoredRecord;
use contract::playbook::{
    EventType, LogEntry, LogLevel, PlaybookEvent, PlaybookRunStatus, PlaybookStepRunStatus,
    RunCompleted, RunFailed, StepCompleted, StepFailed, StepLogAppended, StepUpdated,
};
use contract::time;
use model::channel::log::Level;
use model::item::{EventItem, EventKind, LogItem};
use model::{NodeState, NodeView, Stamp};
use serde::Serialize;
use serde_json::json;

pub(super) use crate::projection::instant;

/// An event of the run.
pub(super) fn run(at: At<'_>, instant: &str, kind: EventType, payload: &impl Serialize) -> String {
    event(at, None, instant, kind, payload)
}

/// An event of a step.
pub(super) fn step(
    at: At<'_>,
    key: &str,
    instant: &str,
    kind: EventType,
    payload: &impl Serialize,
) -> String {
    event(at, Some(key), instant, kind, payload)
}

fn event(
    at: At<'_>,
    key: Option<&str>,
    instant: &str,
    kind: EventType,
    payload: &impl Serialize,
) -> String {
    text(&PlaybookEvent {
        kind,
        run_id: at.run.to_string(),
        step_key: key.map(str::to_owned),
        timestamp: instant.to_owned(),
        payload: raw(payload),
    })
}

/// A `step.updated` that says the status alone.
pub(super) fn updated(status: PlaybookStepRunStatus) -> StepUpdated {
    StepUpdated {
        status,
        attempt: None,
        started_at: None,
        state: None,
        dependencies: None,
        name: None,
    }
}

/// An event that is no end.
pub(super) fn changed(
    at: At<'_>,
    event: &EventItem,
    state: NodeState,
    attempt: u32,
) -> (EventType, String) {
    let when = when(event.stamp);
    let payload = StepUpdated {
        attempt: Some(from_zero(attempt)),
        started_at: (event.kind == EventKind::Started).then(|| when.clone()),
        state: Some(execution_state(state)),
        ..updated(step_status(state, attempt))
    };
    let kind = EventType::StepUpdated;
    let frame = step(at, &event.node, &when, kind.clone(), &payload);
    (kind, frame)
}

/// An attempt that ended well; `stands` is the step as it stands by now.
pub(super) fn completed(
    at: At<'_>,
    event: &EventItem,
    attempt: u32,
    stands: Option<&NodeView>,
) -> (EventType, String) {
    let when = when(event.stamp);
    let own = stands.filter(|stands| stands.attempt == attempt);
    let started = own.and_then(|stands| stands.started());
    let output = event
        .detail
        .as_ref()
        .and_then(|detail| detail.output.as_ref());
    let payload = StepCompleted {
        status: PlaybookStepRunStatus::Succeeded,
        completed_at: when.clone(),
        result: output.and_then(|output| crate::projection::field(output.as_str())),
        duration: started.map(|started| (event.stamp.at - started).0.max(0) as f64),
        attempt: Some(from_zero(attempt)),
    };
    let kind = EventType::StepCompleted;
    let frame = step(at, &event.node, &when, kind.clone(), &payload);
    (kind, frame)
}

/// An attempt that failed.
pub(super) fn failed(
    at: At<'_>,
    record: &StoredRecord,
    event: &EventItem,
    attempt: u32,
    stands: Option<&NodeView>,
) -> (EventType, String) {
    let when = when(event.stamp);
    let detail = event.detail.as_deref();
    let error = detail.and_then(|detail| detail.error.as_ref());
    let said = error
        .map(|error| &error.message)
        .filter(|it| !it.is_empty());
    let said = said.or_else(|| detail?.message.as_ref());
    let payload = StepFailed {
        status: PlaybookStepRunStatus::Failed,
        error: raw(&said.map_or("The step failed", |said| &**said)),
        failed_at: when.clone(),
        attempt: from_zero(attempt),
        will_retry: stands.is_some_and(|stands| stands.attempt > attempt)
            || announces_another(record, attempt),
    };
    let kind = EventType::StepFailed;
    let frame = step(at, &event.node, &when, kind.clone(), &payload);
    (kind, frame)
}

/// Whether a failure says that another attempt follows: it has a policy then, and the policy has
/// attempts left.
fn announces_another(record: &StoredRecord, attempt: u32) -> bool {
    retry_policy(record).is_some_and(|policy| policy.most.is_none_or(|most| attempt < most))
}

/// A log line. One that no step wrote has no key.
pub(super) fn log(at: At<'_>, line: &LogItem) -> String {
    let when = when(line.stamp);
    let payload = StepLogAppended {
        log_entry: LogEntry {
            level: Some(match line.level {
                Level::Trace | Level::Debug => LogLevel::Debug,
                Level::Info => LogLevel::Info,
                Level::Warn => LogLevel::Warn,
                Level::Error => LogLevel::Error,
            }),
            message: line.message.to_string(),
            timestamp: when.clone(),
            metadata: raw(&json!({"id": &*line.id, "stream": line.stream.as_str()})),
        },
    };
    let key = Some(&*line.node).filter(|node| !node.is_empty());
    event(at, key, &when, EventType::StepLogAppended, &payload)
}

/// The end of a run that went well.
pub(super) fn run_completed(at: At<'_>, current: &Current, instant: &str) -> (EventType, String) {
    let progress = current.progress();
    let payload = RunCompleted {
        status: PlaybookRunStatus::Succeeded,
        completed_at: ended(current, instant),
        total_steps: progress.total,
        successful_steps: progress.completed,
    };
    let kind = EventType::RunCompleted;
    let frame = run(at, instant, kind.clone(), &payload);
    (kind, frame)
}

/// Any other end.
pub(super) fn run_failed(
    at: At<'_>,
    current: &Current,
    instant: &str,
    status: PlaybookRunStatus,
) -> (EventType, String) {
    let why = current.failure().unwrap_or_else(|| match status {
        PlaybookRunStatus::Cancelled => "The run was canceled".to_owned(),
        _ => "The run failed".to_owned(),
    });
    let payload = RunFailed {
        status,
        error: raw(&why),
        failed_at: ended(current, instant),
        failed_step_key: current.failed().map(|step| step.key.to_string()),
    };
    let kind = EventType::RunFailed;
    let frame = run(at, instant, kind.clone(), &payload);
    (kind, frame)
}

fn ended(current: &Current, otherwise: &str) -> String {
    let ended = current.instants().ended;
    ended.unwrap_or_else(|| otherwise.to_owned())
}

fn when(stamp: Stamp) -> String {
    let nanos = stamp.at.0.saturating_mul(1_000_000);
    time::format_nanos(nanos.saturating_add(i64::from(stamp.nanos)))
}

fn from_zero(attempt: u32) -> i64 {
    i64::from(attempt.max(1)) - 1
}
