//! Questions to people, and their answers.

use super::json;
use crate::ask::Ask;
use crate::error::ApiError;
use crate::ingest;
use crate::json as js;
use crate::render;
use crate::state::AppState;
use crate::store::{Condition, Question, QuestionQuery};
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use contract::studio::{HumanInputStatus, InputType};
use serde_json::{Value, json};

/// `GET /human-inputs?status=&inputType=`: a list, newest first.
pub(super) async fn list(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let query = QuestionQuery {
        run: ask.owned("runId"),
        status: ask.word("status", HumanInputStatus::WORDS)?,
        input_type: ask.word("inputType", InputType::WORDS)?,
        id: None,
    };
    let questions = state.stores.index.questions(query).await?;
    let inputs: Vec<Value> = questions
        .iter()
        .map(|input| render::question(input).into())
        .collect();
    Ok(json(&inputs.into()))
}

/// `GET …/human-inputs`, ours: those of one run.
pub(super) async fn of_run(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let run = ask.run()?;
    state.stores.runs.run(&run).await?;
    let query = QuestionQuery {
        run: Some(run.to_string()),
        ..QuestionQuery::default()
    };
    let questions = state.stores.index.questions(query).await?;
    let inputs: Vec<Value> = questions
        .iter()
        .map(|input| render::question(input).into())
        .collect();
    Ok(json(&json!({"runId": run.as_str(), "inputs": inputs})))
}

/// `GET /human-inputs/:id`.
pub(super) async fn one(State(state): State<AppState>, ask: Ask) -> Result<Response, ApiError> {
    let question = find(&state, ask.part("id")).await?;
    Ok(json(&render::question(&question).into()))
}

/// `POST /human-inputs/:id/resolve {responseData?, respondedBy?}`: writes the answer as a record.
pub(super) async fn resolve(
    State(state): State<AppState>,
    ask: Ask,
    body: Body,
) -> Result<Response, ApiError> {
    let mut given = super::small_body(body).await?;
    let id = ask.part("id");
    let question = find(&state, id).await?;
    let now = state.now();
    let mut answer = js::object(&question.body);
    answer.insert("kind".into(), "human_input".into());
    answer.insert("status".into(), HumanInputStatus::Resolved.as_str().into());
    answer.insert("respondedAt".into(), now.as_str().into());
    answer.insert("updatedAt".into(), now.into());
    for name in ["responseData", "respondedBy"] {
        if let Some(value) = given.remove(name).filter(|value| !value.is_null()) {
            answer.insert(name.into(), value);
        }
    }
    let record =
        ingest::record(answer).map_err(|error| ApiError::bad_request(error.to_string()))?;
    let condition = Condition::QuestionPending(id.to_owned());
    state.append(&question.run, vec![record], condition).await?;
    let question = find(&state, id).await?;
    Ok((
        StatusCode::CREATED,
        json(&render::question(&question).into()),
    )
        .into_response())
}

async fn find(state: &AppState, id: &str) -> Result<Question, ApiError> {
    let query = QuestionQuery {
        id: Some(id.to_owned()),
        ..QuestionQuery::default()
    };
    let found = state
        .stores
        .index
        .questions(query)
        .await?
        .into_iter()
        .next();
    found.ok_or_else(|| ApiError::not_found(format!("Human input {id} not found")))
}
