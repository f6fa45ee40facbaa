//! Keeps the address bar, and the way back, as the person chose; and goes that way.

use crate::dom::timer::Timer;
use crate::dom::{address, clock};
use crate::state::history::{Allowance, Entry, entry};
use crate::state::reactive::effect;
use crate::state::view_link::ViewLink;
use crate::state::{RunStore, Selection};
use leptos::prelude::*;

/// What the address bar says, and what it will say when it may change again.
struct Kept {
    shown: ViewLink,
    due: Option<ViewLink>,
    /// When the last entry was added.
    added: i64,
    jumps: u32,
    allowance: Allowance,
    timer: Option<Timer>,
}

/// From now on.
pub fn keep(store: RunStore, selection: Selection) {
    let kept = StoredValue::new_local(Kept {
        shown: ViewLink::from_address(),
        due: None,
        added: i64::MIN,
        jumps: 0,
        allowance: Allowance::new(),
        timer: None,
    });
    effect(move || store.settle_beyond());
    effect(move || {
        let next = ViewLink::of(&store, &selection);
        let jumps = store.deck.jumps.get();
        kept.try_update_value(|known| known.change(next, jumps, kept));
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
            known.timer = None;
        });
        link.restore(&store, &selection);
    });
    let listener = StoredValue::new_local(listener);
    on_cleanup(move || {
        listener.try_set_value(None);
        // What waits would be written into the address of the next page.
        kept.try_update_value(|known| known.timer = None);
    });
}

impl Kept {
    fn change(&mut self, next: ViewLink, jumps: u32, kept: StoredValue<Self, LocalStorage>) {
        let now = clock::now_millis();
        let jumped = std::mem::replace(&mut self.jumps, jumps) != jumps;
        match entry(&self.shown, &next, jumped, now.saturating_sub(self.added)) {
            Entry::None => {
                self.due = None;
                self.timer = None;
            }
            Entry::Added => {
                // What was chosen before is what the way back leads to: it must be complete.
                if let Some(due) = self.due.take() {
                    address::set_query(&due.query(), address::Step::Replace);
                }
                self.timer = None;
                self.added = now;
                address::set_query(&next.query(), address::Step::Add);
                self.shown = next;
            }
            Entry::Replaced => self.replace(next, now, kept),
        }
    }

    fn replace(&mut self, next: ViewLink, now: i64, kept: StoredValue<Self, LocalStorage>) {
        match self.allowance.take(now) {
            Ok(()) => {
                self.due = None;
                self.timer = None;
                address::set_query(&next.query(), address::Step::Replace);
                self.shown = next;
            }
            Err(wait) => {
                self.due = Some(next);
                if self.timer.is_none() {
                    self.timer = Some(Timer::after(wait, move || {
                        kept.try_update_value(|known| {
                            known.timer = None;
                            if let Some(due) = known.due.take() {
                                known.replace(due, clock::now_millis(), kept);
                            }
                        });
                    }));
                }
            }
        }
    }
}
