//! A run as an operation's stream tells it: its log, line by line, and how it stands.

use super::pieces::Pieces;
use super::resume::Origin;
use super::voice::{At, Standing};
use crate::projection::{Decode, operation_state, text};
use crate::run_view::RunView;
use crate::store::{StoreError, StoredRecord};
use contract::operations::{CompleteFrame, FrameType, GapFrame, LogFrame, StatusFrame};
use contract::reel::Kind;
use contract::time;
use model::Item;
use model::item::LogItem;

/// What has been said.
#[derive(Default)]
pub(crate) struct Operations {
    decode: Decode,
    /// The last status frame.
    said: String,
}

impl Operations {
    pub(super) async fn open(&mut self, at: At<'_>, out: &mut Pieces) -> Result<(), StoreError> {
        let run = at.state.stores.runs.run(at.run).await?;
        // In any case: by it a reader knows that the stream begins where it asked for it.
        self.status(at, &run, out);
        if at.position.origin == Origin::Restarted {
            let gap = GapFrame {
                kind: FrameType::Gap,
                reason: at.position.origin.as_str().to_owned(),
                missed: None,
            };
            out.event("", &at.token(), &text(&gap));
        }
        Ok(())
    }

    pub(super) fn records(&mut self, at: At<'_>, batch: &[StoredRecord], out: &mut Pieces) {
        let lines = batch
            .iter()
            .filter(|record| matches!(record.kind, Kind::Log | Kind::Trace));
        for record in lines {
            for item in self.decode.record(record) {
                if let Item::Log(line) = item {
                    let id = at.position.token(record.arrival);
                    out.event("", &id, &text(&frame(line)));
                }
            }
        }
    }

    pub(super) fn caught_up(&mut self, at: At<'_>, run: &RunView, out: &mut Pieces) -> Standing {
        self.status(at, run, out);
        let status = operation_state(&run.status());
        if !status.is_terminal() {
            return Standing::CaughtUp;
        }
        let complete = CompleteFrame {
            kind: FrameType::Complete,
            status,
        };
        out.event("", &at.token(), &text(&complete));
        Standing::Over
    }

    fn status(&mut self, at: At<'_>, run: &RunView, out: &mut Pieces) {
        let now = crate::projection::operations::summary(run);
        let frame = text(&StatusFrame {
            kind: FrameType::Status,
            status: now.status,
            started_at: now.started_at,
            finished_at: now.finished_at,
        });
        if frame != self.said {
            out.event("", &at.token(), &frame);
            self.said = frame;
        }
    }
}

fn frame(line: LogItem) -> LogFrame {
    let nanos = line.stamp.at.0.saturating_mul(1_000_000);
    LogFrame {
        kind: FrameType::Log,
        content: line.message.to_string(),
        node: Some(line.node.to_string()).filter(|node| !node.is_empty()),
        timestamp: Some(time::format_nanos(
            nanos.saturating_add(i64::from(line.stamp.nanos)),
        )),
        id: Some(line.id.to_string()),
    }
}
