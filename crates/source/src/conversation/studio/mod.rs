//! The conversation in the Studio dialect, in one of two manners: our own server gives all records by
//! arrival, in pages; a ShipSec Studio does not know that address and is asked endpoint by endpoint.
//! The first answer tells which it is, and it stays so.

mod agents;
mod asking;
mod known;
mod lines;
mod plain;
mod records;
mod subject;
mod taking;
mod terminals;
mod wishes;

pub(super) use subject::Subject;

use super::{Answer, Extent, Heard, Reply, Request, StreamRequest};
use crate::dialect::Batch;
use crate::dialect::studio::path;
use plain::Plain;
use records::Records;

#[derive(Debug)]
pub(super) struct Studio {
    base: String,
    run: String,
    manner: Manner,
    records: Records,
    plain: Box<Plain>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// Nothing has been answered yet.
    Unknown,
    /// Ours.
    Records,
    /// A real Studio's.
    Plain,
}

impl Studio {
    pub(super) fn new(base: &str, run: &str) -> Self {
        Self {
            base: base.to_owned(),
            run: run.to_owned(),
            manner: Manner::Unknown,
            records: Records::new(base, run),
            plain: Box::new(Plain::new(base, run)),
        }
    }

    pub(super) fn begin(&mut self, extent: Extent) -> Vec<Request> {
        match self.manner {
            Manner::Unknown | Manner::Records => self.records.begin(extent),
            Manner::Plain => self.plain.begin(extent),
        }
    }

    pub(super) fn answer(&mut self, address: &str, subject: &Subject, answer: Answer<'_>) -> Reply {
        match subject {
            Subject::Records { after } => {
                match self.records.answer(address, after.as_ref(), answer) {
                    Some(reply) => {
                        if matches!(reply, Reply::Read { .. }) {
                            self.manner = Manner::Records;
                        }
                        reply
                    }
                    None if self.manner == Manner::Records => Reply::failed(address, answer.status),
                    None => Reply::Read {
                        batch: Batch::default(),
                        next: self.plain.begin(Extent::Full),
                    },
                }
            }
            subject => {
                let reply = self.plain.answer(address, subject, answer);
                if matches!(reply, Reply::Read { .. }) {
                    self.manner = Manner::Plain;
                }
                reply
            }
        }
    }

    pub(super) fn stream(&self) -> StreamRequest {
        match self.manner {
            Manner::Unknown | Manner::Records => self.records.stream(),
            Manner::Plain => self.plain.stream(),
        }
    }

    pub(super) fn frame(&mut self, name: &str, id: &str, data: &str, heard: &mut Heard) {
        match self.manner {
            Manner::Unknown | Manner::Records => self.records.frame(name, id, data, heard),
            Manner::Plain => heard.add(self.plain.frame(name, data)),
        }
    }

    pub(super) fn asides(&mut self) -> Vec<Request> {
        match self.manner {
            Manner::Unknown | Manner::Records => Vec::new(),
            Manner::Plain => self.plain.asides(),
        }
    }

    pub(super) fn may_lose(&self) -> bool {
        self.manner == Manner::Plain
    }

    pub(super) fn cancel(&self) -> String {
        path::cancel(&self.base, &self.run)
    }

    pub(super) fn artifact(&self, id: &str) -> String {
        path::artifact_download(&self.base, &self.run, id)
    }
}
