//! `runreel exec`: runs a pipeline's steps in dependency order and records all that happens.

pub mod agent_stream;
mod artifacts;
mod attempt;
pub mod cancel;
mod command;
mod condition;
mod console;
mod container;
mod control;
mod failures;
mod level;
mod lines;
mod outputs;
mod process;
mod progress;
mod record;
mod runner;
pub mod schedule;
mod signals;
mod step;

pub use command::{Args, exec};
pub use console::Console;
pub use runner::{RunEnd, run};

use crate::pipeline::Pipeline;
use cancel::Cancel;
use recorder::Recorder;
use std::path::PathBuf;

/// What all steps of a run share.
pub struct Shared<'a> {
    /// What is run.
    pub pipeline: &'a Pipeline,
    /// Where it is recorded.
    pub run: &'a Recorder,
    /// The wish to end it early.
    pub cancel: Cancel,
    /// Where steps run that say nothing else.
    pub work: PathBuf,
}

impl Shared<'_> {
    /// A file of the runner's own in the work folder.
    fn own_file(&self, name: &str) -> PathBuf {
        self.work.join(artifacts::OWN_FOLDER).join(name)
    }

    /// The names of the steps that need one.
    fn dependents(&self, index: usize) -> impl Iterator<Item = &str> {
        let needs = move |step: &&crate::pipeline::Step| step.needs.contains(&index);
        self.pipeline
            .steps
            .iter()
            .filter(needs)
            .map(|step| step.name.as_str())
    }
}
