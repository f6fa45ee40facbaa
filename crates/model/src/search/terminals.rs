//! Looks through what a terminal wrote: the text without the sequences that colour it and move it about.
//!
//! That is what was written, in the order in which it was, and not the screen that came of it: text that
//! an editor put together from all over the screen is found in the pieces in which it came.

use super::flow::{Flow, Origin};
use super::hits::Hits;
use super::query::Matcher;
use crate::channel::terminal::Terminal;
use crate::graph::NodeIx;

/// How far a terminal was looked through.
#[derive(Clone, Debug, Default)]
pub struct TerminalText {
    /// The chunk that is next, and how many of its bytes were read.
    next: (usize, usize),
    rewrites: usize,
    within: Within,
    flow: Flow,
    pub hits: Hits,
}

/// Of which sequence a byte is a part.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Within {
    #[default]
    Text,
    /// Behind an escape.
    Escape,
    /// Of one that ends with a letter.
    Control,
    /// Of a title, a link and the like.
    String,
    /// Behind an escape in one.
    StringEscape,
}

/// Bytes that are read at once.
const SLICE: usize = 1 << 15;

impl TerminalText {
    /// Reads on until `budget` is used up; whether the end was reached.
    pub fn step(
        &mut self,
        terminal: &Terminal,
        node: NodeIx,
        matcher: &mut Matcher,
        budget: &mut usize,
    ) -> bool {
        if self.rewrites != terminal.rewrites() {
            *self = Self {
                rewrites: terminal.rewrites(),
                ..Self::default()
            };
        }
        let chunks = terminal.chunks();
        if self.next.0 == chunks.len() {
            return true;
        }
        while let Some(chunk) = chunks.get(self.next.0) {
            if *budget == 0 {
                return false;
            }
            let (index, from) = self.next;
            let to = chunk.bytes.len().min(from + SLICE);
            let work = matcher.work();
            let mut piece = Piece {
                text: self,
                matcher,
                node,
                origin: Origin {
                    place: index as u64,
                    offset: from,
                    at: chunk.stamp.at,
                },
            };
            piece.read(&chunk.bytes[from..to]);
            let cost = 16 + (to - from) + (matcher.work() - work) as usize;
            *budget = budget.saturating_sub(cost);
            self.next = match to == chunk.bytes.len() {
                true => (index + 1, 0),
                false => (index, to),
            };
        }
        let open = self.flow.look(matcher, Some(node));
        self.hits.set_open(open.into_iter());
        true
    }

    /// How many chunks were read.
    pub fn read(&self) -> usize {
        self.next.0
    }
}

struct Piece<'a> {
    text: &'a mut TerminalText,
    matcher: &'a mut Matcher,
    node: NodeIx,
    /// Of the byte that is next.
    origin: Origin,
}

impl Piece<'_> {
    fn read(&mut self, mut bytes: &[u8]) {
        while let Some(first) = bytes.first() {
            let mut taken = 1;
            self.text.within = match self.text.within {
                Within::Text => {
                    let printed = |byte: &&u8| **byte >= b' ' && **byte != 0x7f;
                    taken = bytes.iter().take_while(printed).count().max(1);
                    match first {
                        b' '..=0x7e | 0x80.. => self.push(&bytes[..taken]),
                        _ => self.control(*first),
                    }
                    match first {
                        0x1b => Within::Escape,
                        _ => Within::Text,
                    }
                }
                Within::Escape => match first {
                    b'[' => Within::Control,
                    b']' | b'P' | b'X' | b'^' | b'_' => Within::String,
                    // Of those with a byte more, as the choice of a character set.
                    b' '..=b'/' => Within::Escape,
                    0x1b => Within::Escape,
                    _ => Within::Text,
                },
                Within::Control => match first {
                    b'@'..=b'~' => {
                        self.sequence(*first);
                        Within::Text
                    }
                    0x1b => Within::Escape,
                    b' '..=b'?' => Within::Control,
                    control => {
                        self.control(*control);
                        Within::Control
                    }
                },
                Within::String => match first {
                    0x07 | 0x18 | 0x1a => Within::Text,
                    0x1b => Within::StringEscape,
                    _ => Within::String,
                },
                Within::StringEscape => match first {
                    b'\\' => Within::Text,
                    0x1b => Within::StringEscape,
                    b'[' => Within::Control,
                    _ => Within::Text,
                },
            };
            bytes = &bytes[taken..];
            self.origin.offset += taken;
        }
    }

    fn control(&mut self, byte: u8) {
        match byte {
            b'\n' | b'\r' | 0x0b | 0x0c => self.end(),
            b'\t' => self.push(b"\t"),
            0x08 => self.text.flow.back(),
            _ => {}
        }
    }

    /// What a sequence that ends with this letter does to the line.
    fn sequence(&mut self, last: u8) {
        match last {
            // Over cells that are empty, as a rule.
            b'C' => self.push(b" "),
            b'A' | b'B' | b'D'..=b'J' | b'L' | b'M' | b'S' | b'T' | b'd' | b'f' | b'u' => {
                self.end()
            }
            _ => {}
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        self.text.flow.push(bytes, self.origin);
        if self.text.flow.is_full() {
            self.end();
        }
    }

    fn end(&mut self) {
        self.text
            .flow
            .end(self.matcher, Some(self.node), &mut self.text.hits);
    }
}
