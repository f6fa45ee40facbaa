//! Events about a playbook run as a whole.

use super::super::decoder::Decoder;
use super::frame::{Said, payload};
use super::known::Known;
use super::words;
use contract::playbook::{EventType, ExecutionState, RunCompleted, RunFailed, RunUpdated};
use model::run::Failure;
use model::{Millis, RunStatus};

impl Known {
    pub(super) fn run_event(&mut self, kind: &EventType, said: &Said<'_>, decoder: &mut Decoder) {
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
}
