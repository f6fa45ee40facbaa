//! The run's header: who it is, how it stands, how far it is, and why it failed.

mod banner;
mod progress;

use crate::state::reactive::Memo;
use crate::state::{ConnectionCommand, RunStore, Selection};
use crate::view::parts::badge::StateBadge;
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{live, on, showing, words};
use crate::view::parts::text::visible;
use crate::view::parts::time::short_span;
use banner::FailureBanner;
use leptos::prelude::*;
use model::run_state::Phase;
use progress::{Counts, ProgressBar};

/// The header. `connection` stands at its right end.
#[component]
pub fn RunHeader(
    /// The run.
    store: RunStore,
    /// What the person looks at.
    selection: Selection,
    /// The list's address.
    list: String,
    /// Badge and buttons of the connection.
    children: Children,
) -> impl IntoView {
    let status = Memo::new(move |_| store.state().status.clone());
    let name =
        Memo::new(move |_| store.journal(|journal| visible(&journal.info().name).into_owned()));
    let goes_on = Memo::new(move |_| {
        let over = store.state().phase == Phase::After
            || store.journal(|journal| journal.ended().is_some());
        !over && store.has_services()
    });
    view! {
        <div class="header">
            <div class="header__row">
                <a class="header__back" href=list aria-label="All runs">"Runs"</a>
                <h1 class="header__name">{live(move || Some(name.get()).filter(|name| !name.is_empty()).unwrap_or_else(|| store.id()))}</h1>
                <StateBadge
                    state=Signal::derive(move || status.get().looks_like())
                    label=Signal::derive(move || status.get().label().to_owned())
                />
                <Facts store />
                <div class="header__actions">
                    {children()}
                    {showing(move || goes_on.get(), move || view! { <button
                            class="button button--danger"
                            on:click=on(move |_| store.command(ConnectionCommand::CancelRun))
                        >
                            <IconView icon=Icon::Stop />
                            "Cancel run"
                        </button> })}
                </div>
            </div>
            <div class="header__row">
                <ProgressBar store />
                <Counts store />
            </div>
            <FailureBanner store selection />
        </div>
    }
}

/// Id, version, trigger, duration.
#[component]
fn Facts(store: RunStore) -> impl IntoView {
    let version = move || {
        store.journal(|journal| journal.info().version.map(|version| format!("v{version}")))
    };
    let trigger = move || {
        store.journal(|journal| {
            let info = journal.info();
            let label = info
                .trigger_label
                .as_deref()
                .filter(|label| !label.is_empty());
            match (&info.trigger, label) {
                (Some(trigger), Some(label)) => {
                    Some(visible(&format!("{trigger}: {label}")).into_owned())
                }
                (Some(trigger), None) => Some(trigger.to_string()),
                (None, label) => label.map(str::to_owned),
            }
        })
    };
    let duration = Memo::new(move |_| {
        let (state, extent) = (store.state(), store.extent());
        let end = state.ended.unwrap_or_else(|| store.at()).min(store.at());
        // Whole seconds once it is long enough: a ticking tenth draws the eye for nothing.
        short_span((end - extent.start).0.max(0))
    });
    view! {
        <div class="header__facts numbers">
            <span class="mono" title=words(move || store.id())>{live(move || store.id())}</span>
            {live(move || version().map(|version| view! { <span>{version}</span> }))}
            {live(move || trigger().map(|trigger| view! { <span>{trigger}</span> }))}
            <span title="Duration at the playhead">{live(move || duration.get())}</span>
        </div>
    }
}
