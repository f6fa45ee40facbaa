//! One step from its first attempt to its last: start, follow, judge, try again.

use super::attempt::{self, End};
use super::cancel::Urgency;
use super::condition::{self, Answer};
use super::container::{self, Engine};
use super::failures::{exit_failure, failure, is_worth_retrying, words};
use super::process::{Exit, Message, Process, Spawn};
use super::record::{Output, has_terminal};
use super::{Shared, agent_stream, artifacts, outputs};
use crate::pipeline::{Command, OnFailure, Step, component, find_program};
use contract::studio::{LogLevel, Stream, TraceLevel};
use recorder::{Failure, Node, NodeIoRow};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Values a step handed on.
pub type Values = Map<String, Value>;

/// How a step ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Well, with these values for those that need it.
    Passed(Values),
    /// After its last attempt.
    Failed(Failure),
    /// It was not to run.
    Skipped(String),
    /// The run was to end.
    Cancelled,
}

/// A step being run.
pub struct Job<'a> {
    pub shared: &'a Shared<'a>,
    pub index: usize,
    pub step: &'a Step,
    pub node: Node,
    /// What the steps it needs handed on, by their name.
    pub inputs: Vec<(String, Values)>,
}

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

impl Job<'_> {
    /// Runs it. `told` hears of every change, for people.
    pub fn run(&self, told: &dyn Fn(&Change)) -> Outcome {
        let (to, messages) = sync_channel(64);
        attempt::forward_cancel(&self.shared.cancel, &to);
        let answer = match &self.step.when {
            Some(when) => condition::ask(when, self, &to, &messages),
            None => Answer::Yes,
        };
        match answer {
            Answer::Cancelled => return Outcome::Cancelled,
            Answer::No(reason) => {
                self.node.skipped(reason.clone());
                return Outcome::Skipped(reason);
            }
            Answer::Yes => {}
        }
        let attempts = self.step.retries.saturating_add(1);
        let mut pause = self.step.backoff;
        for attempt in 1..=attempts {
            if self.is_cancelled() {
                return Outcome::Cancelled;
            }
            self.node.started_by(attempt, &self.trigger());
            told(&Change::Started { attempt, attempts });
            let started = self.shared.run.now();
            let result = self.attempt(attempt, started, &to, &messages);
            let failure = match result {
                Ok(Some(values)) => return Outcome::Passed(values),
                Ok(None) => return Outcome::Cancelled,
                Err(failure) => failure,
            };
            let last = attempt == attempts || !is_worth_retrying(&failure);
            let retry = (!last).then(|| {
                let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
                json!({"maxAttempts": attempts, "backoffMs": pause})
            });
            self.node.failed(&failure, retry.as_ref());
            self.write_io(started, None, Some(failure.message.clone()));
            if last {
                return Outcome::Failed(failure);
            }
            // A process that was being ended for its timeout has heard the wish in our place.
            if self.is_cancelled() {
                return Outcome::Cancelled;
            }
            told(&Change::Retrying {
                attempt,
                attempts,
                pause,
                failure,
            });
            if !attempt::pause(&messages, pause) {
                return Outcome::Cancelled;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Outcome::Cancelled
    }

    /// Whether the run is to end.
    pub fn is_cancelled(&self) -> bool {
        self.shared.cancel.urgency() != Urgency::None
    }

    /// One attempt: values, or `None` when the run is to end.
    fn attempt(
        &self,
        attempt: u32,
        started: i64,
        to: &SyncSender<Message>,
        messages: &Receiver<Message>,
    ) -> Result<Option<Values>, Failure> {
        let clock = Instant::now();
        let values = self
            .shared
            .own_file(&format!("{}.{attempt}.out", self.index));
        let (spawn, engine) = self.spawn(attempt, &values)?;
        self.node.io(&self.io(started));
        let agent = (!has_terminal(self.step)).then(|| self.agent_run(attempt));
        if let Some(id) = &agent {
            self.agent_status(id, "started");
        }
        let process = match has_terminal(self.step) {
            true => Process::in_terminal(&spawn, to),
            false => Process::with_pipes(&spawn, to),
        };
        let process = process.map_err(|reason| {
            failure(
                "StartError",
                format!("the command did not start: {reason}"),
                None,
            )
        })?;
        let mut output = Output::new(self.step, &self.node, agent);
        let end = attempt::follow(&process, messages, &mut output, self.step.timeout);
        if let (Some((engine, name)), End::TimedOut | End::Cancelled) = (&engine, &end) {
            engine.remove(name);
        }
        if end == End::Cancelled {
            return Ok(None);
        }
        self.collect();
        if engine.is_some() && output.bytes() == 0 {
            self.warn("the container printed nothing");
        }
        self.judge(&end, &output, clock.elapsed())?;
        let values = self.values(&values);
        let summary = (!values.is_empty()).then(|| Value::Object(outputs::summary(&values)));
        if let Some(agent) = output.agent() {
            self.agent_status(&agent.id, "completed");
        }
        self.write_io(started, Some(&values), None);
        let event = self.node.completed(summary.as_ref());
        for target in self.shared.dependents(self.index) {
            for (key, value) in &values {
                self.node.packet(&event, target, key, value);
            }
        }
        Ok(Some(values))
    }

    /// Whether an attempt that ended so is a success.
    fn judge(&self, end: &End, output: &Output<'_>, took: Duration) -> Result<(), Failure> {
        let exit = match end {
            End::Exited(exit) => exit,
            End::Cancelled => return Ok(()),
            End::TimedOut => {
                let limit = self.step.timeout.unwrap_or_default();
                let message = format!("it took longer than {} and was ended", words(limit));
                return Err(failure("TimeoutError", message, None));
            }
        };
        if *exit != Exit::Code(0) {
            return Err(match &self.step.container {
                Some(container) => container::meaning(exit, container, took, output.last_line()),
                None => exit_failure(exit, output.last_line()),
            });
        }
        let Some(agent) = output.agent() else {
            return Ok(());
        };
        if agent.strays > 0 {
            self.warn(&format!(
                "{} lines of its output are no part of a UI message stream",
                agent.strays
            ));
        }
        match &agent.stream.end {
            agent_stream::End::Finished => Ok(()),
            agent_stream::End::Failed(words) => Err(failure(
                "AgentError",
                format!("the agent failed: {words}"),
                None,
            )),
            agent_stream::End::Aborted | agent_stream::End::Open => {
                self.warn("the agent's stream ended without `finish`");
                Ok(())
            }
        }
    }

    /// What to start, and the engine and name of the container where it is one.
    fn spawn(
        &self,
        attempt: u32,
        values: &std::path::Path,
    ) -> Result<(Spawn, Option<(Engine, String)>), Failure> {
        let cwd = self.cwd();
        let mut env = self.env();
        env.insert("RUNREEL_ATTEMPT".into(), attempt.to_string());
        env.insert(
            "RUNREEL_OUTPUT".into(),
            values.to_string_lossy().into_owned(),
        );
        let argv = self.step.command.argv();
        let Some(container) = &self.step.container else {
            return Ok((
                Spawn {
                    argv: self.resolve(argv),
                    env,
                    cwd,
                },
                None,
            ));
        };
        let folder = &self.shared.pipeline.folder;
        let engine = container::engine(container, folder)?;
        let name = format!("runreel-{}-{attempt}", Uuid::new_v4().simple());
        let work = self.shared.work.as_path();
        let mut folders = vec![cwd.as_path(), folder.as_path()];
        if cwd != work {
            folders.push(work);
        }
        folders.dedup();
        let argv = engine.argv(container, &name, &folders, &env, &argv);
        Ok((Spawn { argv, env, cwd }, Some((engine, name))))
    }

    /// A program given by a relative path is beside the pipeline, wherever it runs.
    fn resolve(&self, mut argv: Vec<String>) -> Vec<String> {
        if let (Command::Argv(_), Some(program)) = (&self.step.command, argv.first_mut())
            && program.contains('/')
            && let Ok(found) = find_program(program, &self.shared.pipeline.folder, None)
        {
            *program = found.to_string_lossy().into_owned();
        }
        argv
    }

    /// Variables of its own, without those of one attempt.
    pub fn env(&self) -> BTreeMap<String, String> {
        let text = |path: &std::path::Path| path.to_string_lossy().into_owned();
        let mut env = BTreeMap::from([
            ("RUNREEL_RUN_ID".to_owned(), self.shared.run.id().to_owned()),
            ("RUNREEL_STEP".to_owned(), self.step.name.clone()),
            ("RUNREEL_ATTEMPT".to_owned(), "1".to_owned()),
            ("RUNREEL_WORK_DIR".to_owned(), text(&self.shared.work)),
            (
                "RUNREEL_PIPELINE_DIR".to_owned(),
                text(&self.shared.pipeline.folder),
            ),
        ]);
        for (step, values) in &self.inputs {
            for (key, value) in values {
                env.insert(outputs::variable(step, key), outputs::plain(value));
            }
        }
        env.extend(self.step.env.clone());
        env
    }

    /// Where it runs.
    pub fn cwd(&self) -> PathBuf {
        self.step
            .cwd
            .clone()
            .unwrap_or_else(|| self.shared.work.clone())
    }

    fn collect(&self) {
        let folder = self.cwd();
        let (found, missing) = artifacts::find(&self.step.artifacts, &folder);
        for artifact in found.iter().take(artifacts::ARTIFACT_LIMIT) {
            if let Err(error) = self.node.emit_artifact_file(&artifact.name, &artifact.path) {
                self.warn(&error.to_string());
            }
        }
        if found.len() > artifacts::ARTIFACT_LIMIT {
            self.warn(&format!(
                "of {} artifacts the first {} are kept",
                found.len(),
                artifacts::ARTIFACT_LIMIT
            ));
        }
        for pattern in missing {
            self.warn(&format!("no file matches the artifact `{pattern}`"));
        }
    }

    fn values(&self, file: &std::path::Path) -> Values {
        let text = match std::fs::read(file) {
            Ok(bytes) if bytes.len() > outputs::OUTPUT_LIMIT => {
                self.warn("what it wrote to $RUNREEL_OUTPUT is too long and was left out");
                return Values::new();
            }
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            // Most steps hand nothing on.
            Err(_) => return Values::new(),
        };
        let (values, unread) = outputs::read(&text);
        for line in unread {
            self.warn(&format!(
                "a line in $RUNREEL_OUTPUT is not key=value: {line}"
            ));
        }
        values
    }

    fn io(&self, started: i64) -> NodeIoRow {
        let mut inputs = Map::new();
        for (step, values) in &self.inputs {
            if !values.is_empty() {
                inputs.insert(step.clone(), Value::Object(values.clone()));
            }
        }
        inputs.insert("command".into(), self.step.command.summary().into());
        NodeIoRow {
            started_at: started,
            component: Some(component(self.step).to_owned()),
            inputs: Some(Value::Object(inputs)),
            ..NodeIoRow::default()
        }
    }

    fn write_io(&self, started: i64, values: Option<&Values>, error: Option<String>) {
        self.node.io(&NodeIoRow {
            completed_at: Some(self.shared.run.now()),
            outputs: values.map(|values| Value::Object(values.clone())),
            error,
            ..self.io(started)
        });
    }

    /// What set the step going, for people.
    fn trigger(&self) -> String {
        let names: Vec<&str> = self.inputs.iter().map(|(step, _)| step.as_str()).collect();
        if names.is_empty() {
            "run".into()
        } else {
            names.join(", ")
        }
    }

    fn agent_run(&self, attempt: u32) -> String {
        let run = self.shared.run.id();
        let name = format!("{run}\u{1f}{}\u{1f}{attempt}", self.step.name);
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
        format!("{run}:{}:{id}", self.step.name)
    }

    fn agent_status(&self, id: &str, status: &str) {
        let data = json!({"agentRunId": id, "agentStatus": status});
        self.node
            .progress_data(format!("agent {status}"), TraceLevel::Info, Some(&data));
    }

    fn warn(&self, message: &str) {
        self.node.log(LogLevel::Warn, Stream::Console, message);
    }
}

/// What a person is told while a step runs.
#[derive(Debug)]
pub enum Change {
    /// An attempt began.
    Started { attempt: u32, attempts: u32 },
    /// An attempt failed, and another will follow.
    Retrying {
        attempt: u32,
        attempts: u32,
        pause: Duration,
        failure: Failure,
    },
}

/// Whether a tolerated failure counts as passed.
pub fn is_tolerated(step: &Step) -> bool {
    step.on_failure == OnFailure::Tolerate
}
