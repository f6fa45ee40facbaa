//! Our own server's manner: records of all kinds by arrival, in pages, and one position for all.

use super::Subject;
use crate::conversation::{self, Answer, Extent, Heard, Reply, Request, StreamRequest};
use crate::dialect::ResumeToken;
use crate::dialect::studio::{Endpoint, Frames, decode_answer, path};
use contract::studio::Frame;

/// Records asked for at once. A page of this size decodes in about a frame's time.
const PAGE: u32 = 20_000;

#[derive(Debug)]
pub(super) struct Records {
    base: String,
    run: String,
    /// The id of the newest frame, or the cursor of the newest answer.
    after: Option<ResumeToken>,
    frames: Frames,
}

impl Records {
    pub(super) fn new(base: &str, run: &str) -> Self {
        Self {
            base: base.to_owned(),
            run: run.to_owned(),
            after: None,
            frames: Frames::default(),
        }
    }

    pub(super) fn begin(&self, extent: Extent) -> Vec<Request> {
        vec![match extent {
            Extent::Full => self.page(None),
            Extent::Delta => self.page(self.after.clone()),
        }]
    }

    /// `None` when the server does not know this manner.
    pub(super) fn answer(
        &mut self,
        address: &str,
        after: Option<&ResumeToken>,
        answer: Answer<'_>,
    ) -> Option<Reply> {
        match answer.status {
            200 => Some(
                self.page_answer(after, answer.body)
                    .unwrap_or_else(|| Reply::Failed {
                        message: format!("what the server answered to {address} could not be read"),
                    }),
            ),
            404 | 405 => None,
            status => Some(Reply::failed(address, status)),
        }
    }

    pub(super) fn stream(&self) -> StreamRequest {
        StreamRequest {
            address: path::stream(&self.base, &self.run, &path::StreamFrom::default()),
            after: self.after.clone(),
        }
    }

    pub(super) fn frame(&mut self, name: &str, id: &str, data: &str, heard: &mut Heard) {
        if !id.is_empty() {
            ResumeToken::renew(&mut self.after, id);
        }
        self.frames.read(name, data, &mut heard.batch);
        heard.last |= name == Frame::Complete.as_str();
    }

    fn page(&self, after: Option<ResumeToken>) -> Request {
        Request {
            address: path::records(&self.base, &self.run, after.as_ref(), Some(PAGE)),
            subject: conversation::Subject::Studio(Subject::Records { after }),
        }
    }

    fn page_answer(&mut self, after: Option<&ResumeToken>, body: &str) -> Option<Reply> {
        let batch = decode_answer(Endpoint::Records, body);
        let reached = batch.resume.clone();
        // A page of records always says how far it goes.
        if reached.is_none() && batch.items.is_empty() {
            return None;
        }
        if reached.is_some() {
            self.after.clone_from(&reached);
        }
        // A server that says "more" but does not move on would be asked for ever.
        let next = match reached {
            Some(reached) if batch.has_more && after != Some(&reached) => {
                vec![self.page(Some(reached))]
            }
            _ => Vec::new(),
        };
        Some(Reply::Read { batch, next })
    }
}
