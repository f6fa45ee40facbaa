//! One node: state, attempts, error, input, output, artifacts, as known at the playhead.

use crate::state::RunStore;
use crate::state::reactive::Memo;
use crate::view::inspector::{Section, fact};
use crate::view::parts::badge::StateBadge;
use crate::view::parts::json::pretty;
use crate::view::parts::live::{live, on};
use crate::view::parts::text::visible;
use crate::view::parts::time::{clock, short_span};
use leptos::prelude::*;
use model::attempts::Attempt;
use model::item::{Artifact, ErrorInfo};
use model::playhead::PlaybackCommand;
use model::shown::{NodeFacts, Shown};
use model::{NodeIx, shown};

/// The inspector of a node.
#[component]
pub fn NodeInspector(store: RunStore, node: NodeIx) -> impl IntoView {
    let known = Memo::new(move |_| known(&store, node));
    let state = Memo::new(move |_| {
        store
            .state()
            .node(node)
            .map(|view| view.state)
            .unwrap_or_default()
    });
    let head = store.journal_untracked(|journal| {
        let node = journal.graph().node(node)?;
        Some((
            node.label.to_string(),
            node.reference.to_string(),
            node.kind.to_string(),
        ))
    });
    let (label, reference, kind) = head.unwrap_or_default();
    let (label, reference) = (
        visible(&label).into_owned(),
        visible(&reference).into_owned(),
    );
    view! {
        <div class="inspector__head">
            <h2>{label}</h2>
            <StateBadge state=Signal::derive(move || state.get()) label=Signal::derive(move || state.get().label().to_owned()) />
        </div>
        <Section title="Status">
            <dl class="facts">
                {fact("Step", Some(reference))} {fact("Type", Some(kind))}
                {live(move || { let view = store.state().node(node).copied().unwrap_or_default(); fact("Attempt", (view.attempt > 0).then(|| view.attempt.to_string())) })}
                {live(move || { let view = store.state().node(node).copied().unwrap_or_default(); fact("Duration", view.duration(store.at()).map(|span| short_span(span.0.max(0)))) })}
                {live(move || store.journal(|journal| fact("Message", store.state().node(node).and_then(|view| view.message(journal)).map(str::to_owned))))}
                {live(move || fact("Child run", known.with(|known| known.child_run.as_ref().map(ToString::to_string))))}
            </dl>
        </Section>
        {live(move || known.with(|known| (!known.attempts.is_empty()).then(|| view! { <Attempts store attempts=known.attempts.clone() /> })))}
        {live(move || known.with(|known| known.error.clone()).map(error_section))}
        {live(move || known.with(|known| (!known.artifacts.is_empty()).then(|| view! { <Artifacts store artifacts=known.artifacts.clone() /> })))}
        {live(move || known.with(|known| json_section("Input", known.inputs.as_ref())))}
        {live(move || known.with(|known| json_section("Output", known.outputs.as_ref())))}
    }
}

fn known(store: &RunStore, node: NodeIx) -> NodeFacts {
    let (at, state) = (store.at(), store.state());
    store.journal(|journal| shown::node(journal, &state, node, at))
}

#[component]
fn Attempts(store: RunStore, attempts: Vec<Attempt>) -> impl IntoView {
    let start = untrack(|| store.extent().start);
    let row = move |attempt: Attempt| {
        let span = attempt
            .to
            .map_or_else(|| "…".to_owned(), |to| short_span((to - attempt.from).0));
        view! {
            <dt>{format!("Attempt {}", attempt.number)}</dt>
            <dd class="numbers">
                <StateBadge state=attempt.outcome label=attempt.outcome.label().to_owned() />
                " "
                <button class="button button--quiet" title="Go to its start" on:click=on(move |_| store.playback(PlaybackCommand::JumpTo(attempt.from)))>
                    {clock((attempt.from - start).0)}
                </button>
                {span}
            </dd>
        }
    };
    view! {
        <Section title="Attempts">
            <dl class="facts">{attempts.into_iter().map(row).collect_view()}</dl>
        </Section>
    }
}

fn error_section(error: ErrorInfo) -> impl IntoView {
    let fields = error.fields.clone().into_iter().map(|(field, problems)| {
        let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
        view! { <dt class="mono">{field.to_string()}</dt><dd>{problems.join("; ")}</dd> }
    });
    view! {
        <Section title="Error">
            <p class="inspector__error">{visible(&error.message).into_owned()}</p>
            <dl class="facts">
                {fact("Type", error.kind.as_ref().map(ToString::to_string))}
                {fact("Code", error.code.as_ref().map(ToString::to_string))}
                {fields.collect_view()}
            </dl>
            {error.stack.map(|stack| view! { <pre class="json" tabindex="0">{stack.to_string()}</pre> })}
            {error.details.map(|details| view! { <pre class="json" tabindex="0">{pretty(details.as_str())}</pre> })}
        </Section>
    }
}

#[component]
fn Artifacts(store: RunStore, artifacts: Vec<Artifact>) -> impl IntoView {
    let row = move |artifact: Artifact| {
        let address = store.artifact_address(&artifact.id);
        view! {
            <dt><a href=address download=artifact.name.to_string()>{visible(&artifact.name).into_owned()}</a></dt>
            <dd class="numbers muted">{format!("{} bytes", artifact.size)} " " {artifact.mime.map(|mime| mime.to_string())}</dd>
        }
    };
    view! {
        <Section title="Artifacts">
            <dl class="facts">{artifacts.into_iter().map(row).collect_view()}</dl>
        </Section>
    }
}

fn json_section(title: &'static str, shown: Option<&Shown>) -> Option<impl IntoView + use<>> {
    let shown = shown?;
    let (json, truncated) = (pretty(shown.json.as_str()), shown.truncated);
    Some(view! {
        <Section title>
            {truncated.then(|| view! { <p class="muted">"The source sent a preview only."</p> })}
            <pre class="json" tabindex="0">{json}</pre>
        </Section>
    })
}
