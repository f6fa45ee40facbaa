//! When a change of what is shown becomes an entry of the browser's history, and when it only changes
//! the address: the way back leads by choices, not by every step of a drag.

use crate::state::view_link::ViewLink;

/// What a change does to the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The address says it already.
    None,
    /// The entry that is there says it from now on.
    Replaced,
    /// A new one.
    Added,
}

/// Between two new entries lies at least so long, in milliseconds.
pub const APART_MILLIS: i64 = 1_000;

/// What becomes of the history when `next` takes the place of `shown`, so many milliseconds after
/// the last new entry. `jumped`: a person chose the instant at once.
pub fn entry(shown: &ViewLink, next: &ViewLink, jumped: bool, since: i64) -> Entry {
    let chosen = next.node != shown.node || next.tab != shown.tab || (jumped && next.t != shown.t);
    match (shown == next, chosen && since >= APART_MILLIS) {
        (true, _) => Entry::None,
        (false, true) => Entry::Added,
        (false, false) => Entry::Replaced,
    }
}

/// Browsers refuse more than about 100 changes of the address in 30 s, so we do not ask for more:
/// a few at once, then a few a second.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    left: f64,
    at: i64,
}

impl Allowance {
    const AT_ONCE: f64 = 20.0;
    const A_SECOND: f64 = 2.5;

    /// All of it.
    pub fn new() -> Self {
        Self {
            left: Self::AT_ONCE,
            at: 0,
        }
    }

    /// Takes one change at `now` (milliseconds); where there is none left, how long to wait for it.
    pub fn take(&mut self, now: i64) -> Result<(), i64> {
        let passed = (now - self.at).max(0) as f64 / 1_000.0;
        self.left = (self.left + passed * Self::A_SECOND).min(Self::AT_ONCE);
        self.at = now;
        if self.left < 1.0 {
            return Err(((1.0 - self.left) / Self::A_SECOND * 1_000.0).ceil() as i64);
        }
        self.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::selection::Tab;

    #[test]
    fn choices_are_entries_and_drags_are_not() {
        let shown = ViewLink::default();
        let at = |t| ViewLink {
            t: Some(t),
            ..shown.clone()
        };
        let with_node = ViewLink {
            node: Some("a".into()),
            ..shown.clone()
        };
        let with_tab = ViewLink {
            tab: Tab::Agent,
            ..shown.clone()
        };
        let typed = ViewLink {
            q: "err".into(),
            ..shown.clone()
        };
        let zoomed = ViewLink {
            zoom: Some((1, 2)),
            ..shown.clone()
        };
        for (next, jumped, since, becomes) in [
            (&shown, false, 9_999, Entry::None),
            (&shown, true, 9_999, Entry::None),
            (&with_node, false, 1_000, Entry::Added),
            (&with_node, false, 999, Entry::Replaced),
            (&with_tab, false, 9_999, Entry::Added),
            (&at(5), true, 9_999, Entry::Added),
            (&at(5), true, 300, Entry::Replaced),
            (&at(5), false, 9_999, Entry::Replaced),
            (&typed, true, 9_999, Entry::Replaced),
            (&zoomed, false, 9_999, Entry::Replaced),
        ] {
            assert_eq!(entry(&shown, next, jumped, since), becomes, "{next:?}");
        }
    }

    #[test]
    fn a_drag_of_a_minute_stays_below_what_browsers_refuse() {
        let mut allowance = Allowance::new();
        let taken: Vec<i64> = (0..60_000)
            .step_by(16)
            .filter(|now| allowance.take(*now).is_ok())
            .collect();
        for window in taken.windows(100) {
            assert!(window[99] - window[0] >= 30_000, "{window:?}");
        }
        let mut allowance = Allowance::new();
        (0..20).for_each(|_| assert!(allowance.take(1_000_000).is_ok()));
        let wait = allowance.take(1_000_000).unwrap_err();
        assert_eq!(wait, 400);
        assert!(allowance.take(1_000_000 + wait).is_ok());
    }
}
