//! The run's stream: opening it, and reading it until it ends or another is wanted.

use crate::client::run_client::{Inner, tell};
use crate::dom::clock::now_millis;
use crate::dom::fetch::{Abort, Head};
use crate::dom::stream::{self, Broken, Opening, Stream};
use leptos::task::spawn_local;
use model::{Millis, Problem};
use source::connection::{Answer, Closed, Generation, Input, Rejection};
use source::conversation::Heard;
use source::dialect::ResumeToken;
use source::sse;
use std::rc::{Rc, Weak};

/// Opens the stream from where the run is known up to, and reads it.
pub(super) fn open(inner: &Rc<Inner>, generation: Generation) {
    let Some(abort) = Abort::new() else { return };
    let signal = abort.signal();
    *inner.stream.borrow_mut() = Some((generation, abort));
    let request = inner.conversation.borrow_mut().stream();
    let inner = Rc::downgrade(inner);
    spawn_local(async move {
        let after = request.after.as_ref().map(ResumeToken::as_str);
        let told = match stream::open(&request.address, after, &signal).await {
            Opening::Failed(error) => Input::StreamClosed {
                generation,
                reason: Closed::Error(error),
            },
            Opening::NoRoom => no_room(generation),
            Opening::Answered(stream) => match rejection(&stream.head) {
                Some(rejection) => Input::StreamRejected {
                    generation,
                    rejection,
                },
                None => return read(&inner, generation, stream).await,
            },
        };
        tell(&inner, told);
    });
}

fn no_room(generation: Generation) -> Input {
    Input::StreamRejected {
        generation,
        rejection: Rejection {
            answer: Answer::NoRoom,
            retry_after_ms: None,
        },
    }
}

fn rejection(head: &Head) -> Option<Rejection> {
    let is_stream = head
        .content_type
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/event-stream"));
    let answer = match head.status {
        200 if is_stream => return None,
        200 => Answer::ContentType(head.content_type.clone()),
        status => Answer::Status(status),
    };
    Some(Rejection {
        answer,
        retry_after_ms: head.retry_after_millis,
    })
}

/// Reads until the body ends or another stream is wanted. One batch, and one revision, a chunk.
async fn read(inner: &Weak<Inner>, generation: Generation, mut stream: Stream) {
    tell(inner, Input::StreamOpened { generation });
    let mut reading = Reading::default();
    let reason = loop {
        let chunk = stream.next().await;
        let Some(inner) = inner.upgrade() else { return };
        let wanted = inner.stream.borrow().as_ref().map(|(known, _)| *known);
        if wanted != Some(generation) {
            return;
        }
        match chunk {
            None => break Closed::Eof,
            Some(Err(Broken::Error(error))) => break Closed::Error(error),
            Some(Err(Broken::NoRoom)) => return inner.tell(no_room(generation)),
            Some(Ok(chunk)) => {
                if !reading.take(&inner, generation, &chunk) {
                    inner.stream.take();
                    break Closed::Error("frames were lost on the way".to_owned());
                }
            }
        }
    };
    tell(inner, Input::StreamClosed { generation, reason });
}

fn too_long(bytes: u64) -> Problem {
    Problem {
        place: "stream".into(),
        what: format!("a frame of {bytes} bytes is longer than is read; what it held is fetched")
            .into(),
        excerpt: "".into(),
    }
}

/// A stream as far as it was read.
#[derive(Default)]
struct Reading {
    parser: sse::Parser,
    chain: sse::Chain,
    /// How many items the last chunk made: the next one is likely to make as many.
    room: usize,
}

impl Reading {
    /// Takes a chunk in; false when a frame is missing, after which nothing was taken.
    fn take(&mut self, inner: &Rc<Inner>, generation: Generation, chunk: &[u8]) -> bool {
        let work = inner.store.work().begin();
        let at = Millis(now_millis() + inner.store.clock_offset());
        let mut said = Heard::default();
        said.batch.items.reserve(self.room);
        let mut heard = false;
        let mut oversized = false;
        let mut whole = true;
        let mut retry = None;
        let chain = &mut self.chain;
        self.parser.feed(chunk, |item| {
            heard = true;
            match item {
                // What follows a gap comes again once the stream is asked for from before it.
                sse::Item::Frame(frame) if !(whole && chain.follows(&frame)) => whole = false,
                sse::Item::Frame(frame) => {
                    let mut conversation = inner.conversation.borrow_mut();
                    conversation.frame(frame.event, frame.id, frame.data, at, &mut said);
                }
                sse::Item::Retry(millis) => retry = Some(millis),
                sse::Item::Comment(_) => {}
                // What a frame could not carry, a fetch can.
                sse::Item::Oversized { bytes } => {
                    oversized = true;
                    said.batch.problems.push(too_long(bytes));
                }
            }
        });
        self.room = said.batch.items.len();
        inner.take(said.batch);
        if let Some(millis) = retry {
            inner.tell(Input::StreamRetry { generation, millis });
        }
        if heard {
            inner.tell(Input::StreamItem { generation });
        }
        if oversized {
            inner.tell(Input::GapFound);
        }
        if said.last {
            inner.tell(Input::StreamComplete { generation });
        }
        drop(work);
        whole
    }
}
