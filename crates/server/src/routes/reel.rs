//! `…/reel`: records in, and the whole run out.

use crate::ask::Ask;
use crate::assets::accepts;
use crate::error::ApiError;
use crate::export::ReelWriter;
use crate::ingest::{self, Packing};
use crate::state::AppState;
use crate::store::{Append, Appended, Condition, StoreError};
use axum::body::{Body, HttpBody};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use http_body_util::BodyExt;
use serde_json::json;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::timeout;

/// `POST`: appends what the body holds, up to the first line that cannot be read.
pub(super) async fn ingest(
    State(state): State<AppState>,
    ask: Ask,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let run = ask.run()?;
    let packing = packing(&headers)?;
    let limit = state.config.body_limit;
    let (body, memory) = receive(&state, body).await?;
    let name = run.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let _memory = memory;
        let body = ingest::unpack(&body, packing, limit)?;
        Ok::<_, ApiError>(ingest::read(&body, name.as_str()))
    });
    let reel = reading.await.map_err(|error| {
        ApiError::from(StoreError::Failed(format!(
            "reading a body broke off: {error}"
        )))
    })??;
    let refused = reel.refused;
    let append = Append {
        run,
        header: reel.header,
        records: reel.records,
        condition: Condition::Always,
    };
    let appended = match (
        append.header.is_some() || !append.records.is_empty(),
        &refused,
    ) {
        // Nothing to keep: the line is the answer, whether or not the run is there.
        (false, Some(_)) => Appended {
            accepted: 0,
            duplicates: 0,
            last: 0,
        },
        _ => state.stores.records.append(append).await?,
    };
    match refused {
        Some(refused) => Err(refused.into_error(appended.accepted, appended.duplicates)),
        None => Ok(super::json(&json!({
            "accepted": appended.accepted,
            "duplicates": appended.duplicates,
        }))),
    }
}

fn packing(headers: &HeaderMap) -> Result<Packing, ApiError> {
    let coding = headers
        .get(header::CONTENT_ENCODING)
        .map(HeaderValue::to_str);
    match coding {
        None | Some(Ok("" | "identity")) => Ok(Packing::Plain),
        Some(Ok("gzip" | "x-gzip")) => Ok(Packing::Gzip),
        Some(_) => Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "of content encodings the server reads gzip only",
        )),
    }
}

/// Receives a body whole, with the memory for it reserved before.
async fn receive(
    state: &AppState,
    mut body: Body,
) -> Result<(Vec<u8>, OwnedSemaphorePermit), ApiError> {
    let limit = state.config.body_limit;
    let expected = body.size_hint();
    if expected.lower() > limit as u64 {
        drain(body, limit).await;
        return Err(ingest::too_large(limit));
    }
    let most = expected.upper().unwrap_or(limit as u64).min(limit as u64);
    let reserve = state
        .bodies
        .clone()
        .acquire_many_owned((most / 1_024 + 1) as u32);
    let memory = match timeout(PATIENCE, reserve).await {
        Ok(Ok(memory)) => memory,
        _ => {
            return Err(ApiError::overloaded(
                "the server has more bodies to read than it can hold: try again",
            ));
        }
    };
    let mut received = Vec::with_capacity(expected.lower() as usize);
    while let Some(part) = body.frame().await {
        let part =
            part.map_err(|error| ApiError::bad_request(format!("the body broke off: {error}")))?;
        if let Ok(data) = part.into_data() {
            if received.len() + data.len() > limit {
                drain(body, limit).await;
                return Err(ingest::too_large(limit));
            }
            received.extend_from_slice(&data);
        }
    }
    Ok((received, memory))
}

/// How long a request waits for a place.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long and how much a sender of too much may go on, so that it hears the answer.
const DRAIN: Duration = Duration::from_secs(10);

/// Takes in the rest of a body that is refused: most senders do not listen before they are done.
async fn drain(mut body: Body, limit: usize) {
    let reading = async {
        let mut rest = limit.max(64 << 20) * 2;
        while let Some(Ok(part)) = body.frame().await {
            rest = rest.saturating_sub(part.data_ref().map_or(0, Bytes::len));
            if rest == 0 {
                break;
            }
        }
    };
    // A sender that is still not done will find the connection closed.
    let _ = timeout(DRAIN, reading).await;
}

/// `GET`: the run as one reel, in its canonical rendering.
pub(super) async fn export(
    State(state): State<AppState>,
    ask: Ask,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let run = ask.run()?;
    // The status line is sent before the walk begins: what can be refused is refused now.
    state.stores.runs.run(&run).await?;
    let place = state.exports.clone().try_acquire_owned().map_err(|_| {
        ApiError::overloaded("as many reels as the server can send are on their way: try again")
    })?;
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let packing = match accepts(accepted.unwrap_or_default(), "gzip") {
        true => Packing::Gzip,
        false => Packing::Plain,
    };
    let name = format!("{run}.reel");
    let (send, mut receive) = mpsc::channel(4);
    let mut writer = ReelWriter::new(packing, send.clone());
    tokio::spawn(async move {
        let _place = place;
        let each = Box::new(move |step| writer.write(step));
        if let Err(error) = state.stores.records.walk(&run, each).await {
            tracing::error!(%run, %error, "a reel breaks off");
            // A reader that has gone does not need to hear it.
            let _ = send.send(Err(error)).await;
        }
    });
    let body = Body::from_stream(stream::poll_fn(move |context| receive.poll_recv(context)));
    let mut response = ([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if packing == Packing::Gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if ask.text("download").is_some() {
        super::attach(headers, &name);
    }
    Ok(response)
}
