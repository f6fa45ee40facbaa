//! Runs by id and by list.

use crate::json;
use crate::run_id::RunId;
use crate::run_view::RunView;
use crate::store::{GraphOf, RunPage, RunQuery, StoreError};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

/// The run, or [`StoreError::UnknownRun`].
pub(super) fn get(connection: &Connection, id: &RunId) -> Result<RunView, StoreError> {
    let found = find(connection, id)?;
    let (_, view) = found.ok_or_else(|| StoreError::UnknownRun(id.to_string()))?;
    Ok(view)
}

/// The key of a run that must be there.
pub(super) fn key(connection: &Connection, id: &RunId) -> Result<i64, StoreError> {
    connection
        .prepare_cached("SELECT run FROM runs WHERE id = ?")?
        .query_row([id.as_str()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::UnknownRun(id.to_string()))
}

/// The run and its key, if it is there.
pub(super) fn find(
    connection: &Connection,
    id: &RunId,
) -> Result<Option<(i64, RunView)>, StoreError> {
    let row = connection
        .prepare_cached("SELECT run, header, epoch, last, tally FROM runs WHERE id = ?")?
        .query_row([id.as_str()], read)
        .optional()?;
    row.map(view).transpose()
}

/// The graph of a run that must be there.
pub(super) fn graph(
    connection: &Connection,
    id: &RunId,
    which: GraphOf,
) -> Result<Option<String>, StoreError> {
    let run = key(connection, id)?;
    if which == GraphOf::Now {
        let newest = connection
            .prepare_cached(
                "SELECT body FROM records WHERE run = ? AND kind = 'graph'
                 ORDER BY at DESC, key DESC, body DESC LIMIT 1",
            )?
            .query_row([run], |row| row.get(0))
            .optional()?;
        if newest.is_some() {
            return Ok(newest);
        }
    }
    Ok(connection
        .prepare_cached("SELECT graph FROM runs WHERE run = ?")?
        .query_row([run], |row| row.get(0))?)
}

/// Runs that match, newest first.
pub(super) fn list(connection: &Connection, query: &RunQuery) -> Result<RunPage, StoreError> {
    let mut terms = vec!["1".to_owned()];
    let mut values: Vec<Value> = Vec::new();
    let mut equal = |column: &str, value: &Option<String>| {
        if let Some(value) = value {
            terms.push(format!("{column} = ?"));
            values.push(value.clone().into());
        }
    };
    equal("status", &query.status);
    equal("workflow", &query.workflow);
    equal("version", &query.version);
    equal("parent", &query.parent);
    for word in &query.words {
        terms.push("instr(search, ?) > 0".into());
        values.push(word.clone().into());
    }
    if query.drawn.is_some() {
        terms.push("graph IS NOT NULL".into());
    }
    let terms = terms.join(" AND ");
    let total = connection
        .prepare_cached(&format!("SELECT COUNT(*) FROM runs WHERE {terms}"))?
        .query_row(params_from_iter(&values), |row| row.get(0))?;
    values.push((query.limit as i64).into());
    values.push((query.offset as i64).into());
    let mut statement = connection.prepare_cached(&format!(
        "SELECT run, header, epoch, last, tally FROM runs WHERE {terms}
         ORDER BY start_at DESC, run DESC LIMIT ? OFFSET ?"
    ))?;
    let rows = statement.query_map(params_from_iter(&values), read)?;
    let runs = rows
        .map(|row| view(row?).map(|(_, view)| view))
        .collect::<Result<_, StoreError>>()?;
    Ok(RunPage { runs, total })
}

/// Id and workflow of a run by its key.
pub(super) fn name(
    connection: &Connection,
    run: i64,
) -> Result<Option<(RunId, String)>, StoreError> {
    let row: Option<(String, String)> = connection
        .prepare_cached("SELECT id, workflow FROM runs WHERE run = ?")?
        .query_row(params![run], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(row.and_then(|(id, workflow)| Some((RunId::parse(&id).ok()?, workflow))))
}

type Raw = (i64, String, String, i64, String);

fn read(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
    ))
}

fn view((run, header, epoch, last, tally): Raw) -> Result<(i64, RunView), StoreError> {
    let tally = serde_json::from_str(&tally)
        .map_err(|error| StoreError::Failed(format!("a run's tally is unreadable: {error}")))?;
    let header = json::object(&header);
    Ok((
        run,
        RunView {
            header,
            epoch,
            last,
            tally,
        },
    ))
}
