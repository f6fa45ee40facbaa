//! Another run, by a few letters of its name, id, state or trigger: those that go on come first.

use crate::state::desk::Overlay;
use crate::state::reactive::Memo;
use crate::state::runs_store::Listing;
use crate::state::time::local_date_time;
use crate::state::view_link::other_run;
use crate::state::{Desk, RunStore, RunsStore};
use crate::view::parts::badge::icon_of;
use crate::view::parts::picker::{Picker, PickerRow, picker};
use crate::view::parts::text::visible;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::Text;
use model::fuzzy::Names;
use model::run::RunSummary;

/// Rows that are shown at most.
const SHOWN: usize = 50;

/// The dialog, while it is open.
#[component]
pub fn RunSwitch(store: RunStore, runs: RunsStore, desk: Desk) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let shown = Memo::new(move |_| runs.runs.with(|runs| query.with(|query| find(runs, query))));
    let navigate = use_navigate();
    let take = move |row: usize| {
        let id = shown
            .with_untracked(|shown: &Vec<RunSummary>| shown.get(row).map(|run| run.id.clone()));
        desk.overlay.set(Overlay::None);
        if let Some(id) = id.filter(|id| **id != *store.id()) {
            navigate(&other_run(&id), Default::default());
        }
    };
    picker(Picker {
        label: "Switch to another run",
        hint: "Name, id, status or trigger",
        query,
        rows: Memo::new(move |_| {
            shown.with(|shown| shown.iter().map(|run| row(run, &store.id())).collect())
        }),
        status: Memo::new(move |_| status(&runs, shown.with(Vec::len))),
        take: Box::new(take),
        closed: Box::new(move || {
            if desk.overlay.get_untracked() == Overlay::Runs {
                desk.overlay.set(Overlay::None);
            }
        }),
    })
}

/// Of each kind the best, or the newest where nothing was typed.
fn find(runs: &[RunSummary], query: &str) -> Vec<RunSummary> {
    let mut names = Names::default();
    let mut order: Vec<&RunSummary> = runs.iter().collect();
    order.sort_by_key(|run| run.status.is_terminal());
    for run in &order {
        let trigger = [run.trigger.as_deref(), run.trigger_label.as_deref()];
        let [trigger, label] = trigger.map(Option::unwrap_or_default);
        let live = if run.status.is_terminal() { "" } else { "live" };
        names.push(&format!(
            "{} {} {live} {trigger} {label} {}",
            run.name,
            run.status.label(),
            run.id
        ));
    }
    let mut best = names.find(query, SHOWN).best;
    best.sort_by_key(|number| order[*number].status.is_terminal());
    best.into_iter()
        .map(|number| order[number].clone())
        .collect()
}

fn row(run: &RunSummary, here: &str) -> PickerRow {
    let state = run.status.looks_like();
    let name = if run.name.is_empty() {
        &run.id
    } else {
        &run.name
    };
    let trigger = run.trigger_label.as_ref().or(run.trigger.as_ref());
    let facts = [
        Some(run.id.clone()),
        trigger.cloned(),
        run.started.map(|at| Text::from(local_date_time(at.0))),
    ];
    let facts: Vec<_> = facts.iter().flatten().map(|fact| visible(fact)).collect();
    PickerRow {
        name: visible(name).into_owned(),
        note: facts.join(" · "),
        kind: match *run.id == *here {
            true => "This run".to_owned(),
            false => run.status.label().to_owned(),
        },
        icon: Some(icon_of(state)),
        state: Some(state.as_str()),
    }
}

fn status(runs: &RunsStore, shown: usize) -> String {
    let all = runs.runs.with(Vec::len);
    match (runs.listing.get(), shown) {
        (Listing::Loading, _) => "Asking the server…".to_owned(),
        (Listing::Failed(why), _) => format!("The list is not up to date: {why}"),
        (Listing::Loaded, 0) => {
            "No run matches: names, ids, states and triggers are looked at.".to_owned()
        }
        (Listing::Loaded, shown) => format!("{shown} of {all} runs"),
    }
}
