//! The tables, and connections that are set up right.

use crate::store::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Version of the tables. A file of a newer one is refused; older ones are brought forward.
const VERSION: i64 = 1;

const TABLES: &str = "
-- `header` is the run object of the reel's header, `tally` what the records add up to.
-- What is listed and searched stands in columns of its own.
CREATE TABLE runs (
  run INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, epoch TEXT NOT NULL, last INTEGER NOT NULL,
  header TEXT NOT NULL, graph TEXT, tally TEXT NOT NULL,
  start_at INTEGER NOT NULL, status TEXT NOT NULL, workflow TEXT NOT NULL, version TEXT,
  parent TEXT, search TEXT NOT NULL);
CREATE INDEX runs_newest ON runs (start_at, run);
CREATE INDEX runs_workflow ON runs (workflow, start_at);
CREATE INDEX runs_parent ON runs (parent) WHERE parent IS NOT NULL;

CREATE TABLE records (
  run INTEGER NOT NULL, arrival INTEGER NOT NULL, identity BLOB NOT NULL,
  at INTEGER NOT NULL, rank INTEGER NOT NULL, key TEXT NOT NULL,
  kind TEXT NOT NULL, node TEXT, level TEXT, track TEXT, body TEXT NOT NULL,
  PRIMARY KEY (run, arrival));
CREATE UNIQUE INDEX records_identity ON records (run, identity);
CREATE INDEX records_place ON records (run, at, rank);
CREATE INDEX records_kind ON records (run, kind, at);

CREATE TABLE nodes (
  run INTEGER NOT NULL, node TEXT NOT NULL, completed INTEGER NOT NULL,
  PRIMARY KEY (run, node)) WITHOUT ROWID;
CREATE TABLE contents (
  run INTEGER NOT NULL, arrival INTEGER NOT NULL, artifact TEXT NOT NULL, content BLOB NOT NULL,
  PRIMARY KEY (run, arrival));
CREATE INDEX contents_artifact ON contents (run, artifact);
CREATE TABLE archives (
  archive INTEGER PRIMARY KEY, run INTEGER NOT NULL, node TEXT NOT NULL, stream TEXT NOT NULL,
  asked INTEGER NOT NULL, width INTEGER, height INTEGER, UNIQUE (run, node, stream));
CREATE TABLE agents (
  agent_run TEXT NOT NULL, run INTEGER NOT NULL, node TEXT NOT NULL,
  PRIMARY KEY (agent_run, run)) WITHOUT ROWID;
-- A question as it stands: an answer holds against `pending`, then the later place.
CREATE TABLE questions (
  run INTEGER NOT NULL, id TEXT NOT NULL, answered INTEGER NOT NULL, at INTEGER NOT NULL,
  key TEXT NOT NULL, status TEXT NOT NULL, input_type TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (run, id));
CREATE INDEX questions_id ON questions (id);
CREATE INDEX questions_status ON questions (status, at);
";

/// Opens for writing; makes the tables when they are not there.
pub(super) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path).map_err(|error| failed(path, &error))?;
    prepare(&mut connection).map_err(|error| failed(path, &error))?;
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match found {
        VERSION => {}
        0 => {
            let making = connection.transaction()?;
            making.execute_batch(TABLES)?;
            making.execute_batch(&format!("PRAGMA user_version = {VERSION}"))?;
            making.commit()?;
        }
        newer => {
            return Err(StoreError::Failed(format!(
                "{} was written by a newer Runreel (tables {newer}, this one knows {VERSION}): \
                 use that one, or another folder with --data",
                path.display()
            )));
        }
    }
    Ok(connection)
}

/// Opens for reading.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| failed(path, &error))?;
    connection.busy_timeout(BUSY)?;
    connection.execute_batch("PRAGMA cache_size = -8000; PRAGMA mmap_size = 268435456;")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

const BUSY: Duration = Duration::from_secs(10);

fn prepare(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    // FULL: what is acknowledged is on the disk, whatever dies.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Failed(format!("cannot open {}: {error}", path.display()))
}
