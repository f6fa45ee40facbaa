//! Why the run failed, and the way to the first failure.

use crate::state::reactive::Memo;
use crate::state::{RunStore, Selection, Tab};
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{live, on, showing, words};
use crate::view::parts::text::visible;
use leptos::prelude::*;
use model::playhead::PlaybackCommand;
use model::{Millis, NodeState, shown};

#[derive(Clone, PartialEq)]
struct First {
    at: Millis,
    node: String,
    label: String,
    message: String,
    code: Option<String>,
}

/// Shown once the run has ended badly, or a failure is all that is left.
#[component]
pub fn FailureBanner(store: RunStore, selection: Selection) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let state = store.state();
        state.status.is_terminal() && state.status.looks_like() != NodeState::Success
    });
    let first = Memo::new(move |_| shown.get().then(|| first_failure(&store)).flatten());
    let state = move || store.state().status.looks_like().as_str();
    let reason = move || {
        let stated = store
            .state()
            .failure
            .as_ref()
            .map(|failure| visible(&failure.reason).into_owned());
        stated.unwrap_or_else(|| {
            format!(
                "The run ended as {}.",
                store.state().status.label().to_lowercase()
            )
        })
    };
    let code = move || {
        store
            .state()
            .failure
            .as_ref()
            .and_then(|failure| failure.code.clone())
            .map(|code| code.to_string())
    };
    let details = move || {
        let details = store
            .state()
            .failure
            .as_ref()
            .and_then(|failure| failure.details.clone());
        details.map(|details| details.as_str().to_owned())
    };
    view! {
        {showing(move || shown.get(), move || view! { <div class="banner" role="alert" data-state=words(state)>
                <IconView icon=Icon::Warning />
                <span class="banner__reason">{live(reason)}</span>
                {live(move || code().map(|code| view! { <span class="mono">"code " {code}</span> }))}
                {live(move || details().map(|details| {
                    let title = details.clone();
                    view! { <code class="banner__details" title=title>{details}</code> }
                }))}
                {live(move || first.get().map(|first| view! { <FirstFailure store selection first /> }))}
            </div> })}
    }
}

/// The way to the first failure, with what it said where the reason above does not say it.
#[component]
fn FirstFailure(store: RunStore, selection: Selection, first: First) -> impl IntoView {
    let told = store
        .state()
        .failure
        .as_ref()
        .is_some_and(|failure| failure.reason.contains(&first.message));
    let text = (!told).then(|| first.message.clone());
    let code = first.code.clone().map(|code| format!("code {code}"));
    let (at, node) = (first.at, first.node);
    let go = move |_| {
        selection.node.set(Some(node.clone()));
        selection.tab.set(Tab::Inspector);
        store.playback(PlaybackCommand::JumpTo(at));
    };
    view! {
        <span>{text}</span>
        <span class="mono">{code}</span>
        <button class="button banner__go" on:click=on(go)>{format!("First failure: {}", first.label)}</button>
    }
}

/// The first failure of a node that stayed failed; a retry that succeeded is not what broke the run.
fn first_failure(store: &RunStore) -> Option<First> {
    let state = store.state();
    store.journal(|journal| {
        let failure = shown::first_failure(journal, &state)?;
        let node = journal.graph().node(failure.node?)?;
        let detail = failure.detail.as_deref();
        let error = detail.and_then(|detail| detail.error.as_ref());
        let message = detail.and_then(|detail| detail.message.clone());
        Some(First {
            at: failure.stamp.at,
            node: node.reference.to_string(),
            label: visible(&node.label).into_owned(),
            message: error
                .map(|error| visible(&error.message).into_owned())
                .or(message.map(|text| text.to_string()))
                .unwrap_or_else(|| "failed".into()),
            code: error
                .and_then(|error| error.code.clone())
                .map(|code| code.to_string()),
        })
    })
}
