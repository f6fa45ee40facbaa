//! The terminal channel: for each node, the bytes its process wrote, cut at any instant.

mod keyframes;
mod output;
mod way;

pub use keyframes::{Keyframe, Keyframes};
pub use output::Step;
pub use way::{NEAR, SCROLLBACK, Way, way};

use crate::channel::sorted::{Inserted, Placed, Sorted};
use crate::graph::NodeIx;
use crate::time::{Millis, Stamp};
use output::Output;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

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

/// Columns and rows.
pub type Size = (u16, u16);

/// A recorder that names no size recorded this one, as `contracts` A.8 has it.
const DEFAULT_SIZE: Size = (120, 40);

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
    pub size: Option<Size>,
}

impl Placed for Chunk {
    fn place(&self, other: &Self) -> Ordering {
        self.stamp
            .cmp(&other.stamp)
            .then_with(|| self.stream.cmp(&other.stream))
    }
}

/// The terminal of one node: its streams merged by time.
///
/// A *place* in it is a number: each chunk counts one for its size and one for each of its bytes.
#[derive(Clone, Debug, Default)]
pub struct Terminal {
    chunks: Sorted<Chunk>,
    output: Output,
    /// For each change of the past, the place up to which it left everything as it was.
    rewritten: Vec<usize>,
    /// Whether one of the chunks came from a pseudo-terminal.
    pty: bool,
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

    /// The place behind everything written at or before `at`.
    pub fn place_at(&self, at: Millis) -> usize {
        self.output.start_of(self.upto(at).len())
    }

    /// The place behind everything.
    pub fn end(&self) -> usize {
        self.output.end()
    }

    /// How many bytes are before `place`.
    pub fn bytes_before(&self, place: usize) -> usize {
        self.output.bytes_before(place)
    }

    /// What has to happen to a terminal that stands at the beginning of `places` to bring it to
    /// their end.
    pub fn steps(&self, places: Range<usize>) -> impl Iterator<Item = Step<'_>> {
        self.output.steps(self.chunks(), places)
    }

    /// `place`, or the start of the character that it would cut in two. What is written should end at
    /// such places: xterm.js loses some characters whose bytes come to it one by one.
    pub fn whole(&self, place: usize) -> usize {
        self.output.whole(self.chunks(), place)
    }

    /// Where reading on from `place` may pause: at a change of size, else after about 8 kB, where a
    /// keyframe is likely to be possible. `place` itself only at the end.
    pub fn pause_after(&self, place: usize) -> usize {
        self.output.pause_after(self.chunks(), place)
    }

    /// Whether the size changes within `places`.
    pub fn resizes_within(&self, places: Range<usize>) -> bool {
        self.output.resizes_within(places)
    }

    /// The size at the beginning: that of the first chunk that names one.
    pub fn first_size(&self) -> Size {
        self.output.first_size().unwrap_or(DEFAULT_SIZE)
    }

    /// Whether a line feed stays in its column, as in a terminal; from a pipe it does not.
    pub fn is_pty(&self) -> bool {
        self.pty
    }

    /// How often the past changed, so that a drawn screen knows that it is stale.
    pub fn rewrites(&self) -> usize {
        self.rewritten.len()
    }

    /// The place before which nothing changed since there were `rewrites`.
    pub fn unchanged_since(&self, rewrites: usize) -> usize {
        let since = self.rewritten.get(rewrites..).unwrap_or_default();
        since.iter().copied().min().unwrap_or(self.end())
    }

    fn insert(&mut self, chunk: Chunk) -> Inserted {
        let (pty, size) = (chunk.stream == TerminalStream::Pty, self.first_size());
        let inserted = self.chunks.insert(chunk);
        let changed = match inserted {
            Inserted::Duplicate | Inserted::Dropped => return inserted,
            Inserted::Appended => self.chunks().len() - 1,
            Inserted::Late(index) => index,
        };
        let before = self.chunks().len() > 1;
        let place = self.output.start_of(changed);
        self.output.renew(self.chunks.as_slice(), changed);
        // What holds for the whole of it may turn out late: then all of the past was another.
        let other = size != self.first_size() || (pty && !self.pty);
        self.pty |= pty;
        match inserted {
            _ if other && before => self.rewritten.push(0),
            Inserted::Late(_) => self.rewritten.push(place),
            _ => {}
        }
        inserted
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
        self.terminals.entry(node).or_default().insert(chunk)
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
