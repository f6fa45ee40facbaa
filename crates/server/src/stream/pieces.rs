//! What is ready to be sent: frames one after the other, small ones together.

use crate::token::ResumeToken;
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
    last: Option<ResumeToken>,
}

impl Pieces {
    /// Adds text as it is: a whole frame, or a comment with its blank line.
    pub(super) fn push(&mut self, frame: &str) {
        self.open.push_str(frame);
        if self.open.len() >= PIECE {
            self.close();
        }
    }

    /// Adds an event. Where `name` is empty it is a message without one. The field `from` is ours: how
    /// far the event before stood behind, so that a reader notices when one was lost.
    pub(super) fn event(&mut self, name: &str, id: &ResumeToken, data: &str) {
        let from = self.last.as_ref().map(|last| from(last, id));
        let from = from.unwrap_or_default();
        let position = id.to_string();
        let mut frame = String::with_capacity(data.len() + 96);
        for (field, value) in [("event", name), ("from", &from), ("id", &position)] {
            if !value.is_empty() {
                frame.extend([field, ": ", value, "\n"]);
            }
        }
        frame.extend(["data: ", data, "\n\n"]);
        self.push(&frame);
        self.last = Some(id.clone());
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

/// What an event at `id` says of the one before. Mostly `-1`, which a packed stream sends for nothing;
/// an id would cost it five bytes each time.
fn from(last: &ResumeToken, id: &ResumeToken) -> String {
    match id.arrival.checked_sub(last.arrival) {
        Some(steps @ 0..) if last.epoch == id.epoch => format!("-{steps}"),
        _ => last.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::Pieces;
    use crate::token::ResumeToken;

    #[test]
    fn each_event_but_the_first_says_where_the_one_before_stood() {
        let mut out = Pieces::default();
        for id in ["ab-0", "ab-1", "ab-1", "ab-9", "ab-8", "cd-2"] {
            out.event("", &ResumeToken::parse(id).unwrap(), "{}");
        }
        let text = String::from_utf8(out.pop().unwrap().to_vec()).unwrap();
        let froms = text.lines().filter_map(|line| line.strip_prefix("from: "));
        let froms: Vec<_> = froms.collect();
        assert_eq!(froms, ["-1", "-0", "-8", "ab-9", "ab-8"]);
        assert!(text.starts_with("id: ab-0\ndata: {}\n\nfrom: -1\nid: ab-1\n"));
    }
}
