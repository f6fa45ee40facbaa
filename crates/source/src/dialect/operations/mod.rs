//! The Operations dialect (contract C): one operation as a run of one node, polled or streamed.
//!
//! Its answers are snapshots. [`Operation`] keeps what was known, and what an answer adds becomes
//! facts marked as inferred. The node is named after the operation's kind: the id's part before
//! `_<milliseconds>`, else `operation`. Our own server names the writer of each streamed line; those
//! nodes appear beside it, and all that is known of them is that they have begun.
//!
//! Lines have neither instants nor ids. A line is told from others by its number, counted from 1:
//! `log.rs` says how polls and streams meet.

mod frame;
mod list;
mod log;
pub mod path;
mod rest;
mod result;
mod seam;
mod status;

pub use list::{decode_operations, detail_of};

use super::decoder::Decoder;
use super::{Batch, ResumeToken};
use contract::operations::{OperationState, OperationStatus};
use log::{Held, Log, Polled, Written};
use model::channel::log::Level;
use model::graph::{GraphSpec, Join, NodeSpec};
use model::item::{Artifact, EventItem, EventKind, NodeIo, Provenance, RecordId};
use model::run::RunInfo;
use model::{Item, JsonText, Millis, Stamp, Text};
use result::Outcome;
use status::{Report, Told};
use std::collections::{BTreeMap, HashSet};

/// Files of an operation that are listed at most.
pub const MAX_ARTIFACTS: usize = 10_000;
/// Writers of lines that become nodes at most; the lines of others are the operation's.
pub const MAX_WRITERS: usize = 10_000;

/// One operation, as far as it is known.
#[derive(Debug)]
pub struct Operation {
    run: String,
    node: Text,
    told: Told,
    log: Log,
    info: Option<RunInfo>,
    /// When each was first heard of.
    writers: BTreeMap<Text, Millis>,
    artifacts: HashSet<Text>,
    output: Option<RecordId>,
}

/// What was known when a request was made: to be handed in with its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    log: Held,
    over: bool,
}

/// What a frame of the stream said.
#[derive(Debug, Default)]
pub struct Said {
    /// The facts.
    pub batch: Batch,
    /// It was the last frame.
    pub last: bool,
}

impl Operation {
    /// One of which nothing is known but its id.
    pub fn new(run: &str) -> Self {
        let (kind, created) = parts(run);
        let node: Text = kind.into();
        Self {
            run: run.to_owned(),
            told: Told::new(node.clone(), created),
            log: Log::new(node.clone()),
            node,
            info: None,
            writers: BTreeMap::new(),
            artifacts: HashSet::new(),
            output: None,
        }
    }

    /// Says whether streams may be asked for; unless told, they may not.
    pub fn allow_streams(&mut self, allowed: bool) {
        self.log.allow_streams(allowed);
    }

    /// To be called when a request is made.
    pub fn asked(&self) -> Asked {
        Asked {
            log: self.log.held(),
            over: self.told.ended().is_some(),
        }
    }

    /// A stream is about to be opened: where it is to go on, where that is known.
    pub fn open_stream(&mut self) -> Option<ResumeToken> {
        self.log.open();
        self.log.token()
    }

    /// Whether an answer is wanted beside the stream; each call counts as one attempt to get it.
    pub fn wants_answer(&mut self) -> bool {
        self.log.wants_answer()
    }

    /// Takes the body of `GET /operations/:id` (status 200), which came at `at`. What does not say how
    /// this operation stands is an error, in words.
    pub fn answer(&mut self, asked: Asked, body: &str, at: Millis) -> Result<Batch, String> {
        let mut decoder = Decoder::new("answer `operation`".to_owned());
        let Some(status) = decoder.read::<OperationStatus>(body) else {
            let why = decoder.take().problems.pop();
            return Err(why.map_or_else(String::new, |why| why.what.to_string()));
        };
        if status.id != self.run {
            return Err(format!("it is about another operation: `{}`", status.id));
        }
        self.snapshot(&mut decoder, asked, status, body, at);
        Ok(decoder.take())
    }

    fn snapshot(
        &mut self,
        decoder: &mut Decoder,
        asked: Asked,
        status: OperationStatus,
        body: &str,
        at: Millis,
    ) {
        let outcome = match &status.result {
            Some(raw) => decoder.outcome(raw.get()),
            None => Outcome::default(),
        };
        self.introduce(decoder, status.name.as_deref());
        let report = Report {
            state: status.status,
            started: status.started_at.as_deref(),
            finished: status.finished_at.as_deref(),
            outcome: Some(&outcome),
        };
        let over = report.state.is_terminal();
        // An answer that left before the end, and came after a frame that told it, is old.
        if over || asked.over || self.told.ended().is_none() {
            self.stands(decoder, &report, body, at);
        }
        let place = self.told.ended().unwrap_or(at);
        self.files(decoder, &outcome, place);
        if over && let Some(output) = outcome.output.clone() {
            self.output(decoder, output, place);
        }
        if let Some(window) = &outcome.window {
            let polled = Polled {
                asked: asked.log,
                window,
                cursor: status.cursor.as_deref(),
                over,
                at,
            };
            for written in self.log.poll(decoder, &polled) {
                self.wrote(decoder, written);
            }
        }
    }

    /// The graph, once; the run, whenever it is better known. The start is added when it is.
    fn introduce(&mut self, decoder: &mut Decoder, name: Option<&str>) {
        if self.info.is_none() {
            let node = NodeSpec {
                reference: self.node.clone(),
                label: self.node.clone(),
                kind: "operation".into(),
                join: Join::All,
                position: None,
                group: None,
            };
            let spec = GraphSpec {
                nodes: vec![node],
                edges: Vec::new(),
            };
            decoder.push(Item::Graph(Box::new(spec)));
            self.info = Some(RunInfo {
                id: self.run.clone(),
                workflow_id: self.node.to_string(),
                name: name.unwrap_or(&self.node).to_owned(),
                ..RunInfo::default()
            });
            self.describe(decoder);
        }
    }

    fn describe(&self, decoder: &mut Decoder) {
        if let Some(info) = &self.info {
            decoder.push(Item::Run(Box::new(info.clone())));
        }
    }

    /// Takes how it stands. Whoever wrote lines has ended well with an operation that has; otherwise
    /// nobody says how they ended.
    fn stands(&mut self, decoder: &mut Decoder, report: &Report<'_>, raw: &str, at: Millis) {
        let ended = self.told.ended();
        self.told.take(decoder, report, raw, at);
        let began = self.told.began();
        if let Some(info) = &mut self.info
            && info.started.is_none()
            && began.is_some()
        {
            info.started = began;
            self.describe(decoder);
        }
        if report.state == OperationState::Succeeded
            && let Some(end) = self.told.ended().filter(|end| ended != Some(*end))
        {
            for (writer, began) in &self.writers {
                decoder.push(inferred(writer, EventKind::Completed, end.max(*began)));
            }
        }
    }

    /// Who writes a line has begun. How it ends nobody says, but for an operation that ended well.
    fn wrote(&mut self, decoder: &mut Decoder, (writer, stamp): Written) {
        if writer == self.node || self.writers.contains_key(&writer) {
            return;
        }
        self.writers.insert(writer.clone(), stamp.at);
        decoder.push(inferred(&writer, EventKind::Started, stamp.at));
        if let Some(end) = self.told.succeeded() {
            decoder.push(inferred(&writer, EventKind::Completed, end.max(stamp.at)));
        }
    }

    fn files(&mut self, decoder: &mut Decoder, outcome: &Outcome, at: Millis) {
        for file in &outcome.artifacts {
            let path = Text::from(&*file.path);
            if self.artifacts.contains(&path) {
                continue;
            }
            if self.artifacts.len() >= MAX_ARTIFACTS {
                let what = format!("only the first {MAX_ARTIFACTS} files are listed");
                return decoder.problem(what, &file.path);
            }
            self.artifacts.insert(path.clone());
            let name = path.rsplit('/').find(|part| !part.is_empty());
            decoder.push(Item::Artifact(Box::new(Artifact {
                name: name.unwrap_or(&path).into(),
                id: path,
                node: self.node.clone(),
                mime: file.content_type.as_deref().map(Text::from),
                size: super::decoder::count(file.size),
                at,
            })));
        }
    }

    fn output(&mut self, decoder: &mut Decoder, output: JsonText, at: Millis) {
        let content = RecordId::of(&[output.as_str()]);
        if self.output.replace(content) != Some(content) {
            let io = NodeIo {
                node: self.node.clone(),
                at,
                inputs: None,
                outputs: Some(output),
                truncated: false,
            };
            decoder.push(Item::Io(Box::new(io), None));
        }
    }
}

/// An event that nobody said; its kind, node and instant tell it from others.
fn inferred(node: &Text, kind: EventKind, at: Millis) -> Item {
    let level = match kind {
        EventKind::Failed => Level::Error,
        _ => Level::Info,
    };
    // At one instant the end comes after the start.
    let sequence = match kind {
        EventKind::Started => 1,
        _ => 2,
    };
    Item::Event(EventItem {
        id: "operation".into(),
        node: node.clone(),
        stamp: Stamp {
            sequence,
            ..Stamp::at(at)
        },
        kind,
        level,
        attempt: 0,
        detail: None,
        provenance: Provenance::Inferred,
    })
}

/// The kind of an operation and when it was asked for, of its id: `<kind>_<milliseconds>`.
fn parts(id: &str) -> (&str, Option<Millis>) {
    const DIGITS: usize = 13;
    match id.rsplit_once('_') {
        Some((kind, millis))
            if !kind.is_empty()
                && millis.len() == DIGITS
                && millis.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            (kind, millis.parse().ok().map(Millis))
        }
        _ => ("operation", None),
    }
}
