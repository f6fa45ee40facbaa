//! What stands where nothing is yet: why, and what to do next.

use leptos::prelude::*;

/// An empty state.
#[component]
pub fn Empty(
    /// What there is none of.
    #[prop(into)]
    title: String,
    /// Why, or what to do.
    #[prop(into)]
    hint: String,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty__title">{title}</p>
            <p>{hint}</p>
        </div>
    }
}
