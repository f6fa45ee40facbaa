//! What was received and not understood: how often, since when, and how it began. Text, never markup.

use crate::state::RunStore;
use crate::state::reactive::Memo;
use crate::state::time::local_date_time;
use crate::view::connection::words::count;
use crate::view::parts::live::{live, showing};
use crate::view::parts::text::visible;
use leptos::prelude::*;
use model::problem::{Noted, Problems};

/// Any text longer than this is cut here: the list is to be read, not to hold what was sent.
const SHOWN_CHARACTERS: usize = 300;

/// The count, and the latest, the last one first.
#[component]
pub fn ProblemList(store: RunStore) -> impl IntoView {
    let head = Memo::new(move |_| store.recorded(|journal| told(journal.problems())));
    let latest = move || {
        store.recorded(|journal| {
            let latest = journal.problems().latest.iter().rev();
            latest.cloned().collect::<Vec<_>>()
        })
    };
    let key = |noted: &Noted| {
        (
            noted.problem.place.clone(),
            noted.problem.what.clone(),
            noted.times,
        )
    };
    view! {
        <h3 class="details__title">"Problems"</h3>
        <p class="numbers">{live(move || head.get())}</p>
        {showing(move || store.recorded(|journal| journal.problems().count > 0), move || view! { <ul class="details__problems" aria-label="Problems" tabindex="0">
                <For each=latest key=key let:noted>
                    <ProblemItem noted />
                </For>
            </ul> })}
    }
}

#[component]
fn ProblemItem(noted: Noted) -> impl IntoView {
    let Noted {
        problem,
        times,
        first,
        last,
    } = noted;
    let dates = match times {
        1 => local_date_time(last.0),
        _ => format!(
            "{times} times, first {}, last {}",
            local_date_time(first.0),
            local_date_time(last.0)
        ),
    };
    let excerpt = (!problem.excerpt.is_empty()).then(|| cut(&problem.excerpt));
    view! {
        <li>
            <p><strong>{cut(&problem.place)}</strong> ": " {cut(&problem.what)}</p>
            <p class="muted numbers">{dates}</p>
            {excerpt.map(|excerpt| view! { <code>{excerpt}</code> })}
        </li>
    }
}

/// The beginning, as text that hides nothing.
fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", visible(&text[..end])),
        None => visible(text).into_owned(),
    }
}

fn told(problems: &Problems) -> String {
    let all = usize::try_from(problems.count).unwrap_or(usize::MAX);
    let forgotten = match problems.forgotten() {
        0 => String::new(),
        forgotten => format!(" Of {forgotten} only the number is kept."),
    };
    match all {
        0 => "Everything that was received was understood.".to_owned(),
        _ => format!(
            "{} received and not understood.{forgotten}",
            count(all, "thing was", "things were")
        ),
    }
}
