//! One run as it stands, lent to whoever answers.

use super::held::Held;
use crate::json::{self, Object};
use crate::run_view::RunView;
use model::graph::Origin;
use model::{Graph, Journal, Millis, NodeIx, NodeView, RunState};
use serde::Serialize;
use tokio::sync::OwnedMutexGuard;

/// A run's account and its projection as of the same arrival. While it is held, others who ask for
/// the run wait: no answer is sent meanwhile.
pub(crate) struct Current {
    /// The account.
    pub(crate) view: RunView,
    pub(super) held: OwnedMutexGuard<Held>,
}

/// A step: a node that is there.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    /// Its number.
    pub(crate) node: NodeIx,
    /// What records call it.
    pub(crate) key: &'a model::Text,
    /// How it stands.
    pub(crate) stands: &'a NodeView,
}

impl Current {
    pub(super) fn new(view: RunView, held: OwnedMutexGuard<Held>) -> Self {
        Self { view, held }
    }

    /// All facts.
    pub(crate) fn journal(&self) -> &Journal {
        &self.held.journal
    }

    /// Nodes and edges.
    pub(crate) fn graph(&self) -> &Graph {
        self.held.journal.graph()
    }

    /// Grows with every graph.
    pub(crate) fn drawn(&self) -> u64 {
        self.held.drawn
    }

    /// The run at its end, as far as it goes.
    pub(crate) fn state(&self) -> Option<&RunState> {
        self.held.state.as_ref()
    }

    /// All steps, in the graph's order, then those that only records name.
    pub(crate) fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        let views = self.state().map_or(&[][..], |state| &state.nodes);
        let nodes = self.graph().nodes().iter().zip(views).zip(0..);
        nodes
            .filter(|((_, stands), _)| stands.present)
            .map(|((node, stands), number)| Step {
                node: NodeIx(number),
                key: &node.reference,
                stands,
            })
    }

    /// A step by its key.
    pub(crate) fn step(&self, key: &str) -> Option<Step<'_>> {
        let node = self.graph().find(key)?;
        let stands = self.state()?.node(node).filter(|stands| stands.present)?;
        let key = &self.graph().node(node)?.reference;
        Some(Step { node, key, stands })
    }

    /// Keys of the steps that come right before this one.
    pub(crate) fn dependencies(&self, node: NodeIx) -> Vec<String> {
        let graph = self.graph();
        let parents = graph.parents(node).iter();
        parents
            .filter_map(|parent| Some(graph.node(*parent)?.reference.to_string()))
            .collect()
    }

    /// What people call a step.
    pub(crate) fn label(&self, node: NodeIx) -> String {
        let node = self.graph().node(node);
        node.map_or_else(String::new, |node| node.label.to_string())
    }

    /// Whether the graph names the step.
    pub(crate) fn is_drawn(&self, node: NodeIx) -> bool {
        let node = self.graph().node(node);
        node.is_some_and(|node| node.origin == Origin::Graph)
    }

    /// Why the run ended badly, for a person; none where it did not.
    pub(crate) fn failure(&self) -> Option<String> {
        let state = self.state()?;
        let stated = state.failure.as_ref().map(|it| it.reason.to_string());
        let failed = || {
            let step = self.failed()?;
            let event = step.stands.failure(self.journal())?;
            let detail = event.detail.as_ref()?;
            let said = detail.error.as_ref().map(|error| error.message.to_string());
            said.or_else(|| detail.message.as_ref().map(|it| it.to_string()))
        };
        stated.filter(|reason| !reason.is_empty()).or_else(failed)
    }

    /// The first step that failed.
    pub(crate) fn failed(&self) -> Option<Step<'_>> {
        self.steps()
            .find(|step| step.stands.state == model::NodeState::Failed)
    }

    /// A field of the account's status, as start and end.
    pub(crate) fn instants(&self) -> Instants {
        let status = self.view.api_status();
        let of = |name| json::text(&status, name).map(str::to_owned);
        Instants {
            started: of("startedAt").unwrap_or_default(),
            updated: of("updatedAt").unwrap_or_default(),
            ended: of("completedAt"),
        }
    }
}

/// When a run started, was last heard of, and ended; ISO 8601.
pub(crate) struct Instants {
    pub(crate) started: String,
    pub(crate) updated: String,
    pub(crate) ended: Option<String>,
}

/// An instant as written.
pub(crate) fn instant(at: Millis) -> String {
    contract::time::format_millis(at.0)
}

/// A wire type as JSON. It cannot fail for what we make; should it, the answer lacks it and the log
/// says so.
pub(crate) fn raw(value: &impl Serialize) -> Option<contract::Json> {
    serde_json::value::to_raw_value(value)
        .inspect_err(|error| tracing::error!(%error, "a message cannot be written"))
        .ok()
}

/// As [`raw`], as text.
pub(crate) fn text(value: &impl Serialize) -> String {
    raw(value).map_or_else(|| "null".to_owned(), |raw| raw.get().to_owned())
}

/// JSON of the store as a wire field; null is none.
pub(crate) fn field(json: &str) -> Option<contract::Json> {
    let raw = serde_json::value::RawValue::from_string(json.to_owned());
    raw.ok().filter(|raw| raw.get() != "null")
}

/// A value of an object as a wire field.
pub(crate) fn member(object: &Object, name: &str) -> Option<contract::Json> {
    object.get(name).filter(|it| !it.is_null()).and_then(raw)
}
