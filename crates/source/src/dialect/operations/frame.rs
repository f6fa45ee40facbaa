//! Frames of `GET /operations/:id/stream`: data alone, which says in `type` what it is.

use super::super::decoder::{Decoder, count};
use super::super::lenient;
use super::log::Line;
use super::status::Report;
use super::{MAX_WRITERS, Operation, Said};
use contract::operations::{
    CompleteFrame, ErrorFrame, FrameHead, FrameType, GapFrame, LogFrame, StatusFrame,
};
use model::{Millis, Text};

impl Operation {
    /// Takes a frame that came at `at`: its name, its id (empty where it has none) and its data.
    pub fn frame(&mut self, name: &str, id: &str, data: &str, at: Millis) -> Said {
        let mut decoder = Decoder::new(format!("frame `{name}`"));
        let last = match head(&mut decoder, name, data) {
            Some(kind) => self.framed(&mut decoder, &kind, id, data, at),
            None => false,
        };
        Said {
            batch: decoder.take(),
            last,
        }
    }

    fn framed(
        &mut self,
        decoder: &mut Decoder,
        kind: &FrameType,
        id: &str,
        data: &str,
        at: Millis,
    ) -> bool {
        decoder.at(format!("frame `{kind}`"));
        if !id.is_empty() {
            self.log.frame(kind, id, at);
        }
        match kind {
            FrameType::Log => {
                self.line(decoder, id, data, at);
                return false;
            }
            FrameType::Status => {
                if let Some(frame) = decoder.read::<StatusFrame>(data) {
                    let report = Report {
                        state: frame.status,
                        started: frame.started_at.as_deref(),
                        finished: frame.finished_at.as_deref(),
                        outcome: None,
                    };
                    self.report(decoder, &report, data, at);
                }
            }
            FrameType::Gap => self.missed(decoder, data, at),
            FrameType::Complete => {
                if let Some(frame) = decoder.read::<CompleteFrame>(data) {
                    let report = Report {
                        state: frame.status,
                        started: None,
                        finished: None,
                        outcome: None,
                    };
                    self.report(decoder, &report, data, at);
                }
                self.log.want_answer();
                decoder.batch.ended = true;
            }
            FrameType::Error => {
                if let Some(frame) = decoder.read::<ErrorFrame>(data) {
                    let what = match frame.message.is_empty() {
                        true => "the server could not read something".to_owned(),
                        false => format!("the server says: {}", frame.message),
                    };
                    decoder.problem(what, data);
                }
            }
            FrameType::Heartbeat => {}
            FrameType::Other(_) => {
                decoder.problem("a frame of this type is not known here", data);
                self.log.want_answer();
            }
        }
        self.log.pass(id);
        *kind == FrameType::Complete
    }

    /// What changes a state changes more than a frame says.
    fn report(&mut self, decoder: &mut Decoder, report: &Report<'_>, data: &str, at: Millis) {
        let before = decoder.batch.items.len();
        self.stands(decoder, report, data, at);
        if decoder.batch.items.len() > before {
            self.log.want_answer();
        }
    }

    /// A line. Only a stream whose frames have ids, as ours, says which it is.
    fn line(&mut self, decoder: &mut Decoder, id: &str, data: &str, at: Millis) {
        if id.is_empty() {
            return self.log.want_answer();
        }
        let Some(line) = self.read_line(decoder, data) else {
            // It is a line all the same, and those after it keep their numbers.
            self.log.missed(decoder, 1, "it cannot be read", at);
            return self.log.pass(id);
        };
        if let Some(written) = self.log.streamed(decoder, line, id, at) {
            self.wrote(decoder, written);
        }
    }

    pub(super) fn read_line(&mut self, decoder: &mut Decoder, data: &str) -> Option<Line> {
        let frame = decoder.read::<LogFrame>(data)?;
        let stated = decoder.optional_stamp("timestamp", frame.timestamp.as_deref(), data);
        Some(Line {
            node: self.writer(decoder, frame.node.as_deref().unwrap_or_default()),
            id: frame.id,
            stated,
            text: frame.content,
        })
    }

    fn writer(&mut self, decoder: &mut Decoder, name: &str) -> Text {
        if name.is_empty() || *name == *self.node {
            return self.node.clone();
        }
        let known = self.writers.get_key_value(name);
        known.map(|(known, _)| known.clone()).unwrap_or_else(|| {
            match self.writers.len() < MAX_WRITERS {
                true => name.into(),
                false => {
                    decoder.problem(
                        format!(
                            "more than {MAX_WRITERS} nodes write lines: the rest is the operation's"
                        ),
                        name,
                    );
                    self.node.clone()
                }
            }
        })
    }

    fn missed(&mut self, decoder: &mut Decoder, data: &str, at: Millis) {
        let Some(frame) = decoder.read::<GapFrame>(data) else {
            return;
        };
        let missed = frame.missed.map_or(0, count);
        if frame.reason == "restarted" {
            // Not `Batch::restarted`: it is the stream that tells everything again, no full fetch.
            let lost = match missed {
                0 => String::new(),
                1 => "; 1 line is lost".to_owned(),
                lines => format!("; {lines} lines are lost"),
            };
            let what =
                "the server has another history of the log than was known, and tells it again";
            decoder.problem(format!("{what}{lost}"), data);
            self.log.restarted();
        } else {
            self.log
                .missed(decoder, missed, "the server left them out", at);
        }
        self.log.want_answer();
    }
}

/// What a frame is: of its data, else of its name.
pub(super) fn head(decoder: &mut Decoder, name: &str, data: &str) -> Option<FrameType> {
    match lenient::read::<FrameHead>(data, |_| ()) {
        Ok(head) => Some(head.kind),
        Err(what) => match FrameType::from_word(name) {
            FrameType::Other(_) => {
                decoder.problem(what, data);
                None
            }
            kind => Some(kind),
        },
    }
}
