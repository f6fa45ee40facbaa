//! How an operation stands, from one answer or frame to the next: what changed becomes facts.

use super::super::decoder::Decoder;
use super::inferred;
use super::result::Outcome;
use contract::operations::OperationState;
use model::channel::log::Level;
use model::item::{Detail, ErrorInfo, EventKind};
use model::run::{Failure, StatusKind, StatusUpdate};
use model::{Item, Millis, NodeState, RunStatus, Stamp, Text};

/// What is said of a failure when nobody says why: the API keeps the error to itself.
pub(super) const NO_REASON: &str = "the operation failed; its backend does not say why";

/// What was told of the operation.
#[derive(Debug)]
pub(super) struct Told {
    node: Text,
    /// Of the id.
    created: Option<Millis>,
    state: Option<OperationState>,
    /// As stated.
    started: Option<Millis>,
    /// When the node began, as it was told.
    began: Option<Millis>,
    ended: Option<Millis>,
    /// Of the latest status: the next stands behind it.
    last: Stamp,
    /// Why it failed has been told, as far as anybody knows.
    explained: bool,
}

/// How it stands, as an answer or a frame says.
#[derive(Debug)]
pub(super) struct Report<'a> {
    pub(super) state: OperationState,
    pub(super) started: Option<&'a str>,
    pub(super) finished: Option<&'a str>,
    /// None in a frame.
    pub(super) outcome: Option<&'a Outcome>,
}

impl Told {
    pub(super) fn new(node: Text, created: Option<Millis>) -> Self {
        Self {
            node,
            created,
            state: None,
            started: None,
            began: None,
            ended: None,
            last: Stamp::at(Millis::MIN),
            explained: false,
        }
    }

    /// When the node began.
    pub(super) fn began(&self) -> Option<Millis> {
        self.began
    }

    /// When it ended, where it has.
    pub(super) fn ended(&self) -> Option<Millis> {
        self.ended
    }

    /// When it ended, where it has ended well.
    pub(super) fn succeeded(&self) -> Option<Millis> {
        self.ended
            .filter(|_| self.state == Some(OperationState::Succeeded))
    }

    /// Takes a report that came at `at`.
    pub(super) fn take(
        &mut self,
        decoder: &mut Decoder,
        report: &Report<'_>,
        raw: &str,
        at: Millis,
    ) {
        if report.state == OperationState::Starting && self.began.is_some() {
            // An answer that was overtaken by a frame.
            return;
        }
        let is_over = report.state.is_terminal();
        let changed = self.state.as_ref() != Some(&report.state);
        decoder.batch.ended |= is_over;
        if self.started.is_none() {
            self.started = decoder.optional_instant("started_at", report.started, raw);
        }
        if changed {
            self.notice(decoder, report, raw);
            let finished = is_over
                .then(|| decoder.optional_instant("finished_at", report.finished, raw))
                .flatten();
            self.begin(decoder, &report.state, finished, at);
            if is_over {
                let began = self.began.unwrap_or(Millis::MIN);
                self.ended = Some(finished.unwrap_or(at).max(began));
            }
        }
        let explains = is_over && !self.explained && report.outcome.is_some();
        if changed || explains {
            self.state = Some(report.state.clone());
            self.status(decoder, report, at);
            self.end(decoder, report, changed);
            self.explained |= explains;
        }
    }

    /// What is odd about a change.
    fn notice(&mut self, decoder: &mut Decoder, report: &Report<'_>, raw: &str) {
        if let OperationState::Other(word) = &report.state {
            decoder.problem(format!("status `{word}` is not known here"), raw);
        }
        if let Some(before) = self.state.as_ref().filter(|state| state.is_terminal()) {
            decoder.problem(
                format!("it had ended as `{before}` and is now `{}`", report.state),
                raw,
            );
            decoder.batch.reopened |= !report.state.is_terminal();
            self.ended = None;
            self.explained = false;
        }
    }

    /// The node begins when the operation is first said to go on, or to have gone on. Without an
    /// instant of its own it began no later than now, or than its end.
    fn begin(
        &mut self,
        decoder: &mut Decoder,
        state: &OperationState,
        finished: Option<Millis>,
        at: Millis,
    ) {
        let has_begun = match state {
            OperationState::Starting | OperationState::Other(_) => false,
            OperationState::Canceled => self.started.is_some(),
            OperationState::Processing | OperationState::Succeeded | OperationState::Failed => true,
        };
        if has_begun && self.began.is_none() {
            let began = self.started.or(finished).unwrap_or(at);
            self.began = Some(began);
            decoder.push(inferred(&self.node, EventKind::Started, began));
        }
    }

    fn status(&mut self, decoder: &mut Decoder, report: &Report<'_>, at: Millis) {
        // At one instant a later state comes later.
        let (status, holds, sequence) = match &report.state {
            OperationState::Starting => {
                let created = self.created.filter(|created| *created <= at);
                (RunStatus::Queued, created.or(self.started), 1)
            }
            OperationState::Processing => (RunStatus::Running, self.began, 2),
            OperationState::Succeeded => (RunStatus::Completed, self.ended, 3),
            OperationState::Failed => (RunStatus::Failed, self.ended, 3),
            OperationState::Canceled => (RunStatus::Cancelled, self.ended, 3),
            OperationState::Other(word) => (RunStatus::Other(word.clone()), None, 2),
        };
        let stamp = Stamp {
            sequence,
            ..Stamp::at(holds.unwrap_or(at))
        };
        self.last = stamp.max(self.last);
        let failure = report.outcome.filter(|_| status == RunStatus::Failed);
        let update = StatusUpdate {
            stamp: self.last,
            kind: StatusKind::Plain,
            status,
            started: self.started.or(self.began),
            progress: None,
            failure: failure.map(|outcome| Failure {
                reason: reason(Some(outcome)),
                code: outcome.code.clone(),
                details: None,
            }),
        };
        decoder.push(Item::Status(Box::new(update), None));
    }

    /// How the node ended. Where a frame told that it failed, an answer tells it again if it knows
    /// why.
    fn end(&mut self, decoder: &mut Decoder, report: &Report<'_>, changed: bool) {
        let Some(at) = self.ended else { return };
        let kind = match report.state {
            OperationState::Succeeded => EventKind::Completed,
            OperationState::Failed => EventKind::Failed,
            OperationState::Canceled => EventKind::Stated(NodeState::Canceled),
            _ => return,
        };
        let outcome = report.outcome;
        let says_why = outcome.is_some_and(|it| it.reason.is_some());
        let is_news = changed || kind == EventKind::Failed && says_why;
        if !is_news {
            return;
        }
        let Item::Event(mut event) = inferred(&self.node, kind.clone(), at) else {
            return;
        };
        if !changed {
            event.id = "operation: why".into();
        }
        let mut detail = Detail {
            message: outcome.and_then(|it| it.summary.clone()),
            ..Detail::default()
        };
        match kind {
            EventKind::Failed => {
                detail.error = Some(Box::new(ErrorInfo {
                    message: reason(outcome),
                    code: outcome.and_then(|it| it.code.clone()),
                    ..ErrorInfo::default()
                }));
            }
            // The agent says it failed, the operation that it did not.
            _ if outcome.is_some_and(|it| it.failed) => event.level = Level::Warn,
            _ => {}
        }
        event.detail = (detail != Detail::default()).then(|| Box::new(detail));
        decoder.push(Item::Event(event));
    }
}

fn reason(outcome: Option<&Outcome>) -> Text {
    let reason = outcome.and_then(|outcome| outcome.reason.clone());
    reason.unwrap_or_else(|| NO_REASON.into())
}
