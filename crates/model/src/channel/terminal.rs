//! The terminal channel: for each node, the bytes its process wrote, cut at any instant.

use crate::channel::sorted::{Inserted, Placed, Sorted};
use crate::graph::NodeIx;
use crate::time::{Millis, Stamp};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Which descriptor wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TerminalStream {
    /// A pseudo-terminal: everything, with colours and cursor movements.
    Pty,
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Bytes written at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk {
    /// When; its sequence is the chunk's index at the source.
    pub stamp: Stamp,
    /// Who wrote it.
    pub stream: TerminalStream,
    /// As written.
    pub bytes: Box<[u8]>,
    /// Columns and rows from here on.
    pub size: Option<(u16, u16)>,
}

impl Placed for Chunk {
    fn place(&self, other: &Self) -> Ordering {
        self.stamp
            .cmp(&other.stamp)
            .then_with(|| self.stream.cmp(&other.stream))
    }
}

/// The terminal of one node: its streams merged by time.
#[derive(Clone, Debug, Default)]
pub struct Terminal {
    chunks: Sorted<Chunk>,
    /// Grows when a chunk is inserted before others, so that a drawn screen knows it is stale.
    rewrites: u32,
}

impl Terminal {
    /// Chunks at or before `at`, in order.
    pub fn upto(&self, at: Millis) -> &[Chunk] {
        self.chunks.prefix(|chunk| chunk.stamp.at <= at)
    }

    /// All chunks.
    pub fn chunks(&self) -> &[Chunk] {
        self.chunks.as_slice()
    }

    /// How often the past changed.
    pub fn rewrites(&self) -> u32 {
        self.rewrites
    }
}

/// All terminals of a run.
#[derive(Clone, Debug, Default)]
pub struct TerminalChannel {
    terminals: BTreeMap<NodeIx, Terminal>,
    end: Option<Millis>,
}

impl TerminalChannel {
    /// Puts a chunk where it belongs.
    pub fn insert(&mut self, node: NodeIx, chunk: Chunk) -> Inserted {
        self.end = self.end.max(Some(chunk.stamp.at));
        let terminal = self.terminals.entry(node).or_default();
        let inserted = terminal.chunks.insert(chunk);
        if let Inserted::Late(_) = inserted {
            terminal.rewrites += 1;
        }
        inserted
    }

    /// The terminal of a node, where it wrote anything.
    pub fn of(&self, node: NodeIx) -> Option<&Terminal> {
        self.terminals.get(&node)
    }

    /// The nodes that wrote anything.
    pub fn nodes(&self) -> impl Iterator<Item = NodeIx> {
        self.terminals.keys().copied()
    }

    /// The instant of the last chunk.
    pub fn end(&self) -> Option<Millis> {
        self.end
    }
}
