//! The handle on a run that is being recorded.

use crate::Error;
use crate::clock::{Clock, SystemClock};
use crate::io::to_json;
use crate::line::{header_line, record_line};
use crate::node::Node;
use crate::sender::{HttpSink, Limits, Server};
use crate::sequence::Sequences;
use crate::sink::{Delivery, Sink};
use contract::reel::{Header, REEL_VERSION, Record};
use contract::studio::{
    Failure, Graph, LogLevel, LogLine, Progress, Run, RunStatus, Status, Stream, TriggerType,
};
use contract::time::format_millis;
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What is known of a run when it starts.
#[derive(Clone, Debug)]
pub struct RunStart {
    /// The run's own id.
    pub id: String,
    /// Which workflow it is a run of; what runs are grouped by.
    pub workflow_id: String,
    /// The workflow's name, for people.
    pub workflow_name: String,
    /// The workflow's version, where it has one.
    pub workflow_version: Option<i64>,
    /// What set it going.
    pub trigger: TriggerType,
    /// Who or what set it going, for people.
    pub trigger_label: Option<String>,
    /// The steps and their dependencies, where they are known in advance.
    pub graph: Option<Graph>,
}

impl RunStart {
    /// A run set going by a person, with a workflow id made of its name and no graph.
    pub fn new(id: impl Into<String>, workflow_name: impl Into<String>) -> Self {
        let workflow_name = workflow_name.into();
        Self {
            id: id.into(),
            workflow_id: slug(&workflow_name),
            workflow_name,
            workflow_version: None,
            trigger: TriggerType::Manual,
            trigger_label: None,
            graph: None,
        }
    }
}

/// Records one run. Cheap to clone; all clones write the same run.
///
/// The methods that record do not fail: what goes wrong is kept and told by [`Recorder::problem`],
/// [`Recorder::flush`] and [`Recorder::finish`].
#[derive(Clone)]
pub struct Recorder {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) run_id: String,
    workflow_id: String,
    started_at: String,
    clock: Box<dyn Clock>,
    writer: Mutex<Writer>,
    delivery: Mutex<Box<dyn Delivery>>,
}

pub(crate) struct Writer {
    pub(crate) sequences: Sequences,
    sink: Box<dyn Sink>,
    problem: Option<Error>,
    now: i64,
}

impl Recorder {
    /// Creates the run on a server: waits for the server's answer to the header, so that a wrong
    /// address or token shows at once. Records go out in the background from then on.
    pub fn start(server: Server, start: RunStart) -> Result<Self, Error> {
        Self::start_with(server, start, Limits::default(), SystemClock)
    }

    /// As [`Recorder::start`], with limits and a clock of the caller's choice.
    pub fn start_with(
        server: Server,
        start: RunStart,
        limits: Limits,
        clock: impl Clock + 'static,
    ) -> Result<Self, Error> {
        let header = header(&start, clock.now());
        let sink = HttpSink::open(server, &start.id, header_line(&header)?, limits)?;
        Ok(Self::new(Box::new(sink), Box::new(clock), header))
    }

    /// Records into any sink; the header is its first line.
    pub fn with_sink(
        mut sink: impl Sink + 'static,
        start: RunStart,
        clock: impl Clock + 'static,
    ) -> Result<Self, Error> {
        let header = header(&start, clock.now());
        sink.put(header_line(&header)?)?;
        Ok(Self::new(Box::new(sink), Box::new(clock), header))
    }

    fn new(sink: Box<dyn Sink>, clock: Box<dyn Clock>, header: Header) -> Self {
        let delivery = Mutex::new(sink.delivery());
        let now = clock.now();
        let writer = Writer {
            sequences: Sequences::default(),
            sink,
            problem: None,
            now,
        };
        let shared = Shared {
            run_id: header.run.id,
            workflow_id: header.run.workflow_id,
            started_at: header.run.start_time,
            clock,
            writer: Mutex::new(writer),
            delivery,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The run's id.
    pub fn id(&self) -> &str {
        &self.shared.run_id
    }

    /// The time now by the recorder's clock, milliseconds since the epoch.
    pub fn now(&self) -> i64 {
        self.shared.clock.now()
    }

    /// A handle on one node.
    pub fn node(&self, node: impl Into<String>) -> Node {
        Node::new(self.shared.clone(), node.into())
    }

    /// A line about the run as a whole.
    pub fn log(&self, level: LogLevel, message: impl Into<String>) {
        self.shared.log("", level, Stream::Console, message.into());
    }

    /// The run goes on, with so many of its actions done.
    pub fn running(&self, completed: usize, total: usize) {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let progress = (total > 0).then(|| Progress {
            completed_actions: count(completed),
            total_actions: count(total),
        });
        self.status(RunStatus::Running, progress, None);
    }

    /// The run ended well.
    pub fn completed(&self) {
        self.status(RunStatus::Completed, None, None);
    }

    /// The run failed; `details` says more, as which node it was.
    pub fn failed(&self, reason: impl Into<String>, details: Option<&Value>) {
        let reason = reason.into();
        match details.map(to_json).transpose() {
            Ok(details) => {
                let failure = Failure {
                    reason,
                    temporal_code: None,
                    details,
                };
                self.status(RunStatus::Failed, None, Some(failure));
            }
            Err(error) => self.shared.lock().keep(error),
        }
    }

    /// The run was cancelled.
    pub fn cancelled(&self) {
        self.status(RunStatus::Cancelled, None, None);
    }

    /// Any state of the run. A state that ends it carries the instant it ended at.
    pub fn status(&self, status: RunStatus, progress: Option<Progress>, failure: Option<Failure>) {
        self.shared.write(|writer, _| {
            let now = format_millis(writer.sequences.instant(writer.now));
            Ok(Record::Status(Status {
                run_id: None,
                workflow_id: Some(self.shared.workflow_id.clone()),
                started_at: Some(self.shared.started_at.clone()),
                completed_at: status.is_terminal().then(|| now.clone()),
                updated_at: Some(now),
                status,
                task_queue: None,
                history_length: None,
                progress,
                failure,
            }))
        });
    }

    /// Records not yet known to have arrived.
    pub fn pending(&self) -> usize {
        self.shared.delivery().pending()
    }

    /// The first thing that went wrong and is not made good yet.
    pub fn problem(&self) -> Option<Error> {
        let own = self.shared.lock().problem.clone();
        own.or_else(|| self.shared.delivery().problem())
    }

    /// Waits until everything recorded has arrived, at most `within`.
    pub fn flush(&self, within: Duration) -> Result<(), Error> {
        self.shared.delivery().flush(within)?;
        match self.shared.lock().problem.clone() {
            Some(problem) => Err(problem),
            None => Ok(()),
        }
    }

    /// As [`Recorder::flush`]; to be called last. What did not arrive can be had from [`Recorder::give_up`].
    pub fn finish(&self, within: Duration) -> Result<(), Error> {
        self.flush(within)
    }

    /// Stops sending and hands back the lines that have not arrived, in order, so that they can be kept
    /// in a file. They may have arrived after all: sending them again does no harm.
    pub fn give_up(&self) -> Vec<String> {
        self.shared.delivery().give_up()
    }
}

impl Shared {
    /// Makes one record and puts it, under one lock, so that numbers and order agree.
    pub(crate) fn write(&self, make: impl FnOnce(&mut Writer, &Self) -> Result<Record, Error>) {
        let mut writer = self.lock();
        writer.now = self.clock.now();
        let put = make(&mut writer, self).and_then(|record| writer.put(&record));
        if let Err(error) = put {
            writer.keep(error);
        }
    }

    pub(crate) fn log(&self, node: &str, level: LogLevel, stream: Stream, message: String) {
        self.write(|writer, _| {
            let sequence = writer.sequences.log();
            let at = writer.instant();
            Ok(Record::Log(LogLine {
                id: format!("l{sequence}"),
                run_id: None,
                node_id: node.to_owned(),
                level: Some(level),
                stream: Some(stream.to_string()),
                message,
                timestamp: format_millis(at),
                sequence: Some(sequence),
            }))
        });
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn delivery(&self) -> MutexGuard<'_, Box<dyn Delivery>> {
        self.delivery.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writer {
    /// The instant of the record being made.
    pub(crate) fn instant(&mut self) -> i64 {
        self.sequences.instant(self.now)
    }

    /// The clock's time as it is.
    pub(crate) fn now(&self) -> i64 {
        self.now
    }

    /// Puts a further record from within `write`.
    pub(crate) fn put(&mut self, record: &Record) -> Result<(), Error> {
        self.sink.put(record_line(record)?)
    }

    /// Remembers the first problem.
    pub(crate) fn keep(&mut self, error: Error) {
        self.problem.get_or_insert(error);
    }
}

fn header(start: &RunStart, now: i64) -> Header {
    let nodes = start.graph.as_ref().map_or(0, |graph| graph.nodes.len());
    Header {
        reel: REEL_VERSION,
        run: Run {
            id: start.id.clone(),
            workflow_id: start.workflow_id.clone(),
            organization_id: None,
            workflow_version_id: None,
            workflow_version: start.workflow_version,
            status: RunStatus::Running,
            start_time: format_millis(now),
            end_time: None,
            temporal_run_id: None,
            workflow_name: start.workflow_name.clone(),
            event_count: 0,
            node_count: i64::try_from(nodes).unwrap_or(i64::MAX),
            duration: 0,
            trigger_type: Some(start.trigger.clone()),
            trigger_source: None,
            trigger_label: start.trigger_label.clone(),
            input_preview: None,
            parent_run_id: None,
            parent_node_ref: None,
        },
        graph: start.graph.clone(),
    }
}

/// A name as an id: small letters, digits and single hyphens.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars() {
        if letter.is_alphanumeric() {
            slug.extend(letter.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        "workflow".into()
    } else {
        slug.to_owned()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_become_ids() {
        for (name, want) in [
            ("Build & check", "build-check"),
            ("  Nächtlich 2 ", "nächtlich-2"),
            ("!!", "workflow"),
        ] {
            assert_eq!(super::slug(name), want);
        }
    }
}
