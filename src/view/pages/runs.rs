//! The page of all runs.

use crate::state::RunsStore;
use crate::view::runs::RunsList;
use leptos::prelude::*;

/// The page.
#[component]
pub fn RunsPage(
    /// The list.
    store: RunsStore,
) -> impl IntoView {
    view! {
        <main class="runs">
            <RunsList store />
        </main>
    }
}
