//! One line as it comes, and as it is lent.

use super::{Level, LogStream};
use crate::graph::NodeIx;
use crate::time::{Millis, Stamp};
use std::fmt;

/// What a line is made of.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "as LogLine")]
pub struct NewLine<'a> {
    pub stamp: Stamp,
    pub node: Option<NodeIx>,
    pub level: Level,
    pub stream: LogStream,
    pub id: &'a str,
    pub message: &'a str,
}

/// One line, its text lent from the channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogLine<'a> {
    /// Its number among all lines of the channel, from 0.
    pub number: usize,
    /// When.
    pub at: Millis,
    /// Whose; none where it is the run's.
    pub node: Option<NodeIx>,
    /// Severity.
    pub level: Level,
    /// Who wrote it.
    pub stream: LogStream,
    /// The source's id.
    pub id: LineId<'a>,
    /// The line, ANSI sequences included.
    pub message: &'a str,
}

/// A line's id. Most are a few words, the line's instant and a count, and kept as what differs;
/// `to_string()` is the source's own text again.
#[derive(Clone, Copy, Debug)]
pub struct LineId<'a> {
    pub(super) before: &'a str,
    pub(super) instant: Option<Millis>,
    pub(super) after: &'a str,
    pub(super) number: Option<u64>,
}

impl fmt::Display for LineId<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.before)?;
        if let Some(at) = self.instant {
            to.write_str(&super::ids::written(at).unwrap_or_default())?;
        }
        to.write_str(self.after)?;
        self.number.map_or(Ok(()), |number| write!(to, "{number}"))
    }
}

/// Ids are equal when their texts are, however they are kept.
impl PartialEq for LineId<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}
