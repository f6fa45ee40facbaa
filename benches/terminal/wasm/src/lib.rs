//! The app's terminal for a page that has nothing else: `src/view/terminal/player.rs` and
//! `src/dom/xterm.rs` are taken in as they are; the page calls it once a frame, as the app's loop does.

use model::channel::terminal::{Terminal, TerminalStream};
use model::item::{Item, TerminalItem};
use model::{Journal, Millis, Stamp};
use player::{Doing, Player};
use wasm_bindgen::prelude::wasm_bindgen;

/// What the modules below find in the app.
mod dom {
    pub(crate) use crate::xterm;

    /// The window.
    pub fn window() -> Option<web_sys::Window> {
        web_sys::window()
    }
}

#[path = "../../../../src/dom/xterm.rs"]
mod xterm;

#[expect(dead_code, reason = "the app needs all of it, the bench most")]
#[path = "../../../../src/view/terminal/player.rs"]
mod player;
#[path = "../../../../src/view/terminal/reader.rs"]
mod reader;

/// A recording and the screen it is shown on.
#[wasm_bindgen]
pub struct Shown {
    journal: Journal,
    player: Player,
}

#[wasm_bindgen]
impl Shown {
    /// An empty recording on an empty screen in `parent`.
    pub async fn open(parent: web_sys::HtmlElement) -> Result<Self, String> {
        let screen = dom::xterm::Screen::open(parent, &dom::xterm::Theme::default()).await?;
        Ok(Self {
            journal: Journal::default(),
            player: Player::new(screen),
        })
    }

    /// Takes in what was written at `millis`; `index` counts the chunks.
    pub fn take(&mut self, index: u32, millis: f64, bytes: Vec<u8>, columns: u16, rows: u16) {
        let item = Item::Terminal(TerminalItem {
            node: "a".into(),
            stream: TerminalStream::Pty,
            stamp: Stamp {
                sequence: u64::from(index),
                ..Stamp::at(Millis(millis as i64))
            },
            bytes,
            size: Some((columns, rows)),
        });
        self.journal.append([item]);
    }

    /// Shows the instant `millis` if that is near; whether it does.
    pub fn show(&mut self, millis: f64) -> Result<bool, String> {
        let place = self.place(millis);
        let doing = with(&self.journal, |terminal| self.player.show(terminal, place))?;
        Ok(doing != Doing::Awaited)
    }

    /// A frame's work, `elapsed` milliseconds after the one before; whether there is more to do.
    pub fn frame(&mut self, millis: f64, elapsed: f64) -> Result<bool, String> {
        let place = self.place(millis);
        let doing = with(&self.journal, |terminal| {
            self.player.frame(terminal, place, elapsed)
        })?;
        Ok(doing != Doing::Rest)
    }

    fn place(&self, millis: f64) -> usize {
        let at = Millis(millis as i64);
        with(&self.journal, |terminal| Ok(terminal.place_at(at))).unwrap_or(0)
    }
}

fn with<T>(
    journal: &Journal,
    read: impl FnOnce(&Terminal) -> Result<T, String>,
) -> Result<T, String> {
    let terminals = journal.terminals();
    let terminal = terminals.nodes().next().and_then(|node| terminals.of(node));
    terminal.map_or(Err("nothing was recorded".to_owned()), read)
}
