//! How long to wait before the next attempt, and when to stop attempting.
//!
//! Pure: chance comes in as a number, time is only ever a difference in milliseconds.

/// The delays of the playbook document: 3, 6, 12, 24, 48 seconds.
pub const DEFAULT_DELAYS: [i64; 5] = [3_000, 6_000, 12_000, 24_000, 48_000];

/// A wait may be this much longer than its delay, so that clients cut off together do not come
/// back together. Never shorter: the delays are what users are told.
pub const DEFAULT_JITTER: f64 = 0.2;

/// The longest wait there is, whoever asks for it: an hour. A person can always retry by hand.
pub const LONGEST_WAIT_MS: i64 = 60 * 60 * 1_000;

/// A list of delays, one an attempt, and how far down it we are.
#[derive(Debug, Clone, PartialEq)]
pub struct Backoff {
    delays: Vec<i64>,
    jitter: f64,
    attempt: u32,
}

impl Backoff {
    /// Waits of `delays` milliseconds, each lengthened by up to the share `jitter` (0.2 = 20 %).
    /// An empty list means: no attempts.
    pub fn new(delays: Vec<i64>, jitter: f64) -> Self {
        Self {
            delays,
            jitter,
            attempt: 0,
        }
    }

    /// The milliseconds to wait before the next attempt; `None` when all attempts are used up.
    ///
    /// `chance` is a number in 0..1. `at_least`, in milliseconds, is what the server asked for
    /// (`Retry-After`): the wait is never shorter, up to an hour.
    pub fn next(&mut self, chance: f64, at_least: Option<i64>) -> Option<i64> {
        let delay = *self.delays.get(self.attempt as usize)?;
        self.attempt += 1;
        Some(self.wait(delay, chance, at_least))
    }

    /// As [`Backoff::next`], but never gives up: after the last delay it goes on with that one.
    pub fn next_unlimited(&mut self, chance: f64, at_least: Option<i64>) -> i64 {
        let last = self.delays.len().saturating_sub(1);
        let delay = self
            .delays
            .get(last.min(self.attempt as usize))
            .copied()
            .unwrap_or(0);
        self.attempt = self.attempt.saturating_add(1);
        self.wait(delay, chance, at_least)
    }

    /// The attempts begun since the last reset: 0 before the first wait, then 1, 2, …
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// How many attempts [`Backoff::next`] allows.
    pub fn limit(&self) -> u32 {
        u32::try_from(self.delays.len()).unwrap_or(u32::MAX)
    }

    /// Starts over, after an attempt has proven good.
    pub fn reset(&mut self) {
        self.attempt = 0;
    }

    fn wait(&self, delay: i64, chance: f64, at_least: Option<i64>) -> i64 {
        stretched(delay, self.jitter, chance).max(at_least.unwrap_or(0).min(LONGEST_WAIT_MS))
    }
}

/// `delay` made longer by `chance` (0..1) of the share `jitter`.
pub(crate) fn stretched(delay: i64, jitter: f64, chance: f64) -> i64 {
    delay + (delay as f64 * jitter * chance.clamp(0.0, 1.0)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(backoff: &mut Backoff, chance: f64) -> Vec<Option<i64>> {
        (0..6).map(|_| backoff.next(chance, None)).collect()
    }

    #[test]
    fn five_documented_delays_then_none() {
        let mut backoff = Backoff::new(DEFAULT_DELAYS.to_vec(), DEFAULT_JITTER);
        let documented = [
            Some(3_000),
            Some(6_000),
            Some(12_000),
            Some(24_000),
            Some(48_000),
            None,
        ];
        assert_eq!(waits(&mut backoff, 0.0), documented);
        assert_eq!((backoff.attempt(), backoff.limit()), (5, 5));
        backoff.reset();
        assert_eq!(backoff.attempt(), 0);
        assert_eq!(waits(&mut backoff, 0.0), documented);
    }

    #[test]
    fn jitter_only_lengthens_and_at_most_by_its_share() {
        for (chance, first) in [
            (0.0, 3_000),
            (0.5, 3_300),
            (1.0, 3_600),
            (7.0, 3_600),
            (-1.0, 3_000),
        ] {
            let mut backoff = Backoff::new(DEFAULT_DELAYS.to_vec(), DEFAULT_JITTER);
            assert_eq!(backoff.next(chance, None), Some(first), "chance {chance}");
        }
        let mut odd = Backoff::new(vec![3_000], DEFAULT_JITTER);
        assert_eq!(odd.next(f64::NAN, None), Some(3_000));
    }

    #[test]
    fn the_server_can_ask_for_a_longer_wait_but_not_for_ever() {
        let mut backoff = Backoff::new(DEFAULT_DELAYS.to_vec(), 0.0);
        assert_eq!(backoff.next(0.0, Some(10_000)), Some(10_000));
        assert_eq!(backoff.next(0.0, Some(1_000)), Some(6_000));
        assert_eq!(backoff.next(0.0, Some(i64::MAX)), Some(3_600_000));
        assert_eq!(backoff.next(0.0, Some(-5)), Some(24_000));
    }

    #[test]
    fn unlimited_goes_on_with_the_last_delay() {
        let mut backoff = Backoff::new(vec![1_000, 2_000], 0.0);
        let waits: Vec<i64> = (0..4).map(|_| backoff.next_unlimited(0.0, None)).collect();
        assert_eq!(waits, [1_000, 2_000, 2_000, 2_000]);
        assert_eq!(backoff.attempt(), 4);
        assert_eq!(backoff.next(0.0, None), None);
    }

    #[test]
    fn no_delays_means_no_attempts() {
        let mut backoff = Backoff::new(Vec::new(), 0.0);
        assert_eq!(backoff.next(0.0, None), None);
        assert_eq!(backoff.next_unlimited(0.0, Some(500)), 500);
    }
}
