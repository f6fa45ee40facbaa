//! Log lines by page.

use super::{records, runs};
use crate::run_id::RunId;
use crate::store::{Limit, LogPage, LogQuery, StoreError};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

/// One page. Lines of one instant are told apart by their keys, so that a page may end among them.
pub(super) fn page(
    connection: &Connection,
    run: &RunId,
    query: &LogQuery,
) -> Result<LogPage, StoreError> {
    let run = runs::key(connection, run)?;
    let mut terms = String::from("run = ? AND kind = 'log'");
    let mut values: Vec<Value> = vec![run.into()];
    let mut add = |term: &str, value: Option<Value>| {
        if let Some(value) = value {
            terms.push_str(term);
            values.push(value);
        }
    };
    add(" AND node = ?", query.node.clone().map(Value::from));
    add(" AND track = ?", query.stream.clone().map(Value::from));
    add(" AND level = ?", query.level.clone().map(Value::from));
    add(" AND at >= ?", query.from.map(Value::from));
    add(" AND at <= ?", query.to.map(Value::from));
    let total = connection
        .prepare_cached(&format!("SELECT COUNT(*) FROM records WHERE {terms}"))?
        .query_row(params_from_iter(&values), |row| row.get(0))?;

    if let Some(arrival) = query.behind
        && let Some((at, key)) = place(connection, run, arrival)?
    {
        terms.push_str(" AND at >= ? AND (at, key, arrival) > (?, ?, ?)");
        values.extend([at.into(), at.into(), key.into(), Value::from(arrival)]);
    }
    // One more than asked for tells whether there is more.
    let mut statement = connection.prepare_cached(&format!(
        "SELECT arrival, at, kind, body FROM records WHERE {terms}
         ORDER BY at, key, arrival LIMIT {}",
        query.limit + 1
    ))?;
    let limit = Limit {
        records: query.limit + 1,
        bytes: PAGE_BYTES,
    };
    let mut lines = records::take(statement.query(params_from_iter(&values))?, Some(limit))?;
    let cut = lines.iter().map(|line| line.body.len()).sum::<usize>() >= PAGE_BYTES;
    let more = cut || lines.len() > query.limit;
    lines.truncate(query.limit);
    Ok(LogPage { lines, total, more })
}

/// Bytes from which on a page is full, however few lines it has.
const PAGE_BYTES: usize = 16 << 20;

fn place(
    connection: &Connection,
    run: i64,
    arrival: i64,
) -> Result<Option<(i64, String)>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT at, key FROM records WHERE run = ? AND arrival = ?")?
        .query_row(params![run, arrival], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}
