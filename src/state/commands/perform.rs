//! Doing what a command says. What cannot be done is said.

use crate::state::commands::Act;
use crate::state::desk::{Desk, Overlay};
use crate::state::link::ConnectionCommand;
use crate::state::run_store::RunStore;
use crate::state::selection::Selection;
use leptos::prelude::*;
use model::NodeIx;
use model::playhead::{Among, PlaybackCommand, Toward, fit_speed, speed_after, speed_text};
use source::connection::Badge;

/// Does it.
pub fn perform(act: Act, store: &RunStore, selection: &Selection, desk: &Desk) {
    let play = |command| store.playback(command);
    match act {
        Act::TogglePlay => play(PlaybackCommand::TogglePlay),
        Act::Follow => play(PlaybackCommand::Follow),
        Act::ToStart => play(PlaybackCommand::JumpToStart),
        Act::ToEnd => play(PlaybackCommand::JumpToEnd),
        Act::NextEvent => step(store, desk, Among::All, Toward::Next),
        Act::PreviousEvent => step(store, desk, Among::All, Toward::Previous),
        Act::NextOfNode => step_of_node(store, selection, desk, Toward::Next),
        Act::PreviousOfNode => step_of_node(store, selection, desk, Toward::Previous),
        Act::NextFailure => step(store, desk, Among::Failures, Toward::Next),
        Act::PreviousFailure => step(store, desk, Among::Failures, Toward::Previous),
        Act::FirstFailure => first_failure(store, selection, desk),
        Act::NextGap | Act::PreviousGap => {
            let (toward, none) = match act {
                Act::NextGap => (Toward::Next, "No gap after this moment"),
                _ => (Toward::Previous, "No gap before this moment"),
            };
            if !store.step_gap(toward) {
                desk.say(none);
            }
        }
        Act::Faster | Act::Slower => {
            let speed = store.speed.get_untracked();
            set_speed(store, desk, speed_after(speed, act == Act::Faster));
        }
        Act::Fit => set_speed(store, desk, fit_speed(&untrack(|| store.extent()))),
        Act::SkipQuiet => {
            let before = untrack(|| store.at());
            play(PlaybackCommand::SkipQuiet);
            if untrack(|| store.at()) == before {
                desk.say("Something happens within seconds: nothing to skip");
            }
        }
        Act::ToggleSkips => {
            store.deck.skips.update(|skips| *skips = !*skips);
            desk.say(match store.deck.skips.get_untracked() {
                true => "Quiet stretches are skipped",
                false => "Quiet stretches are played",
            });
        }
        Act::MarkFrom | Act::MarkTo => mark(act, store, selection, desk),
        Act::Unmark => {
            selection.timeline.range.set(None);
            store.deck.loops.set(false);
        }
        Act::ToggleLoop => toggle_loop(store, selection, desk),
        Act::Show(tab) => selection.tab.set(tab),
        Act::Deselect => selection.node.set(None),
        Act::TogglePause => toggle_pause(store, desk),
        Act::Refresh => store.command(ConnectionCommand::Refresh),
        Act::Search => desk.search(),
        Act::CopyLink => desk.copy_link(),
        Act::Palette => desk.overlay.set(Overlay::Palette),
        Act::SwitchRun => desk.overlay.set(Overlay::Runs),
        Act::Keys => desk.overlay.set(Overlay::Keys),
    }
}

/// Whether it can be done as things stand, so that nobody is offered what cannot.
pub fn is_possible(act: Act, store: &RunStore, selection: &Selection) -> bool {
    match act {
        Act::NextOfNode | Act::PreviousOfNode | Act::Deselect => {
            selection.node.with_untracked(Option::is_some)
        }
        Act::ToggleLoop | Act::Unmark => selection.timeline.range.get_untracked().is_some(),
        Act::TogglePause => untrack(|| pausable(store)),
        Act::Palette => false,
        _ => true,
    }
}

fn step(store: &RunStore, desk: &Desk, among: Among, toward: Toward) {
    if !store.step_event(among, toward) {
        desk.say(match (among, toward) {
            (Among::Failures, Toward::Next) => "Nothing fails after this moment",
            (Among::Failures, Toward::Previous) => "Nothing failed before this moment",
            (Among::Node(_), Toward::Next) => "The step has no event after this moment",
            (Among::Node(_), Toward::Previous) => "The step has no event before this moment",
            (Among::All, Toward::Next) => "No event after this moment",
            (Among::All, Toward::Previous) => "No event before this moment",
        });
    }
}

fn step_of_node(store: &RunStore, selection: &Selection, desk: &Desk, toward: Toward) {
    let node: Option<NodeIx> = selection.node.with_untracked(|node| {
        store.journal_untracked(|journal| journal.graph().find(node.as_deref()?))
    });
    match node {
        Some(node) => step(store, desk, Among::Node(node), toward),
        None => desk.say("No step is selected"),
    }
}

fn first_failure(store: &RunStore, selection: &Selection, desk: &Desk) {
    let Some(node) = store.jump_to_first_failure() else {
        desk.say("Nothing has failed");
        return;
    };
    let reference = node.and_then(|node| {
        store.journal_untracked(|journal| Some(journal.graph().node(node)?.reference.to_string()))
    });
    if reference.is_some() {
        selection.node.set(reference);
    }
}

fn set_speed(store: &RunStore, desk: &Desk, speed: f64) {
    store.playback(PlaybackCommand::SetSpeed(speed));
    desk.say(&format!("Speed {}", speed_text(speed)));
}

/// From here, or up to here: the other end stays where that leaves a stretch; else the mark reaches
/// to the run's end, or from its start.
fn mark(act: Act, store: &RunStore, selection: &Selection, desk: &Desk) {
    let t = untrack(|| store.t());
    let length = untrack(|| store.extent()).length().0;
    let (from, to) = selection
        .timeline
        .range
        .get_untracked()
        .unwrap_or((0, length));
    let range = match act {
        Act::MarkFrom => (t, if to > t { to } else { length }),
        _ => (if from < t { from } else { 0 }, t),
    };
    match range.0 < range.1 {
        true => selection.timeline.range.set(Some(range)),
        false => desk.say("There is nothing to mark"),
    }
}

fn toggle_loop(store: &RunStore, selection: &Selection, desk: &Desk) {
    if selection.timeline.range.get_untracked().is_none() {
        desk.say("Mark what is to be repeated first: I from here, O up to here");
        return;
    }
    store.deck.loops.update(|loops| *loops = !*loops);
    desk.say(match store.deck.loops.get_untracked() {
        true => "What is marked is repeated",
        false => "Nothing is repeated",
    });
}

fn toggle_pause(store: &RunStore, desk: &Desk) {
    let paused = untrack(|| store.frozen()).is_some();
    if !untrack(|| pausable(store)) {
        desk.say("The run has ended: there are no updates to pause");
        return;
    }
    store.command(match paused {
        true => ConnectionCommand::ResumeUpdates,
        false => ConnectionCommand::PauseUpdates,
    });
}

fn pausable(store: &RunStore) -> bool {
    let over = matches!(store.link().badge(), Badge::Ended | Badge::Refused);
    store.frozen().is_some() || !over
}
