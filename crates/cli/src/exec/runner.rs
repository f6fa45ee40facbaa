//! Runs the steps of a pipeline, so many at once, until nothing can run any more.

use super::cancel::{Cancel, Source, Urgency};
use super::console::{Console, Line};
use super::schedule::{Phase, Schedule};
use super::step::{Change, Job, Outcome, Values, is_tolerated};
use super::{Shared, artifacts};
use crate::pipeline::Pipeline;
use contract::studio::TraceLevel;
use recorder::{Failure, Recorder};
use serde_json::json;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::thread;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// All went well.
    Completed,
    /// A step failed: its name.
    Failed(String),
    /// Somebody wanted it to end.
    Cancelled,
}

/// Events about the run as a whole name this node; viewers draw none for it.
pub const RUN_NODE: &str = "workflow";

enum Heard {
    Ended(usize, Outcome),
    Cancel,
}

/// Runs a pipeline in the folder `work` and records it, up to the run's own last state.
pub fn run(
    pipeline: &Pipeline,
    recorder: &Recorder,
    cancel: &Cancel,
    work: &Path,
    console: &Console,
) -> io::Result<RunEnd> {
    std::fs::create_dir_all(work.join(artifacts::OWN_FOLDER))?;
    let shared = Shared {
        pipeline,
        run: recorder,
        cancel: cancel.clone(),
        work: work.to_owned(),
    };
    let mut runner = Runner {
        shared: &shared,
        console,
        schedule: Schedule::new(&pipeline.steps),
        values: vec![Values::new(); pipeline.steps.len()],
        failed: None,
    };
    recorder.running(0, pipeline.steps.len());
    thread::scope(|scope| runner.run(scope));
    Ok(runner.end())
}

struct Runner<'a> {
    shared: &'a Shared<'a>,
    console: &'a Console,
    schedule: Schedule<'a>,
    values: Vec<Values>,
    /// The first step that failed and is not tolerated.
    failed: Option<(usize, Failure)>,
}

impl<'a> Runner<'a> {
    fn run<'scope>(&mut self, scope: &'scope thread::Scope<'scope, 'a>)
    where
        'a: 'scope,
    {
        let (to, heard) = channel();
        let asked = to.clone();
        self.shared.cancel.listen(move |_| {
            // Nobody hears it after the run: nothing left to cancel.
            drop(asked.send(Heard::Cancel));
        });
        let mut running = 0;
        loop {
            while running < self.shared.pipeline.max_parallel
                && self.shared.cancel.urgency() == Urgency::None
                && let Some(step) = self.schedule.next_ready()
            {
                self.schedule.set(step, Phase::Running);
                self.start(scope, step, &to);
                running += 1;
            }
            if running == 0 {
                return;
            }
            match heard.recv() {
                Ok(Heard::Ended(step, outcome)) => {
                    running -= 1;
                    self.ended(step, outcome);
                }
                Ok(Heard::Cancel) => self
                    .console
                    .line(&Line::Cancelling(self.shared.cancel.urgency())),
                // We hold a sender, so this cannot be.
                Err(_) => return,
            }
        }
    }

    fn start<'scope>(
        &self,
        scope: &'scope thread::Scope<'scope, 'a>,
        index: usize,
        to: &Sender<Heard>,
    ) where
        'a: 'scope,
    {
        let step = &self.shared.pipeline.steps[index];
        let inputs = step.needs.iter().map(|need| {
            let name = self.shared.pipeline.steps[*need].name.clone();
            (name, self.values[*need].clone())
        });
        let job = Job {
            shared: self.shared,
            index,
            step,
            node: self.shared.run.node(step.name.clone()),
            inputs: inputs.collect(),
        };
        let (to, console) = (to.clone(), self.console);
        scope.spawn(move || {
            let told = |change: &Change| console.line(&Line::Change(&step.name, change));
            let outcome = job.run(&told);
            // The runner outlives its steps.
            drop(to.send(Heard::Ended(index, outcome)));
        });
    }

    fn ended(&mut self, index: usize, outcome: Outcome) {
        let step = &self.shared.pipeline.steps[index];
        self.console.line(&Line::Ended(&step.name, &outcome));
        let phase = match outcome {
            Outcome::Passed(values) => {
                self.values[index] = values;
                Phase::Passed
            }
            Outcome::Failed(_) if is_tolerated(step) => Phase::Passed,
            Outcome::Failed(failure) => {
                self.failed.get_or_insert((index, failure));
                Phase::Failed
            }
            Outcome::Skipped(_) => Phase::Skipped,
            Outcome::Cancelled => Phase::Blocked,
        };
        for (fallen, phase) in self.schedule.set(index, phase) {
            if phase == Phase::Skipped {
                let fallen = &self.shared.pipeline.steps[fallen].name;
                let reason = format!("what it needs was skipped ({})", step.name);
                self.shared.run.node(fallen.clone()).skipped(reason.clone());
                self.console
                    .line(&Line::Ended(fallen, &Outcome::Skipped(reason)));
            }
        }
        if self.shared.cancel.urgency() != Urgency::None {
            // The server may have ended the run already: it is not running again because a step ended.
            return;
        }
        let done = |phase: &&Phase| matches!(phase, Phase::Passed | Phase::Failed | Phase::Skipped);
        let done = self.schedule.phases().iter().filter(done).count();
        self.shared.run.running(done, self.schedule.phases().len());
    }

    /// Records how the run ended.
    fn end(self) -> RunEnd {
        let (run, steps) = (self.shared.run, &self.shared.pipeline.steps);
        if self.shared.cancel.urgency() != Urgency::None {
            // The server records its own event where it was asked.
            if self.shared.cancel.source() == Some(Source::Signal) {
                run.node(RUN_NODE)
                    .progress_data("Run cancelled by user", TraceLevel::Warn, None);
            }
            run.cancelled();
            return RunEnd::Cancelled;
        }
        match self.failed {
            None => {
                run.completed();
                RunEnd::Completed
            }
            Some((index, failure)) => {
                let node = steps[index].name.clone();
                let blocked = self
                    .schedule
                    .phases()
                    .iter()
                    .filter(|phase| **phase == Phase::Blocked);
                let mut details = json!({"node": node, "blocked": blocked.count()});
                if let (Some(code), Some(map)) = (&failure.code, details.as_object_mut()) {
                    map.insert("code".into(), code.clone().into());
                }
                run.failed(
                    format!("step `{node}`: {}", failure.message),
                    Some(&details),
                );
                RunEnd::Failed(node)
            }
        }
    }
}
