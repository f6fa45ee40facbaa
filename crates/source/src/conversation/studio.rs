//! The conversation in the Studio dialect. Our own server gives all records by arrival, in pages; a
//! ShipSec Studio does not know that address, and is asked endpoint by endpoint.

use super::{Answer, Extent, Heard, Reply, Request, StreamRequest};
use crate::dialect::ResumeToken;
use crate::dialect::studio::path::StreamFrom;
use crate::dialect::studio::{Endpoint, decode_answer, decode_frame, path};
use contract::studio::Frame;
use model::Millis;

/// Records asked for at once. A page of this size decodes in about a frame's time.
const PAGE: u32 = 20_000;

#[derive(Debug)]
pub(super) struct Studio {
    base: String,
    run: String,
    from: StreamFrom,
}

/// What a request asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// A page of records, ours.
    Records { after: Option<ResumeToken> },
}

impl Studio {
    pub(super) fn new(base: &str, run: &str) -> Self {
        Self {
            base: base.to_owned(),
            run: run.to_owned(),
            from: StreamFrom::default(),
        }
    }

    pub(super) fn begin(&mut self, extent: Extent) -> Vec<Request> {
        vec![match extent {
            Extent::Full => self.records(None),
            Extent::Delta => self.records(self.from.after.clone()),
        }]
    }

    pub(super) fn answer(&mut self, address: &str, subject: &Subject, answer: Answer<'_>) -> Reply {
        match subject {
            Subject::Records { .. } if answer.status != 200 => {
                Reply::failed(address, answer.status)
            }
            Subject::Records { after } => self.records_answer(after.as_ref(), answer.body),
        }
    }

    pub(super) fn stream(&self) -> StreamRequest {
        StreamRequest {
            address: path::stream(&self.base, &self.run, &StreamFrom::default()),
            after: self.from.after.clone(),
        }
    }

    pub(super) fn frame(&mut self, name: &str, id: &str, data: &str, _at: Millis) -> Heard {
        let batch = decode_frame(name, data);
        self.from.keep(name, &batch);
        if !id.is_empty() {
            self.from.after = Some(ResumeToken(id.to_owned()));
        }
        Heard {
            batch,
            last: Frame::from_word(name) == Frame::Complete,
        }
    }

    pub(super) fn asides(&mut self) -> Vec<Request> {
        Vec::new()
    }

    pub(super) fn cancel(&self) -> String {
        path::cancel(&self.base, &self.run)
    }

    pub(super) fn artifact(&self, id: &str) -> String {
        path::artifact_download(&self.base, &self.run, id)
    }

    fn records(&self, after: Option<ResumeToken>) -> Request {
        Request {
            address: path::records(&self.base, &self.run, after.as_ref(), Some(PAGE)),
            subject: super::Subject::Studio(Subject::Records { after }),
        }
    }

    fn records_answer(&mut self, after: Option<&ResumeToken>, body: &str) -> Reply {
        let batch = decode_answer(Endpoint::Records, body);
        let reached = batch.resume.clone();
        if reached.is_some() {
            self.from.after.clone_from(&reached);
        }
        // A server that says "more" but does not move on would be asked for ever.
        let next = match reached {
            Some(reached) if batch.has_more && after != Some(&reached) => {
                vec![self.records(Some(reached))]
            }
            _ => Vec::new(),
        };
        Reply::Read { batch, next }
    }
}
