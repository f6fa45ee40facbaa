//! A run as Studio's stream tells it: all channels, a batch a frame.

use super::frames::Frames;
use super::pieces::Pieces;
use super::voice::{At, Standing};
use crate::run_view::RunView;
use crate::store::{GraphOf, StoreError, StoredRecord};
use contract::studio::Frame;
use serde_json::json;

/// What has been said.
#[derive(Default)]
pub(crate) struct Studio {
    /// The last status, without what changes all the time.
    said: String,
}

impl Studio {
    pub(super) async fn open(&self, at: At<'_>, out: &mut Pieces) -> Result<(), StoreError> {
        let data = json!({
            "mode": "realtime",
            "runId": at.run.as_str(),
            "resume": at.position.origin.as_str(),
        });
        out.event(Frame::Ready.as_str(), &at.token(), &data.to_string());
        if at.position.arrival == 0
            && let Some(graph) = at.state.stores.runs.graph(at.run, GraphOf::Header).await?
        {
            out.event(Frame::Graph.as_str(), &at.token(), &graph);
        }
        Ok(())
    }

    pub(super) fn records(
        &self,
        at: At<'_>,
        batch: &[StoredRecord],
        reached: i64,
        out: &mut Pieces,
    ) {
        let frames = Frames::of(at.run.as_str(), at.position, batch);
        frames.finish(&at.position.token(reached), out);
    }

    /// Says how the run stands where that is news, and whether it is over.
    pub(super) fn caught_up(&mut self, at: At<'_>, run: &RunView, out: &mut Pieces) -> Standing {
        let mut status = run.api_status();
        let whole = serde_json::Value::Object(status.clone()).to_string();
        // Both change with every event: no news of their own.
        status.remove("updatedAt");
        status.remove("historyLength");
        let said = serde_json::Value::Object(status).to_string();
        if said != self.said {
            out.event(Frame::Status.as_str(), &at.token(), &whole);
            self.said = said;
        }
        let status = run.status();
        if !status.is_terminal() {
            return Standing::CaughtUp;
        }
        let data = json!({"runId": at.run.as_str(), "status": status.as_str()});
        out.event(Frame::Complete.as_str(), &at.token(), &data.to_string());
        Standing::Over
    }
}
