//! The list of playbook runs, which only our own server gives.

use super::super::decoder::{Decoder, text};
use super::view::Without;
use super::words;
use contract::playbook::{PlaybookRunList, PlaybookRunSummary};
use model::run::RunSummary;
use model::{Problem, RunStatus};

/// Decodes the good answer to [`super::path::runs`], in the source's order (newest first).
pub fn decode_runs(body: &str) -> (Vec<RunSummary>, Vec<Problem>) {
    let mut decoder = Decoder::new("answer `playbook-runs`".to_owned());
    let mut summaries = Vec::new();
    match super::view::data(body) {
        Ok(data) => {
            if let Some(list) = decoder.read::<PlaybookRunList>(data) {
                let runs: Vec<_> = list.runs.iter().map(|raw| &**raw).collect();
                decoder.each("run", &runs, |decoder, raw| {
                    if let Some(run) = decoder.read(raw) {
                        summaries.push(decoder.playbook_summary(run, raw));
                    }
                });
            }
        }
        Err(Without::Refused(what) | Without::Nothing(what)) => decoder.problem(what, body),
    }
    (summaries, decoder.take().problems)
}

impl Decoder {
    /// A run whose times cannot be read is still listed, without them.
    fn playbook_summary(&mut self, run: PlaybookRunSummary, raw: &str) -> RunSummary {
        let status = words::run_state(&run.state, run.status.as_ref());
        if let RunStatus::Other(word) = &status {
            self.problem(format!("state `{word}` is not known here"), raw);
        }
        let started = self.optional_instant("startedAt", run.started_at.as_deref(), raw);
        let created = self.optional_instant("createdAt", Some(&run.created_at), raw);
        let ended = match status.is_terminal() {
            true => self.optional_instant("completedAt", run.completed_at.as_deref(), raw),
            false => None,
        };
        RunSummary {
            id: run.id.into(),
            workflow_id: self.name(&run.playbook_id),
            name: self.name(&run.playbook_name),
            version: Some(run.playbook_version).filter(|version| *version != 0),
            status,
            started: started.or(created),
            ended,
            duration: started.and_then(|started| Some(ended? - started)),
            trigger: None,
            trigger_label: text(run.triggered_by),
            event_count: 0,
            node_count: 0,
            parent_run: None,
        }
    }
}
