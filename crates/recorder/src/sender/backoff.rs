//! How long to wait after a failure.

use std::time::Duration;

/// Doubles from the first pause to the longest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Backoff {
    pub(super) fn new(first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            next: first,
        }
    }

    /// The pause after one more failure; at least what the server asked for.
    pub(super) fn pause(&mut self, asked: Option<Duration>) -> Duration {
        let pause = self.next;
        self.next = (self.next * 2).min(self.longest);
        asked.map_or(pause, |asked| asked.max(pause))
    }

    /// After a success.
    pub(super) fn reset(&mut self) {
        self.next = self.first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_to_a_limit_and_honours_the_server() {
        let ms = Duration::from_millis;
        let mut backoff = Backoff::new(ms(100), ms(350));
        assert_eq!(backoff.pause(None), ms(100));
        assert_eq!(backoff.pause(None), ms(200));
        assert_eq!(backoff.pause(None), ms(350));
        assert_eq!(backoff.pause(Some(ms(900))), ms(900));
        backoff.reset();
        assert_eq!(backoff.pause(Some(ms(1))), ms(100));
    }
}
