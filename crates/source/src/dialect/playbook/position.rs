//! Where in a run's records a frame or a view stands, as the tokens of our own server say it.

use super::known::hash;

/// A place in one history of the run. A server that lost the run and got it anew has another history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// Which history.
    pub history: u64,
    /// How many records it covers.
    pub number: u64,
}

impl Position {
    /// Reads `HISTORY-NUMBER`; other systems have tokens that say nothing here, or none.
    pub fn read(token: &str) -> Option<Self> {
        let (history, number) = token.rsplit_once('-')?;
        Some(Self {
            history: hash(&history),
            number: number.parse().ok()?,
        })
    }

    /// Whether it covers all that `other` covers, and `other` is of the same history; none where the
    /// two cannot be compared.
    pub fn covers(self, other: Self) -> Option<bool> {
        (self.history == other.history).then_some(self.number >= other.number)
    }
}
