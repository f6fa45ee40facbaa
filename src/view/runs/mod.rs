//! The list of runs: newest first, live, searchable.

use crate::state::RunsStore;
use crate::state::reactive::Memo;
use crate::state::runs_store::{LISTED, Listing};
use crate::state::time::local_date_time;
use crate::view::parts::badge::StateBadge;
use crate::view::parts::empty::Empty;
use crate::view::parts::icon::{Icon, IconView};
use crate::view::parts::live::{live, on, value};
use crate::view::parts::logo::Logo;
use crate::view::parts::text::visible;
use crate::view::parts::time::short_span;
use leptos::prelude::*;
use model::run::RunSummary;
use model::{NodeState, Span, Text};

/// Head, search, rows.
#[component]
pub fn RunsList(store: RunsStore) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let shown = Memo::new(move |_| {
        let query = query.get().to_lowercase();
        store.runs.with(|runs| {
            runs.iter()
                .filter(|run| matches(run, &query))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    view! {
        <header class="runs__head">
            <div class="runs__brand">
                <Logo />
                <h1>"Runs"</h1>
                <span class="muted numbers">
                    {live(move || match store.runs.with(Vec::len) {
                        LISTED.. => format!("the newest {LISTED}"),
                        count => count.to_string(),
                    })}
                </span>
            </div>
            <label class="field">
                <IconView icon=Icon::Search />
                <input
                    type="search"
                    aria-label="Search runs"
                    placeholder="Name, id, trigger or status"
                    prop:value=value(move || query.get())
                    on:input=on(move |event| query.set(event_target_value(&event)))
                />
            </label>
            <a class="button" href="open">"Open a file"</a>
        </header>
        <Notice store />
        {live(move || match (store.listing.get(), shown.with(Vec::is_empty), query.with(String::is_empty)) {
            (Listing::Loading, true, _) => view! { <Skeleton /> }.into_any(),
            (_, true, false) => view! { <Empty title="No run matches" hint="Search looks at names, ids, triggers and statuses." /> }.into_any(),
            (_, true, true) => view! {
                <Empty title="No runs yet" hint="Start one with: runreel exec examples/build-and-check.toml" />
            }.into_any(),
            (_, false, _) => view! {
                <ul class="runs__list" aria-label="Runs">
                    <For each=move || shown.get() key=row_key let:run><Row run /></For>
                </ul>
            }.into_any(),
        })}
    }
}

/// What went wrong with the list, while what is known stays below.
#[component]
fn Notice(store: RunsStore) -> impl IntoView {
    live(move || match store.listing.get() {
        Listing::Failed(why) => Some(view! {
            <p class="banner runs__notice" role="alert" data-state="failed">
                <IconView icon=Icon::Warning />
                <span class="banner__reason">"The list could not be brought up to date; trying again every 2 s."</span>
                <span>{why}</span>
            </p>
        }),
        _ => None,
    })
}

#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="runs__list" aria-busy="true" aria-label="Loading runs">
            {(0..6).map(|_| view! { <div class="skeleton runs__skeleton"></div> }).collect_view()}
        </div>
    }
}

#[component]
fn Row(run: RunSummary) -> impl IntoView {
    let state: NodeState = run.status.looks_like();
    let label = run.status.label().to_owned();
    let trigger = run
        .trigger_label
        .or(run.trigger)
        .map(|trigger| trigger.to_string());
    let duration = run.duration.map(|span| short_span(span.0));
    let started = run.started.map(|at| local_date_time(at.0));
    let id = run.id.to_string();
    let name = if run.name.is_empty() {
        id.clone()
    } else {
        visible(&run.name).into_owned()
    };
    let shown_id = id.clone();
    let address = format!("runs/{}", encode(&id));
    view! {
        <li>
            <a class="runs__row" href=address data-run=id>
                <span><StateBadge state label /></span>
                <span>
                    <span class="runs__name">{name}</span>
                    <span class="runs__id">{shown_id}</span>
                </span>
                <span class="runs__cell">{trigger}</span>
                <span class="runs__cell numbers">{duration}</span>
                <span class="runs__cell numbers">{started}</span>
            </a>
        </li>
    }
}

/// A row is drawn anew when what it shows has changed.
fn row_key(run: &RunSummary) -> (Text, String, Option<Span>) {
    (run.id.clone(), run.status.as_str().to_owned(), run.duration)
}

fn matches(run: &RunSummary, query: &str) -> bool {
    let texts = [&*run.name, &*run.id, run.status.as_str()];
    let triggers = [run.trigger.as_deref(), run.trigger_label.as_deref()];
    let mut all = texts.into_iter().chain(triggers.into_iter().flatten());
    query.is_empty() || all.any(|text| text.to_lowercase().contains(query))
}

/// An id as one segment of a path.
fn encode(id: &str) -> String {
    let mut encoded = String::with_capacity(id.len());
    for byte in id.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte))
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_stay_one_segment() {
        assert_eq!(super::encode("run-1.a"), "run-1.a");
        assert_eq!(super::encode("a/b?c#é"), "a%2Fb%3Fc%23%C3%A9");
    }
}
