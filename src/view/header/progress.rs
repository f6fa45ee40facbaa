//! How far the run is: a bar of its states, and their counts.

use crate::state::RunStore;
use crate::state::reactive::Memo;
use crate::view::parts::badge::icon_of;
use crate::view::parts::icon::IconView;
use crate::view::parts::live::{live, showing, words};
use leptos::prelude::*;
use model::NodeState;

/// The order in which states stand in the bar and the counts: what is done, what goes on, what is to come.
const ORDER: [NodeState; 10] = [
    NodeState::Success,
    NodeState::Failed,
    NodeState::Canceled,
    NodeState::Skipped,
    NodeState::Running,
    NodeState::AwaitingInput,
    NodeState::Queued,
    NodeState::Waiting,
    NodeState::Blocked,
    NodeState::Idle,
];

/// States that are coloured in the bar; the others are its ground.
const IN_BAR: usize = 6;

/// The bar.
#[component]
pub fn ProgressBar(store: RunStore) -> impl IntoView {
    let progress = Memo::new(move |_| store.state().progress());
    let percent = move || match progress.get() {
        (_, 0) => 0,
        (done, all) => done * 100 / all,
    };
    let part = move |state: NodeState| {
        let width = move || {
            let run = store.state();
            let (_, all) = run.progress();
            format!(
                "{:.2}%",
                f64::from(run.count(state)) * 100.0 / f64::from(all.max(1))
            )
        };
        view! { <span class="progress__part" data-state=state.as_str() style:width=width></span> }
    };
    view! {
        <div
            class="progress"
            role="progressbar"
            aria-label="Run progress"
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=words(percent)
        >
            {ORDER[..IN_BAR].iter().map(|state| part(*state)).collect_view()}
        </div>
        <span class="numbers muted">
            {live(move || { let (done, all) = progress.get(); format!("{done}/{all} · {}%", percent()) })}
        </span>
    }
}

/// The counts, of states that occur.
#[component]
pub fn Counts(store: RunStore) -> impl IntoView {
    let count = move |state: NodeState| {
        let count = Memo::new(move |_| store.state().count(state));
        view! {
            {showing(move || { count.get() > 0 }, move || view! { <li class="numbers" data-state=state.as_str()>
                    <IconView icon=icon_of(state) />
                    {live(move || format!("{} {}", count.get(), state.label().to_lowercase()))}
                </li> })}
        }
    };
    view! {
        <ul class="counts" aria-label="Steps by state">
            {ORDER.into_iter().map(count).collect_view()}
        </ul>
    }
}
