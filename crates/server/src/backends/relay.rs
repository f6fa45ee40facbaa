//! A backend's stream on its way to the browser: each piece as it comes, as long as both are there.

use crate::security::Access;
use crate::state::AppState;
use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use std::io;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// Hands on the stream's pieces. It breaks, so that nobody takes it for whole, when the backend's
/// does, when the reader's session ends and when the server stops. Dropped, it ends the request.
pub(super) fn relay(
    response: reqwest::Response,
    state: AppState,
    access: Access,
    place: OwnedSemaphorePermit,
) -> Body {
    let mut checks = interval(state.config.heartbeat.max(LEAST));
    checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let relay = Relay {
        response,
        state,
        access,
        checks,
        _place: place,
    };
    let pieces = stream::unfold(relay, async |mut relay| {
        let piece = relay.next().await.transpose()?;
        Some((piece, relay))
    });
    // Who packs an answer asks once more after the end.
    Body::from_stream(pieces.fuse())
}

/// An interval of nothing is none.
const LEAST: Duration = Duration::from_millis(1);

struct Relay {
    response: reqwest::Response,
    state: AppState,
    access: Access,
    checks: Interval,
    _place: OwnedSemaphorePermit,
}

impl Relay {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        let ending = self.state.ending().clone();
        loop {
            tokio::select! {
                piece = self.response.chunk() => {
                    return piece.map_err(|error| io::Error::other(error.without_url()));
                }
                () = ending.cancelled() => return Err(io::Error::other("the server stops")),
                _ = self.checks.tick() => {
                    if !self.access.still_holds(&self.state) {
                        return Err(io::Error::other("the session has ended"));
                    }
                }
            }
        }
    }
}
