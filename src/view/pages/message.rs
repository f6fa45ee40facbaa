//! Pages that say what is wrong and lead on.

use crate::state::reactive::Memo;
use crate::state::{ConnectionCommand, RunStore};
use crate::view::connection::{ConnectionBadge, ConnectionCorner};
use crate::view::parts::live::{live, on, words};
use leptos::prelude::*;
use source::connection::Reason;

/// No such page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <main class="message-page">
            <h1>"There is no such page"</h1>
            <p>"Every run has its own address, runs/ and its id; the list leads to all of them."</p>
            <a class="button button--primary" href="runs">"All runs"</a>
        </main>
    }
}

/// The server will not show this run.
#[component]
pub fn RefusedPage(
    /// The run.
    store: RunStore,
    /// Why not.
    reason: Reason,
) -> impl IntoView {
    let title = match reason {
        Reason::RunNotFound => "Run not found",
        Reason::SignInNeeded => "Sign in to see this run",
        Reason::Forbidden => "You may not see this run",
    };
    view! {
        <main class="message-page">
            <div class="message-page__badge"><ConnectionBadge store /></div>
            <h1>{title}</h1>
            <p class="mono">{store.id()}</p>
            <p>{reason.to_string()}</p>
            <div class="message-page__actions">
                <a class="button button--primary" href="runs">"All runs"</a>
                <button class="button" on:click=on(move |_| store.command(ConnectionCommand::Retry))>"Retry connection"</button>
            </div>
            <ConnectionCorner store />
        </main>
    }
}

/// Nothing has come yet: either it is on its way, or the server cannot be reached.
#[component]
pub fn UnreachablePage(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let trouble = Memo::new(move |_| store.link().trouble.map(|trouble| trouble.to_string()));
    let countdown = move || {
        let at = store.link().retry_at?;
        Some(format!(
            "Trying again in {} s.",
            ((at - store.local_now()).max(0) + 999) / 1_000
        ))
    };
    view! {
        <main class="message-page" aria-busy=words(move || trouble.with(Option::is_none).to_string())>
            <div class="message-page__badge"><ConnectionBadge store /></div>
            <h1>{live(move || if trouble.with(Option::is_some) { "The server cannot be reached" } else { "Opening the run…" })}</h1>
            <p class="mono">{store.id()}</p>
            <p role="alert">{live(move || trouble.get())}</p>
            <p class="numbers">{countdown}</p>
            <div class="message-page__actions">
                <a class="button" href="runs">"All runs"</a>
                <button class="button" on:click=on(move |_| store.command(ConnectionCommand::Retry))>"Retry connection"</button>
            </div>
            <ConnectionCorner store />
        </main>
    }
}
