//! Answers of the API, each by the endpoint that was asked.

use super::super::Batch;
use super::super::decoder::{Decoder, count, text};
use super::run::Origin;
use contract::studio::{Run, RunStatus};
use model::run::RunSummary;
use model::{Problem, Span};

/// Which endpoint an answer is of; [`super::path`] builds their addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// The run itself.
    Run,
    /// Its status.
    Status,
    /// Its lifecycle events.
    Trace,
    /// The version of the workflow, with its graph; or the workflow itself.
    Version,
    /// Ours: the graph of the run as it stands.
    Graph,
    /// Values on edges.
    Dataflows,
    /// A page of log lines.
    Logs,
    /// Terminal bytes.
    Terminal,
    /// Inputs and outputs of nodes: all, or one.
    NodeIo,
    /// Files.
    Artifacts,
    /// Stored parts of an agent's stream.
    AgentParts,
    /// Questions to people, of whichever run: see [`decode_human_inputs`].
    HumanInputs,
    /// Ours: records of any kind that arrived after a token.
    Records,
    /// Ours: the whole run as a reel.
    Reel,
}

impl Endpoint {
    fn word(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Status => "status",
            Self::Trace => "trace",
            Self::Version => "version",
            Self::Graph => "graph",
            Self::Dataflows => "dataflows",
            Self::Logs => "logs",
            Self::Terminal => "terminal",
            Self::NodeIo => "node-io",
            Self::Artifacts => "artifacts",
            Self::AgentParts => "agent parts",
            Self::HumanInputs => "human-inputs",
            Self::Records => "records",
            Self::Reel => "reel",
        }
    }
}

/// Decodes the body of a good answer (2xx).
pub fn decode_answer(endpoint: Endpoint, body: &str) -> Batch {
    let mut decoder = Decoder::new(format!("answer `{}`", endpoint.word()));
    match endpoint {
        Endpoint::Run => {
            if let Some(run) = decoder.read(body) {
                decoder.run(run, body);
            }
        }
        Endpoint::Status => decoder.status(body, Origin::Derived),
        Endpoint::Trace => decoder.trace_list(body),
        Endpoint::Version | Endpoint::Graph => decoder.version(body),
        Endpoint::Dataflows => decoder.packet_list(body),
        Endpoint::Logs => decoder.log_list(body),
        Endpoint::Terminal => decoder.terminal_list(body),
        Endpoint::NodeIo => decoder.io_list(body),
        Endpoint::Artifacts => decoder.artifact_list(body),
        Endpoint::AgentParts => decoder.agent_list(body),
        Endpoint::HumanInputs => decoder.human_input_list(body, None),
        Endpoint::Records => decoder.record_list(body),
        Endpoint::Reel => return crate::reel::decode(body),
    }
    decoder.take()
}

/// Decodes `GET /human-inputs`, which lists the questions of all runs, keeping those of `run`.
pub fn decode_human_inputs(run: &str, body: &str) -> Batch {
    let mut decoder = Decoder::new("answer `human-inputs`".to_owned());
    decoder.human_input_list(body, Some(run));
    decoder.take()
}

/// Decodes `GET /workflows/runs` for a list, in the source's order (newest first).
pub fn decode_runs(body: &str) -> (Vec<RunSummary>, Vec<Problem>) {
    let mut decoder = Decoder::new("answer `runs`".to_owned());
    let mut summaries = Vec::new();
    if let Some((list, _)) = decoder.list(body, "runs") {
        decoder.each("run", &list, |decoder, raw| {
            if let Some(run) = decoder.read(raw) {
                summaries.push(decoder.summary(run, raw));
            }
        });
    }
    (summaries, decoder.take().problems)
}

impl Decoder {
    /// A run whose times cannot be read is still listed, without them.
    fn summary(&mut self, run: Run, raw: &str) -> RunSummary {
        let started = self.optional_instant("startTime", Some(&run.start_time), raw);
        // A running run states an end as well (the last update): it is none.
        let ended = match run.status.is_terminal() {
            true => self.optional_instant("endTime", run.end_time.as_deref(), raw),
            false => None,
        };
        let stated = (run.duration > 0).then_some(Span(run.duration));
        if let RunStatus::Other(word) = &run.status {
            self.problem(format!("status `{word}` is not known here"), raw);
        }
        RunSummary {
            duration: stated.or_else(|| Some(ended? - started?)),
            started,
            ended,
            status: super::run::status(&run.status),
            id: run.id.into(),
            workflow_id: self.name(&run.workflow_id),
            name: self.name(&run.workflow_name),
            version: run.workflow_version,
            trigger: run.trigger_type.map(|word| self.name(word.as_str())),
            trigger_label: text(run.trigger_label),
            event_count: count(run.event_count),
            node_count: count(run.node_count),
            parent_run: text(run.parent_run_id),
        }
    }
}
