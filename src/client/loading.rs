//! Fetching a run: the whole of it, or what is new.

use crate::client::run_client::Inner;
use crate::dom::fetch::{self, Answer, Ask, Signal};
use source::connection::{Failure, Generation, Input};
use source::dialect::ResumeToken;
use source::dialect::studio::{self, Endpoint};
use std::rc::Rc;

/// Records asked for at once. A page of this size decodes in about a frame's time.
const PAGE: u32 = 20_000;

/// How a fetch went.
pub(super) enum Loaded {
    /// All of it has been taken in.
    All,
    /// It failed, for the machine to decide.
    Failed(Failure),
    /// Nobody waits for it any more.
    Unwanted,
}

/// One fetch on its way.
pub(super) struct Request {
    inner: Rc<Inner>,
    generation: Generation,
    signal: Signal,
}

impl Request {
    pub(super) fn new(inner: Rc<Inner>, generation: Generation, signal: Signal) -> Self {
        Self {
            inner,
            generation,
            signal,
        }
    }

    /// The run, its graph and all its records: the first page of records brings the run and its graph.
    pub(super) async fn full(&self) -> Loaded {
        self.records(None).await
    }

    /// The records after those that are held.
    pub(super) async fn delta(&self) -> Loaded {
        let after = self.inner.resume.borrow().clone();
        self.records(after).await
    }

    async fn records(&self, mut after: Option<ResumeToken>) -> Loaded {
        loop {
            let (api, id) = (&self.inner.config.api, &self.inner.run_id);
            let address = studio::path::records(api, id, after.as_ref(), Some(PAGE));
            let answer = match self.get(&address).await {
                Ok(answer) => answer,
                Err(loaded) => return loaded,
            };
            if let Some(offset) = answer.head.clock_offset_millis {
                self.inner.store.set_clock_offset(offset);
            }
            let batch = studio::decode_answer(Endpoint::Records, &answer.body);
            let (more, next) = (batch.has_more, batch.resume.clone());
            self.inner.take(batch);
            match next {
                // A server that says "more" but does not move on would be asked for ever.
                Some(next) if more && after.as_ref() != Some(&next) => after = Some(next),
                _ => return Loaded::All,
            }
            self.inner.tell(Input::FetchProgress {
                generation: self.generation,
            });
        }
    }

    async fn get(&self, address: &str) -> Result<Answer, Loaded> {
        let ask = Ask {
            address,
            headers: &[("Accept", "application/json")],
        };
        let answer = fetch::get(ask, Some(&self.signal)).await;
        if !self.inner.wants(self.generation) {
            return Err(Loaded::Unwanted);
        }
        match answer {
            Ok(answer) if answer.head.status == 200 => Ok(answer),
            Ok(answer) => Err(Loaded::Failed(Failure {
                status: Some(answer.head.status),
                retry_after_ms: answer.head.retry_after_millis,
                message: format!("the server answered {} to {address}", answer.head.status),
            })),
            Err(message) => Err(Loaded::Failed(Failure {
                status: None,
                retry_after_ms: None,
                message: format!("{message} to {address}"),
            })),
        }
    }
}

/// Records that came after those that are held, in one page; nobody waits for them, so a failure is
/// left to the next look.
pub(super) async fn late(inner: &Rc<Inner>) {
    let after = inner.resume.borrow().clone();
    let address =
        studio::path::records(&inner.config.api, &inner.run_id, after.as_ref(), Some(PAGE));
    let ask = Ask {
        address: &address,
        headers: &[("Accept", "application/json")],
    };
    if let Ok(answer) = fetch::get(ask, None).await
        && answer.head.status == 200
    {
        inner.take(studio::decode_answer(Endpoint::Records, &answer.body));
    }
}
