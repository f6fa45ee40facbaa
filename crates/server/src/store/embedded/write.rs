//! One append: the run, its records, and what they change.

use super::runs;
use crate::json;
use crate::run_view::{RunView, Tally};
use crate::store::{Append, Appended, Condition, Effect, NewHeader, NewRecord, StoreError};
use contract::time;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;

/// Performs an append within the caller's savepoint.
pub(super) fn append(step: &Connection, append: Append) -> Result<Appended, StoreError> {
    let (run, mut view) = match (runs::find(step, &append.run)?, append.header) {
        (None, None) => return Err(StoreError::UnknownRun(append.run.to_string())),
        (None, Some(header)) => create(step, header)?,
        (Some(found), None) => found,
        (Some((run, mut view)), Some(header)) => {
            fill_graph(step, run, &mut view, header)?;
            (run, view)
        }
    };
    check(step, run, &view, &append.condition)?;

    let mut told = Told::default();
    let mut appended = Appended {
        accepted: 0,
        duplicates: 0,
        last: view.last,
    };
    for record in &append.records {
        if insert(step, run, appended.last + 1, record)? {
            appended.last += 1;
            appended.accepted += 1;
            take_effect(step, run, appended.last, record, &mut view.tally, &mut told)?;
        } else {
            appended.duplicates += 1;
        }
    }
    view.last = appended.last;
    if told.questions {
        view.tally.pending = step.query_row(
            "SELECT COUNT(*) FROM questions WHERE run = ? AND status = 'pending'",
            [run],
            |row| row.get(0),
        )?;
    }
    save(step, run, &view)?;
    Ok(appended)
}

fn check(
    step: &Connection,
    run: i64,
    view: &RunView,
    condition: &Condition,
) -> Result<(), StoreError> {
    match condition {
        Condition::Always => Ok(()),
        Condition::RunGoesOn => {
            let status = view.stated();
            let run = view.id().to_owned();
            match status.is_terminal() {
                true => Err(StoreError::RunEnded { run, status }),
                false => Ok(()),
            }
        }
        Condition::QuestionPending(id) => {
            let status: Option<String> = step
                .prepare_cached("SELECT status FROM questions WHERE run = ? AND id = ?")?
                .query_row(params![run, id], |row| row.get(0))
                .optional()?;
            match status.as_deref() {
                Some("pending") => Ok(()),
                _ => Err(StoreError::AlreadyAnswered(id.clone())),
            }
        }
    }
}

fn create(step: &Connection, header: NewHeader) -> Result<(i64, RunView), StoreError> {
    let mut random = [0; 4];
    getrandom::fill(&mut random)
        .map_err(|error| StoreError::Failed(format!("no randomness to be had: {error}")))?;
    let view = RunView {
        epoch: format!("{:08x}", u32::from_be_bytes(random)),
        last: 0,
        tally: Tally {
            graph_nodes: header.nodes,
            ..Tally::default()
        },
        header: header.run,
    };
    let text = |name| json::text(&view.header, name).unwrap_or_default();
    let search = [
        "id",
        "workflowName",
        "workflowId",
        "triggerType",
        "triggerSource",
        "triggerLabel",
    ]
    .map(text)
    .join("\n")
    .to_lowercase();
    step.prepare_cached(
        "INSERT INTO runs (id, epoch, last, header, graph, tally, start_at, status, workflow,
           version, parent, search) VALUES (?, ?, 0, ?, ?, '{}', ?, '', ?, ?, ?, ?)",
    )?
    .execute(params![
        view.id(),
        view.epoch,
        serde_json::Value::Object(view.header.clone()).to_string(),
        header.graph,
        time::parse_nanos(text("startTime")).unwrap_or_default(),
        text("workflowId"),
        json::text(&view.header, "workflowVersionId"),
        json::text(&view.header, "parentRunId"),
        search,
    ])?;
    Ok((step.last_insert_rowid(), view))
}

/// A second header changes nothing, but that a run without a graph gets one.
fn fill_graph(
    step: &Connection,
    run: i64,
    view: &mut RunView,
    header: NewHeader,
) -> Result<(), StoreError> {
    let filled = step
        .prepare_cached(
            "UPDATE runs SET graph = ?2 WHERE run = ?1 AND graph IS NULL AND ?2 IS NOT NULL",
        )?
        .execute(params![run, header.graph])?;
    if filled > 0 && view.tally.graph.is_none() {
        view.tally.graph_nodes = header.nodes;
    }
    Ok(())
}

/// Whether the record is new.
fn insert(
    step: &Connection,
    run: i64,
    arrival: i64,
    record: &NewRecord,
) -> Result<bool, StoreError> {
    let place = &record.place;
    // Long keys are those of records that are their own identity; the body decides among them.
    let key = match place.key.char_indices().nth(KEY) {
        Some((end, _)) => &place.key[..end],
        None => &place.key,
    };
    let changed = step
        .prepare_cached(
            "INSERT OR IGNORE INTO records
               (run, arrival, identity, at, rank, key, kind, node, level, track, body)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            run,
            arrival,
            record.identity.as_slice(),
            place.at,
            place.rank,
            key,
            record.kind.as_str(),
            record.node,
            record.level,
            record.track,
            record.body,
        ])?;
    Ok(changed > 0)
}

/// Characters of a key that are stored.
const KEY: usize = 500;

/// What a batch has told already, so that it is written once.
#[derive(Default)]
struct Told {
    nodes: HashSet<(String, bool)>,
    tracks: HashSet<(String, String)>,
    questions: bool,
}

fn take_effect(
    step: &Connection,
    run: i64,
    arrival: i64,
    record: &NewRecord,
    tally: &mut Tally,
    told: &mut Told,
) -> Result<(), StoreError> {
    let place = &record.place;
    if place.at != i64::MIN {
        tally.last_at = tally.last_at.max(Some(place.at));
    }
    if record.kind == contract::reel::Kind::Trace {
        tally.events += 1;
    }
    if let Some(content) = &record.content
        && let Effect::Artifact(id) = &record.effect
    {
        step.prepare_cached(
            "INSERT INTO contents (run, arrival, artifact, content) VALUES (?, ?, ?, ?)",
        )?
        .execute(params![run, arrival, id, content])?;
    }
    match &record.effect {
        Effect::None | Effect::Artifact(_) => {}
        Effect::Status { status, body } => tally.hold(status, place, body),
        Effect::NodeSeen(node) => see(step, run, node, false, tally, told)?,
        Effect::NodeCompleted(node) => see(step, run, node, true, tally, told)?,
        Effect::Graph(nodes) => {
            let place = (place.at, place.key.clone());
            if tally.graph.as_ref().is_none_or(|held| *held < place) {
                tally.graph = Some(place);
                tally.graph_nodes = *nodes;
            }
        }
        Effect::Terminal { node, stream } => {
            if told.tracks.insert((node.clone(), stream.clone())) {
                step.prepare_cached(
                    "INSERT OR IGNORE INTO archives (run, node, stream, asked) VALUES (?, ?, ?, 0)",
                )?
                .execute(params![run, node, stream])?;
            }
        }
        Effect::Agent { agent_run, node } => {
            if told.tracks.insert((node.clone(), agent_run.clone())) {
                step.prepare_cached(
                    "INSERT OR IGNORE INTO agents (agent_run, run, node) VALUES (?, ?, ?)",
                )?
                .execute(params![agent_run, run, node])?;
            }
        }
        Effect::Question {
            id,
            status,
            input_type,
        } => {
            told.questions = true;
            step.prepare_cached(
                "INSERT INTO questions (run, id, answered, at, key, status, input_type, body)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (run, id) DO UPDATE SET answered = excluded.answered,
                   at = excluded.at, key = excluded.key, status = excluded.status,
                   input_type = excluded.input_type, body = excluded.body
                 WHERE (excluded.answered, excluded.at, excluded.key) > (answered, at, key)",
            )?
            .execute(params![
                run,
                id,
                status != "pending",
                place.at,
                place.key,
                status,
                input_type,
                record.body
            ])?;
        }
    }
    Ok(())
}

fn see(
    step: &Connection,
    run: i64,
    node: &str,
    completed: bool,
    tally: &mut Tally,
    told: &mut Told,
) -> Result<(), StoreError> {
    if !told.nodes.insert((node.to_owned(), completed)) {
        return Ok(());
    }
    let fresh = step
        .prepare_cached("INSERT OR IGNORE INTO nodes (run, node, completed) VALUES (?, ?, 0)")?
        .execute(params![run, node])?;
    tally.nodes_seen += fresh as i64;
    if completed {
        let fresh = step
            .prepare_cached(
                "UPDATE nodes SET completed = 1 WHERE run = ? AND node = ? AND completed = 0",
            )?
            .execute(params![run, node])?;
        tally.nodes_completed += fresh as i64;
    }
    Ok(())
}

fn save(step: &Connection, run: i64, view: &RunView) -> Result<(), StoreError> {
    let tally = serde_json::to_string(&view.tally)
        .map_err(|error| StoreError::Failed(format!("cannot note a run's tally: {error}")))?;
    step.prepare_cached("UPDATE runs SET last = ?, tally = ?, status = ? WHERE run = ?")?
        .execute(params![view.last, tally, view.status().as_str(), run])?;
    Ok(())
}
