//! Terminals of a real Studio. While a run goes on its bytes are to be had live; once it is archived,
//! each only by name, its instants moved by up to a second. What is missing of one that was watched
//! live is taken from the archive, moved back to where it belongs.

use crate::dialect::{Batch, ResumeToken, lenient};
use contract::studio::RecordingList;
use model::channel::terminal::TerminalStream;
use model::{Item, Problem, Span, Stamp, Text};
use std::collections::BTreeMap;

/// What was told of each.
#[derive(Debug, Default)]
pub(super) struct Terminals(BTreeMap<(Text, TerminalStream), Told>);

#[derive(Debug)]
struct Told {
    chunks: u64,
    last: Stamp,
    /// The last bytes as the archive would have them.
    text: String,
}

/// A page of an archived terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::conversation) struct Asked {
    pub(super) node: String,
    /// In the source's word.
    pub(super) stream: String,
    pub(super) cursor: Option<ResumeToken>,
    /// Chunks that came before this page.
    before: u64,
    /// Chunks that were told when it was asked for, and are not taken again.
    told: u64,
    /// By how much the rest is moved.
    shift: Span,
}

impl Terminals {
    /// Notes what came.
    pub(super) fn keep(&mut self, batch: &Batch) {
        for item in &batch.items {
            let Item::Terminal(chunk) = item else {
                continue;
            };
            let text = || String::from_utf8_lossy(&chunk.bytes).into_owned();
            match self.0.get_mut(&(chunk.node.clone(), chunk.stream)) {
                None => {
                    let told = Told {
                        chunks: 1,
                        last: chunk.stamp,
                        text: text(),
                    };
                    self.0.insert((chunk.node.clone(), chunk.stream), told);
                }
                // One that comes again is not later than the last.
                Some(told) if chunk.stamp > told.last => {
                    told.chunks += 1;
                    told.last = chunk.stamp;
                    told.text = text();
                }
                Some(_) => {}
            }
        }
    }

    /// Reads the list of archived terminals: those of which something is missing here.
    pub(super) fn missing(&self, body: &str) -> Result<Vec<Asked>, String> {
        let archive: RecordingList = lenient::strict(body)?;
        let mut longest = BTreeMap::new();
        for recording in archive.records {
            let name = (recording.node_ref, recording.stream.as_str().to_owned());
            let count = u64::try_from(recording.chunk_count).unwrap_or(0);
            let known = longest.entry(name).or_insert(0);
            *known = count.max(*known);
        }
        let asked = longest.into_iter().filter_map(|((node, stream), count)| {
            let key = (node.as_str().into(), stream_of(&stream));
            let told = self.0.get(&key).map_or(0, |told| told.chunks);
            (count > told).then_some(Asked {
                node,
                stream,
                cursor: None,
                before: 0,
                told,
                shift: Span(0),
            })
        });
        Ok(asked.collect())
    }

    /// Takes a page: leaves in it what was missing, and answers which to ask for next.
    pub(super) fn take(&mut self, asked: &Asked, batch: &mut Batch) -> Option<Asked> {
        let Asked {
            told, mut shift, ..
        } = *asked;
        let stream = stream_of(&asked.stream);
        let mut number = asked.before;
        let mut fits = true;
        batch.items.retain_mut(|item| {
            let Item::Terminal(chunk) = item else {
                return true;
            };
            if chunk.stream != stream || *chunk.node != asked.node {
                return false;
            }
            number += 1;
            if number == told
                && let Some(known) = self.0.get(&(chunk.node.clone(), stream))
            {
                shift = known.last.at - chunk.stamp.at;
                fits = known.text == String::from_utf8_lossy(&chunk.bytes);
            }
            chunk.stamp.at = chunk.stamp.at + shift;
            number > told && fits
        });
        if !fits {
            batch.problems.push(Problem {
                place: "archived terminal".into(),
                what: format!(
                    "{} of {} does not go on from what came live; its end may be missing",
                    asked.stream, asked.node
                )
                .into(),
                excerpt: "".into(),
            });
            return None;
        }
        self.keep(batch);
        let cursor = batch.resume.clone();
        (number > asked.before && cursor.is_some() && cursor != asked.cursor).then(|| Asked {
            cursor,
            before: number,
            shift,
            ..asked.clone()
        })
    }
}

/// As the decoder reads the word.
fn stream_of(word: &str) -> TerminalStream {
    match word {
        "pty" => TerminalStream::Pty,
        "stderr" => TerminalStream::Stderr,
        _ => TerminalStream::Stdout,
    }
}
