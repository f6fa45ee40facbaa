//! What a person must know of the connection without asking: what fails, and what was lost.

use crate::state::RunStore;
use crate::state::reactive::Memo;
use crate::view::connection::words::{count, seconds_until};
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{live, on, showing};
use leptos::prelude::*;
use source::connection::Badge;

/// What was tried and failed, while what is shown may be stale or comes the slow way.
#[component]
pub fn ConnectionTrouble(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let link = store.link();
        let stale = matches!(link.beneath(), Badge::Reconnecting | Badge::Polling);
        let trouble = link.trouble.filter(|_| stale)?;
        Some(trouble.to_string())
    });
    let next = move || {
        let seconds = seconds_until(store.link().retry_at?, store.local_now());
        Some(format!("Trying again in {seconds} s."))
    };
    live(move || {
        shown.get().map(|trouble| {
            view! {
                <div class="banner connection__notice" role="status" data-state="waiting">
                    <IconView icon=Icon::Warning />
                    <span>{trouble}</span>
                    <span class="numbers">{live(next)}</span>
                </div>
            }
        })
    })
}

/// That the server lost records, until the person has taken note of it.
#[component]
pub fn ExpiredNotice(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let noted = RwSignal::new(0);
    let shown = Memo::new(move |_| store.expired().count > noted.get());
    let text = move || {
        let expired = usize::try_from(store.expired().count).unwrap_or(usize::MAX);
        format!(
            "{} expired: the server no longer has what this page still shows.",
            count(expired, "entry", "entries")
        )
    };
    let dismiss = move |_| noted.set(store.expired().count);
    view! {
        {showing(move || shown.get(), move || view! { <div class="banner connection__notice" role="status" data-state="waiting">
                <IconView icon=Icon::Warning />
                <span>{text}</span>
                <button class="button button--quiet connection__dismiss" on:click=on(dismiss)>"Dismiss"</button>
            </div> })}
    }
}
