//! The Studio dialect, which our own server speaks as well: frames of its stream and answers of
//! its API into a [`Batch`]. What each field means is said where it is turned; the wire itself is
//! `contract::studio`.

mod agent;
mod answer;
mod graph;
mod output;
pub mod path;
mod record;
mod rows;
mod run;
mod trace;
mod usual;

pub use answer::{Endpoint, decode_answer, decode_human_inputs, decode_runs};

use super::Batch;
use super::decoder::{Data, Decoder};
use super::lenient::Members;
use contract::studio::{Complete, Frame, Ready, RunStatus, StreamError, StreamMode};
use serde_json::value::RawValue;

/// Reads the frames of one stream, and holds once what many of them say.
#[derive(Debug, Default)]
pub struct Frames {
    data: Data,
}

impl Frames {
    /// Adds what a frame says to `batch`: its name (the SSE event) and its data.
    ///
    /// `complete` and a terminal status set [`Batch::ended`]; an `error` frame is a problem, after
    /// which the stream goes on.
    #[inline(never)]
    pub fn read(&mut self, name: &str, data: &str, batch: &mut Batch) {
        let usual = name == Frame::Trace.as_str()
            && usual::read_list(data, &mut self.data, batch).is_some();
        if !usual {
            batch.extend(decode_with_care(name, data));
        }
    }
}

/// A frame by itself, as [`Frames::read`] reads it.
pub fn decode_frame(name: &str, data: &str) -> Batch {
    let mut batch = Batch::default();
    Frames::default().read(name, data, &mut batch);
    batch
}

/// Apart from the way that nearly all frames go, so that it stays small and is compiled soon.
#[inline(never)]
fn decode_with_care(name: &str, data: &str) -> Batch {
    let frame = Frame::from_word(name);
    let mut decoder = Decoder::new(format!("frame `{name}`"));
    match frame {
        Frame::Ready => decoder.ready(data),
        Frame::Trace => decoder.trace_events(data),
        Frame::Dataflow => decoder.packet_list(data),
        Frame::Terminal => decoder.terminal_list(data),
        Frame::Logs => decoder.log_list(data),
        Frame::Status => decoder.status(data, run::Origin::Derived),
        Frame::Complete => decoder.complete(data),
        Frame::Error => decoder.stream_error(data),
        Frame::Agent => decoder.agent_list(data),
        Frame::NodeIo => decoder.io_list(data),
        Frame::Artifacts => decoder.artifact_list(data),
        Frame::HumanInputs => decoder.human_input_list(data, None),
        Frame::Records => decoder.record_list(data),
        Frame::Graph => decoder.graph(data),
        Frame::Heartbeat => {}
        Frame::Other(_) => decoder.problem("a frame of this name is not known here", data),
    }
    decoder.take()
}

impl Decoder {
    fn ready(&mut self, data: &str) {
        let Some(ready) = self.read::<Ready>(data) else {
            return;
        };
        if let StreamMode::Other(word) = ready.mode {
            self.problem(format!("mode `{word}` is not known here"), data);
        }
        // Ours: how the stream began.
        let resume = Members::read(data).ok().and_then(|it| it.text("resume"));
        self.batch.restarted = resume.as_deref() == Some("restarted");
    }

    /// The status of the last word has no instant, so it is no fact of the journal: the `status`
    /// frame before it says the same and when.
    fn complete(&mut self, data: &str) {
        self.batch.ended = true;
        if let Some(complete) = self.read::<Complete>(data)
            && let RunStatus::Other(word) = complete.status
        {
            self.problem(format!("status `{word}` is not known here"), data);
        }
    }

    fn stream_error(&mut self, data: &str) {
        if let Some(error) = self.read::<StreamError>(data) {
            let what = match error.message.is_empty() {
                true => "the server could not read something".to_owned(),
                false => format!("the server says: {}", error.message),
            };
            let detail = error.detail.as_ref().map_or(data, |detail| detail.get());
            self.problem(what, detail);
        }
    }

    /// The list under `name` of an object, or the whole text where it is a list; and the object's
    /// other members.
    fn list<'a>(&mut self, text: &'a str, name: &str) -> Option<(Vec<&'a RawValue>, Members<'a>)> {
        let read = if text.trim_start().starts_with('[') {
            serde_json::from_str(text)
                .map(|list| (list, Members::default()))
                .map_err(|error| error.to_string())
        } else {
            Members::read(text).and_then(|members| {
                let raw = members
                    .get(name)
                    .ok_or_else(|| format!("missing field `{name}`"))?;
                let list = serde_json::from_str(raw).map_err(|error| error.to_string())?;
                Ok((list, members))
            })
        };
        match read {
            Ok(list) => Some(list),
            Err(what) => {
                self.problem(what, text);
                None
            }
        }
    }
}
