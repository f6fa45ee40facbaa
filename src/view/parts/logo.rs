//! The product's sign and name.

use leptos::prelude::*;

/// The sign beside the name.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <span class="logo">
            <svg viewBox="0 0 32 32" aria-hidden="true">
                <path d="M7 16h6m0 0 5-6h7m-12 6 5 6h7" />
                <circle cx="7" cy="16" r="3" />
                <circle cx="25" cy="10" r="3" />
                <circle cx="25" cy="22" r="3" />
            </svg>
            "Runreel"
        </span>
    }
}
