//! The log panel: lines up to the playhead, filtered, only the rows in view in the document.

mod ansi;
mod rows;

use crate::dom::canvas::Resized;
use crate::dom::frame::{self, Turn, Wants};
use crate::state::reactive::{Memo, effect};
use crate::state::{RunStore, Selection};
use crate::view::parts::empty::Empty;
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{either, flag, live, on, showing, value};
use leptos::html;
use leptos::prelude::*;
use model::channel::log::Level;
use rows::{ROW, Rows};

/// Rows kept above and below those in view.
const OVERSCAN: usize = 12;

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

/// The rows. They follow the end until the reader scrolls away from it.
#[component]
fn Lines(rows: Rows) -> impl IntoView {
    let view = NodeRef::<html::Div>::new();
    let scroll = RwSignal::new((0.0_f64, 400.0_f64));
    let follows = RwSignal::new(true);
    let measure = move || {
        if let Some(view) = view.get_untracked() {
            let (top, height) = (
                f64::from(view.scroll_top()),
                f64::from(view.client_height()),
            );
            if scroll.get_untracked() != (top, height) {
                scroll.set((top, height));
            }
        }
    };
    let on_scroll = move |_| {
        measure();
        let (top, height) = scroll.get_untracked();
        let end = rows.len_untracked() as f64 * ROW;
        follows.set(top + height >= end - ROW);
    };
    let held = StoredValue::new_local(None);
    effect(move || {
        if let Some(view) = view.get() {
            held.set_value(Some(Resized::watch(&view, measure)));
        }
    });
    // To the end with the frame, when the rows are in the document: to scroll before would lay the page
    // out twice.
    let turn = frame::subscribe(Turn::Paint, move |_| {
        if let (true, Some(view)) = (follows.get_untracked(), view.get_untracked()) {
            view.set_scroll_top((rows.len_untracked() as f64 * ROW) as i32);
        }
        Wants::Rest
    });
    let turn = StoredValue::new_local(Some(turn));
    on_cleanup(move || {
        turn.try_set_value(None);
    });
    effect(move || {
        rows.len();
        if follows.get() {
            frame::request();
        }
    });
    let window = Memo::new(move |_| {
        let ((top, height), count) = (scroll.get(), rows.len());
        let top = match follows.get() {
            true => (count as f64 * ROW - height).max(0.0),
            false => top,
        };
        let first = ((top / ROW) as usize).saturating_sub(OVERSCAN).min(count);
        let last = (((top + height) / ROW) as usize + 1 + OVERSCAN).min(count);
        first..last
    });
    let shown = move || {
        rows.len();
        window.get().map(|row| rows.line(row)).collect_view()
    };
    view! {
        <div class="logs__view">
            <div class="logs__scroll" role="log" aria-label="Logs" tabindex="0" node_ref=view on:scroll=on(on_scroll)>
                <div class="logs__space" style:height=move || format!("{}px", rows.len() as f64 * ROW)>
                    {live(shown)}
                </div>
            </div>
            {showing(move || !follows.get(), move || view! { <button class="button logs__follow" on:click=on(move |_| follows.set(true))>
                    <IconView icon=Icon::Down />
                    "Follow the end"
                </button> })}
        </div>
    }
}
