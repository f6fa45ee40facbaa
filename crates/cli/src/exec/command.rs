//! The `exec` command: from a file's name to an exit code.

use super::cancel::Cancel;
use super::console::{Console, Line};
use super::runner::{RunEnd, run};
use super::{control, signals};
use crate::args::Remote;
use crate::error::CliError;
use crate::http::Http;
use crate::pipeline::{self, Pipeline};
use contract::studio::TriggerType;
use recorder::{Recorder, RunStart};
use std::path::{Path, PathBuf};
use std::time::Duration;
use uuid::Uuid;

/// Options of `runreel exec`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The pipeline, a TOML file (docs/pipelines.md)
    pub pipeline: PathBuf,
    /// Where it is recorded.
    #[command(flatten)]
    pub remote: Remote,
    /// The run's id, which no run on the server has; without it one is made of the pipeline's name
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Run the steps in this folder and keep it; without it in a fresh one that is removed afterwards
    #[arg(long, value_name = "DIR")]
    pub work: Option<PathBuf>,
}

/// How long the last records may take to arrive.
const LAST_RECORDS: Duration = Duration::from_secs(30);

/// Runs a pipeline; the code says how the run ended.
pub fn exec(args: &Args) -> Result<RunEnd, CliError> {
    let pipeline = pipeline::load(&args.pipeline)
        .map_err(|problems| CliError::Pipeline(args.pipeline.clone(), problems))?;
    let server = args.remote.server();
    if let Some(id) = &args.id {
        is_free(&Http::new(&args.remote), id, &server.url)?;
    }
    let start = start(&pipeline, args.id.clone());
    let run_id = start.id.clone();
    let recorder = Recorder::start(server.clone(), start)?;
    let console = Console::stdout();
    console.line(&Line::Plain(server.page(&run_id)));

    let cancel = Cancel::default();
    let io = |what: &str| {
        let what = what.to_owned();
        move |error: std::io::Error| CliError::Io {
            what,
            reason: error.to_string(),
        }
    };
    let _signals = signals::listen(cancel.clone()).map_err(io("cannot listen for Ctrl-C"))?;
    let _control = control::ask(Http::new(&args.remote), &run_id, cancel.clone())
        .map_err(io("cannot start a thread"))?;
    let work = Work::new(args.work.as_deref()).map_err(io("cannot make a work folder"))?;
    let end = run(&pipeline, &recorder, &cancel, work.path(), &console)
        .map_err(io("cannot prepare the work folder"))?;
    console.line(&Line::Plain(match &end {
        RunEnd::Completed => "The run completed".into(),
        RunEnd::Failed(step) => format!("The run failed at step `{step}`"),
        RunEnd::Cancelled => "The run was cancelled".into(),
    }));
    deliver(&recorder)?;
    Ok(end)
}

/// Two executions in one run would be neither. Ids made here are random, so only a given one is asked for.
fn is_free(http: &Http, id: &str, server: &str) -> Result<(), CliError> {
    let path = format!("workflows/runs/{}", recorder::segment(id));
    match http.get(&path, "cannot ask for the run") {
        Ok(_) => Err(CliError::Usage(format!(
            "the run `{id}` is already on the server at {server}. Name another with --id, or leave --id out"
        ))),
        Err(CliError::Server { status: 404, .. }) => Ok(()),
        // As the recorder would have told it.
        Err(CliError::Server {
            status, message, ..
        }) => Err(recorder::Error::Refused { status, message }.into()),
        Err(error) => Err(error),
    }
}

/// Waits for the last records; keeps in a file what cannot be sent.
fn deliver(recorder: &Recorder) -> Result<(), CliError> {
    let Err(error) = recorder.finish(LAST_RECORDS) else {
        return Ok(());
    };
    let left = recorder.give_up();
    if left.is_empty() {
        return Err(error.into());
    }
    let file = PathBuf::from(format!("{}.unsent.reel", file_name(recorder.id())));
    let mut text = left.join("\n");
    text.push('\n');
    std::fs::write(&file, text).map_err(|error| CliError::Io {
        what: format!(
            "cannot keep {} unsent records in {}",
            left.len(),
            file.display()
        ),
        reason: error.to_string(),
    })?;
    Err(CliError::Unsent {
        error,
        file,
        run_id: recorder.id().to_owned(),
    })
}

fn start(pipeline: &Pipeline, id: Option<String>) -> RunStart {
    let mut start = RunStart::new(String::new(), pipeline.name.clone());
    let random = Uuid::new_v4().simple().to_string();
    start.id = id.unwrap_or_else(|| format!("{}-{}", start.workflow_id, &random[..8]));
    start.workflow_version = pipeline.version;
    start.trigger = TriggerType::Manual;
    start.trigger_label = Some("runreel exec".into());
    start.graph = Some(pipeline::graph(pipeline));
    start
}

fn file_name(id: &str) -> String {
    let letter = |letter: char| match letter {
        '/' | '\\' | '\0' => '_',
        letter => letter,
    };
    id.chars().map(letter).collect()
}

/// The folder that steps run in.
enum Work {
    Fresh(tempfile::TempDir),
    Given(PathBuf),
}

impl Work {
    fn new(given: Option<&Path>) -> std::io::Result<Self> {
        match given {
            Some(folder) => {
                std::fs::create_dir_all(folder)?;
                Ok(Self::Given(folder.canonicalize()?))
            }
            None => Ok(Self::Fresh(
                tempfile::Builder::new().prefix("runreel-").tempdir()?,
            )),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Fresh(folder) => folder.path(),
            Self::Given(folder) => folder,
        }
    }
}
