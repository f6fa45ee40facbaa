//! A pipeline: steps, what they need of each other, and how each is run. `docs/pipelines.md` is its reference.

mod check;
mod duration;
mod fields;
mod graph;
mod nearest;
mod program;
mod read;

pub use duration::parse_duration;
pub(crate) use graph::component;
pub use graph::graph;
pub use program::find_program;
pub use read::parse;

use contract::studio::LogLevel;
use regex::Regex;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A pipeline that is known to be sound: every need names a step, there is no cycle, every command exists.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// For people.
    pub name: String,
    /// Of the pipeline, where it counts its versions.
    pub version: Option<i64>,
    /// Steps that may run at once, from 1.
    pub max_parallel: usize,
    /// In the order of the file.
    pub steps: Vec<Step>,
    /// Where the file is; its relative paths start here.
    pub folder: PathBuf,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// The node's ref: unique in the pipeline.
    pub name: String,
    /// For people; the name where none is given.
    pub label: String,
    /// What it runs.
    pub command: Command,
    /// How its output is taken.
    pub output: Output,
    /// Where it runs, if not here.
    pub container: Option<Container>,
    /// Indices of the steps it waits for.
    pub needs: Vec<usize>,
    /// Which of them must have succeeded.
    pub join: Join,
    /// A shell test; the step is skipped when it fails.
    pub when: Option<String>,
    /// Set for its command, on top of the runner's own environment.
    pub env: BTreeMap<String, String>,
    /// Where its command runs, if not in the run's work folder.
    pub cwd: Option<PathBuf>,
    /// Further attempts after the first.
    pub retries: u32,
    /// Pause before the second attempt; it doubles with each.
    pub backoff: Duration,
    /// How long one attempt may take.
    pub timeout: Option<Duration>,
    /// Paths and globs of files to keep, relative to where the command runs.
    pub artifacts: Vec<String>,
    /// What a line of output must look like to say how far the step is.
    pub progress: Vec<Regex>,
    /// What a line must look like to have a level; asked in this order.
    pub levels: Vec<(LogLevel, Regex)>,
    /// Whether lines of output are log lines, too.
    pub logs: Logs,
    /// What its failure means for the others.
    pub on_failure: OnFailure,
}

/// What a step runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Text for a shell: its command line, then the text.
    Shell {
        /// As `["sh", "-ec"]`.
        shell: Vec<String>,
        /// The script.
        text: String,
    },
    /// A program and its arguments, as they are.
    Argv(Vec<String>),
}

impl Command {
    /// Program and arguments.
    pub fn argv(&self) -> Vec<String> {
        match self {
            Self::Shell { shell, text } => shell.iter().chain([text]).cloned().collect(),
            Self::Argv(argv) => argv.clone(),
        }
    }

    /// The command as a person would write it, in one line.
    pub fn summary(&self) -> String {
        match self {
            Self::Shell { text, .. } => text.trim().lines().next().unwrap_or_default().to_owned(),
            Self::Argv(argv) => argv.join(" "),
        }
    }
}

/// How a step's output is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// A terminal: colours, progress bars.
    Terminal,
    /// Standard output is an AI SDK UI message stream.
    AgentStream,
}

/// A container to run the command in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// The image.
    pub image: String,
    /// `docker` or `podman`, or a path to one; the first one found where none is named.
    pub engine: Option<String>,
    /// Further arguments for `run`, before the image.
    pub args: Vec<String>,
}

/// Which needs must have succeeded before a step starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// All.
    All,
    /// One, at any time.
    Any,
    /// The first to succeed; the rest no longer count.
    First,
}

/// Whether lines of output are log lines, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logs {
    /// Each complete line is one.
    Lines,
    /// Only what the runner says about the step.
    Off,
}

/// What a step's failure means for the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// Those that need it do not run, and the run fails.
    Fail,
    /// Nothing: they run all the same.
    Tolerate,
}

/// What is wrong with a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The step it is in.
    pub step: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(step) = &self.step {
            write!(f, "step `{step}`: ")?;
        }
        write!(f, "{}", self.what)?;
        if !self.hint.is_empty() {
            write!(f, ". {}", self.hint)?;
        }
        Ok(())
    }
}

/// Reads and checks the pipeline in `path`, without running anything of it.
pub fn load(path: &Path) -> Result<Pipeline, Vec<Problem>> {
    let problem = |what: String, hint: &str| {
        vec![Problem {
            step: None,
            what,
            hint: hint.into(),
        }]
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        problem(
            format!("cannot read the pipeline: {error}"),
            "Give the path of a TOML file; examples/ has some",
        )
    })?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = folder
        .canonicalize()
        .map_err(|error| problem(format!("cannot find its folder: {error}"), ""))?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let pipeline = parse(&text, &name, &folder)?;
    let problems = program::check(&pipeline);
    if problems.is_empty() {
        Ok(pipeline)
    } else {
        Err(problems)
    }
}
