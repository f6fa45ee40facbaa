//! Fetching what the conversation asks for: the whole run, what is new, or something beside a stream.

use crate::client::run_client::Inner;
use crate::dom::clock::now_millis;
use crate::dom::fetch::{self, Ask, Signal};
use futures_util::future::join_all;
use model::Millis;
use source::connection::{Failure, Generation, Input};
use source::conversation::{Answer, Extent, Reply, Request};
use std::rc::Rc;

/// How a fetch went.
pub(super) enum Loaded {
    /// All of it has been taken in.
    All,
    /// It failed, for the machine to decide.
    Failed(Failure),
    /// Nobody waits for it any more.
    Unwanted,
}

/// One fetch of the machine's: round after round until the conversation has nothing left to ask.
pub(super) async fn fetch(
    inner: &Rc<Inner>,
    generation: Generation,
    extent: Extent,
    signal: &Signal,
) -> Loaded {
    let mut requests = inner.conversation.borrow_mut().begin(extent);
    while !requests.is_empty() {
        let answers = join_all(requests.iter().map(|request| get(request, Some(signal)))).await;
        if !inner.wants(generation) {
            return Loaded::Unwanted;
        }
        let mut next = Vec::new();
        for (request, answer) in requests.iter().zip(answers) {
            match read(inner, request, answer) {
                Ok(more) => next.extend(more),
                Err(failure) => return Loaded::Failed(failure),
            }
        }
        requests = next;
        if !requests.is_empty() {
            inner.tell(Input::FetchProgress { generation });
        }
    }
    Loaded::All
}

/// What nobody waits for, round after round: a failure is left to the next look.
pub(super) async fn beside(inner: &Rc<Inner>, mut requests: Vec<Request>) {
    while !requests.is_empty() {
        let answers = join_all(requests.iter().map(|request| get(request, None))).await;
        let mut next = Vec::new();
        for (request, answer) in requests.iter().zip(answers) {
            // Nobody waits for it, so nothing follows from its failure.
            next.extend(read(inner, request, answer).unwrap_or_default());
        }
        requests = next;
    }
}

async fn get(request: &Request, signal: Option<&Signal>) -> Result<fetch::Answer, String> {
    let ask = Ask {
        address: &request.address,
        headers: &[("Accept", "application/json")],
    };
    fetch::get(ask, signal).await
}

/// Takes an answer in and says what to ask for next.
fn read(
    inner: &Rc<Inner>,
    request: &Request,
    answer: Result<fetch::Answer, String>,
) -> Result<Vec<Request>, Failure> {
    let answer = answer.map_err(|message| Failure {
        status: None,
        retry_after_ms: None,
        message: format!("{message} to {}", request.address),
    })?;
    if let Some(offset) = answer.head.clock_offset_millis {
        inner.store.set_clock_offset(offset);
    }
    let status = answer.head.status;
    let came = Answer {
        status,
        body: &answer.body,
        at: Millis(now_millis() + inner.store.clock_offset()),
    };
    let reply = inner.conversation.borrow_mut().answer(request, came);
    match reply {
        Reply::Read { batch, next } => {
            inner.take(batch);
            Ok(next)
        }
        Reply::Failed { message } => Err(Failure {
            status: Some(status),
            retry_after_ms: answer.head.retry_after_millis,
            message,
        }),
    }
}
