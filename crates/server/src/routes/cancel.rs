//! Ending a run from outside, and how its runner hears of it.

use super::json;
use crate::ask::Ask;
use crate::error::ApiError;
use crate::ingest;
use crate::render;
use crate::run_id::RunId;
use crate::state::AppState;
use crate::store::{Condition, KindQuery, NewRecord, Question, StoreError};
use crate::token::ResumeToken;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use contract::studio::RunStatus;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

/// `POST …/cancel`: the run ends as CANCELLED, with an event that says why. Asked again it answers
/// the same; a run that ended otherwise stays as it is (409).
pub(super) async fn cancel(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let now = state.now();
    let records = vec![
        made(json!({
            "kind": "trace",
            "id": "cancel",
            "nodeId": crate::RUN_NODE,
            "type": "PROGRESS",
            "level": "warn",
            "message": "Run cancelled by user",
            "timestamp": now,
            "metadata": {"activityId": "workflow-orchestration"},
        }))?,
        made(json!({
            "kind": "status",
            "status": RunStatus::Cancelled.as_str(),
            "updatedAt": now,
            "completedAt": now,
        }))?,
    ];
    match state.append(&run, records, Condition::RunGoesOn).await {
        Ok(_) => {}
        Err(StoreError::RunEnded {
            status: RunStatus::Cancelled,
            ..
        }) => {}
        Err(error) => return Err(error.into()),
    }
    let answer = json(&json!({"status": "cancelled", "runId": run.as_str()}));
    Ok((StatusCode::CREATED, answer).into_response())
}

fn made(value: Value) -> Result<NewRecord, ApiError> {
    let Value::Object(object) = value else {
        return Err(StoreError::Failed("a record is an object".into()).into());
    };
    ingest::record(object).map_err(|error| StoreError::Failed(error.to_string()).into())
}

/// `GET …/control?after=`, ours: for the run's runner. Answers
/// `{"runId","cancel","inputs":[…],"cursor"}` as soon as the run is to end, or a question was
/// answered behind `after`; else after 25 s, to be asked again.
pub(super) async fn control(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let mut news = state.hub.subscribe(&run);
    let deadline = Instant::now() + state.config.control_wait;
    let given = ask.text("after").and_then(ResumeToken::parse);
    loop {
        news.borrow_and_update();
        let view = state.stores.runs.run(&run).await?;
        let ended = view.stated().is_terminal();
        let inputs = match &given {
            Some(token) => {
                let after = token.arrival_in(&view.epoch, view.last).unwrap_or(0);
                answers(&state, &run, after).await?
            }
            None => Vec::new(),
        };
        let late = Instant::now() >= deadline || state.ending().is_cancelled();
        if ended || !inputs.is_empty() || late {
            let cursor = ResumeToken {
                epoch: view.epoch.clone(),
                arrival: view.last,
            };
            return Ok(json(&json!({
                "runId": run.as_str(),
                "cancel": matches!(view.stated(), RunStatus::Cancelled | RunStatus::Terminated),
                "inputs": inputs,
                "cursor": cursor.to_string(),
            })));
        }
        let ending = state.ending().clone();
        tokio::select! {
            _ = news.changed() => {}
            () = sleep_until(deadline) => {}
            () = ending.cancelled() => {}
        }
    }
}

/// Questions whose answers arrived later than `after`.
async fn answers(state: &AppState, run: &RunId, after: i64) -> Result<Vec<Value>, StoreError> {
    let query = KindQuery {
        kind: "human_input",
        after,
        ..KindQuery::default()
    };
    let records = state.stores.records.of_kind(run, query).await?;
    let inputs = records.into_iter().map(|record| {
        render::question(&Question {
            run: run.clone(),
            workflow: String::new(),
            body: record.body,
        })
    });
    Ok(inputs
        .filter(|input| input["status"] != "pending")
        .map(Value::from)
        .collect())
}
