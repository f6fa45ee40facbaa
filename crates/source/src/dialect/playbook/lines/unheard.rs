//! Lines that a view told before the stream did, and that the stream may say as well. No clock decides
//! whether it is them that it says: the two positions do where there are any, else only the order.

use super::super::position::Position;
use std::collections::{HashMap, VecDeque};

/// Lines that are held; of more, the oldest are taken for said.
const LIMIT: usize = 65_536;

#[derive(Debug, Default)]
pub(super) struct Unheard {
    /// In the order of the views; where the view stood that told the line.
    lines: VecDeque<(u64, Option<Position>)>,
    /// How often each is among them.
    counts: HashMap<u64, usize>,
}

/// Whether the stream says a line that a view told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    No,
    Yes,
    /// It is alike. A line that stands where a view has shown all is that line or a new one, and a
    /// view alone can tell: it shows one line, or two.
    Perhaps,
}

impl Unheard {
    /// A view that stands at `at` told a line.
    pub(super) fn told(&mut self, line: u64, at: Option<Position>) {
        if self.lines.len() == LIMIT {
            self.pass(1);
        }
        self.lines.push_back((line, at));
        *self.counts.entry(line).or_default() += 1;
    }

    /// The stream, which stands at `at`, says a line. It says lines in order: those before it are not
    /// to be expected any more.
    pub(super) fn hear(&mut self, line: u64, at: Option<Position>) -> Heard {
        let covers = |view: &Option<Position>| view.zip(at).and_then(|(view, at)| view.covers(at));
        // What a view shows that stands before this line was said, or is not said again.
        while self.lines.front().map(|(_, view)| covers(view)) == Some(Some(false)) {
            self.pass(1);
        }
        let found = match self.counts.contains_key(&line) {
            true => self.lines.iter().position(|(told, _)| *told == line),
            false => None,
        };
        match found {
            Some(found) => {
                let sure = covers(&self.lines[found].1) == Some(true);
                self.pass(found + 1);
                if sure { Heard::Yes } else { Heard::Perhaps }
            }
            None => {
                // It is after all that views have shown, so the stream is.
                if self.lines.front().map(|(_, view)| covers(view)) == Some(None) {
                    self.clear();
                }
                Heard::No
            }
        }
    }

    /// The stream has said all of them, or never will.
    pub(super) fn clear(&mut self) {
        self.lines.clear();
        self.counts.clear();
    }

    fn pass(&mut self, lines: usize) {
        for (line, _) in self.lines.drain(..lines) {
            if let Some(count) = self.counts.get_mut(&line) {
                *count -= 1;
                if *count == 0 {
                    self.counts.remove(&line);
                }
            }
        }
    }
}
