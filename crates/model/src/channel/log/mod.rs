//! The log channel: all lines of a run in order, their text in large pieces, and under 16 bytes a line
//! beside it.
//!
//! ```text
//! block   text    "scanned host-1" "timeout" "scanned host-2" …    up to 32 KiB, in order
//!         rows    at, sequence, node and level, id, end of text    differences, in as few bytes as fit
//! ```

mod block;
mod ids;
mod level;
mod line;
mod rewrites;
mod rows;

pub use level::{Level, LogStream};
pub use line::{LineId, LogLine, NewLine};

use crate::channel::sorted::Inserted;
use crate::time::{Millis, Stamp};
use block::{BYTES, Block, whose};
use ids::Ids;
use rewrites::Rewrites;
use std::cmp::Ordering;
use std::ops::Range;

/// All log lines of a run.
#[derive(Clone, Debug, Default)]
pub struct LogChannel {
    blocks: Vec<Block>,
    /// The number of each block's first line.
    firsts: Vec<usize>,
    ids: Ids,
    length: usize,
    bytes: usize,
    /// Of the last line.
    last: Stamp,
    dropped: usize,
    rewrites: Rewrites,
}

impl LogChannel {
    /// Bytes that are held; lines beyond are counted in [`Self::dropped`] and not kept.
    pub const MAX_BYTES: usize = 1 << 30;
    /// What a line is counted as beside its text.
    pub const LINE_BYTES: usize = 16;

    /// Puts a line where it belongs.
    pub fn insert(&mut self, line: NewLine<'_>) -> Inserted {
        let id = cut(line.id, Ids::LONGEST);
        let line = NewLine { id, ..line };
        let comes_last = self.length == 0 || self.last < line.stamp;
        let place = match comes_last {
            true => Err((self.blocks.len().saturating_sub(1), usize::MAX)),
            false => self.place(&line),
        };
        let Err((block, row)) = place else {
            return Inserted::Duplicate;
        };
        let bytes = line.message.len() + Self::LINE_BYTES;
        if self.bytes + bytes > Self::MAX_BYTES {
            self.dropped += 1;
            return Inserted::Dropped;
        }
        let (block, row) = self.room(block, row, line.message.len());
        let number = self.firsts[block] + row;
        self.blocks[block].insert(row, &line, whose(&line), &mut self.ids);
        for first in &mut self.firsts[block + 1..] {
            *first += 1;
        }
        self.length += 1;
        self.bytes += bytes;
        if number + 1 == self.length {
            self.last = line.stamp;
            return Inserted::Appended;
        }
        self.rewrites.push(number);
        Inserted::Late(number)
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Bytes of text and of what is known beside it, as they are counted against [`Self::MAX_BYTES`].
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Bytes of memory taken, room for what comes next included.
    pub fn weight(&self) -> usize {
        let blocks: usize = self.blocks.iter().map(Block::weight).sum();
        blocks + self.firsts.capacity() * size_of::<usize>() + self.ids.weight()
    }

    /// How often the numbers of lines changed.
    pub fn rewrites(&self) -> u32 {
        self.rewrites.count()
    }

    /// How many lines, from the first on, are what and where they were when there were `rewrites`.
    pub fn unchanged_since(&self, rewrites: u32) -> usize {
        self.rewrites
            .unchanged_since(rewrites)
            .unwrap_or(self.length)
    }

    /// How many lines were not kept because the channel was full.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// How many lines stand at or before `at`; they are numbers `0..upto(at)`.
    pub fn upto(&self, at: Millis) -> usize {
        let block = self.blocks.partition_point(|block| block.at(0) <= at);
        let Some(block) = block.checked_sub(1) else {
            return 0;
        };
        self.firsts[block] + self.blocks[block].upto(at)
    }

    /// A line by number.
    pub fn line(&self, number: usize) -> Option<LogLine<'_>> {
        let block = self.block_of(number)?;
        let first = self.firsts[block];
        Some(self.blocks[block].line(number - first, first, &self.ids))
    }

    /// Lines by number.
    pub fn lines(&self, numbers: Range<usize>) -> impl Iterator<Item = LogLine<'_>> {
        let first = self.block_of(numbers.start).unwrap_or(self.blocks.len());
        let blocks = self.blocks[first..].iter().zip(&self.firsts[first..]);
        let within = blocks.take_while({
            let end = numbers.end;
            move |(_, first)| **first < end
        });
        within.flat_map(move |(block, first)| {
            let rows = numbers.start.saturating_sub(*first)..block.len().min(numbers.end - first);
            rows.map(|row| block.line(row, *first, &self.ids))
        })
    }

    /// The instant of the last line.
    pub fn end(&self) -> Option<Millis> {
        (self.length > 0).then_some(self.last.at)
    }

    /// The text of the lines from `number` on, as far as it is in one piece.
    pub(crate) fn piece(&self, number: usize) -> Option<Piece<'_>> {
        let block = self.block_of(number)?;
        Some(Piece {
            block: &self.blocks[block],
            first: self.firsts[block],
            from: number - self.firsts[block],
        })
    }

    fn block_of(&self, number: usize) -> Option<usize> {
        let behind = self.firsts.partition_point(|first| *first <= number);
        (number < self.length).then(|| behind - 1)
    }

    /// Where a line stands that does not come last for sure; `Ok` where it is held.
    fn place(&self, line: &NewLine<'_>) -> Result<(), (usize, usize)> {
        let starts_before = |block: &Block| block.order(0, line, &self.ids) != Ordering::Greater;
        let block = self.blocks.partition_point(starts_before).saturating_sub(1);
        match self.blocks[block].place(line, &self.ids) {
            Ok(_) => Ok(()),
            Err(row) => Err((block, row)),
        }
    }

    /// Sees to it that there is room for so many bytes at a place, and where that place is then.
    fn room(&mut self, block: usize, row: usize, bytes: usize) -> (usize, usize) {
        let Some(known) = self.blocks.get_mut(block) else {
            return self.new_block(0, 0);
        };
        let row = row.min(known.len());
        if !known.is_full(bytes) {
            return (block, row);
        }
        if 0 < row && row < known.len() {
            let later = known.split();
            let (kept, first) = (known.len(), self.firsts[block] + known.len());
            self.blocks.insert(block + 1, later);
            self.firsts.insert(block + 1, first);
            return match row <= kept {
                true => self.room(block, row, bytes),
                false => self.room(block + 1, row - kept, bytes),
            };
        }
        let behind = if row > 0 { block + 1 } else { block };
        match self.blocks.get(behind) {
            Some(next) if !next.is_full(bytes) => (behind, 0),
            Some(_) => self.new_block(behind, 0),
            None => {
                self.blocks[block].shrink();
                self.new_block(behind, BYTES.max(bytes))
            }
        }
    }

    fn new_block(&mut self, index: usize, bytes: usize) -> (usize, usize) {
        let first = self.firsts.get(index).copied().unwrap_or(self.length);
        let block = match bytes {
            0 => Block::default(),
            bytes => Block::after(self.blocks.last(), bytes),
        };
        self.blocks.insert(index, block);
        self.firsts.insert(index, first);
        (index, 0)
    }
}

/// Lines whose text is in one piece, without anything between.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    block: &'a Block,
    /// The number of the block's first line.
    first: usize,
    /// The first row that is meant.
    from: usize,
}

impl<'a> Piece<'a> {
    /// The number behind the last line.
    pub(crate) fn end(&self) -> usize {
        self.first + self.block.len()
    }

    /// The text of all lines of the block; [`Self::start`] is where those that are meant begin.
    pub(crate) fn text(&self) -> &'a str {
        self.block.text()
    }

    /// Where the text begins.
    pub(crate) fn start(&self) -> usize {
        self.block.bytes(self.from).start
    }

    /// The number of the line to which a byte belongs.
    pub(crate) fn line_at(&self, offset: usize) -> usize {
        self.first + self.block.row_at(offset)
    }

    /// Where a line's text is.
    pub(crate) fn bytes(&self, number: usize) -> Range<usize> {
        self.block.bytes(number - self.first)
    }

    /// Whose a line is, and how grave.
    pub(crate) fn whose(&self, number: usize) -> (Option<crate::NodeIx>, Level, LogStream) {
        self.block.whose(number - self.first)
    }
}

fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}
