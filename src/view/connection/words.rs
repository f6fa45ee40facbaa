//! What is said of the connection, as words: pure functions of how it stands, tested as such.

use crate::state::LinkStatus;
use source::connection::{Badge, State, Tried};

/// Whole seconds until an instant, never early: it says 1 until it is over.
pub fn seconds_until(at: i64, now: i64) -> i64 {
    ((at - now).max(0) + 999) / 1_000
}

/// How long ago, in one unit: `12 s`, `3 min`, `2 h`, `4 d`.
pub fn age(millis: i64) -> String {
    let seconds = millis.max(0) / 1_000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// So many of something, in the right number.
pub fn count(number: usize, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}

/// Which attempt is under way or waited for, of how many where there is an end to them.
pub fn attempt(link: &LinkStatus) -> Option<String> {
    let (State::Waiting { attempt, .. } | State::Connecting { attempt }) = link.state else {
        return None;
    };
    match (attempt, link.attempts) {
        (0, _) => None,
        (attempt, Some(all)) => Some(format!("attempt {attempt} of {all}")),
        (attempt, None) => Some(format!("attempt {attempt}")),
    }
}

/// What stands behind the badge's word: the countdown, the attempt, what waits.
pub fn aside(link: &LinkStatus, waiting: usize, now: i64) -> String {
    match &link.state {
        State::Waiting { until, .. } => {
            let until = link.retry_at.unwrap_or(*until);
            let countdown = format!("in {} s", seconds_until(until, now));
            match attempt(link) {
                Some(attempt) => format!("{countdown}, {attempt}"),
                None => countdown,
            }
        }
        State::Connecting { .. } => attempt(link).unwrap_or_default(),
        State::Paused { .. } if waiting > 0 => count(waiting, "record waits", "records wait"),
        _ => String::new(),
    }
}

/// The same where there is little room.
pub fn short_aside(link: &LinkStatus, waiting: usize, now: i64) -> String {
    match &link.state {
        State::Waiting { until, .. } => {
            format!("{} s", seconds_until(link.retry_at.unwrap_or(*until), now))
        }
        State::Paused { .. } if waiting > 0 => format!("+{waiting}"),
        _ => String::new(),
    }
}

/// How the connection stands, in a sentence.
pub fn sentence(link: &LinkStatus) -> String {
    match &link.state {
        State::Idle => "Nothing has been asked for yet.".to_owned(),
        State::Connecting { attempt: 0 } => "The page is connecting.".to_owned(),
        State::Connecting { .. } => {
            "The connection was lost; an attempt to get it back is under way.".to_owned()
        }
        State::Live => "The server sends everything as it happens.".to_owned(),
        State::Waiting { .. } if link.heard_at.is_none() => {
            "The server has not answered yet. The page tries again by itself.".to_owned()
        }
        State::Waiting { .. } => {
            "The connection was lost. The page tries again by itself, and asks for news meanwhile."
                .to_owned()
        }
        State::Polling => match link.tried() {
            Some(Tried::Poll) => "The page asks for news at intervals; the last time failed.",
            Some(Tried::Stream) => {
                "The stream failed, so the page asks for news at intervals and tries the stream again now and then."
            }
            _ => "The page asks for news at intervals.",
        }
        .to_owned(),
        State::Paused { beneath } => format!(
            "You paused updates: the view stands still, recording goes on. Beneath the pause the connection is {beneath}."
        ),
        State::Refused { reason } => reason.to_string(),
        State::Ended => "The run is over, and all of it is here.".to_owned(),
    }
}

/// How news comes.
pub fn transport(link: &LinkStatus) -> &'static str {
    match link.beneath() {
        Badge::Live => "stream",
        Badge::Polling => "polling",
        Badge::Reconnecting | Badge::Paused => "neither stream nor polling, for now",
        Badge::Ended | Badge::Refused => "neither; nothing more is asked for",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use source::connection::Reason;

    fn link(state: State, attempts: Option<usize>) -> LinkStatus {
        LinkStatus {
            state,
            retry_at: None,
            attempts,
            heard_at: None,
            trouble: None,
        }
    }

    #[test]
    fn the_badge_says_what_its_word_alone_does_not() {
        let waiting = |attempt| State::Waiting {
            attempt,
            until: 14_000,
        };
        let paused = State::Paused {
            beneath: Badge::Live,
        };
        let refused = State::Refused {
            reason: Reason::Forbidden,
        };
        for (state, attempts, long, short) in [
            (waiting(2), Some(5), "in 4 s, attempt 2 of 5", "4 s"),
            // Polls and the first load are tried for ever.
            (waiting(7), None, "in 4 s, attempt 7", "4 s"),
            (waiting(0), None, "in 4 s", "4 s"),
            (
                State::Connecting { attempt: 3 },
                Some(5),
                "attempt 3 of 5",
                "",
            ),
            (State::Connecting { attempt: 0 }, Some(5), "", ""),
            (State::Live, Some(5), "", ""),
            (State::Polling, None, "", ""),
            (paused.clone(), None, "3 records wait", "+3"),
            (refused, None, "", ""),
            (State::Ended, None, "", ""),
        ] {
            let link = link(state, attempts);
            assert_eq!(aside(&link, 3, 10_001), long, "{link:?}");
            assert_eq!(short_aside(&link, 3, 10_001), short, "{link:?}");
        }
        let paused = link(paused, None);
        assert_eq!(aside(&paused, 1, 0), "1 record waits");
        assert_eq!(aside(&paused, 0, 0), "");
    }

    #[test]
    fn ages_and_countdowns_read_well() {
        for (millis, want) in [
            (-5, "0 s"),
            (999, "0 s"),
            (12_400, "12 s"),
            (60_000, "1 min"),
            (7_200_000, "2 h"),
            (400_000_000, "4 d"),
        ] {
            assert_eq!(age(millis), want);
        }
        for (at, want) in [(0, 0), (1, 1), (1_000, 1), (1_001, 2), (-9, 0)] {
            assert_eq!(seconds_until(at, 0), want);
        }
    }
}
