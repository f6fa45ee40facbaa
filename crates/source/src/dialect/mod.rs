//! Dialects: what other systems say, turned into what we mean. Decoding cannot fail, only report.

pub(crate) mod address;
pub(crate) mod decoder;
mod given;
pub(crate) mod lenient;
pub mod operations;
pub mod playbook;
mod progress;
pub mod studio;

pub use lenient::strict as read;

use model::{Item, Problem};
use std::fmt;

/// A system's language, by the word that the configuration uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `studio`: ShipSec Studio, and our own server.
    #[default]
    Studio,
    /// `playbook`: Pravado's playbook runs.
    Playbook,
    /// `operations`: Vana's operations.
    Operations,
}

impl Dialect {
    /// The dialect of a word, if there is one.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Studio, Self::Playbook, Self::Operations]
            .into_iter()
            .find(|dialect| dialect.word() == word)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Studio => "studio",
            Self::Playbook => "playbook",
            Self::Operations => "operations",
        }
    }
}

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
    /// A run that had ended goes on after all.
    pub reopened: bool,
    /// The source holds more than this answer: ask again from `resume`.
    pub has_more: bool,
    /// The token that was asked with belongs to another history of the run: everything comes again.
    pub restarted: bool,
}

impl Batch {
    /// Takes what a later decode of the same channel yielded.
    #[inline(never)]
    pub fn extend(&mut self, mut later: Self) {
        self.items.append(&mut later.items);
        if !later.problems.is_empty() {
            self.problems.append(&mut later.problems);
        }
        self.resume = later.resume.or(self.resume.take());
        if later.reopened {
            self.ended = false;
        }
        self.ended |= later.ended;
        self.reopened |= later.reopened;
        self.has_more = later.has_more;
        self.restarted |= later.restarted;
    }
}

/// A position on the wire, opaque: handed back to the source as it came.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResumeToken(pub String);

impl ResumeToken {
    /// Puts a newer token in the place of one, which comes with every frame: in the same memory.
    pub fn renew(place: &mut Option<Self>, token: &str) {
        let held = &mut place.get_or_insert_with(|| Self(String::new())).0;
        held.clear();
        held.push_str(token);
    }

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
