//! Stored records into facts, by the same decoder that reads a reel: one reading for all.

use crate::json;
use crate::store::StoredRecord;
use contract::reel::Kind;
use contract::studio::TraceEvent;
use model::{Item, Text};
use serde::Deserialize;
use source::reel;

/// Decodes records; names that repeat are held once.
#[derive(Debug, Default)]
pub(crate) struct Decode(reel::Reader);

impl Decode {
    /// What a record says.
    pub(crate) fn record(&mut self, record: &StoredRecord) -> Vec<Item> {
        self.line(&json::prepend("kind", record.kind.as_str(), &record.body))
    }

    /// What a header's `run` and `graph`, both JSON, say.
    pub(super) fn header(&mut self, run: &str, graph: Option<&str>) -> Vec<Item> {
        let graph = graph.map_or_else(String::new, |graph| format!(",\"graph\":{graph}"));
        self.line(&format!("{{\"reel\":1,\"run\":{run}{graph}}}"))
    }

    /// What a graph, which is JSON, says.
    pub(super) fn graph(&mut self, graph: &str) -> Vec<Item> {
        self.line(&json::prepend("kind", Kind::Graph.as_str(), graph))
    }

    fn line(&mut self, line: &str) -> Vec<Item> {
        let mut batch = self.0.feed(line.as_bytes());
        batch.extend(self.0.feed(b"\n"));
        for problem in &batch.problems {
            // It was checked when it came; what is left are words that nobody knows.
            tracing::debug!(place = %problem.place, what = %problem.what, "a record is not wholly understood");
        }
        batch.items
    }
}

/// What an event says of further attempts; the model does not keep it.
pub(crate) struct RetryPolicy {
    node: String,
    /// How many attempts there may be in all, where it says so.
    pub(crate) most: Option<u32>,
}

impl RetryPolicy {
    /// The node, and how many attempts it may have.
    pub(super) fn of_node(self) -> Option<(Text, u32)> {
        Some((self.node.into(), self.most?))
    }
}

/// The retry policy that an event carries.
pub(crate) fn retry_policy(record: &StoredRecord) -> Option<RetryPolicy> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Policy {
        #[serde(alias = "maximumAttempts")]
        max_attempts: Option<u32>,
    }
    // Few events have one: the others are not read twice.
    if record.kind != Kind::Trace || !record.body.contains("\"retryPolicy\"") {
        return None;
    }
    let event: TraceEvent = serde_json::from_str(&record.body).ok()?;
    let policy = event.metadata?.retry_policy?;
    let policy: Option<Policy> = serde_json::from_str(policy.get()).ok();
    Some(RetryPolicy {
        node: event.node_id,
        most: policy.and_then(|policy| policy.max_attempts),
    })
}
