//! Records by arrival, kind and place.

use super::runs;
use crate::run_id::RunId;
use crate::store::{Each, GraphOf, KindQuery, Limit, Step, StoreError, StoredRecord};
use contract::reel::Kind;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, Rows, params, params_from_iter};

const COLUMNS: &str = "arrival, at, kind, body";

/// Records in the order they arrived.
pub(super) fn after(
    connection: &Connection,
    run: &RunId,
    after: i64,
    limit: Limit,
) -> Result<Vec<StoredRecord>, StoreError> {
    let run = runs::key(connection, run)?;
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM records WHERE run = ? AND arrival > ? ORDER BY arrival"
    ))?;
    take(statement.query(params![run, after])?, Some(limit))
}

/// Records of one kind. With a limit the first to arrive are taken; the answer is in their places.
pub(super) fn of_kind(
    connection: &Connection,
    run: &RunId,
    query: &KindQuery,
) -> Result<Vec<StoredRecord>, StoreError> {
    let run = runs::key(connection, run)?;
    let mut terms = String::from("run = ? AND kind = ?");
    let mut values: Vec<Value> = vec![run.into(), query.kind.to_owned().into()];
    let mut add = |term: &str, value: Option<Value>| {
        if let Some(value) = value {
            terms.push_str(term);
            values.push(value);
        }
    };
    add(
        " AND arrival > ?",
        (query.after > 0).then(|| query.after.into()),
    );
    add(" AND node = ?", query.node.clone().map(Value::from));
    add(" AND track = ?", query.track.clone().map(Value::from));
    add(" AND at >= ?", query.from.map(Value::from));
    add(" AND at <= ?", query.to.map(Value::from));
    // One order to choose by, one to show in: what is left out must be what arrived last.
    let order = match query.limit {
        Some(_) => "arrival",
        None => "at, key, body",
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, key FROM records WHERE {terms} ORDER BY {order}"
    ))?;
    let mut rows = statement.query(params_from_iter(&values))?;
    let Some(limit) = query.limit else {
        return take(rows, None);
    };
    let mut keyed = Vec::new();
    let mut bytes = 0;
    while keyed.len() < limit.records
        && bytes < limit.bytes
        && let Some(row) = rows.next()?
    {
        let record = read(row)?;
        bytes += record.body.len();
        keyed.push((row.get::<_, String>(4)?, record));
    }
    keyed.sort_by(|(a_key, a), (b_key, b)| (a.at, a_key, &a.body).cmp(&(b.at, b_key, &b.body)));
    Ok(keyed.into_iter().map(|(_, record)| record).collect())
}

/// The run and every record in its place, all of one instant.
pub(super) fn walk(connection: &Connection, id: &RunId, mut each: Each) -> Result<(), StoreError> {
    // A transaction sees one state from its first read on; it ends with the guard.
    let _instant = connection.unchecked_transaction()?;
    let view = runs::get(connection, id)?;
    let graph = runs::graph(connection, id, GraphOf::Header)?;
    let run = runs::key(connection, id)?;
    if !each(Step::Head(Box::new(view), graph)) {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM records WHERE run = ? ORDER BY at, rank, key, body"
    ))?;
    let mut rows = statement.query([run])?;
    while let Some(row) = rows.next()? {
        let mut record = read(row)?;
        if record.kind == Kind::Artifact {
            record.content = connection
                .prepare_cached("SELECT content FROM contents WHERE run = ? AND arrival = ?")?
                .query_row(params![run, record.arrival], |row| row.get(0))
                .optional()?;
        }
        if !each(Step::Record(record)) {
            return Ok(());
        }
    }
    each(Step::End);
    Ok(())
}

/// The last arrival of the event with this id.
pub(super) fn arrival_of_event(
    connection: &Connection,
    run: &RunId,
    id: &str,
) -> Result<Option<i64>, StoreError> {
    let run = runs::key(connection, run)?;
    Ok(connection
        .prepare_cached(
            "SELECT MAX(arrival) FROM records
             WHERE run = ? AND kind = 'trace' AND json_extract(body, '$.id') = ?",
        )?
        .query_row(params![run, id], |row| row.get(0))?)
}

/// The content that came with an artifact.
pub(super) fn content(
    connection: &Connection,
    run: &RunId,
    artifact: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    let run = runs::key(connection, run)?;
    Ok(connection
        .prepare_cached("SELECT content FROM contents WHERE run = ? AND artifact = ?")?
        .query_row(params![run, artifact], |row| row.get(0))
        .optional()?)
}

pub(super) fn take(
    mut rows: Rows<'_>,
    limit: Option<Limit>,
) -> Result<Vec<StoredRecord>, StoreError> {
    let mut records = Vec::new();
    let mut bytes = 0;
    while limit.is_none_or(|limit| records.len() < limit.records && bytes < limit.bytes)
        && let Some(row) = rows.next()?
    {
        let record = read(row)?;
        bytes += record.body.len();
        records.push(record);
    }
    Ok(records)
}

fn read(row: &Row<'_>) -> rusqlite::Result<StoredRecord> {
    Ok(StoredRecord {
        arrival: row.get(0)?,
        at: row.get(1)?,
        kind: Kind::from_word(row.get_ref(2)?.as_str()?),
        body: row.get(3)?,
        content: None,
    })
}
