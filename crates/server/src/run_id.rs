//! Ids of runs: text that may stand in an address.

use std::fmt;
use std::sync::Arc;

/// A run's id: 1 to 200 characters, no control character, no `/`, neither `.` nor `..`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RunId(Arc<str>);

impl RunId {
    /// Reads an id; the error says for a person what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Err("a run's id is not empty");
        }
        if text.chars().count() > 200 {
            return Err("a run's id has at most 200 characters");
        }
        if text.chars().any(|c| c.is_control() || c == '/') {
            return Err("a run's id has no control character and no `/`");
        }
        if matches!(text, "." | "..") {
            return Err("a run's id is neither `.` nor `..`");
        }
        Ok(Self(text.into()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::RunId;

    #[test]
    fn only_what_may_stand_in_an_address() {
        let long = "ä".repeat(200);
        for good in [
            "r",
            "shipsec-run-1",
            "a:b",
            "%2e",
            "...",
            "run 1",
            "ラン",
            "\"'<b>",
            &long,
        ] {
            assert!(RunId::parse(good).is_ok(), "{good}");
        }
        let longer = "ä".repeat(201);
        for bad in ["", ".", "..", "a/b", "a\nb", "a\0", "\u{7f}", &longer] {
            assert!(RunId::parse(bad).is_err(), "{bad:?}");
        }
    }
}
