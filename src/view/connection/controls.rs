//! What can be asked of the connection: pause or resume updates, catch up, refresh, retry.

use crate::state::{ConnectionCommand, RunStore};
use crate::view::parts::icon::{Icon, IconView};
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
    let retriable = move || {
        matches!(
            badge.get(),
            Badge::Reconnecting | Badge::Polling | Badge::Refused
        )
    };
    let missed = Memo::new(move |_| store.can_fast_forward());
    let toggle = move |_| {
        store.command(match paused.get_untracked() {
            true => ConnectionCommand::ResumeUpdates,
            false => ConnectionCommand::PauseUpdates,
        });
    };
    view! {
        <Show when=retriable>
            <button class="button" on:click=move |_| store.command(ConnectionCommand::Retry)>
                "Retry connection"
            </button>
        </Show>
        <Show when=move || missed.get()>
            <button
                class="button"
                title="Resume updates and play what was missed, then follow"
                on:click=move |_| store.fast_forward()
            >
                <IconView icon=Icon::Skip />
                "Fast-forward"
            </button>
        </Show>
        <Show when=pausable>
            <button class="button connection__pause" on:click=toggle>
                <IconView icon=Signal::derive(move || if paused.get() { Icon::Play } else { Icon::Pause }) />
                {move || if paused.get() { "Resume updates" } else { "Pause updates" }}
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
