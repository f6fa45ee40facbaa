//! Brings the screen to wherever it is wanted: at once where that is near, else as soon as it is read.

use super::reader::{Depth, Reader, feed};
use crate::dom::xterm::{Screen, Theme};
use model::channel::terminal::{Terminal, Way, way};

/// Milliseconds of a frame that are read while somebody waits for it…
const AWAITED: f64 = 12.0;
/// …and while nobody does.
const AHEAD: f64 = 4.0;
/// The reader stays so many bytes of output behind the end rather than to go there each frame.
const BEHIND: usize = 16 * 1024;
/// Milliseconds after which a jump was the last one, and the scrollback comes.
const AT_REST: f64 = 250.0;

/// Whether there is more to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// The place wanted is not shown yet.
    Awaited,
    /// It is shown; there is something to prepare.
    Ahead,
    /// Nothing.
    Rest,
}

/// A screen and what it takes to show any place of one terminal on it.
pub struct Player {
    screen: Screen,
    reader: Option<Reader>,
    /// The place on the screen; none where what is there is another terminal, or another past.
    shown: Option<usize>,
    /// Whether what is on the screen is another terminal.
    turned: bool,
    /// Milliseconds since a jump that left the scrollback out.
    jumped: Option<f64>,
}

impl Player {
    /// With an empty screen.
    pub fn new(screen: Screen) -> Self {
        Self {
            screen,
            reader: None,
            shown: None,
            turned: false,
            jumped: None,
        }
    }

    /// Other colours.
    pub fn set_theme(&self, theme: &Theme) {
        self.screen.set_theme(theme);
    }

    /// What comes next is another terminal's.
    pub fn turn(&mut self) {
        (self.reader, self.shown, self.jumped) = (None, None, None);
        self.turned = true;
    }

    /// Shows `target` if it is near.
    pub fn show(&mut self, terminal: &Terminal, target: usize) -> Result<Doing, String> {
        let reader = match &mut self.reader {
            Some(reader) => reader,
            none => none.insert(Reader::new(terminal)?),
        };
        let unchanged = reader.look_back(terminal)?;
        self.shown = self.shown.filter(|shown| *shown <= unchanged);
        let keyframes = reader.keyframes();
        let way = way(terminal, keyframes, self.shown, target, reader.read());
        let turned = std::mem::take(&mut self.turned);
        if way == Way::Read {
            // Of the same terminal the last screen stays meanwhile, of another one nothing.
            if turned {
                reader.bring(&self.screen, terminal, 0, Depth::Visible)?;
                self.screen.paint(true);
            }
            return Ok(Doing::Awaited);
        }
        let before = self.shown.replace(target);
        match (way, before) {
            (Way::On, Some(shown)) => {
                feed(&self.screen, terminal, shown..target)?;
                self.screen.paint(false);
            }
            (Way::Keyframe, _) => {
                self.jumped = Some(0.0);
                reader.bring(&self.screen, terminal, target, Depth::Visible)?;
                self.screen.paint(true);
            }
            _ => {}
        }
        Ok(self.doing(terminal))
    }

    /// A frame's worth of work; `elapsed` milliseconds went by since the one before.
    pub fn frame(
        &mut self,
        terminal: &Terminal,
        target: usize,
        elapsed: f64,
    ) -> Result<Doing, String> {
        if self.show(terminal, target)? == Doing::Awaited {
            if let Some(reader) = &mut self.reader {
                reader.read_on(terminal, target, AWAITED)?;
            }
            return self.show(terminal, target);
        }
        let Some(reader) = &mut self.reader else {
            return Ok(Doing::Rest);
        };
        match self.jumped.map(|millis| millis + elapsed) {
            Some(millis) if millis < AT_REST => self.jumped = Some(millis),
            Some(_) => {
                self.jumped = None;
                if !self.screen.is_in_use() {
                    reader.bring(&self.screen, terminal, target, Depth::Scrollback)?;
                    self.screen.paint(true);
                }
            }
            None if is_behind(reader, terminal) => {
                reader.read_on(terminal, terminal.end(), AHEAD)?;
            }
            None => {}
        }
        Ok(self.doing(terminal))
    }

    fn doing(&self, terminal: &Terminal) -> Doing {
        let behind = self
            .reader
            .as_ref()
            .is_some_and(|reader| is_behind(reader, terminal));
        match behind || self.jumped.is_some() {
            true => Doing::Ahead,
            false => Doing::Rest,
        }
    }
}

fn is_behind(reader: &Reader, terminal: &Terminal) -> bool {
    terminal.end() - reader.read() >= BEHIND
}
