//! The numbers and instants that make each record of a run one of its kind.

use contract::studio::Stream;
use std::collections::HashMap;

/// Counters of one run.
#[derive(Debug, Default)]
pub(crate) struct Sequences {
    trace: u64,
    log: i64,
    artifact: u64,
    latest: i64,
    terminals: HashMap<(String, Stream), Terminal>,
    agents: HashMap<String, i64>,
}

/// The last chunk of a node's stream.
#[derive(Clone, Copy, Debug, Default)]
struct Terminal {
    index: i64,
    at: i64,
}

impl Sequences {
    /// `now`, or the latest instant given out where the clock went back: records stay in order.
    pub(crate) fn instant(&mut self, now: i64) -> i64 {
        self.latest = self.latest.max(now);
        self.latest
    }

    /// Ids of lifecycle events: 1, 2, 3, …
    pub(crate) fn trace_id(&mut self) -> u64 {
        self.trace += 1;
        self.trace
    }

    /// Sequence of log lines: 1, 2, 3, …
    pub(crate) fn log(&mut self) -> i64 {
        self.log += 1;
        self.log
    }

    /// Counts artifacts.
    pub(crate) fn artifact(&mut self) -> u64 {
        self.artifact += 1;
        self.artifact
    }

    /// Index, instant and distance to the chunk before of the next chunk of `stream` of `node`.
    /// The index goes on over attempts; instants differ by 1 ms at least (contract A.8).
    pub(crate) fn terminal(&mut self, node: &str, stream: Stream, now: i64) -> (i64, i64, i64) {
        let last = self.terminals.entry((node.to_owned(), stream)).or_default();
        let at = if last.index == 0 {
            now
        } else {
            now.max(last.at + 1)
        };
        let delta = if last.index == 0 { 0 } else { at - last.at };
        *last = Terminal {
            index: last.index + 1,
            at,
        };
        (last.index, at, delta)
    }

    /// Sequence of an agent's parts, from 1.
    pub(crate) fn agent(&mut self, agent_run: &str) -> i64 {
        let last = match self.agents.get_mut(agent_run) {
            Some(last) => last,
            None => self.agents.entry(agent_run.to_owned()).or_default(),
        };
        *last += 1;
        *last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_never_share_a_millisecond() {
        let mut sequences = Sequences::default();
        let mut chunk = |node, now| sequences.terminal(node, Stream::Pty, now);
        assert_eq!(chunk("a", 100), (1, 100, 0));
        assert_eq!(chunk("a", 100), (2, 101, 1));
        assert_eq!(chunk("a", 90), (3, 102, 1), "a clock that went back");
        assert_eq!(chunk("b", 100), (1, 100, 0), "each node counts for itself");
        assert_eq!(chunk("a", 200), (4, 200, 98));
    }

    #[test]
    fn instants_never_go_back() {
        let mut sequences = Sequences::default();
        let given = [5, 7, 6, 8].map(|now| sequences.instant(now));
        assert_eq!(given, [5, 7, 7, 8]);
    }
}
