//! The log panel: lines up to the playhead, filtered, only the rows in view in the document.

mod ansi;
mod lines;
mod rows;
mod slot;

use crate::state::reactive::Memo;
use crate::state::{RunStore, Selection};
use crate::view::parts::empty::Empty;
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{either, flag, live, on, showing, value};
use leptos::prelude::*;
use lines::Lines;
use model::channel::log::Level;
use rows::Rows;

/// The panel.
#[component]
pub fn LogsPanel(store: RunStore, selection: Selection) -> impl IntoView {
    let upto = Memo::new(move |_| {
        let at = store.at();
        store.journal(|journal| journal.logs().upto(at))
    });
    let rows = Rows::new(store, selection, upto);
    let lines = move || upto.get();
    view! {
        <Bar selection lines rows />
        {either(move || rows.len() > 0, move || view! { <Lines rows /> }, move || view! { <NoLines lines selection /> })}
    }
}

#[component]
fn NoLines(
    lines: impl Fn() -> usize + Send + Sync + 'static,
    selection: Selection,
) -> impl IntoView {
    live(move || {
        match lines() {
        0 => view! { <Empty title="No log lines yet" hint="Lines appear here as the run's steps print them." /> }.into_any(),
        hidden => {
            let clear = move |_| {
                selection.query.set(String::new());
                selection.level.set(Level::Trace);
                selection.node.set(None);
            };
            view! {
                <div class="empty">
                    <p class="empty__title">"No line matches"</p>
                    <p>{format!("{hidden} lines are hidden by the filters.")}</p>
                    <button class="button" on:click=on(clear)>"Show all lines"</button>
                </div>
            }
            .into_any()
        }
    }
    })
}

/// Search, level, count.
#[component]
fn Bar(
    selection: Selection,
    lines: impl Fn() -> usize + Send + Sync + 'static,
    rows: Rows,
) -> impl IntoView {
    let level = move |event: leptos::ev::Event| {
        let word = event_target_value(&event);
        if let Some(level) = Level::ALL.into_iter().find(|level| level.as_str() == word) {
            selection.level.set(level);
        }
    };
    let option = move |level: Level| {
        view! {
            <option value=level.as_str() selected=flag(move || selection.level.get() == level)>
                {if level == Level::Trace { "All levels" } else { level.as_str() }}
            </option>
        }
    };
    let count = move || {
        let (shown, all) = (rows.len(), lines());
        if shown == all {
            format!("{all} lines")
        } else {
            format!("{shown} of {all} lines")
        }
    };
    view! {
        <div class="logs__bar">
            <label class="field">
                <IconView icon=Icon::Search />
                <input
                    type="search"
                    aria-label="Search this run"
                    placeholder="Search this run"
                    prop:value=value(move || selection.query.get())
                    on:input=on(move |event| selection.query.set(event_target_value(&event)))
                />
            </label>
            <select class="select" aria-label="Least level" on:change=on(level)>
                {Level::ALL.into_iter().map(option).collect_view()}
            </select>
            {showing(move || selection.node.get().is_some(), move || view! { <button class="button" title="Show the lines of all steps" on:click=on(move |_| selection.node.set(None))>
                    {live(move || selection.node.get())}
                    <IconView icon=Icon::Cross />
                </button> })}
            <span class="logs__count numbers" role="status" aria-label="Log lines shown">{live(count)}</span>
        </div>
    }
}
