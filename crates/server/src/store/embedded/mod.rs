//! The embedded store: one SQLite file, one thread that writes, and connections that read.

mod archives;
mod index;
mod logs;
mod records;
mod runs;
mod schema;
mod write;
mod writer;

use super::{
    Append, Appended, ArchiveRow, ArchiveStore, Each, FileStore, GraphOf, IndexStore, KindQuery,
    Limit, LogPage, LogQuery, LogStore, Question, QuestionQuery, RecordStore, Reply, RunPage,
    RunQuery, RunStore, StoreError, StoredRecord, Stores, Terminal,
};
use crate::hub::Hub;
use crate::run_id::RunId;
use crate::run_view::RunView;
use rusqlite::Connection;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use writer::{Task, Writer};

/// Runs, records and all the rest in `runreel.db`.
pub struct EmbeddedStore {
    writer: Writer,
    path: PathBuf,
    /// Connections at rest.
    idle: Arc<Mutex<Vec<Connection>>>,
    readers: Arc<Semaphore>,
    /// Held while we live: a second server on the same folder would not hear of our records.
    _lock: File,
}

/// Questions answered at the same time; more wait.
const READERS: usize = 8;

impl EmbeddedStore {
    /// Opens `data/runreel.db`, making folder and file when they are not there. `hub` hears of
    /// every append.
    pub(crate) fn open(data: &Path, hub: Hub) -> Result<Self, StoreError> {
        let failed = |what: &str, error: &dyn std::fmt::Display| {
            StoreError::Failed(format!("cannot {what} {}: {error}", data.display()))
        };
        fs::create_dir_all(data).map_err(|error| failed("make the folder", &error))?;
        let lock = File::create(data.join("runreel.lock"))
            .map_err(|error| failed("write into", &error))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => StoreError::Failed(format!(
                "another server works in {}: stop it, or choose another folder with --data",
                data.display()
            )),
            TryLockError::Error(error) => failed("lock", &error),
        })?;
        let path = data.join("runreel.db");
        let connection = schema::open_writer(&path)?;
        Ok(Self {
            writer: Writer::start(connection, hub)?,
            path,
            idle: Arc::default(),
            readers: Arc::new(Semaphore::new(READERS)),
            _lock: lock,
        })
    }

    /// The same store in every role.
    pub(crate) fn stores(self) -> Stores {
        let store = Arc::new(self);
        Stores {
            runs: store.clone(),
            records: store.clone(),
            logs: store.clone(),
            archives: store.clone(),
            files: store.clone(),
            index: store,
        }
    }

    /// Reads on a thread that may block.
    fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Reply<'_, T> {
        Box::pin(async move {
            let permit = self.readers.clone().acquire_owned().await;
            let permit = permit.map_err(|_| StoreError::Busy)?;
            let (idle, path) = (self.idle.clone(), self.path.clone());
            let answer = tokio::task::spawn_blocking(move || {
                let _permit = permit;
                let rested = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
                let connection = match rested {
                    Some(connection) => connection,
                    None => schema::open_reader(&path)?,
                };
                let answer = ask(&connection);
                idle.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(connection);
                answer
            });
            answer
                .await
                .map_err(|error| StoreError::Failed(format!("a read broke off: {error}")))?
        })
    }
}

impl RunStore for EmbeddedStore {
    fn run<'a>(&'a self, id: &'a RunId) -> Reply<'a, RunView> {
        let id = id.clone();
        self.read(move |connection| runs::get(connection, &id))
    }

    fn graph<'a>(&'a self, id: &'a RunId, which: GraphOf) -> Reply<'a, Option<String>> {
        let id = id.clone();
        self.read(move |connection| runs::graph(connection, &id, which))
    }

    fn list(&self, query: RunQuery) -> Reply<'_, RunPage> {
        self.read(move |connection| runs::list(connection, &query))
    }
}

impl RecordStore for EmbeddedStore {
    fn append(&self, append: Append) -> Reply<'_, Appended> {
        Box::pin(self.writer.ask(|reply| Task::Append { append, reply }))
    }

    fn after<'a>(
        &'a self,
        run: &'a RunId,
        after: i64,
        limit: Limit,
    ) -> Reply<'a, Vec<StoredRecord>> {
        let run = run.clone();
        self.read(move |connection| records::after(connection, &run, after, limit))
    }

    fn of_kind<'a>(&'a self, run: &'a RunId, query: KindQuery) -> Reply<'a, Vec<StoredRecord>> {
        let run = run.clone();
        self.read(move |connection| records::of_kind(connection, &run, &query))
    }

    fn walk<'a>(&'a self, run: &'a RunId, each: Each) -> Reply<'a, ()> {
        let run = run.clone();
        self.read(move |connection| records::walk(connection, &run, each))
    }

    fn arrival_of_event<'a>(&'a self, run: &'a RunId, id: &'a str) -> Reply<'a, Option<i64>> {
        let (run, id) = (run.clone(), id.to_owned());
        self.read(move |connection| records::arrival_of_event(connection, &run, &id))
    }
}

impl LogStore for EmbeddedStore {
    fn page<'a>(&'a self, run: &'a RunId, query: LogQuery) -> Reply<'a, LogPage> {
        let run = run.clone();
        self.read(move |connection| logs::page(connection, &run, &query))
    }
}

impl ArchiveStore for EmbeddedStore {
    fn archive<'a>(&'a self, run: &'a RunId, terminal: Terminal) -> Reply<'a, ArchiveRow> {
        let run = run.clone();
        Box::pin(self.writer.ask(|reply| Task::Archive {
            run,
            terminal,
            reply,
        }))
    }

    fn archives<'a>(&'a self, run: &'a RunId) -> Reply<'a, Vec<ArchiveRow>> {
        let run = run.clone();
        self.read(move |connection| archives::list(connection, &run))
    }
}

impl FileStore for EmbeddedStore {
    fn content<'a>(&'a self, run: &'a RunId, artifact: &'a str) -> Reply<'a, Option<Vec<u8>>> {
        let (run, artifact) = (run.clone(), artifact.to_owned());
        self.read(move |connection| records::content(connection, &run, &artifact))
    }
}

impl IndexStore for EmbeddedStore {
    fn questions(&self, query: QuestionQuery) -> Reply<'_, Vec<Question>> {
        self.read(move |connection| index::questions(connection, &query))
    }

    fn agent_run<'a>(&'a self, agent_run_id: &'a str) -> Reply<'a, Option<(RunId, String)>> {
        let id = agent_run_id.to_owned();
        self.read(move |connection| index::agent_run(connection, &id))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.to_string())
    }
}
