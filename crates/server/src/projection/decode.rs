//! Stored records into facts, by the same decoder that reads a reel: one reading for all.

use crate::json;
use crate::store::StoredRecord;
use contract::reel::Kind;
use model::Item;
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
