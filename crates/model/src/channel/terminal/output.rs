//! Places in a terminal's output: what lies between two of them, found without summing chunks.

use super::{Chunk, Size};
use std::ops::Range;

/// What happens to a terminal next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// It becomes this large, and was not before.
    Resize(Size),
    /// These bytes are written to it.
    Write(&'a [u8]),
}

/// Reading pauses where a chunk ends after so many bytes…
const PIECE: usize = 8 * 1024;
/// …or within a chunk that goes on for longer than this.
const LONG_PIECE: usize = 64 * 1024;

/// An index of the chunks.
#[derive(Clone, Debug, Default)]
pub(super) struct Output {
    /// The place where each chunk starts.
    starts: Vec<usize>,
    /// The place behind the last one.
    end: usize,
    /// The first chunk that names a size, and that size.
    first_size: Option<(usize, Size)>,
    /// Where the size becomes another, and which.
    resizes: Vec<(usize, Size)>,
}

impl Output {
    /// Takes in the chunks from `changed` on; those before are as they were.
    pub fn renew(&mut self, chunks: &[Chunk], changed: usize) {
        let mut place = self.start_of(changed);
        self.starts.truncate(changed);
        let before = |sized: &(usize, Size)| sized.0 < place;
        self.resizes.truncate(self.resizes.partition_point(before));
        self.first_size = self.first_size.filter(|(first, _)| *first < changed);
        let last = self.resizes.last().map(|(_, size)| *size);
        let mut size = last.or(self.first_size());
        for (index, chunk) in chunks.iter().enumerate().skip(changed) {
            if let (None, Some(first)) = (self.first_size, chunk.size) {
                self.first_size = Some((index, first));
                size = Some(first);
            }
            if chunk.size.is_some() && chunk.size != size {
                size = chunk.size;
                self.resizes.extend(size.map(|size| (place, size)));
            }
            self.starts.push(place);
            place += 1 + chunk.bytes.len();
        }
        self.end = place;
    }

    /// The place where chunk `index` starts; behind all, where there is none.
    pub fn start_of(&self, index: usize) -> usize {
        self.starts.get(index).copied().unwrap_or(self.end)
    }

    pub fn end(&self) -> usize {
        self.end
    }

    pub fn first_size(&self) -> Option<Size> {
        self.first_size.map(|(_, size)| size)
    }

    pub fn bytes_before(&self, place: usize) -> usize {
        place - self.starts.partition_point(|start| *start < place)
    }

    pub fn resizes_within(&self, places: Range<usize>) -> bool {
        self.resize_from(places.start)
            .is_some_and(|place| place < places.end)
    }

    fn resize_from(&self, place: usize) -> Option<usize> {
        let index = self.resizes.partition_point(|(at, _)| *at < place);
        self.resizes.get(index).map(|(at, _)| *at)
    }

    pub fn steps<'a>(
        &'a self,
        chunks: &'a [Chunk],
        places: Range<usize>,
    ) -> impl Iterator<Item = Step<'a>> {
        let first = self.chunk_at(places.start);
        let touched = chunks.iter().zip(&self.starts).skip(first);
        touched
            .take_while(move |(_, start)| **start < places.end)
            .flat_map(move |(chunk, start)| {
                let resize = self.resizes.binary_search_by_key(start, |(at, _)| *at);
                let resize = resize.ok().filter(|_| *start >= places.start);
                let written = start + 1;
                let from = places.start.saturating_sub(written);
                let to = places.end.saturating_sub(written).min(chunk.bytes.len());
                let bytes = chunk.bytes.get(from..to).unwrap_or_default();
                let write = (!bytes.is_empty()).then_some(Step::Write(bytes));
                let resize = resize.map(|index| Step::Resize(self.resizes[index].1));
                resize.into_iter().chain(write)
            })
    }

    /// The chunk that `place` is in.
    fn chunk_at(&self, place: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= place)
            .saturating_sub(1)
    }

    pub fn whole(&self, chunks: &[Chunk], place: usize) -> usize {
        let first = self.chunk_at(place);
        let before = chunks[..chunks.len().min(first + 1)].iter().enumerate();
        let last_bytes = before.rev().flat_map(|(index, chunk)| {
            let written = self.starts[index] + 1;
            let upto = place.saturating_sub(written).min(chunk.bytes.len());
            let bytes = chunk.bytes[..upto].iter().enumerate().rev();
            bytes.map(move |(at, byte)| (written + at, *byte))
        });
        for (known, (at, byte)) in last_bytes.take(3).enumerate() {
            let length = match byte {
                0x80..0xC0 => continue,
                0xC0..0xE0 => 2,
                0xE0..0xF0 => 3,
                0xF0..0xF8 => 4,
                _ => 1,
            };
            return if length > known + 1 { at } else { place };
        }
        place
    }

    pub fn pause_after(&self, chunks: &[Chunk], place: usize) -> usize {
        let resize = self.resize_from(place);
        if resize == Some(place) {
            return place + 1;
        }
        let last = self.chunk_at(place + PIECE);
        let pause = match self.start_of(last + 1) {
            end if end <= place + LONG_PIECE => end,
            // Behind a line within it, if there is one.
            _ => {
                let written = self.start_of(last) + 1;
                let from = place.max(written) - written;
                let to = (place + LONG_PIECE - written).min(chunks[last].bytes.len());
                let line = chunks[last].bytes[from..to]
                    .iter()
                    .rposition(|byte| *byte == b'\n');
                written + line.map_or(to, |index| from + index + 1)
            }
        };
        pause.min(resize.unwrap_or(pause))
    }
}
