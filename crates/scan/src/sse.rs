//! Server-sent events: bytes in, items out, the same whatever the chunking.
//!
//! The parser does no I/O and knows no time. It follows the WHATWG event-stream rules and adds two
//! things a viewer needs: comments are reported (they are the heartbeat), and a block that grows
//! over the limit is skipped and reported instead of filling the memory.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// The most bytes one block may hold, unless told otherwise: 1 MiB.
pub const DEFAULT_LIMIT: usize = 1 << 20;

/// One thing the stream said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item<'a> {
    /// A dispatched message.
    Frame(Frame<'a>),
    /// A comment line, without its colon and one space. Servers send them as heartbeats.
    Comment(&'a str),
    /// The server asks for this reconnection time in milliseconds (saturated at `u64::MAX`).
    Retry(u64),
    /// A block was over the limit and has been skipped; the stream goes on after it. Said once, at
    /// the block's end, or by [`Parser::finish`] when it never ended.
    Oversized {
        /// Bytes of the block's lines, without their line ends.
        bytes: u64,
    },
}

/// One message: what a blank line dispatches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The event's name; `message` when the block named none.
    pub event: &'a str,
    /// All data lines, joined by line feeds.
    pub data: &'a str,
    /// The last event id as of this frame; empty when there is none.
    pub id: &'a str,
    /// Ours, a field `from` that other readers pass over: the id of the frame that came before, or
    /// `-n` where that differs in its number alone, being less by n; so that a lost one is noticed.
    /// Empty where the server does not say.
    pub from: &'a str,
}

/// The frames of one stream, each naming the one before.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    last: String,
}

impl Chain {
    /// Takes the next frame; false when one before it was lost. The first frame follows on anything:
    /// who joins a stream in its midst has its beginning from elsewhere.
    pub fn follows(&mut self, frame: &Frame<'_>) -> bool {
        let whole = frame.from.is_empty()
            || self.last.is_empty()
            || frame.from == self.last
            || is_behind(&self.last, frame.from, frame.id) == Some(true);
        if whole && frame.id != self.last {
            self.last.clear();
            self.last.push_str(frame.id);
        }
        whole
    }
}

/// Whether `last` is the id that `-n` names, seen from `id`: both end in `-` and a number.
fn is_behind(last: &str, from: &str, id: &str) -> Option<bool> {
    let steps: u64 = from.strip_prefix('-')?.parse().ok()?;
    let (line, number) = id.rsplit_once('-')?;
    let (last_line, last_number) = last.rsplit_once('-')?;
    let [number, last_number]: [u64; 2] = [number.parse().ok()?, last_number.parse().ok()?];
    Some(line == last_line && last_number.checked_add(steps) == Some(number))
}

/// Turns the bytes of one event stream after the other into [`Item`]s.
#[derive(Debug, Clone)]
pub struct Parser {
    limit: usize,
    /// Bytes of the byte order mark seen so far; `None` once the start of the stream is behind us.
    bom: Option<usize>,
    /// The last chunk ended in CR: a LF that opens the next one belongs to it.
    after_cr: bool,
    /// The beginning of a line whose end has not come yet.
    line: Vec<u8>,
    block: Block,
    oversized: Option<Oversized>,
    last_event_id: String,
}

impl Default for Parser {
    fn default() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }
}

impl Parser {
    /// A parser that skips blocks of more than `limit` bytes, line ends not counted.
    pub fn with_limit(limit: usize) -> Self {
        Self {
            limit,
            bom: Some(0),
            after_cr: false,
            line: Vec::new(),
            block: Block::default(),
            oversized: None,
            last_event_id: String::new(),
        }
    }

    /// The id committed last: what to send as `Last-Event-ID`. Empty means: send no header.
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// Takes the next bytes of the stream and hands every item they complete to `emit`, in order.
    #[inline]
    pub fn feed(&mut self, chunk: &[u8], mut emit: impl FnMut(Item<'_>)) {
        self.read(chunk, &mut emit);
    }

    /// Not generic, so that it is compiled here.
    fn read(&mut self, chunk: &[u8], emit: &mut dyn FnMut(Item<'_>)) {
        let mut rest = self.without_bom(chunk);
        if rest.is_empty() {
            return;
        }
        if std::mem::take(&mut self.after_cr) && rest[0] == b'\n' {
            rest = &rest[1..];
        }

        let mut here = Borrowed::default();
        while let Some(end) = memchr2(b'\n', b'\r', rest) {
            let (line, mut tail) = (&rest[..end], &rest[end + 1..]);
            if rest[end] == b'\r' {
                match tail.first() {
                    Some(b'\n') => tail = &tail[1..],
                    Some(_) => {}
                    None => self.after_cr = true,
                }
            }
            rest = tail;
            self.line_ended(line, &mut here, emit);
        }

        self.hold(rest, &mut here);
        self.block.take_over(here);
    }

    /// The stream is over: its unfinished block is dropped (and named, if it was over the limit),
    /// and the parser stands ready for the next stream. The last event id stays.
    pub fn finish(&mut self, mut emit: impl FnMut(Item<'_>)) {
        if let Some(Oversized { bytes, .. }) = self.oversized.take() {
            emit(Item::Oversized { bytes });
        }
        self.bom = Some(0);
        self.after_cr = false;
        self.line.clear();
        self.block.clear();
    }

    /// Removes one byte order mark from the start of the stream, also when it comes in pieces.
    fn without_bom<'c>(&mut self, chunk: &'c [u8]) -> &'c [u8] {
        const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];
        let mut rest = chunk;
        while let Some(seen) = self.bom {
            let Some((&byte, tail)) = rest.split_first() else {
                break;
            };
            if byte != BOM[seen] {
                self.line.extend_from_slice(&BOM[..seen]);
                self.bom = None;
            } else {
                rest = tail;
                self.bom = (seen + 1 < BOM.len()).then_some(seen + 1);
            }
        }
        rest
    }

    /// One line is complete: `tail` is its part in this chunk, `self.line` the part before it.
    fn line_ended<'c>(
        &mut self,
        tail: &'c [u8],
        here: &mut Borrowed<'c>,
        emit: &mut dyn FnMut(Item<'_>),
    ) {
        if let Some(oversized) = &mut self.oversized {
            oversized.bytes += tail.len() as u64;
            let blank = tail.is_empty() && !oversized.in_line;
            oversized.in_line = false;
            if blank {
                emit(Item::Oversized {
                    bytes: oversized.bytes,
                });
                self.oversized = None;
            }
        } else if self.block.bytes + self.line.len() + tail.len() > self.limit {
            self.give_up_block(tail.len(), InLine::Ended, here);
        } else if self.line.is_empty() {
            self.take_line(tail, here, emit);
        } else {
            // The line began in an earlier chunk, so nothing of this block is borrowed yet.
            let mut line = std::mem::take(&mut self.line);
            line.extend_from_slice(tail);
            let mut owned = Borrowed::default();
            self.take_line(&line, &mut owned, emit);
            self.block.take_over(owned);
            line.clear();
            self.line = line;
        }
    }

    /// Acts on one whole line.
    fn take_line<'c>(
        &mut self,
        line: &'c [u8],
        here: &mut Borrowed<'c>,
        emit: &mut dyn FnMut(Item<'_>),
    ) {
        match Field::read(line) {
            Field::End => return self.dispatch(here, emit),
            Field::Comment(text) => return emit(Item::Comment(&decoded(text))),
            Field::Retry(millis) => return emit(Item::Retry(millis)),
            Field::Ignored => return,
            Field::Event(name) => here.event = Some(name),
            Field::Id(id) => here.id = Some(id),
            Field::From(id) => here.from = Some(id),
            Field::Data(data) => {
                if self.block.has_data || here.data.is_some() {
                    self.block.take_over(std::mem::take(here));
                    self.block.push_data(data);
                } else {
                    here.data = Some(data);
                }
            }
        }
        self.block.bytes += line.len();
    }

    /// A blank line: commits the id, and dispatches the block if it has data.
    fn dispatch(&mut self, here: &mut Borrowed<'_>, emit: &mut dyn FnMut(Item<'_>)) {
        let here = std::mem::take(here);
        if let Some(id) = here.id.or(self.block.has_id.then_some(&self.block.id)) {
            self.last_event_id.clear();
            self.last_event_id.push_str(&decoded(id));
        }
        if let Some(data) = here
            .data
            .or(self.block.has_data.then_some(&self.block.data))
        {
            let event = decoded(here.event.unwrap_or(&self.block.event));
            emit(Item::Frame(Frame {
                event: if event.is_empty() { "message" } else { &event },
                data: &decoded(data),
                id: &self.last_event_id,
                from: &decoded(here.from.unwrap_or(&self.block.from)),
            }));
        }
        self.block.clear();
    }

    /// Keeps the beginning of a line whose end is still to come.
    fn hold(&mut self, start: &[u8], here: &mut Borrowed<'_>) {
        if start.is_empty() {
            return;
        }
        if let Some(oversized) = &mut self.oversized {
            oversized.bytes += start.len() as u64;
            oversized.in_line = true;
        } else if self.block.bytes + self.line.len() + start.len() > self.limit {
            self.give_up_block(start.len(), InLine::Open, here);
        } else {
            self.line.extend_from_slice(start);
        }
    }

    /// The block went over the limit with the `added` bytes just seen: forgets it.
    fn give_up_block(&mut self, added: usize, in_line: InLine, here: &mut Borrowed<'_>) {
        self.oversized = Some(Oversized {
            bytes: (self.block.bytes + self.line.len() + added) as u64,
            in_line: matches!(in_line, InLine::Open),
        });
        self.line.clear();
        self.block.clear();
        *here = Borrowed::default();
    }
}

/// Whether the line that went over the limit has ended.
enum InLine {
    Open,
    Ended,
}

/// A block that is being skipped.
#[derive(Debug, Clone)]
struct Oversized {
    bytes: u64,
    /// The current line has bytes already, so that its end is not a blank line.
    in_line: bool,
}

/// The fields of the current block that came in earlier chunks, or need joining.
#[derive(Debug, Clone, Default)]
struct Block {
    event: Vec<u8>,
    data: Vec<u8>,
    /// An empty `data` line is data too, so emptiness cannot tell.
    has_data: bool,
    id: Vec<u8>,
    has_id: bool,
    from: Vec<u8>,
    /// Bytes of all lines that gave a field, here or borrowed.
    bytes: usize,
}

impl Block {
    /// Copies what was borrowed from a chunk that goes away.
    fn take_over(&mut self, here: Borrowed<'_>) {
        if let Some(event) = here.event {
            self.event.clear();
            self.event.extend_from_slice(event);
        }
        if let Some(id) = here.id {
            self.id.clear();
            self.id.extend_from_slice(id);
            self.has_id = true;
        }
        if let Some(from) = here.from {
            self.from.clear();
            self.from.extend_from_slice(from);
        }
        if let Some(data) = here.data {
            self.push_data(data);
        }
    }

    fn push_data(&mut self, data: &[u8]) {
        if self.has_data {
            self.data.push(b'\n');
        }
        self.data.extend_from_slice(data);
        self.has_data = true;
    }

    fn clear(&mut self) {
        self.event.clear();
        self.data.clear();
        self.has_data = false;
        self.id.clear();
        self.has_id = false;
        self.from.clear();
        self.bytes = 0;
    }
}

/// The fields of the current block that lie in the chunk at hand: the usual case, nothing copied.
/// `data` is only here while it is the block's one data line.
#[derive(Default)]
struct Borrowed<'c> {
    event: Option<&'c [u8]>,
    data: Option<&'c [u8]>,
    id: Option<&'c [u8]>,
    from: Option<&'c [u8]>,
}

/// What one line says.
enum Field<'c> {
    /// A blank line.
    End,
    Comment(&'c [u8]),
    Event(&'c [u8]),
    Data(&'c [u8]),
    Id(&'c [u8]),
    From(&'c [u8]),
    Retry(u64),
    /// An unknown name, an id with NUL, a retry that is not a number.
    Ignored,
}

impl<'c> Field<'c> {
    fn read(line: &'c [u8]) -> Self {
        let (name, value) = match memchr(b':', line) {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None if line.is_empty() => return Self::End,
            None => (line, &[] as &[u8]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"" => Self::Comment(value),
            b"data" => Self::Data(value),
            b"event" => Self::Event(value),
            b"id" if memchr(0, value).is_none() => Self::Id(value),
            b"from" => Self::From(value),
            b"retry" => millis(value).map_or(Self::Ignored, Self::Retry),
            _ => Self::Ignored,
        }
    }
}

/// The number written in `digits`; `None` if anything but ASCII digits is there.
fn millis(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u64, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        Some(number.saturating_mul(10).saturating_add(digit))
    })
}

/// UTF-8 with replacement. Decoding field by field equals decoding the whole stream, because a
/// line end never belongs to a multi-byte character. `from_utf8` first: it is several times
/// faster than the lossy scan on what is valid, that is, nearly always.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}
