//! Log lines in the order they came: the last of each node, and the last of all as an operation
//! accumulates them.

use contract::operations::{LOG_LIMIT_BYTES, LOG_TAIL_LINES, TRUNCATION_MARKER};
use model::Text;
use std::collections::{HashMap, VecDeque};

/// The lines of a run that answers show. All others are in the store.
#[derive(Debug, Default)]
pub(crate) struct Logs {
    nodes: HashMap<Text, NodeLog>,
    bytes: usize,
    /// As an operation's log.
    pub(crate) operation: Accumulated,
}

/// Bytes of messages that a run's view shows at most; beyond, the nodes with most lose their oldest.
pub(crate) const SHOWN_BYTES: usize = 4 << 20;
/// What a line takes beside its text.
const LINE: usize = 32;

#[derive(Debug, Default)]
struct NodeLog {
    lines: VecDeque<Text>,
    bytes: usize,
    count: i64,
    /// Bytes that went into the operation's log.
    accumulated: usize,
    /// The marker stands: nothing follows.
    full: bool,
}

/// A log as an operation accumulates it: each node up to [`LOG_LIMIT_BYTES`], then the marker.
#[derive(Debug, Default)]
pub(crate) struct Accumulated {
    /// The last lines, oldest first.
    pub(crate) last: VecDeque<Text>,
    /// All lines, markers included.
    pub(crate) count: i64,
    /// Whether a marker stands.
    pub(crate) truncated: bool,
}

impl Accumulated {
    fn push(&mut self, line: Text) {
        self.count += 1;
        self.last.push_back(line);
        if self.last.len() > LOG_TAIL_LINES {
            self.last.pop_front();
        }
    }
}

impl Logs {
    /// Takes the next line; `node` is empty where the line is the run's own.
    pub(crate) fn push(&mut self, node: &Text, line: Text) {
        let log = self.nodes.entry(node.clone()).or_default();
        log.count += 1;
        if !log.full && log.accumulated + line.len() > LOG_LIMIT_BYTES {
            log.full = true;
            self.operation.truncated = true;
            self.operation.push(TRUNCATION_MARKER.into());
        } else if !log.full {
            log.accumulated += line.len();
            self.operation.push(line.clone());
        }
        log.bytes += line.len() + LINE;
        self.bytes += line.len() + LINE;
        log.lines.push_back(line);
        if self.bytes > SHOWN_BYTES {
            self.trim();
        }
    }

    /// The last lines of a node, oldest first, and how many it has in all.
    pub(crate) fn of(&self, node: &str) -> (impl Iterator<Item = &Text>, i64) {
        let log = self.nodes.get(node);
        let count = log.map_or(0, |log| log.count);
        (log.into_iter().flat_map(|log| &log.lines), count)
    }

    /// Bytes held, roughly.
    pub(crate) fn bytes(&self) -> usize {
        let last: usize = self.operation.last.iter().map(|line| line.len()).sum();
        self.bytes + last + self.nodes.len() * 200
    }

    /// To half of what may be shown, so that it is seldom to be done; those with little keep it.
    fn trim(&mut self) {
        let level = SHOWN_BYTES / 2 / self.nodes.len().max(1);
        self.bytes = 0;
        for log in self.nodes.values_mut() {
            while log.bytes > level
                && let Some(line) = log.lines.pop_front()
            {
                log.bytes -= line.len() + LINE;
            }
            self.bytes += log.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(bytes: usize) -> Text {
        "x".repeat(bytes).into()
    }

    #[test]
    fn an_operations_log_is_cut_at_the_byte_for_each_node_by_itself() {
        for (over, want) in [(0, 3), (1, 3)] {
            let mut logs = Logs::default();
            let (a, b): (Text, Text) = ("a".into(), "b".into());
            logs.push(&a, line(LOG_LIMIT_BYTES - 10));
            logs.push(&a, line(10 + over));
            logs.push(&b, "other".into());
            assert_eq!(logs.operation.truncated, over > 0);
            assert_eq!(logs.operation.count, want);
            let marker = &*logs.operation.last[1] == TRUNCATION_MARKER;
            assert_eq!(marker, over > 0);
            // Behind the marker nothing of that node, however short.
            logs.push(&a, "s".into());
            logs.push(&b, "more".into());
            let count = if over > 0 { 4 } else { 5 };
            assert_eq!(logs.operation.count, count);
            assert!(logs.operation.truncated);
            assert_eq!(logs.of("a").1, 3);
        }
    }

    #[test]
    fn the_last_lines_stay_and_quiet_nodes_keep_theirs() {
        let mut logs = Logs::default();
        let (loud, quiet): (Text, Text) = ("loud".into(), "quiet".into());
        logs.push(&quiet, "hush".into());
        for number in 0..100_000 {
            logs.push(&loud, format!("{number:0100}").into());
            assert!(logs.bytes <= SHOWN_BYTES);
        }
        assert_eq!(logs.of("quiet").0.count(), 1);
        let (lines, count) = logs.of("loud");
        let lines: Vec<_> = lines.collect();
        assert_eq!(count, 100_000);
        assert!(lines.len() > 10_000 && lines.len() < 40_000);
        assert!(lines.last().unwrap().ends_with("099999"));
        assert_eq!(logs.operation.last.len(), LOG_TAIL_LINES);
    }
}
