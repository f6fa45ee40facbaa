//! A step's `when`: a shell test that says whether the step is to run.

use super::attempt::{self, End};
use super::failures::words;
use super::process::{Exit, Message, Process, Spawn};
use super::record::Output;
use super::step::Job;
use std::sync::mpsc::{Receiver, SyncSender};

/// What the test said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The step is to run.
    Yes,
    /// It is not, and why, for people.
    No(String),
    /// The run is to end.
    Cancelled,
}

/// Runs the test of a step, under the step's timeout. What it prints goes nowhere.
pub fn ask(
    when: &str,
    job: &Job<'_>,
    to: &SyncSender<Message>,
    messages: &Receiver<Message>,
) -> Answer {
    let spawn = Spawn {
        argv: ["/bin/sh", "-c", when].map(str::to_owned).to_vec(),
        env: job.env(),
        cwd: job.cwd(),
    };
    let unasked = |reason: String| Answer::No(format!("`{when}` could not be asked: {reason}"));
    let process = match Process::silent(&spawn, to) {
        Ok(process) => process,
        Err(reason) => return unasked(reason),
    };
    // Stays empty: a silent process has no output.
    let mut output = Output::new(job.step, &job.node, None);
    let end = attempt::follow(&process, messages, &mut output, job.step.timeout);
    // Also where it was ended for its timeout, or ended by itself, just before.
    if job.is_cancelled() {
        return Answer::Cancelled;
    }
    match end {
        End::Exited(Exit::Code(0)) => Answer::Yes,
        End::Exited(Exit::Unknown(reason)) => unasked(reason),
        End::Exited(_) => Answer::No(format!("not needed: `{when}` is not so")),
        End::TimedOut => {
            let limit = words(job.step.timeout.unwrap_or_default());
            Answer::No(format!("`{when}` took longer than {limit} and was ended"))
        }
        End::Cancelled => Answer::Cancelled,
    }
}
