//! The connection's badge and what can be asked of it. Its word is `Display` of the machine's own enum.

use crate::state::{ConnectionCommand, RunStore};
use crate::view::parts::icon::{Icon, IconView};
use leptos::prelude::*;
use source::connection::{Badge, State};

/// The badge: one word, a dot, and while it waits, for how long still.
#[component]
pub fn ConnectionBadge(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let badge = Memo::new(move |_| store.link().badge());
    let note = Memo::new(move |_| note(&store));
    view! {
        <span class="connection" role="status" aria-label="Connection" data-connection=move || badge.get().key()>
            <span class="connection__dot" aria-hidden="true"></span>
            {move || badge.get().to_string()}
        </span>
        <span class="connection__note numbers">{note}</span>
    }
}

/// What the word alone does not say.
fn note(store: &RunStore) -> String {
    let link = store.link();
    let waiting = store.waiting();
    let now = store.now().0;
    match &link.state {
        State::Waiting { .. } => {
            let seconds = link.retry_at.map_or(0, |at| (at - now).max(0) / 1_000);
            format!("again in {seconds} s")
        }
        State::Paused { .. } if waiting == 1 => "1 record waits".to_owned(),
        State::Paused { .. } if waiting > 0 => format!("{waiting} records wait"),
        State::Connecting { .. } if link.heard_at.is_some() => {
            let seconds = link.heard_at.map_or(0, |at| (now - at).max(0) / 1_000);
            format!("data as of {seconds} s ago")
        }
        _ => String::new(),
    }
}

/// What was tried and failed, while what is shown may be stale or comes the slow way.
#[component]
pub fn ConnectionTrouble(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let link = store.link();
        let stale = matches!(link.beneath(), Badge::Reconnecting | Badge::Polling);
        link.trouble.filter(|_| stale)
    });
    let next = move || {
        let link = store.link();
        let seconds = (link.retry_at? - store.now().0).max(0) / 1_000;
        Some(format!("Trying again in {seconds} s."))
    };
    move || {
        shown.get().map(|trouble| {
            view! {
                <div class="banner connection__trouble" role="status" data-state="waiting">
                    <IconView icon=Icon::Warning />
                    <span>{trouble}</span>
                    <span class="numbers">{next}</span>
                </div>
            }
        })
    }
}

/// The buttons: pause or resume updates, refresh, retry.
#[component]
pub fn ConnectionControls(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let badge = Memo::new(move |_| store.link().badge());
    let paused = move || badge.get() == Badge::Paused;
    let pausable = move || !matches!(badge.get(), Badge::Ended | Badge::Refused);
    let retriable = move || {
        matches!(
            badge.get(),
            Badge::Reconnecting | Badge::Polling | Badge::Refused
        )
    };
    let toggle = move |_| {
        store.command(match badge.get_untracked() {
            Badge::Paused => ConnectionCommand::ResumeUpdates,
            _ => ConnectionCommand::PauseUpdates,
        });
    };
    view! {
        <Show when=retriable>
            <button class="button" on:click=move |_| store.command(ConnectionCommand::Retry)>
                "Retry connection"
            </button>
        </Show>
        <Show when=pausable>
            <button class="button" on:click=toggle>
                <IconView icon=Signal::derive(move || if paused() { Icon::Play } else { Icon::Pause }) />
                {move || if paused() { "Resume updates" } else { "Pause updates" }}
            </button>
        </Show>
        <button
            class="button button--icon"
            aria-label="Refresh"
            title="Refresh: fetch everything again"
            on:click=move |_| store.command(ConnectionCommand::Refresh)
        >
            <IconView icon=Icon::Refresh />
        </button>
    }
}
