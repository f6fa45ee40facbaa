//! Moving the playhead: every button, key, drag and link comes through here.

use crate::state::link::ConnectionCommand;
use crate::state::run_store::RunStore;
use leptos::prelude::*;
use model::playhead::{
    Among, PlaybackCommand, Playhead, Stretch, Toward, event_from, missing_events, stretch_from,
    usable_speed,
};
use model::{Millis, NodeIx, Span};
use source::connection::Badge;

/// Nobody steps to a silence shorter than this.
const SILENCE: Span = Span(5_000);

impl RunStore {
    /// Performs a command.
    pub fn playback(&self, command: PlaybackCommand) {
        if let PlaybackCommand::SetSpeed(speed) = command {
            self.speed.set(usable_speed(speed));
        }
        let before = self.playhead.get_untracked();
        let after = untrack(|| self.moved(before, command));
        self.deck.note(command, before, after);
        if before != after {
            self.playhead.set(after);
        }
    }

    /// Whether what was missed behind a pause can be played: only from where the page stood still.
    pub fn can_fast_forward(&self) -> bool {
        self.frozen().is_some() && self.playhead() == Playhead::Following
    }

    /// Shows again, playing what was missed meanwhile, until the playhead has caught up and follows.
    pub fn fast_forward(&self) {
        let Some(frozen) = untrack(|| self.frozen()) else {
            return;
        };
        self.command(ConnectionCommand::ResumeUpdates);
        self.playback(PlaybackCommand::CatchUp(frozen.end));
    }

    /// Goes to so many milliseconds from the run's start; waits for the start where it is not known yet.
    pub fn seek(&self, t: i64) {
        self.wanted.set_value(Some(t));
        self.settle_wanted();
    }

    /// Where a seek has been asked for and the start is known, goes there.
    pub(super) fn settle_wanted(&self) {
        let Some(t) = self.wanted.get_value() else {
            return;
        };
        let start = self.journal_untracked(|journal| journal.start());
        if let Some(start) = start {
            self.wanted.set_value(None);
            self.playhead.set(Playhead::Paused {
                at: Millis(start.0.saturating_add(t)),
            });
        }
    }

    /// Once the whole run is here, an instant behind its end is its end: else what rests there would
    /// begin to move when the run goes on.
    pub fn settle_beyond(&self) {
        let whole = matches!(
            self.link().badge(),
            Badge::Live | Badge::Polling | Badge::Ended
        );
        let Playhead::Paused { at } = self.playhead() else {
            return;
        };
        if whole && at > untrack(|| self.extent()).end {
            self.playback(PlaybackCommand::Pause);
        }
    }

    /// Whether the playhead moves by itself, once.
    pub fn is_playing_untracked(&self) -> bool {
        self.playhead.get_untracked().is_playing()
    }

    /// The speed playing goes at.
    pub fn speed(&self) -> f64 {
        self.speed.get()
    }

    /// What a link says of the playhead: absent while following. While playing it stands still, so
    /// that the address bar is not rewritten sixty times a second.
    pub fn linked_t(&self) -> Option<i64> {
        match self.playhead() {
            Playhead::Following => self.wanted.get_value(),
            Playhead::Paused { at } => Some((at - untrack(|| self.extent()).start).0.max(0)),
            Playhead::CatchingUp { .. } => None,
            Playhead::Playing { .. } => untrack(|| Some(self.t().max(0))),
        }
    }

    /// To the nearest instant of an event, at rest; whether there is one.
    pub fn step_event(&self, among: Among, toward: Toward) -> bool {
        let at = untrack(|| self.at());
        let end = untrack(|| self.extent()).end;
        let target = self.journal_untracked(|journal| {
            let found = event_from(journal.events(), at, among, toward)?;
            Some(found.stamp.at).filter(|at| *at <= end)
        });
        self.step_to(target)
    }

    /// To the beginning of the nearest stretch in which nothing was recorded, or of which entries are
    /// missing; whether there is one.
    pub fn step_gap(&self, toward: Toward) -> bool {
        let at = untrack(|| self.at());
        let gaps = untrack(|| self.gaps());
        self.step_to(stretch_from(&gaps, at, toward).map(|gap| gap.from))
    }

    /// To the first failure, as a place to come back to, with its node; nothing where nothing failed.
    pub fn jump_to_first_failure(&self) -> Option<Option<NodeIx>> {
        let first = self.journal_untracked(|journal| {
            let found = event_from(journal.events(), Millis::MIN, Among::Failures, Toward::Next)?;
            Some((found.stamp.at, found.node))
        });
        let (at, node) = first?;
        self.playback(PlaybackCommand::JumpTo(at));
        Some(node)
    }

    /// Stretches that stand out as silent (a hundredth of the run, and [`SILENCE`] at least) or of
    /// which entries are missing.
    fn gaps(&self) -> Vec<Stretch> {
        let least = Span(self.extent().length().0 / 100).max(SILENCE);
        let mut gaps = self.quiet();
        gaps.retain(|gap| gap.length() >= least);
        gaps.extend(self.journal(missing_events));
        gaps.sort_by_key(|gap| gap.from);
        gaps
    }

    fn step_to(&self, target: Option<Millis>) -> bool {
        if let Some(target) = target {
            self.playback(PlaybackCommand::StepTo(target));
        }
        target.is_some()
    }
}
