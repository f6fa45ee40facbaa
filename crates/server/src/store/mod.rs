//! What a store can do, a trait a channel group, so that each can live on an engine of its own.
//!
//! All traits speak of the same records. [`RecordStore`] is the backbone: it gives every record its
//! arrival, and nothing it acknowledged is lost. The others answer questions that an engine other
//! than the backbone's may answer better.

mod embedded;
mod record;

pub use embedded::EmbeddedStore;
pub use record::{Effect, NewRecord, StoredRecord};

use crate::run_id::RunId;
use crate::run_view::RunView;
use contract::studio::RunStatus;
use futures_util::future::BoxFuture;
use std::fmt;
use std::sync::Arc;

/// An answer to come.
pub type Reply<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// The stores a server works on; in the embedded case all one.
#[derive(Clone)]
pub struct Stores {
    /// Which runs there are.
    pub runs: Arc<dyn RunStore>,
    /// What happened in them.
    pub records: Arc<dyn RecordStore>,
    /// Log lines by page.
    pub logs: Arc<dyn LogStore>,
    /// Archives of terminals.
    pub archives: Arc<dyn ArchiveStore>,
    /// Contents of artifacts.
    pub files: Arc<dyn FileStore>,
    /// Things that are found by an id of their own, whatever their run.
    pub index: Arc<dyn IndexStore>,
}

/// Runs by id and by list.
pub trait RunStore: Send + Sync {
    /// The run as its header and records tell it.
    fn run<'a>(&'a self, id: &'a RunId) -> Reply<'a, RunView>;
    /// The header's graph, or the newest the records brought, as JSON; `None` where there is none.
    fn graph<'a>(&'a self, id: &'a RunId, which: GraphOf) -> Reply<'a, Option<String>>;
    /// Runs, newest first, and how many there are in all.
    fn list(&self, query: RunQuery) -> Reply<'_, RunPage>;
}

/// Records by arrival, kind and place.
pub trait RecordStore: Send + Sync {
    /// Adds a batch in one durable step; what is held already is counted, not added.
    fn append(&self, append: Append) -> Reply<'_, Appended>;
    /// Records after an arrival, in the order they arrived, up to `limit`.
    fn after<'a>(
        &'a self,
        run: &'a RunId,
        after: i64,
        limit: Limit,
    ) -> Reply<'a, Vec<StoredRecord>>;
    /// Records of one kind, in their places.
    fn of_kind<'a>(&'a self, run: &'a RunId, query: KindQuery) -> Reply<'a, Vec<StoredRecord>>;
    /// Hands a run to `each` as it is at one instant: its head, every record in its place with the
    /// contents of artifacts, and the end; from a thread that may block. Stops when `each` refuses.
    fn walk<'a>(&'a self, run: &'a RunId, each: Each) -> Reply<'a, ()>;
    /// The last arrival of a trace event with this id; how Studio's plain cursors are understood.
    fn arrival_of_event<'a>(&'a self, run: &'a RunId, id: &'a str) -> Reply<'a, Option<i64>>;
}

/// Log lines by page.
pub trait LogStore: Send + Sync {
    /// One page in the order of instants, ties in their places; and how many lines match in all.
    fn page<'a>(&'a self, run: &'a RunId, query: LogQuery) -> Reply<'a, LogPage>;
}

/// Which terminals of a run are archived.
pub trait ArchiveStore: Send + Sync {
    /// Notes that a terminal is to be kept in this size.
    fn archive<'a>(&'a self, run: &'a RunId, terminal: Terminal) -> Reply<'a, ArchiveRow>;
    /// The archives of a run: those asked for, and once it has ended one a terminal.
    fn archives<'a>(&'a self, run: &'a RunId) -> Reply<'a, Vec<ArchiveRow>>;
}

/// Contents of artifacts.
pub trait FileStore: Send + Sync {
    /// The bytes that came with the artifact, if any did.
    fn content<'a>(&'a self, run: &'a RunId, artifact: &'a str) -> Reply<'a, Option<Vec<u8>>>;
}

/// Things found by an id of their own.
pub trait IndexStore: Send + Sync {
    /// Questions to people, newest first.
    fn questions(&self, query: QuestionQuery) -> Reply<'_, Vec<Question>>;
    /// The newest run in which this agent run is, and its node.
    fn agent_run<'a>(&'a self, agent_run_id: &'a str) -> Reply<'a, Option<(RunId, String)>>;
}

/// Receives a run step by step; `false` stops.
pub type Each = Box<dyn FnMut(Step) -> bool + Send>;

/// A step of a walk through a run.
#[derive(Debug)]
pub enum Step {
    /// First: the run and its header's graph.
    Head(Box<RunView>, Option<String>),
    /// Then each record.
    Record(StoredRecord),
    /// Last, when nothing went wrong.
    End,
}

/// What to add, and under which condition.
#[derive(Debug)]
pub struct Append {
    /// Whose records.
    pub run: RunId,
    /// Creates the run when it is not there; fills its graph when it has none.
    pub header: Option<NewHeader>,
    /// In the order they arrived.
    pub records: Vec<NewRecord>,
    /// Checked in the same step.
    pub condition: Condition,
}

/// When an append may happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// In any case.
    Always,
    /// While the run goes on.
    RunGoesOn,
    /// While this question is unanswered.
    QuestionPending(String),
}

/// A canonical header.
#[derive(Debug)]
pub struct NewHeader {
    /// The `run` object as JSON.
    pub run: serde_json::Map<String, serde_json::Value>,
    /// The `graph` object as JSON, when it has nodes.
    pub graph: Option<String>,
    /// How many nodes it has.
    pub nodes: i64,
}

/// What an append did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// New records.
    pub accepted: u64,
    /// Records that were there already.
    pub duplicates: u64,
    /// The run's last arrival now.
    pub last: i64,
}

/// Which graph of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphOf {
    /// The header's.
    Header,
    /// The newest of header and records.
    Now,
}

/// Where to stop reading; at least one record is read.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Records.
    pub records: usize,
    /// Bytes of their bodies.
    pub bytes: usize,
}

/// Which runs.
#[derive(Clone, Debug, Default)]
pub struct RunQuery {
    /// In this state.
    pub status: Option<String>,
    /// Of this workflow.
    pub workflow: Option<String>,
    /// Of this version of it.
    pub version: Option<String>,
    /// Children of this run.
    pub parent: Option<String>,
    /// Only runs that have a graph.
    pub drawn: Option<Drawn>,
    /// Words that all occur in id, names or trigger; lower case.
    pub words: Vec<String>,
    /// How many.
    pub limit: usize,
    /// How many to skip.
    pub offset: usize,
}

/// Marks a query for runs that have a graph.
#[derive(Clone, Copy, Debug)]
pub struct Drawn;

/// Some runs.
#[derive(Debug)]
pub struct RunPage {
    /// Newest first.
    pub runs: Vec<RunView>,
    /// How many match in all.
    pub total: i64,
}

/// Which records of one kind.
#[derive(Clone, Debug, Default)]
pub struct KindQuery {
    /// The kind's word.
    pub kind: &'static str,
    /// Only what arrived later.
    pub after: i64,
    /// Of this node.
    pub node: Option<String>,
    /// Of this stream (terminal) or agent run (agent).
    pub track: Option<String>,
    /// Not before, nanoseconds.
    pub from: Option<i64>,
    /// Not after, nanoseconds.
    pub to: Option<i64>,
    /// The first of them to arrive; none: the store's own bound.
    pub limit: Option<Limit>,
}

/// Which log lines.
#[derive(Clone, Debug, Default)]
pub struct LogQuery {
    /// Of this node.
    pub node: Option<String>,
    /// Of this stream.
    pub stream: Option<String>,
    /// Of exactly this level.
    pub level: Option<String>,
    /// Not before, nanoseconds.
    pub from: Option<i64>,
    /// Not after, nanoseconds.
    pub to: Option<i64>,
    /// Behind the line with this arrival, in the order of the page.
    pub behind: Option<i64>,
    /// How many.
    pub limit: usize,
}

/// A page of log lines.
#[derive(Debug)]
pub struct LogPage {
    /// In order.
    pub lines: Vec<StoredRecord>,
    /// How many match the query wherever the page stands.
    pub total: i64,
    /// Whether lines follow.
    pub more: bool,
}

/// A terminal of a run and the size it is to be shown in.
#[derive(Clone, Debug)]
pub struct Terminal {
    /// The node.
    pub node: String,
    /// `pty`, `stdout` or `stderr`.
    pub stream: String,
    /// Columns and rows, where asked for.
    pub size: Option<(u16, u16)>,
}

/// An archived terminal.
#[derive(Clone, Debug)]
pub struct ArchiveRow {
    /// Its id.
    pub id: i64,
    /// What it shows.
    pub terminal: Terminal,
    /// Chunks it has.
    pub chunks: i64,
    /// Instants of the first and last of them, nanoseconds.
    pub span: (i64, i64),
}

/// Which questions.
#[derive(Clone, Debug, Default)]
pub struct QuestionQuery {
    /// The one with this id.
    pub id: Option<String>,
    /// Of this run.
    pub run: Option<String>,
    /// In this state.
    pub status: Option<String>,
    /// Of this form.
    pub input_type: Option<String>,
}

/// A question as it stands.
#[derive(Clone, Debug)]
pub struct Question {
    /// Whose it is.
    pub run: RunId,
    /// The run's workflow.
    pub workflow: String,
    /// The `human_input` record.
    pub body: String,
}

/// Why a store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// There is no such run.
    UnknownRun(String),
    /// The run has ended, and the condition was that it goes on.
    RunEnded {
        /// Which.
        run: String,
        /// How it ended.
        status: RunStatus,
    },
    /// The question has its answer.
    AlreadyAnswered(String),
    /// Too much to do at the moment.
    Busy,
    /// The engine failed; the text is for the log and the operator.
    Failed(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownRun(id) => write!(f, "Workflow run {id} not found"),
            Self::RunEnded { run, status } => {
                write!(f, "Workflow run {run} has already ended as {status}")
            }
            Self::AlreadyAnswered(id) => write!(f, "Human input {id} is already answered"),
            Self::Busy => f.write_str("The store has more to do than it can hold: try again"),
            Self::Failed(detail) => write!(f, "The store failed: {detail}"),
        }
    }
}

impl std::error::Error for StoreError {}
