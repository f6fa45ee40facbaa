//! Keys, dialogs and what only the browser can do, joined to a run's page.

use crate::client::{Config, RunsClient};
use crate::dom::keys::{self, Target};
use crate::dom::timer::Timer;
use crate::dom::{address, clipboard, storage};
use crate::state::commands::{Keyboard, Place, Press, perform, pressed};
use crate::state::desk::{DeskServices, Overlay};
use crate::state::reactive::effect;
use crate::state::view_link::ViewLink;
use crate::state::{Desk, RunStore, RunsStore, Selection};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Where the browser keeps whether letters are keys.
const LETTERS: &str = "runreel.letter-keys";
/// What was said is shown for so long, in milliseconds; it takes as long to read twice.
const SAID_MILLIS: i64 = 5_000;

/// The desk of a run's page, and the runs to switch to, which are known while they are looked at.
pub fn open(
    store: RunStore,
    selection: Selection,
    config: RwSignal<Option<Config>>,
) -> (Desk, RunsStore) {
    let keyboard = match keys::is_mac() {
        true => Keyboard::Mac,
        false => Keyboard::Pc,
    };
    let desk = Desk::new(storage::read(LETTERS).as_deref() != Some("off"), keyboard);
    desk.provide(DeskServices {
        search: Box::new(move || search(desk, selection)),
        copy_link: Box::new(move || copy_link(desk, store, selection)),
        keep_letters: Box::new(|on| storage::write(LETTERS, if on { "on" } else { "off" })),
    });
    listen(store, selection, desk);
    fade(desk);
    (desk, runs(desk, config))
}

fn listen(store: RunStore, selection: Selection, desk: Desk) {
    let listener = keys::listen(move |event, target| {
        if desk.overlay.get_untracked() != Overlay::None {
            return false;
        }
        let press = Press {
            key: event.key(),
            ctrl: event.ctrl_key(),
            meta: event.meta_key(),
            alt: event.alt_key(),
            shift: event.shift_key(),
            repeat: event.repeat(),
            taken: event.is_composing(),
            place: match target {
                Target::Other => Place::Free,
                Target::Pressable => Place::Button,
                Target::Typing => Place::Field,
            },
            keyboard: desk.keyboard,
        };
        let act = pressed(&press, desk.letters.get_untracked());
        if let Some(act) = act {
            perform(act, &store, &selection, &desk);
        }
        act.is_some()
    });
    let held = StoredValue::new_local(listener);
    on_cleanup(move || {
        held.try_set_value(None);
    });
}

/// What was said goes by itself, but an address stays until it is copied.
fn fade(desk: Desk) {
    let timer = StoredValue::new_local(None);
    effect(move || {
        let lasts = desk
            .said
            .with(|said| said.address.is_some() || said.words.is_empty());
        timer.set_value((!lasts).then(|| Timer::after(SAID_MILLIS, move || desk.hush())));
    });
    on_cleanup(move || {
        timer.try_set_value(None);
    });
}

fn runs(desk: Desk, config: RwSignal<Option<Config>>) -> RunsStore {
    let runs = RunsStore::new();
    let client = StoredValue::new_local(None);
    effect(move || {
        let open = desk.overlay.get() == Overlay::Runs;
        client.set_value(match config.get() {
            Some(config) if open => Some(RunsClient::open(runs, &config)),
            _ => None,
        });
    });
    on_cleanup(move || {
        client.try_set_value(None);
    });
    runs
}

/// The search field may be in a panel that is not shown.
fn search(desk: Desk, selection: Selection) {
    const FIELD: &str = "input[type=search][aria-label='Search this run']";
    if keys::focus(FIELD) {
        return;
    }
    selection.tab.set(crate::state::Tab::Logs);
    spawn_local(async move {
        crate::dom::frame::painted().await;
        if !keys::focus(FIELD) {
            desk.say("There is nothing to search yet");
        }
    });
}

fn copy_link(desk: Desk, store: RunStore, selection: Selection) {
    let link = untrack(|| ViewLink {
        t: Some(store.t().max(0)),
        ..ViewLink::of(&store, &selection)
    });
    let address = address::full(&link.query());
    spawn_local(async move {
        match clipboard::copy(&address).await {
            true => desk.say("Link to this moment copied"),
            false => desk.say_with(
                "The browser does not let us copy. Here is the link:",
                Some(address),
            ),
        }
    });
}
