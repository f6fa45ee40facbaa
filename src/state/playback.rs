//! Moving the playhead: every button, key, drag and link comes through here.

use crate::state::link::ConnectionCommand;
use crate::state::run_store::RunStore;
use leptos::prelude::*;
use model::Millis;
use model::playhead::{PlaybackCommand, Playhead};

impl RunStore {
    /// Performs a command.
    pub fn playback(&self, command: PlaybackCommand) {
        if let PlaybackCommand::SetSpeed(speed) = command {
            self.speed.set(speed);
        }
        let extent = untrack(|| self.extent());
        let next = self.playhead.get_untracked().apply(command, &extent);
        if self.playhead.get_untracked() != next {
            self.playhead.set(next);
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
            Playhead::Paused { at } => Some((at - self.extent().start).0.max(0)),
            Playhead::CatchingUp { .. } => None,
            Playhead::Playing { .. } => untrack(|| Some(self.t().max(0))),
        }
    }

    /// To the event after (or before) the instant shown.
    pub fn step_event(&self, direction: Step) {
        let at = untrack(|| self.at());
        let target = self.journal_untracked(|journal| {
            let events = journal.events();
            match direction {
                Step::Next => {
                    let next = events.partition_point(|event| event.stamp.at <= at);
                    events.get(next).map(|event| event.stamp.at)
                }
                Step::Previous => {
                    let before = events.partition_point(|event| event.stamp.at < at);
                    before.checked_sub(1).map(|index| events[index].stamp.at)
                }
            }
        });
        if let Some(target) = target {
            self.playback(PlaybackCommand::Pause);
            self.playback(PlaybackCommand::SeekClamped(target));
        }
    }
}

/// Which way to step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Later.
    Next,
    /// Earlier.
    Previous,
}
