//! Where a reader is: the resume token, opaque to clients.

use std::fmt;

/// A position in a run's records: `<epoch>-<arrival>`. All records that arrived up to `arrival` are
/// known to its holder, provided that the run still has that `epoch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumeToken {
    /// Changes when the store lost the run and got it anew.
    pub epoch: String,
    /// Records count from 1 in the order they arrived; 0 is before the first.
    pub arrival: i64,
}

impl ResumeToken {
    /// Reads a token; `None` when it is none of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let (epoch, arrival) = text.split_once('-')?;
        let plain = |text: &str, radix| {
            !text.is_empty() && text.len() <= 16 && text.chars().all(|c| c.is_digit(radix))
        };
        (plain(epoch, 16) && plain(arrival, 10)).then_some(())?;
        Some(Self {
            epoch: epoch.to_owned(),
            arrival: arrival.parse().ok()?,
        })
    }

    /// The arrival to go on after, or `None` when the token is of another history: an epoch that
    /// is not `epoch`, or an arrival that has not happened yet.
    pub fn arrival_in(&self, epoch: &str, last: i64) -> Option<i64> {
        (self.epoch == epoch && self.arrival <= last).then_some(self.arrival)
    }
}

impl fmt::Display for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.epoch, self.arrival)
    }
}

#[cfg(test)]
mod tests {
    use super::ResumeToken;

    #[test]
    fn only_our_own_tokens_are_read() {
        for text in ["0-0", "00c0ffee-12", "ab12-9007199254740993"] {
            assert_eq!(ResumeToken::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "-",
            "12",
            "x-1",
            "ab-",
            "-1",
            "ab--1",
            "ab-1-2",
            "ab-+1",
            "ab-１",
            "ab-99999999999999999",
            "2026-01-01T00:00:00.000Z",
            "{\"k\":\"1-0\"}",
        ] {
            assert_eq!(ResumeToken::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_token_of_another_history_is_told() {
        let token = ResumeToken::parse("ab-5").unwrap();
        assert_eq!(token.arrival_in("ab", 5), Some(5));
        assert_eq!(token.arrival_in("ab", 4), None);
        assert_eq!(token.arrival_in("cd", 9), None);
    }
}
