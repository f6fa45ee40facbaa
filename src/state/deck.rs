//! How playing goes, apart from where it is: what it repeats, what it skips, and what it has skipped.

use crate::state::run_store::RunStore;
use leptos::prelude::*;
use model::Span;
use model::playhead::{Course, Extent, PlaybackCommand, Playhead, Stretch};
use model::quiet::Quiet;

/// A stretch in milliseconds from the run's start, as the timeline marks it and a link says it.
pub type Marked = RwSignal<Option<(i64, i64)>>;

/// Shorter stretches take no time at any speed that is offered; milliseconds.
const LEAST_QUIET: Span = Span((Course::QUIET_MILLIS / 10.0) as i64);

/// The person's choices about playing. A handle.
#[derive(Clone, Copy)]
pub struct Deck {
    /// Whether playing repeats what is marked on the timeline.
    pub loops: RwSignal<bool>,
    /// Whether playing skips quiet stretches.
    pub skips: RwSignal<bool>,
    /// What was skipped last, until the person does something else.
    pub skipped: RwSignal<Option<Stretch>>,
    /// Counts the places that a person chose at once, which are worth an entry of the history.
    pub jumps: RwSignal<u32>,
    marked: StoredValue<Option<Marked>>,
    quiet: StoredValue<Quiet>,
}

impl Deck {
    /// Plays everything, once.
    pub fn new() -> Self {
        Self {
            loops: RwSignal::new(false),
            skips: RwSignal::new(false),
            skipped: RwSignal::new(None),
            jumps: RwSignal::new(0),
            marked: StoredValue::new(None),
            quiet: StoredValue::new(Quiet::new(LEAST_QUIET)),
        }
    }

    /// What is marked is marked there.
    pub fn watch(&self, marked: Marked) {
        self.marked.set_value(Some(marked));
    }

    /// Notes what a command made of the playhead.
    pub(super) fn note(&self, command: PlaybackCommand, before: Playhead, after: Playhead) {
        if command.is_jump() {
            self.jumps.update(|jumps| *jumps += 1);
        }
        let skipped = match command {
            PlaybackCommand::Advance(_) => match before.skipped(after) {
                None => return,
                skipped => skipped,
            },
            _ => None,
        };
        if self.skipped.get_untracked() != skipped {
            self.skipped.set(skipped);
        }
    }
}

impl RunStore {
    /// What is repeated, from the run's start, where that was chosen.
    pub fn repeated(&self) -> Option<(i64, i64)> {
        let marked = self.deck.marked.get_value()?.get()?;
        self.deck.loops.get().then_some(marked)
    }

    /// The quiet stretches of what can be shown, in order.
    pub fn quiet(&self) -> Vec<Stretch> {
        let Extent { start, end, .. } = self.extent();
        self.journal(|journal| {
            let quiet = self.deck.quiet.try_update_value(|quiet| {
                quiet.extend(journal);
                let run = Stretch::between(start, end.max(start))?;
                Some(quiet.within(run).collect())
            });
            quiet.flatten().unwrap_or_default()
        })
    }

    /// The quiet stretch that the playhead plays into, where that takes long at this speed.
    pub fn quiet_ahead(&self) -> Option<Stretch> {
        let Playhead::Playing { .. } = self.playhead() else {
            return None;
        };
        let quiet = self.quiet();
        let course = Course {
            quiet: &quiet,
            ..Course::of(self.extent())
        };
        course.quiet_at(self.at())
    }

    /// The playhead after a command.
    pub(super) fn moved(&self, before: Playhead, command: PlaybackCommand) -> Playhead {
        let extent = self.extent();
        let skips = self.deck.skips.get();
        // Only those two look at them.
        let quiet = match command {
            PlaybackCommand::Advance(_) if skips => self.quiet(),
            PlaybackCommand::SkipQuiet => self.quiet(),
            _ => Vec::new(),
        };
        let repeat = self.repeated().map(|(from, to)| Stretch {
            from: extent.start + Span(from),
            to: extent.start + Span(to),
        });
        before.apply(
            command,
            &Course {
                extent,
                repeat,
                quiet: &quiet,
                skips,
            },
        )
    }
}
