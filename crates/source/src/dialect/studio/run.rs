//! The run itself and its status.

use super::super::decoder::{Decoder, json, text};
use contract::studio::{self, Run, Status};
use model::item::RecordId;
use model::run::{Failure, RunInfo, StatusKind, StatusUpdate};
use model::{Item, RunStatus, Span, Stamp};

impl Decoder {
    /// A run as listed, in detail or in a header: what is known of it, and its status, placed where
    /// it must have begun to hold.
    pub(super) fn run(&mut self, run: Run, raw: &str) {
        let started = self.optional_stamp("startTime", Some(&run.start_time), raw);
        let holds = match run.status.is_terminal() {
            true => self.end_of(&run, started, raw),
            // A running run states an end as well (the last update): it is none.
            false => started,
        };
        if let Some(stamp) = holds {
            let update = StatusUpdate {
                stamp,
                kind: StatusKind::Plain,
                status: status(&run.status),
                started: started.map(|stamp| stamp.at),
                progress: None,
                failure: None,
            };
            self.push_status(&run.status, update, None, raw);
        }
        self.batch.ended |= run.status.is_terminal();
        let trigger = run.trigger_type.map(|word| self.name(word.as_str()));
        self.push(Item::Run(Box::new(RunInfo {
            id: run.id,
            workflow_id: run.workflow_id,
            name: run.workflow_name,
            version: run.workflow_version,
            version_id: text(run.workflow_version_id),
            started: started.map(|stamp| stamp.at),
            trigger,
            trigger_label: text(run.trigger_label),
            parent_run: text(run.parent_run_id),
            input: json(run.input_preview),
        })));
    }

    /// Where no end is stated, the start and the duration tell it; a duration of 0 is one that
    /// nobody counted.
    fn end_of(&mut self, run: &Run, started: Option<Stamp>, raw: &str) -> Option<Stamp> {
        if run.end_time.as_ref().is_some_and(|end| !end.is_empty()) {
            return self.optional_stamp("endTime", run.end_time.as_deref(), raw);
        }
        let started = started.filter(|_| run.duration > 0)?;
        Some(Stamp::at(started.at + Span(run.duration)))
    }

    /// `GET …/status`, the `status` frame and the reel's `status` record.
    pub(super) fn status(&mut self, raw: &str, origin: Origin) {
        let Some(status) = self.read::<Status>(raw) else {
            return;
        };
        self.batch.ended |= status.status.is_terminal();
        let updated = |decoder: &mut Self| {
            decoder.optional_stamp("updatedAt", status.updated_at.as_deref(), raw)
        };
        let stamp = match &status.completed_at {
            Some(end) if status.status.is_terminal() => self.stamp("completedAt", end, raw),
            _ => updated(self),
        };
        let Some(stamp) = stamp else {
            if status.updated_at.is_none() {
                self.problem("a status without an instant: no `updatedAt`", raw);
            }
            return;
        };
        let started = self.optional_stamp("startedAt", status.started_at.as_deref(), raw);
        let progress = status
            .progress
            .map(|progress| (progress.completed_actions, progress.total_actions))
            .filter(|(done, total)| *done >= 0 && *total > 0);
        let failure = status.failure.map(|failure| Failure {
            reason: failure.reason.into(),
            code: text(failure.temporal_code),
            details: json(failure.details),
        });
        let record = (origin == Origin::Recorded).then(|| {
            let instant = status
                .updated_at
                .as_deref()
                .or(status.completed_at.as_deref());
            RecordId::of(&[
                "status",
                status.status.as_str(),
                instant.unwrap_or_default(),
            ])
        });
        let update = StatusUpdate {
            stamp,
            kind: StatusKind::Plain,
            status: self::status(&status.status),
            started: started.map(|stamp| stamp.at),
            progress,
            failure,
        };
        self.push_status(&status.status, update, record, raw);
    }

    /// Hands on a status; `word` is how its source spelled it.
    pub(super) fn push_status(
        &mut self,
        word: &studio::RunStatus,
        update: StatusUpdate,
        record: Option<RecordId>,
        raw: &str,
    ) {
        if let studio::RunStatus::Other(word) = word {
            self.problem(format!("status `{word}` is not known here"), raw);
        }
        self.batch.ended |= word.is_terminal();
        self.push(Item::Status(Box::new(update), record));
    }
}

/// Where a status comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A record of the run.
    Recorded,
    /// The server's own summary.
    Derived,
}

pub(super) fn status(word: &studio::RunStatus) -> RunStatus {
    match word {
        studio::RunStatus::Queued => RunStatus::Queued,
        studio::RunStatus::Running => RunStatus::Running,
        studio::RunStatus::Completed => RunStatus::Completed,
        studio::RunStatus::Failed => RunStatus::Failed,
        studio::RunStatus::Cancelled => RunStatus::Cancelled,
        studio::RunStatus::Terminated => RunStatus::Terminated,
        studio::RunStatus::TimedOut => RunStatus::TimedOut,
        studio::RunStatus::AwaitingInput => RunStatus::AwaitingInput,
        studio::RunStatus::Stale => RunStatus::Stale,
        studio::RunStatus::ContinuedAsNew => RunStatus::ContinuedAsNew,
        studio::RunStatus::Paused => RunStatus::Paused,
        studio::RunStatus::Other(word) => RunStatus::Other(word.clone()),
    }
}
