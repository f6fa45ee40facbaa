//! The selected node as known at the playhead; with none selected, the run.

mod node;
mod run;

use crate::state::reactive::Memo;
use crate::state::{RunStore, Selection};
use crate::view::parts::live::live;
use crate::view::parts::text::visible;
use leptos::prelude::*;
use model::NodeIx;
use node::NodeInspector;
use run::RunInspector;

/// The panel.
#[component]
pub fn InspectorPanel(store: RunStore, selection: Selection) -> impl IntoView {
    let node: Memo<Option<NodeIx>> = Memo::new(move |_| {
        let reference = selection.node.get()?;
        store.journal(|journal| journal.graph().find(&reference))
    });
    view! {
        <section class="inspector" role="region" aria-label="Inspector">
            {live(move || match node.get() {
                Some(node) => view! { <NodeInspector store node /> }.into_any(),
                None => view! { <RunInspector store /> }.into_any(),
            })}
        </section>
    }
}

/// A collapsible section.
#[component]
fn Section(
    /// Its heading.
    title: &'static str,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    view! {
        <details open=true>
            <summary>{title}</summary>
            <div class="inspector__body">{children()}</div>
        </details>
    }
}

/// A fact and its name; without a value, nothing.
fn fact(name: &'static str, value: Option<String>) -> Option<impl IntoView> {
    value.filter(|value| !value.is_empty()).map(
        |value| view! { <dt>{name}</dt><dd class="numbers">{visible(&value).into_owned()}</dd> },
    )
}
