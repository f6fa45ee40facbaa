//! The run itself: ids, trigger, input, artifacts, and what could not be read.

use crate::state::RunStore;
use crate::state::reactive::Memo;
use crate::view::inspector::{Section, fact};
use crate::view::parts::json::pretty;
use crate::view::parts::live::{live, showing};
use leptos::prelude::*;
use model::problem::Problem;

/// The inspector of the run.
#[component]
pub fn RunInspector(store: RunStore) -> impl IntoView {
    let name = move || store.journal(|journal| journal.info().name.clone());
    let facts = move || {
        store.journal(|journal| {
            let info = journal.info();
            view! {
                <dl class="facts">
                    {fact("Run", Some(info.id.clone()))}
                    {fact("Workflow", Some(info.workflow_id.clone()))}
                    {fact("Version", info.version.map(|version| version.to_string()))}
                    {fact("Trigger", info.trigger.as_ref().map(ToString::to_string))}
                    {fact("Started by", info.trigger_label.as_ref().map(ToString::to_string))}
                    {fact("Parent run", info.parent_run.as_ref().map(ToString::to_string))}
                    {fact("Records", Some(journal.records().to_string()))}
                </dl>
            }
        })
    };
    let input = move || {
        store.journal(|journal| {
            journal
                .info()
                .input
                .as_ref()
                .map(|input| pretty(input.as_str()))
        })
    };
    let problems = Memo::new(move |_| {
        store.journal(|journal| (journal.problems().count, journal.problems().latest.clone()))
    });
    view! {
        <div class="inspector__head"><h2>{name}</h2></div>
        <p class="muted">"Select a step on the graph, in the tree or on the timeline to inspect it."</p>
        <Section title="Run">{facts}</Section>
        {live(move || input().map(|input| view! { <Section title="Input"><pre class="json" tabindex="0">{input}</pre></Section> }))}
        {showing(move || problems.with(|(count, _)| *count > 0), move || view! { <Section title="Problems">
                <p>{live(move || format!("{} things were received and not understood.", problems.with(|(count, _)| *count)))}</p>
                <dl class="facts">{live(move || problems.get().1.into_iter().rev().take(20).map(|noted| problem(noted.problem)).collect_view())}</dl>
            </Section> })}
    }
}

fn problem(problem: Problem) -> impl IntoView {
    view! {
        <dt>{problem.place.to_string()}</dt>
        <dd>{problem.what.to_string()} " " <code class="muted">{problem.excerpt.to_string()}</code></dd>
    }
}
