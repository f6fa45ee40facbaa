//! The conversation in the Operations dialect. There is one question, how the operation stands; a
//! stream, where there is one, says when it is worth asking. Of an operation that has ended it brings
//! the lines that answers no longer show.

use super::{Answer, Extent, Heard, Reply, Request, StreamRequest};
use crate::dialect::operations::{Asked, Operation, detail_of, path};
use model::Millis;

/// Polls that come a second after the one before, as the backend's documentation asks.
const QUICK_POLLS: usize = 10;
const QUICK_MS: i64 = 1_000;
/// Then each wait is half as long again, up to the last one.
const SLOWER_MS: [i64; 4] = [1_500, 2_250, 3_375, 5_000];

#[derive(Debug)]
pub(super) struct Operations {
    base: String,
    run: String,
    known: Operation,
}

/// What a request asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// The operation, by somebody who knew this much.
    Standing(Asked),
    /// The rest of its log, behind so many lines.
    Rest(u64),
}

impl Operations {
    pub(super) fn new(base: &str, run: &str) -> Self {
        Self {
            base: base.to_owned(),
            run: run.to_owned(),
            known: Operation::new(run),
        }
    }

    pub(super) fn allow_streams(&mut self, allowed: bool) {
        self.known.allow_streams(allowed);
    }

    /// The whole is no more than what is new: an answer shows the end of the log alone.
    pub(super) fn begin(&mut self, _extent: Extent) -> Vec<Request> {
        vec![self.ask()]
    }

    pub(super) fn answer(&mut self, address: &str, subject: &Subject, answer: Answer<'_>) -> Reply {
        let status = answer.status;
        let asked = match *subject {
            Subject::Standing(asked) => asked,
            Subject::Rest(before) => {
                let body = Some(answer.body).filter(|_| status == 200);
                return Reply::read(self.known.rest(before, body));
            }
        };
        if status != 200 {
            let detail = detail_of(answer.body).map_or_else(String::new, |why| format!(": {why}"));
            return Reply::Failed {
                message: format!("the server answered {status} to {address}{detail}"),
            };
        }
        match self.known.answer(asked, answer.body, answer.at) {
            Ok(batch) => Reply::Read {
                batch,
                next: self.ask_rest().into_iter().collect(),
            },
            Err(why) => Reply::Failed {
                message: format!("the answer to {address} could not be read: {why}"),
            },
        }
    }

    pub(super) fn stream(&mut self) -> StreamRequest {
        let after = self.known.open_stream();
        StreamRequest {
            address: path::stream(&self.base, &self.run, after.as_ref()),
            after,
        }
    }

    pub(super) fn frame(&mut self, name: &str, id: &str, data: &str, at: Millis) -> Heard {
        let said = self.known.frame(name, id, data, at);
        Heard {
            batch: said.batch,
            last: said.last,
        }
    }

    pub(super) fn asides(&mut self) -> Vec<Request> {
        match self.known.wants_answer() {
            true => vec![self.ask()],
            false => Vec::new(),
        }
    }

    pub(super) fn cancel(&self) -> String {
        path::cancel(&self.base, &self.run)
    }

    pub(super) fn cadence() -> Vec<i64> {
        let quick = std::iter::repeat_n(QUICK_MS, QUICK_POLLS);
        quick.chain(SLOWER_MS).collect()
    }

    fn ask(&self) -> Request {
        Request {
            address: path::operation(&self.base, &self.run),
            subject: super::Subject::Operations(Subject::Standing(self.known.asked())),
        }
    }

    fn ask_rest(&mut self) -> Option<Request> {
        let (before, after) = self.known.wants_rest()?;
        Some(Request {
            address: path::stream(&self.base, &self.run, after.as_ref()),
            subject: super::Subject::Operations(Subject::Rest(before)),
        })
    }
}
