//! Some tens of kilobytes of lines: their text in one piece, in order, and their numbers beside it.

use super::ids::Ids;
use super::line::{LogLine, NewLine};
use super::rows::{Row, Rows};
use super::{Level, LogStream};
use crate::graph::NodeIx;
use crate::time::{Millis, Stamp};
use std::cmp::Ordering;
use std::ops::Range;

/// Bytes of text in a block, but for a line that alone has more.
pub const BYTES: usize = 1 << 15;
/// Lines in a block, however short.
const LINES: usize = 1 << 12;

const AT: usize = 0;
const NANOS: usize = 1;
const SEQUENCE: usize = 2;
/// Node, level and stream in one.
const WHOSE: usize = 3;
const TEMPLATE: usize = 4;
/// The id's number, less the sequence: they are often the same.
const NUMBER: usize = 5;
/// Where the text ends.
const END: usize = 6;

#[derive(Clone, Debug, Default)]
pub struct Block {
    text: String,
    rows: Rows,
}

impl Block {
    /// A block for so many bytes of text, and for as many rows as another one has.
    pub fn after(other: Option<&Self>, bytes: usize) -> Self {
        let rows = other.map_or(0, |other| other.rows.bytes() + other.rows.bytes() / 16);
        Self {
            text: String::with_capacity(bytes),
            rows: Rows::with_room(rows),
        }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn weight(&self) -> usize {
        self.text.capacity() + self.rows.weight() + size_of::<Self>()
    }

    /// Whether a line of so many bytes should go elsewhere.
    pub fn is_full(&self, more: usize) -> bool {
        let full = self.text.len() + more > BYTES || self.len() >= LINES;
        self.len() > 0 && full
    }

    /// Where a line stands among these; `Ok` where it is one of them.
    pub fn place(&self, line: &NewLine<'_>, ids: &Ids) -> Result<usize, usize> {
        let row = partition(0..self.len(), |row| {
            self.order(row, line, ids) == Ordering::Less
        });
        match row < self.len() && self.order(row, line, ids) == Ordering::Equal {
            true => Ok(row),
            false => Err(row),
        }
    }

    /// How a line of this block stands to another.
    pub fn order(&self, row: usize, line: &NewLine<'_>, ids: &Ids) -> Ordering {
        let order = self.at(row).cmp(&line.stamp.at);
        let order = order.then_with(|| self.stamp(row).cmp(&line.stamp));
        order.then_with(|| (*self.line(row, 0, ids).id.to_string()).cmp(line.id))
    }

    pub fn insert(&mut self, row: usize, line: &NewLine<'_>, whose: u64, ids: &mut Ids) {
        let (template, number) = ids.put(line.id, line.stamp.at);
        let (start, length) = (self.start(row), line.message.len());
        if row == self.len() {
            self.text.push_str(line.message);
        } else {
            // Not twice as much: blocks that late lines come to are half full already.
            if self.text.capacity() - self.text.len() < length {
                self.text.reserve_exact(length.max(self.text.len() / 8));
            }
            self.text.insert_str(start, line.message);
            self.rows.shift(row, END, length as u64);
        }
        let mut values: Row = [0; 7];
        values[AT] = line.stamp.at.0 as u64;
        values[NANOS] = u64::from(line.stamp.nanos);
        values[SEQUENCE] = line.stamp.sequence;
        values[WHOSE] = whose;
        values[TEMPLATE] = template;
        values[NUMBER] = number.wrapping_sub(line.stamp.sequence);
        values[END] = (start + length) as u64;
        self.rows.insert(row, &values);
    }

    /// Takes the later half away.
    pub fn split(&mut self) -> Self {
        let half = self.text.len() / 2;
        let row = self.row_at(half).clamp(1, self.len().max(2) - 1);
        let start = self.start(row);
        let text = self.text.split_off(start);
        let mut rows = self.rows.split_off(row);
        rows.shift(0, END, (start as u64).wrapping_neg());
        self.shrink();
        Self { text, rows }
    }

    /// Gives back what no line takes.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.rows.shrink();
    }

    /// The line in a row; `first` is the number of the block's first one.
    pub fn line<'a>(&'a self, row: usize, first: usize, ids: &'a Ids) -> LogLine<'a> {
        let values = self.rows.get(row);
        let (node, level, stream) = from_whose(values[WHOSE]);
        let at = Millis(values[AT] as i64);
        let number = values[NUMBER].wrapping_add(values[SEQUENCE]);
        LogLine {
            number: first + row,
            at,
            node,
            level,
            stream,
            id: ids.get(values[TEMPLATE], number, at),
            message: &self.text[self.start(row)..values[END] as usize],
        }
    }

    pub fn at(&self, row: usize) -> Millis {
        Millis(self.rows.field(row, AT) as i64)
    }

    pub fn stamp(&self, row: usize) -> Stamp {
        Stamp {
            at: self.at(row),
            nanos: self.rows.field(row, NANOS) as u32,
            sequence: self.rows.field(row, SEQUENCE),
        }
    }

    pub fn whose(&self, row: usize) -> (Option<NodeIx>, Level, LogStream) {
        from_whose(self.rows.field(row, WHOSE))
    }

    /// How many lines stand at or before `at`.
    pub fn upto(&self, at: Millis) -> usize {
        partition(0..self.len(), |row| self.at(row) <= at)
    }

    /// The line whose text holds the byte at `offset`.
    pub fn row_at(&self, offset: usize) -> usize {
        partition(0..self.len(), |row| self.bytes(row).end <= offset)
    }

    /// Where a line's text is.
    pub fn bytes(&self, row: usize) -> Range<usize> {
        self.start(row)..self.rows.field(row, END) as usize
    }

    fn start(&self, row: usize) -> usize {
        row.checked_sub(1)
            .map_or(0, |before| self.rows.field(before, END) as usize)
    }
}

/// The first of `rows` for which `before` does not hold; it must hold for a prefix.
fn partition(mut rows: Range<usize>, before: impl Fn(usize) -> bool) -> usize {
    while !rows.is_empty() {
        let middle = rows.start + rows.len() / 2;
        match before(middle) {
            true => rows.start = middle + 1,
            false => rows.end = middle,
        }
    }
    rows.start
}

/// Node, level and stream as one number.
pub fn whose(line: &NewLine<'_>) -> u64 {
    let node = line.node.map_or(0, |node| u64::from(node.0) + 1);
    (node * 5 + line.level as u64) * 3 + line.stream as u64
}

fn from_whose(whose: u64) -> (Option<NodeIx>, Level, LogStream) {
    let node = (whose / 15).checked_sub(1);
    (
        node.map(|node| NodeIx(node as u32)),
        Level::ALL[(whose / 3 % 5) as usize],
        LogStream::ALL[(whose % 3) as usize],
    )
}
