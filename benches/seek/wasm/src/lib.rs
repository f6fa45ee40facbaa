//! The state of a long run at an instant, as the app computes it for each seek.

use model::channel::log::Level;
use model::graph::{GraphSpec, Join, NodeSpec};
use model::item::{EventItem, EventKind, Provenance};
use model::{Item, Journal, Millis, NodeState, RunState, Stamp};
use wasm_bindgen::prelude::wasm_bindgen;

/// A run in a journal.
#[wasm_bindgen]
pub struct Run {
    journal: Journal,
}

#[wasm_bindgen]
impl Run {
    /// A run of `nodes` nodes, without events.
    #[wasm_bindgen(constructor)]
    pub fn new(nodes: u32) -> Self {
        let nodes = (0..nodes).map(|number| NodeSpec {
            reference: format!("step-{number}").into(),
            label: format!("step-{number}").into(),
            kind: "step".into(),
            join: Join::All,
            position: None,
            group: None,
        });
        let graph = GraphSpec {
            nodes: nodes.collect(),
            edges: Vec::new(),
        };
        let mut journal = Journal::default();
        journal.append([Item::Graph(Box::new(graph))]);
        Self { journal }
    }

    /// Takes events in: node, type (0 started, 1 progress, 2 completed, 3 failed) and milliseconds of each.
    pub fn append(&mut self, first: u32, nodes: &[u16], types: &[u8], times: &[f64]) {
        let events = nodes.iter().zip(types).zip(times).zip(first..);
        self.journal
            .append(events.map(|(((node, kind), at), number)| {
                Item::Event(EventItem {
                    id: number.to_string().into(),
                    node: format!("step-{node}").into(),
                    stamp: Stamp {
                        at: Millis(*at as i64),
                        nanos: 0,
                        sequence: u64::from(number),
                    },
                    kind: match kind {
                        0 => EventKind::Started,
                        1 => EventKind::Progress,
                        2 => EventKind::Completed,
                        _ => EventKind::Failed,
                    },
                    level: Level::Info,
                    attempt: 0,
                    provenance: Provenance::Observed,
                    detail: None,
                })
            }));
    }

    /// How many events are held.
    pub fn events(&self) -> usize {
        self.journal.events().len()
    }

    /// The run at an instant; how many nodes have failed then, so that the work is not left out.
    pub fn state_at(&self, millis: f64) -> u32 {
        RunState::at(&self.journal, Millis(millis as i64)).count(NodeState::Failed)
    }
}
