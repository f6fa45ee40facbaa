//! The connection's badge, in the header and in the corner. Its word is `Display` of the machine's own enum.

mod controls;
mod details;
mod notices;
mod problems;
mod words;

use crate::state::RunStore;
use crate::state::reactive::Memo;
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{live, on, words};
pub use controls::ConnectionControls;
use details::{ConnectionDetails, ID};
use leptos::html;
use leptos::prelude::*;
pub use notices::{ConnectionTrouble, ExpiredNotice};
use source::connection::Badge;

/// The badge where it is read and heard: a status, what the word does not say, and the way to the details.
#[component]
pub fn ConnectionBadge(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let badge = Memo::new(move |_| store.link().badge());
    let aside = Memo::new(move |_| words::aside(&store.link(), store.waiting(), store.local_now()));
    view! {
        <Age store />
        <span class="connection" data-connection=words(move || badge.get().key())>
            <Mark badge />
            <span role="status" aria-label="Connection">{live(move || badge.get().to_string())}</span>
            <span class="connection__aside numbers">{live(move || aside.get())}</span>
            <button
                class="connection__open"
                aria-label="Connection details"
                title="Connection details"
                popovertarget=ID
            >
                <IconView icon=Icon::Down />
            </button>
        </span>
    }
}

/// How old what is shown is, while that is not "now".
#[component]
fn Age(store: RunStore) -> impl IntoView {
    let text = Memo::new(move |_| {
        let stale = store.stale_for();
        stale.map(|stale| format!("Data as of {} ago", words::age(stale)))
    });
    view! { <span class="connection__age numbers">{live(move || text.get())}</span> }
}

/// The badge once more, in the corner, where it is seen however far the page is scrolled; and the
/// details that both badges open. For who cannot see it the one in the header is enough.
#[component]
pub fn ConnectionCorner(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let badge = Memo::new(move |_| store.link().badge());
    let aside =
        Memo::new(move |_| words::short_aside(&store.link(), store.waiting(), store.local_now()));
    let stale = Memo::new(move |_| {
        let stale = store.stale_for();
        stale.map(|stale| format!("{} old", words::age(stale)))
    });
    let panel = NodeRef::<html::Div>::new();
    let open = move |_| {
        if let Some(panel) = panel.get_untracked() {
            // It can only fail where it is open already.
            panel.show_popover().ok();
        }
    };
    view! {
        <div class="corner" aria-hidden="true">
            <span class="corner__age numbers">{live(move || stale.get())}</span>
            <span class="connection connection--corner" data-connection=words(move || badge.get().key()) title="Connection details" on:click=on(open)>
                <Mark badge />
                <span>{live(move || badge.get().to_string())}</span>
                <span class="connection__aside numbers">{live(move || aside.get())}</span>
            </span>
        </div>
        <ConnectionDetails store panel />
    }
}

/// Each state has a shape of its own beside its colour.
#[component]
fn Mark(badge: Memo<Badge>) -> impl IntoView {
    let icon = move || match badge.get() {
        Badge::Live => None,
        Badge::Polling => Some(Icon::Refresh),
        Badge::Paused => Some(Icon::Pause),
        Badge::Reconnecting => Some(Icon::Hourglass),
        Badge::Ended => Some(Icon::Stop),
        Badge::Refused => Some(Icon::Barred),
    };
    view! {
        <span class="connection__mark" aria-hidden="true">
            {live(move || match icon() {
                Some(icon) => view! { <IconView icon /> }.into_any(),
                None => view! { <span class="connection__dot"></span> }.into_any(),
            })}
        </span>
    }
}
