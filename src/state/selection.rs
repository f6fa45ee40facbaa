//! What a person looks at: a node, a panel, a filter.

use crate::state::timeline_view::TimelineView;
use leptos::prelude::*;
use model::channel::log::Level;

/// The panels beside the graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tab {
    /// Log lines.
    #[default]
    Logs,
    /// The selected node's terminal.
    Terminal,
    /// What agents say.
    Agent,
    /// The selected node, or the run.
    Inspector,
}

impl Tab {
    /// All panels, in order.
    pub const ALL: [Self; 4] = [Self::Logs, Self::Terminal, Self::Agent, Self::Inspector];

    /// The word for links.
    pub fn key(self) -> &'static str {
        match self {
            Self::Logs => "logs",
            Self::Terminal => "terminal",
            Self::Agent => "agent",
            Self::Inspector => "inspector",
        }
    }

    /// The word for a person.
    pub fn label(self) -> &'static str {
        match self {
            Self::Logs => "Logs",
            Self::Terminal => "Terminal",
            Self::Agent => "Agent",
            Self::Inspector => "Inspector",
        }
    }

    /// Reads a link's word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.key() == key)
    }
}

/// The person's choices, one signal each.
#[derive(Clone, Copy)]
pub struct Selection {
    /// Reference of the selected node: by name, so that it outlives a reload of the graph.
    pub node: RwSignal<Option<String>>,
    /// The panel shown.
    pub tab: RwSignal<Tab>,
    /// What is searched for.
    pub query: RwSignal<String>,
    /// The least level of log lines shown.
    pub level: RwSignal<Level>,
    /// What is chosen on the timeline.
    pub timeline: TimelineView,
}

impl Selection {
    /// Nothing chosen.
    pub fn new() -> Self {
        Self {
            node: RwSignal::new(None),
            tab: RwSignal::new(Tab::default()),
            query: RwSignal::new(String::new()),
            level: RwSignal::new(Level::Trace),
            timeline: TimelineView::new(),
        }
    }

    /// Selects a node, or unselects it when it is selected.
    pub fn toggle_node(&self, reference: &str) {
        self.node.update(|node| {
            *node = match node.as_deref() {
                Some(known) if known == reference => None,
                _ => Some(reference.to_owned()),
            };
        });
    }
}
