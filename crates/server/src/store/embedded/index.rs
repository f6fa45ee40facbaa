//! Questions and agent runs, found by ids of their own.

use super::runs;
use crate::run_id::RunId;
use crate::store::{Question, QuestionQuery, StoreError};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

/// Questions a list shows at most.
const QUESTIONS: usize = 1_000;

/// Questions that match, newest first.
pub(super) fn questions(
    connection: &Connection,
    query: &QuestionQuery,
) -> Result<Vec<Question>, StoreError> {
    let mut terms = vec!["1".to_owned()];
    let mut values: Vec<Value> = Vec::new();
    for (column, value) in [
        ("questions.id", &query.id),
        ("runs.id", &query.run),
        ("questions.status", &query.status),
        ("input_type", &query.input_type),
    ] {
        if let Some(value) = value {
            terms.push(format!("{column} = ?"));
            values.push(value.clone().into());
        }
    }
    let mut statement = connection.prepare_cached(&format!(
        "SELECT runs.id, runs.workflow, body FROM questions JOIN runs USING (run)
         WHERE {} ORDER BY at DESC, run DESC, questions.id LIMIT {QUESTIONS}",
        terms.join(" AND ")
    ))?;
    let rows = statement.query_map(params_from_iter(&values), |row| {
        Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?))
    })?;
    rows.map(|row| {
        let (run, workflow, body) = row?;
        let run = RunId::parse(&run).map_err(|error| StoreError::Failed(error.into()))?;
        Ok(Question {
            run,
            workflow,
            body,
        })
    })
    .collect()
}

/// The newest run an agent run is in, and its node.
pub(super) fn agent_run(
    connection: &Connection,
    agent_run_id: &str,
) -> Result<Option<(RunId, String)>, StoreError> {
    let row: Option<(i64, String)> = connection
        .prepare_cached(
            "SELECT run, node FROM agents WHERE agent_run = ? ORDER BY run DESC LIMIT 1",
        )?
        .query_row([agent_run_id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((run, node)) = row else {
        return Ok(None);
    };
    Ok(runs::name(connection, run)?.map(|(run, _)| (run, node)))
}
