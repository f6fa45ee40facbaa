//! Opening a stream and reading it, as `src/client/streaming.rs` does; and cutting it.

use super::{Follower, LATE};
use crate::common::SOON;
use model::Millis;
use source::connection::{Answer, Closed, Generation, Input, Rejection};
use source::conversation::Heard;
use source::sse;

pub(super) struct Stream {
    generation: Generation,
    response: reqwest::Response,
    parser: sse::Parser,
    chain: sse::Chain,
    /// Bytes until it is cut.
    left: usize,
    /// What came, to find marks in.
    pub(super) text: Vec<u8>,
}

impl Follower {
    pub(super) async fn open_stream(&mut self, generation: Generation) {
        self.counts.streams += 1;
        let request = self.conversation.stream();
        let mut ask = self.http.get(format!("{}/{}", self.host, request.address));
        if let Some(after) = &request.after {
            ask = ask.header("last-event-id", after.as_str());
        }
        let response = ask.send().await.unwrap();
        let status = response.status().as_u16();
        if status != 200 {
            let answer = Answer::Status(status);
            let rejection = Rejection {
                answer,
                retry_after_ms: None,
            };
            return self.tell(Input::StreamRejected {
                generation,
                rejection,
            });
        }
        let left = self
            .trouble
            .cut
            .map_or(usize::MAX, |most| 1 + self.chance.below(most));
        self.stream = Some(Stream {
            generation,
            response,
            parser: sse::Parser::default(),
            chain: sse::Chain::default(),
            left,
            text: Vec::new(),
        });
        self.tell(Input::StreamOpened { generation });
        self.chunk().await;
    }

    /// Takes what comes next on the stream, or that nothing comes any more.
    pub(super) async fn chunk(&mut self) {
        let Some(stream) = &mut self.stream else {
            return;
        };
        let generation = stream.generation;
        let came = tokio::time::timeout(SOON, stream.response.chunk()).await;
        let reason = match came.expect("the stream is silent") {
            Ok(Some(bytes)) => {
                let whole = stream.left > bytes.len();
                let bytes = &bytes[..bytes.len().min(stream.left)];
                stream.left -= bytes.len();
                stream.text.extend_from_slice(bytes);
                match (self.listen(bytes), whole) {
                    (true, true) => return,
                    (true, false) => {
                        self.counts.cuts += 1;
                        Closed::Error("cut".to_owned())
                    }
                    (false, _) => {
                        self.problems.push("a frame was lost".to_owned());
                        Closed::Error("frames were lost on the way".to_owned())
                    }
                }
            }
            Ok(None) => Closed::Eof,
            Err(error) => Closed::Error(error.to_string()),
        };
        self.stream = None;
        self.tell(Input::StreamClosed { generation, reason });
    }

    /// As `src/client/streaming.rs`: a batch a chunk.
    fn listen(&mut self, bytes: &[u8]) -> bool {
        let Self {
            stream: Some(stream),
            conversation,
            ..
        } = self
        else {
            return true;
        };
        let (generation, at) = (stream.generation, Millis(self.now));
        let mut said = Heard::default();
        let (mut heard, mut oversized, mut whole) = (false, false, true);
        let mut retry = None;
        let chain = &mut stream.chain;
        stream.parser.feed(bytes, |item| {
            heard = true;
            match item {
                sse::Item::Frame(frame) if !(whole && chain.follows(&frame)) => whole = false,
                sse::Item::Frame(frame) => {
                    conversation.frame(frame.event, frame.id, frame.data, at, &mut said);
                }
                sse::Item::Retry(millis) => retry = Some(millis),
                sse::Item::Comment(_) => {}
                sse::Item::Oversized { .. } => oversized = true,
            }
        });
        self.take(said.batch);
        if let Some(millis) = retry {
            self.tell(Input::StreamRetry { generation, millis });
        }
        if heard {
            self.tell(Input::StreamItem { generation });
        }
        if oversized {
            self.tell(Input::GapFound);
        }
        if said.last {
            self.tell(Input::StreamComplete { generation });
            self.late = LATE.iter().map(|after| self.now + after).collect();
        }
        whole
    }
}
