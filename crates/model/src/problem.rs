//! Something received and not understood: counted, dated, shown; never swallowed.

use crate::text::Text;

/// One thing that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it came from, as a person would say it: "trace event", "frame `logs`".
    pub place: Text,
    /// What is wrong with it.
    pub what: Text,
    /// The beginning of what was received.
    pub excerpt: Text,
}

/// All problems of a run: how many, and the latest few.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    /// How many there were in all.
    pub count: usize,
    /// The latest, oldest first; at most [`Problems::KEPT`].
    pub latest: Vec<Problem>,
}

impl Problems {
    /// How many are kept to be shown; the rest are counted.
    pub const KEPT: usize = 200;

    /// Notes one.
    pub fn push(&mut self, problem: Problem) {
        self.count += 1;
        if self.latest.len() == Self::KEPT {
            self.latest.remove(0);
        }
        self.latest.push(problem);
    }
}
