//! A run from a file: choosing it, and how far its reading is.

use crate::view::parts::live::on;
use leptos::ev::{DragEvent, Event};
use leptos::prelude::*;

/// What the page shows of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Opening {
    /// Nothing is chosen.
    Nothing,
    /// It is read, since a moment.
    Going,
    /// So many hundredths are read.
    Share(u64),
    /// So much is read, of a file that does not tell how much there is.
    Megabytes(u64),
    /// Why it cannot be shown.
    Failed(String),
}

/// The page while there is no run to show.
#[component]
pub fn OpenPage(
    /// How it stands.
    opening: Opening,
    /// A file was chosen.
    chosen: impl Fn(&Event) + 'static,
    /// One was dropped.
    dropped: impl Fn(&DragEvent) + 'static,
) -> impl IntoView {
    let going = !matches!(opening, Opening::Nothing | Opening::Failed(_));
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        dropped(&event);
    };
    view! {
        <main
            class="message-page"
            aria-busy=going.to_string()
            on:dragover=on(|event: DragEvent| event.prevent_default())
            on:drop=on(dropped)
        >
            <h1>{if going { "Opening the file…" } else { "Open a run from a file" }}</h1>
            {match opening {
                Opening::Share(share) => progress(Some(share), format!("{share} % read")).into_any(),
                Opening::Megabytes(read) => progress(None, format!("{read} MB read")).into_any(),
                Opening::Failed(why) => view! { <p role="alert">{why}</p> }.into_any(),
                Opening::Nothing | Opening::Going => ().into_any(),
            }}
            <p>
                "A reel is one run in one file: " <code>"runreel export"</code>
                " writes it, and this page reads it without asking a server. Drop it here, or choose it."
            </p>
            <div class="message-page__actions">
                <label class="button button--primary message-page__file">
                    "Choose a file"
                    <input class="visually-hidden" type="file" on:change=on(move |event| chosen(&event)) />
                </label>
                <a class="button" href="runs">"All runs"</a>
            </div>
        </main>
    }
}

fn progress(share: Option<u64>, words: String) -> impl IntoView {
    view! {
        <progress class="message-page__progress" aria-label="Reading the file" max="100" value=share.map(|share| share.to_string())></progress>
        <p class="numbers">{words}</p>
    }
}
