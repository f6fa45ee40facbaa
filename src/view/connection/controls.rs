//! What can be asked of the connection: pause or resume updates, catch up, refresh, retry.

use crate::state::reactive::Memo;
use crate::state::{ConnectionCommand, RunStore};
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{live, on, showing};
use leptos::prelude::*;
use source::connection::Badge;

/// The buttons. What takes another's place under the pointer does the opposite; what comes and goes
/// stands left of what stays.
#[component]
pub fn ConnectionControls(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let badge = Memo::new(move |_| store.link().badge());
    let paused = Memo::new(move |_| store.frozen().is_some());
    let pausable = move || paused.get() || !matches!(badge.get(), Badge::Ended | Badge::Refused);
    // Not while the first stream is about to open: a button that goes at once takes the focus along.
    let retriable = move || match badge.get() {
        Badge::Polling | Badge::Refused => true,
        Badge::Reconnecting => !store.link().is_opening(),
        Badge::Live | Badge::Paused | Badge::Ended => false,
    };
    let missed = Memo::new(move |_| store.can_fast_forward());
    let toggle = move |_| {
        store.command(match paused.get_untracked() {
            true => ConnectionCommand::ResumeUpdates,
            false => ConnectionCommand::PauseUpdates,
        });
    };
    if !store.has_services() {
        return ().into_any();
    }
    view! {
        {showing(retriable, move || view! { <button class="button" on:click=on(move |_| store.command(ConnectionCommand::Retry))>
                "Retry connection"
            </button> })}
        {showing(move || missed.get(), move || view! { <button
                class="button"
                title="Resume updates and play what was missed, then follow"
                on:click=on(move |_| store.fast_forward())
            >
                <IconView icon=Icon::Skip />
                "Fast-forward"
            </button> })}
        {showing(pausable, move || view! { <button class="button connection__pause" on:click=on(toggle)>
                <IconView icon=Signal::derive(move || if paused.get() { Icon::Play } else { Icon::Pause }) />
                {live(move || if paused.get() { "Resume updates" } else { "Pause updates" })}
            </button> })}
        <button
            class="button button--icon"
            aria-label="Refresh"
            title="Refresh: fetch everything again"
            on:click=on(move |_| store.command(ConnectionCommand::Refresh))
        >
            <IconView icon=Icon::Refresh />
        </button>
    }
    .into_any()
}
