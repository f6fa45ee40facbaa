//! The rest of an ended operation's log: lines that answers no longer show, read from a stream that is
//! asked for once and has an end.

use super::super::decoder::Decoder;
use super::super::{Batch, ResumeToken};
use super::Operation;
use super::frame::head;
use contract::operations::FrameType;
use scan::sse::{Chain, Item, Parser};

impl Operation {
    /// Whether a stream is to be asked for lines that are missing, now that it has an end; and where it
    /// is to begin, with the number of lines before that. It is wanted once.
    pub fn wants_rest(&mut self) -> Option<(u64, Option<ResumeToken>)> {
        self.log.wants_rest()
    }

    /// Takes the whole body of such a stream, which begins behind so many lines; none where it was
    /// refused. What is then still missing is a gap.
    pub fn rest(&mut self, before: u64, body: Option<&str>) -> Batch {
        let mut decoder = Decoder::new("frame `log`".to_owned());
        let mut number = before;
        let (mut chain, mut goes_on) = (Chain::default(), true);
        Parser::default().feed(body.unwrap_or_default().as_bytes(), |item| {
            let Item::Frame(frame) = item else {
                goes_on &= !matches!(item, Item::Oversized { .. });
                return;
            };
            // Without ids nobody knows where it began; behind a lost frame lines are counted wrongly.
            goes_on &= !frame.id.is_empty() && chain.follows(&frame);
            if !goes_on {
                return;
            }
            match head(&mut decoder, frame.event, frame.data) {
                Some(FrameType::Log) => {
                    number += 1;
                    let line = self.read_line(&mut decoder, frame.data);
                    let written = line.and_then(|line| self.log.fill(&mut decoder, &line, number));
                    if let Some(written) = written {
                        self.wrote(&mut decoder, written);
                    }
                }
                // It begins elsewhere, or leaves lines out.
                Some(FrameType::Gap) => goes_on = false,
                _ => {}
            }
        });
        self.log.give_up_all(&mut decoder);
        decoder.take()
    }
}
