//! What is ready to be sent: frames one after the other, small ones together.

use bytes::Bytes;
use std::collections::VecDeque;

/// Bytes from which on a piece is closed.
const PIECE: usize = 32 * 1_024;

/// Frames that wait to be sent, oldest first.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    closed: VecDeque<Bytes>,
    open: String,
    /// The id of the last event, which the next one names.
    last: String,
}

impl Pieces {
    /// Adds text as it is: a whole frame, or a comment with its blank line.
    pub(super) fn push(&mut self, frame: &str) {
        self.open.push_str(frame);
        if self.open.len() >= PIECE {
            self.close();
        }
    }

    /// Adds an event. Where `name` is empty it is a message without one. The field `from` is ours: the
    /// id of the event before, so that a reader notices when one was lost.
    pub(super) fn event(&mut self, name: &str, id: &impl std::fmt::Display, data: &str) {
        let id = id.to_string();
        let mut frame = String::with_capacity(data.len() + 96);
        for (field, value) in [("event", name), ("from", &self.last), ("id", &id)] {
            if !value.is_empty() {
                frame.extend([field, ": ", value, "\n"]);
            }
        }
        frame.extend(["data: ", data, "\n\n"]);
        self.push(&frame);
        self.last = id;
    }

    /// The next piece.
    pub(super) fn pop(&mut self) -> Option<Bytes> {
        if self.closed.is_empty() && !self.open.is_empty() {
            self.close();
        }
        self.closed.pop_front()
    }

    fn close(&mut self) {
        self.closed.push_back(std::mem::take(&mut self.open).into());
    }
}
