//! Keeps the address bar, and the way back, as the person chose; and goes that way.

use crate::dom::timer::Timer;
use crate::dom::{address, clock};
use crate::state::history::{Allowance, Entry, entry};
use crate::state::reactive::effect;
use crate::state::view_link::ViewLink;
use crate::state::work::AtWork;
use crate::state::{RunStore, Selection};
use leptos::prelude::*;
use std::ops::Range;

/// Changes that come so many milliseconds after another wait until they have stopped: to change the address
/// costs the browser a part of a frame.
const QUICK: Range<i64> = 0..120;

/// But not longer than so many milliseconds: while the run is played they never stop.
const LONG: i64 = 1_000;

/// What the address bar says, and what it will say when it may change again.
struct Kept {
    shown: ViewLink,
    due: Option<Due>,
    /// When something changed last.
    changed: i64,
    /// When the last entry was added.
    added: i64,
    jumps: u32,
    allowance: Allowance,
}

/// What the address bar will say.
struct Due {
    link: ViewLink,
    /// Since when it waits.
    since: i64,
    _timer: Timer,
    /// Held while it waits for changes to stop, which it does not while the run is played, and not where it
    /// waits for the browser's leave.
    work: Option<AtWork>,
}

/// From now on.
pub fn keep(store: RunStore, selection: Selection) {
    let kept = StoredValue::new_local(Kept {
        shown: ViewLink::from_address(),
        due: None,
        changed: i64::MIN,
        added: i64::MIN,
        jumps: 0,
        allowance: Allowance::new(),
    });
    effect(move || store.settle_beyond());
    effect(move || {
        let next = ViewLink::of(&store, &selection);
        let jumps = store.deck.jumps.get();
        let work = (!store.is_playing_untracked()).then(|| store.work().begin());
        kept.try_update_value(|known| known.change(next, jumps, work, kept));
    });
    let path = address::path();
    let listener = address::on_history(move || {
        // Going back may lead to another page: then this one is about to go.
        if address::path() != path {
            return;
        }
        let link = ViewLink::from_address();
        kept.try_update_value(|known| {
            known.shown = link.clone();
            known.due = None;
        });
        link.restore(&store, &selection);
    });
    let listener = StoredValue::new_local(listener);
    on_cleanup(move || {
        listener.try_set_value(None);
        // What waits would be written into the address of the next page.
        kept.try_update_value(|known| known.due = None);
    });
}

impl Kept {
    /// `work` is held as long as the page is not at rest.
    fn change(
        &mut self,
        next: ViewLink,
        jumps: u32,
        work: Option<AtWork>,
        kept: StoredValue<Self, LocalStorage>,
    ) {
        let now = clock::now_millis();
        let jumped = std::mem::replace(&mut self.jumps, jumps) != jumps;
        let becomes = entry(&self.shown, &next, jumped, now.saturating_sub(self.added));
        let since = now.saturating_sub(self.changed);
        if becomes != Entry::None {
            self.changed = now;
        }
        match becomes {
            Entry::None => self.due = None,
            Entry::Added => {
                // What was chosen before is what the way back leads to: it must be complete.
                if let Some(due) = self.due.take() {
                    address::set_query(&due.link.query(), address::Step::Replace);
                }
                self.added = now;
                address::set_query(&next.query(), address::Step::Add);
                self.shown = next;
            }
            Entry::Replaced if QUICK.contains(&since) => self.wait(next, QUICK.end, work, kept),
            Entry::Replaced => self.replace(next, now, kept),
        }
    }

    fn replace(&mut self, next: ViewLink, now: i64, kept: StoredValue<Self, LocalStorage>) {
        match self.allowance.take(now) {
            Ok(()) => {
                self.due = None;
                address::set_query(&next.query(), address::Step::Replace);
                self.shown = next;
            }
            Err(millis) => self.wait(next, millis, None, kept),
        }
    }

    /// What waits already waits no longer for that.
    fn wait(
        &mut self,
        link: ViewLink,
        millis: i64,
        work: Option<AtWork>,
        kept: StoredValue<Self, LocalStorage>,
    ) {
        match &mut self.due {
            Some(due) => {
                due.link = link;
                due.work = work;
            }
            None => self.wait_since(clock::now_millis(), link, millis, work, kept),
        }
    }

    fn wait_since(
        &mut self,
        since: i64,
        link: ViewLink,
        millis: i64,
        work: Option<AtWork>,
        kept: StoredValue<Self, LocalStorage>,
    ) {
        let timer = Timer::after(millis, move || {
            kept.try_update_value(|known| known.go_on(kept));
        });
        self.due = Some(Due {
            link,
            since,
            _timer: timer,
            work,
        });
    }

    /// Writes what is due, unless something has changed just now.
    fn go_on(&mut self, kept: StoredValue<Self, LocalStorage>) {
        let Some(Due {
            link, since, work, ..
        }) = self.due.take()
        else {
            return;
        };
        let now = clock::now_millis();
        let calm = now.saturating_sub(self.changed);
        match QUICK.contains(&calm) && now.saturating_sub(since) < LONG {
            true => self.wait_since(since, link, QUICK.end - calm, work, kept),
            false => self.replace(link, now, kept),
        }
    }
}
