//! What agents say, think and do, up to the playhead.

use crate::state::reactive::Memo;
use crate::state::{RunStore, Selection};
use crate::view::parts::badge::StateBadge;
use crate::view::parts::empty::Empty;
use crate::view::parts::json::pretty;
use crate::view::parts::live::{either, live};
use crate::view::parts::missing::missing_note;
use crate::view::parts::time::short_span;
use leptos::prelude::*;
use model::channel::agent::{Outcome, Part, ToolCall, Voice};
use model::missing::Track;
use model::{NodeState, shown};

/// One agent's run as shown.
#[derive(Clone, PartialEq)]
struct Transcript {
    id: String,
    node: String,
    /// What of it never came, or is gone.
    missing: Option<String>,
    parts: Vec<Part>,
}

/// The panel.
#[component]
pub fn AgentPanel(store: RunStore, selection: Selection) -> impl IntoView {
    // Of every agent's run only its length is compared: a transcript changes when a chunk is added.
    let lengths = Memo::new(move |_| {
        let (at, _) = (store.at(), selection.node.get());
        store.journal(|journal| {
            journal
                .agents()
                .runs()
                .map(|run| run.upto(at))
                .collect::<Vec<_>>()
        })
    });
    let transcripts = Memo::new(move |_| {
        lengths.with(|_| ());
        transcripts(&store, &selection)
    });
    view! {
        <section class="agent" role="region" aria-label="Agent">
            {either(move || transcripts.with(|transcripts| !transcripts.is_empty()), move || view! { {live(move || transcripts.get().into_iter().map(transcript).collect_view())} }, || view! {
                    <Empty title="No agent has spoken yet" hint="Text, reasoning and tool calls of agent steps appear here." />
                })}
        </section>
    }
}

fn transcripts(store: &RunStore, selection: &Selection) -> Vec<Transcript> {
    let (at, selected) = (untrack(|| store.at()), selection.node.get());
    store.journal(|journal| {
        let chosen = selected.and_then(|reference| journal.graph().find(&reference));
        let transcript = |shown::Transcript { run, parts }| Transcript {
            id: run.id.to_string(),
            node: journal
                .graph()
                .node(run.node)
                .map(|node| node.label.to_string())
                .unwrap_or_default(),
            missing: journal.missing().incomplete().find_map(|(track, numbers)| {
                let own = matches!(&track, Track::Agent(id) if *id == run.id);
                missing_note(numbers, ("part", "parts")).filter(|_| own)
            }),
            parts,
        };
        let shown = shown::transcripts(journal, chosen, at).into_iter();
        shown.map(transcript).collect()
    })
}

fn transcript(transcript: Transcript) -> impl IntoView {
    view! {
        <div class="agent__run">
            <h2 title=transcript.id>{transcript.node}</h2>
            {transcript.missing.map(|missing| view! { <p class="agent__note numbers">{missing}</p> })}
            {transcript.parts.into_iter().map(part).collect_view()}
        </div>
    }
}

fn part(part: Part) -> AnyView {
    match part {
        Part::Said {
            voice,
            text,
            headless,
            open,
            ..
        } => {
            let voice = match voice {
                Voice::Text => "text",
                Voice::Reasoning => "reasoning",
            };
            let caret = if open { "▍" } else { "" };
            view! {
                <div class="agent__said" data-voice=voice>
                    {headless.then(|| view! { <p class="agent__note">"The beginning is missing."</p> })}
                    {text} {caret}
                </div>
            }
            .into_any()
        }
        Part::Tool(call) => tool(call).into_any(),
        Part::Error { message, .. } => {
            view! { <p class="inspector__error" role="alert">{message.to_string()}</p> }.into_any()
        }
        Part::Ended { how, .. } => {
            view! { <p class="agent__note">{format!("Ended: {how}")}</p> }.into_any()
        }
        Part::Other { kind, raw, .. } => view! {
            <details class="agent__tool">
                <summary class="mono">{kind.to_string()}</summary>
                <div class="agent__tool-body"><pre class="json" tabindex="0">{pretty(raw.as_str())}</pre></div>
            </details>
        }
        .into_any(),
    }
}

fn tool(call: ToolCall) -> impl IntoView {
    let (state, label) = match &call.outcome {
        Outcome::Running(_) => (NodeState::Running, "Running"),
        Outcome::Done(_) => (NodeState::Success, "Done"),
        Outcome::Failed(_) => (NodeState::Failed, "Failed"),
        Outcome::Denied => (NodeState::Blocked, "Denied"),
    };
    let output = match &call.outcome {
        Outcome::Running(output) => output.as_ref().map(|output| pretty(output.as_str())),
        Outcome::Done(output) => Some(pretty(output.as_str())),
        Outcome::Failed(message) => Some(message.to_string()),
        Outcome::Denied => None,
    };
    let span = call.ended.map(|ended| short_span((ended - call.at).0));
    view! {
        <details class="agent__tool" open=true>
            <summary>
                <strong class="mono">{call.tool.to_string()}</strong>
                <StateBadge state label=label.to_owned() />
                <span class="muted numbers">{span}</span>
            </summary>
            <div class="agent__tool-body">
                <pre class="json" tabindex="0" aria-label="Input">{pretty(&call.input)}</pre>
                {output.map(|output| view! { <pre class="json" tabindex="0" aria-label="Output">{output}</pre> })}
            </div>
        </details>
    }
}
