//! Which terminals are archived. An archive is a view on the chunks, so it is never out of date.

use super::runs;
use crate::run_id::RunId;
use crate::store::{ArchiveRow, StoreError, Terminal};
use rusqlite::{Connection, params};

/// Notes that a terminal is asked for in this size.
pub(super) fn ask(
    step: &Connection,
    run: &RunId,
    terminal: &Terminal,
) -> Result<ArchiveRow, StoreError> {
    let key = runs::key(step, run)?;
    let (width, height) = terminal.size.unzip();
    let id = step
        .prepare_cached(
            "INSERT INTO archives (run, node, stream, asked, width, height)
               VALUES (?, ?, ?, 1, ?, ?)
             ON CONFLICT (run, node, stream) DO UPDATE SET asked = 1,
               width = coalesce(excluded.width, width), height = coalesce(excluded.height, height)
             RETURNING archive",
        )?
        .query_row(
            params![key, terminal.node, terminal.stream, width, height],
            |row| row.get(0),
        )?;
    count(step, key, id, terminal.clone())
}

/// The archives of a run: all of them once it has ended, until then those asked for.
pub(super) fn list(connection: &Connection, run: &RunId) -> Result<Vec<ArchiveRow>, StoreError> {
    let ended = runs::get(connection, run)?.stated().is_terminal();
    let key = runs::key(connection, run)?;
    let mut statement = connection.prepare_cached(
        "SELECT archive, node, stream, width, height FROM archives
         WHERE run = ? AND (asked OR ?) ORDER BY node, stream",
    )?;
    let rows = statement.query_map(params![key, ended], |row| {
        let size: (Option<u16>, Option<u16>) = (row.get(3)?, row.get(4)?);
        Ok((
            row.get::<_, i64>(0)?,
            Terminal {
                node: row.get(1)?,
                stream: row.get(2)?,
                size: size.0.zip(size.1),
            },
        ))
    })?;
    rows.map(|row| {
        let (id, terminal) = row?;
        count(connection, key, id, terminal)
    })
    .collect()
}

fn count(
    connection: &Connection,
    run: i64,
    id: i64,
    terminal: Terminal,
) -> Result<ArchiveRow, StoreError> {
    let (chunks, first, last) = connection
        .prepare_cached(
            "SELECT COUNT(*), coalesce(MIN(at), 0), coalesce(MAX(at), 0) FROM records
             WHERE run = ? AND kind = 'terminal' AND node = ? AND track = ?",
        )?
        .query_row(params![run, terminal.node, terminal.stream], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    Ok(ArchiveRow {
        id,
        terminal,
        chunks,
        span: (first, last),
    })
}
