//! Dialects: what other systems say, turned into what we mean. Decoding cannot fail, only report.

pub(crate) mod decoder;
pub(crate) mod lenient;
mod progress;
pub mod studio;

use model::{Item, Problem};
use std::fmt;

/// What one decode yields.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Facts, in the order in which they came.
    pub items: Vec<Item>,
    /// What could not be read, or not wholly.
    pub problems: Vec<Problem>,
    /// Where to go on from, for the channel that was asked.
    pub resume: Option<ResumeToken>,
    /// A terminal status of the run was seen, or the stream said its last word.
    pub ended: bool,
    /// The source holds more than this answer: ask again from `resume`.
    pub has_more: bool,
    /// The token that was asked with belongs to another history of the run: everything comes again.
    pub restarted: bool,
}

impl Batch {
    /// Takes what a later decode of the same channel yielded.
    pub fn extend(&mut self, later: Self) {
        self.items.extend(later.items);
        self.problems.extend(later.problems);
        self.resume = later.resume.or(self.resume.take());
        self.ended |= later.ended;
        self.has_more = later.has_more;
        self.restarted |= later.restarted;
    }
}

/// A position on the wire, opaque: handed back to the source as it came.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResumeToken(pub String);

impl ResumeToken {
    /// The token as the source wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
