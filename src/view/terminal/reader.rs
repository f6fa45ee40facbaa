//! A terminal that nobody sees: it goes through the output once, from its start, and leaves keyframes.

use crate::dom::xterm::{self, Above, Screen, ScreenState};
use model::channel::terminal::{Keyframe, Keyframes, SCROLLBACK, Step, Terminal};
use std::ops::Range;

/// The reader of one node's terminal.
pub struct Reader {
    screen: Screen,
    keyframes: Keyframes<ScreenState>,
    /// The place up to which it has read.
    read: usize,
    /// How often the past had changed when it was last looked at.
    rewrites: usize,
}

/// How much is put on a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What is visible.
    Visible,
    /// Lines above it too, as far as some output before it has any.
    Scrollback,
}

impl Reader {
    /// At the start.
    pub fn new(terminal: &Terminal) -> Result<Self, String> {
        let screen = Screen::hidden()?;
        screen.set_convert_eol(!terminal.is_pty());
        let (columns, rows) = terminal.first_size();
        screen.resize(columns, rows);
        let mut keyframes = Keyframes::default();
        keyframes.push(keyframe(0, screen.state()?));
        Ok(Self {
            screen,
            keyframes,
            read: 0,
            rewrites: terminal.rewrites(),
        })
    }

    /// What it left so far.
    pub fn keyframes(&self) -> &Keyframes<ScreenState> {
        &self.keyframes
    }

    /// The place up to which it has read.
    pub fn read(&self) -> usize {
        self.read
    }

    /// Takes note of what came late; the place before which everything is as it was.
    pub fn look_back(&mut self, terminal: &Terminal) -> Result<usize, String> {
        let unchanged = terminal.unchanged_since(self.rewrites);
        if self.rewrites == terminal.rewrites() {
            return Ok(unchanged);
        }
        if unchanged == 0 {
            *self = Self::new(terminal)?;
            return Ok(0);
        }
        self.rewrites = terminal.rewrites();
        self.keyframes.keep_upto(unchanged);
        if let Some(last) = self.keyframes.before(self.read)
            && self.read > unchanged
        {
            self.read = last.place;
            self.bring(&self.screen, terminal, self.read, Depth::Scrollback)?;
        }
        Ok(unchanged)
    }

    /// Reads on for about `millis`, at most to `target`, rather a little too much than nothing.
    pub fn read_on(
        &mut self,
        terminal: &Terminal,
        target: usize,
        millis: f64,
    ) -> Result<(), String> {
        let end = xterm::now() + millis;
        while self.read < target {
            let pause = terminal.pause_after(self.read);
            let fed = feed(&self.screen, terminal, self.read..pause);
            self.read = pause;
            fed?;
            if self.keyframes.is_due(terminal, pause) && self.screen.is_between_sequences() {
                self.keyframes.push(keyframe(pause, self.screen.state()?));
            }
            if xterm::now() >= end {
                break;
            }
        }
        Ok(())
    }

    /// Brings a screen to `place`, whatever it shows: from the last keyframe before it. The lines
    /// above come from output before that; where the size changed on the way they may be others
    /// than they were, but what is visible is the keyframe's.
    pub fn bring(
        &self,
        screen: &Screen,
        terminal: &Terminal,
        place: usize,
        depth: Depth,
    ) -> Result<(), String> {
        let Some(last) = self.keyframes.before(place) else {
            return Ok(());
        };
        let above = match self.keyframes.from(last.place.saturating_sub(SCROLLBACK)) {
            Some(first) if depth == Depth::Scrollback && first.place < last.place => {
                screen.put(&first.state, Above::Cleared)?;
                feed(screen, terminal, first.place..last.place)?;
                Above::Kept
            }
            _ => Above::Cleared,
        };
        screen.put(&last.state, above)?;
        feed(screen, terminal, last.place..place)
    }
}

/// Writes what lies within `places`, as one, but for changes of size in between; no character is cut
/// in two, so that what lies before `places` may have left the beginning of one.
pub fn feed(screen: &Screen, terminal: &Terminal, places: Range<usize>) -> Result<(), String> {
    let mut bytes = Vec::with_capacity(places.len());
    for step in terminal.steps(terminal.whole(places.start)..terminal.whole(places.end)) {
        match step {
            Step::Write(written) => bytes.extend_from_slice(written),
            Step::Resize((columns, rows)) => {
                screen.write(&std::mem::take(&mut bytes))?;
                screen.resize(columns, rows);
            }
        }
    }
    screen.write(&bytes)
}

fn keyframe(place: usize, state: ScreenState) -> Keyframe<ScreenState> {
    Keyframe {
        place,
        weight: state.weight(),
        state,
    }
}
