//! xterm.js, fetched when a terminal is first shown, through `xterm-js-rs`.

use js_sys::{Object, Reflect, Uint8Array};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;
use xterm_js_rs::{Terminal, TerminalOptions};

#[wasm_bindgen(module = "xterm")]
extern "C" {
    /// Our stand-in's own export: fetches the real modules once (see public/vendor/terminal.js).
    #[wasm_bindgen(catch, js_name = load)]
    async fn load() -> Result<(), JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// What `xterm-js-rs` lacks: writing bytes, so that a character split over chunks stays whole.
    type Bytes;
    #[wasm_bindgen(catch, method, js_name = write)]
    fn write_then(this: &Bytes, bytes: &Uint8Array, then: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, getter)]
    fn options(this: &Bytes) -> Object;
}

/// Colours of a terminal, as CSS colours.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Theme {
    /// Text.
    pub foreground: String,
    /// Behind it.
    pub background: String,
    /// Selected text's background.
    pub selection: String,
    /// Name in xterm's theme and colour, for the sixteen.
    pub ansi: Vec<(&'static str, String)>,
}

/// A terminal on the page; read only. Dropping it disposes of it.
pub struct Screen {
    terminal: Terminal,
    pen: Rc<RefCell<Pen>>,
}

impl Screen {
    /// Fetches xterm.js if need be and opens a terminal in `parent`.
    pub async fn open(parent: HtmlElement, theme: &Theme) -> Result<Self, String> {
        load().await.map_err(|error| {
            let why = Reflect::get(&error, &"message".into())
                .ok()
                .and_then(|text| text.as_string());
            format!(
                "the terminal could not be loaded: {}",
                why.unwrap_or_default()
            )
        })?;
        let options: TerminalOptions = Object::new().unchecked_into();
        options.set_disable_stdin(true);
        options.set_convert_eol(false);
        options.set_scrollback(10_000);
        options.set_font_size(12);
        options.set_font_family(
            "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
        );
        for (name, value) in [
            ("allowProposedApi", JsValue::TRUE),
            ("cursorInactiveStyle", "none".into()),
        ] {
            Reflect::set(&options, &name.into(), &value).ok();
        }
        Reflect::set(&options, &"theme".into(), &theme_object(theme)).ok();
        let terminal = Terminal::construct(Some(&options));
        terminal.open(parent);
        Ok(Self {
            terminal,
            pen: Rc::default(),
        })
    }

    /// Bytes as the process wrote them, then `done` once they are on the screen.
    pub fn write(&self, bytes: Vec<u8>, done: impl FnOnce() + 'static) {
        self.queue(Step::Write(bytes));
        self.queue(Step::Done(Box::new(done)));
    }

    /// As many columns and rows as the recording had from here on.
    pub fn resize(&self, columns: u16, rows: u16) {
        self.queue(Step::Resize(u32::from(columns), u32::from(rows)));
    }

    /// Back to an empty screen. What waits to be written belongs to the past and is left out.
    pub fn reset(&self) {
        /// RIS, "reset to initial state".
        const RESET: &[u8] = b"\x1bc";
        let left_out: Vec<Step> = self.pen.borrow_mut().steps.drain(..).collect();
        for step in left_out {
            if let Step::Done(done) = step {
                done();
            }
        }
        self.queue(Step::Write(RESET.to_vec()));
    }

    fn queue(&self, step: Step) {
        let idle = {
            let mut pen = self.pen.borrow_mut();
            pen.steps.push_back(step);
            !std::mem::replace(&mut pen.writing, true)
        };
        if idle {
            go_on(&self.terminal, &self.pen);
        }
    }

    /// Whether a line feed also returns to the first column, as pipes (unlike terminals) need.
    pub fn set_convert_eol(&self, converts: bool) {
        Reflect::set(
            &self.bytes().options(),
            &"convertEol".into(),
            &converts.into(),
        )
        .ok();
    }

    /// Other colours.
    pub fn set_theme(&self, theme: &Theme) {
        Reflect::set(
            &self.bytes().options(),
            &"theme".into(),
            &theme_object(theme),
        )
        .ok();
    }

    fn bytes(&self) -> &Bytes {
        self.terminal.unchecked_ref()
    }
}

/// What still has to happen to a terminal, in order. xterm.js queues writes itself, but refuses more
/// than 50 MB at once, and resizes at once whatever waits: so it gets one slice at a time.
#[derive(Default)]
struct Pen {
    steps: VecDeque<Step>,
    writing: bool,
}

enum Step {
    Write(Vec<u8>),
    Resize(u32, u32),
    Done(Box<dyn FnOnce()>),
}

/// Bytes handed over at once: xterm.js takes about 25 ms for them.
const SLICE: usize = 512 * 1024;

/// Does what comes next, up to a slice of bytes; goes on when that is on the screen.
fn go_on(terminal: &Terminal, pen: &Rc<RefCell<Pen>>) {
    loop {
        let step = pen.borrow_mut().steps.pop_front();
        match step {
            None => {
                pen.borrow_mut().writing = false;
                return;
            }
            Some(Step::Done(done)) => done(),
            Some(Step::Resize(columns, rows)) => {
                if terminal.get_cols() != columns || terminal.get_rows() != rows {
                    terminal.resize(columns, rows);
                }
            }
            Some(Step::Write(bytes)) if bytes.is_empty() => {}
            Some(Step::Write(mut bytes)) => {
                let rest = bytes.split_off(bytes.len().min(SLICE));
                pen.borrow_mut().steps.push_front(Step::Write(rest));
                let value: &JsValue = terminal.as_ref();
                let terminal: Terminal = value.clone().unchecked_into();
                // Weak: a terminal that is gone is not written to any more.
                let pen = Rc::downgrade(pen);
                let target: Bytes = value.clone().unchecked_into();
                let then = Closure::once_into_js(move || {
                    if let Some(pen) = pen.upgrade() {
                        go_on(&terminal, &pen);
                    }
                });
                if let Err(error) = target.write_then(&Uint8Array::from(&bytes[..]), &then) {
                    web_sys::console::error_2(&"the terminal took no more".into(), &error);
                }
                return;
            }
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.terminal.dispose();
    }
}

fn theme_object(theme: &Theme) -> Object {
    let object = Object::new();
    let pairs = [
        ("foreground", &theme.foreground),
        ("background", &theme.background),
        ("cursor", &theme.background),
        ("selectionBackground", &theme.selection),
    ];
    let ansi = theme.ansi.iter().map(|(name, colour)| (*name, colour));
    for (name, colour) in pairs.into_iter().chain(ansi) {
        Reflect::set(&object, &name.into(), &colour.as_str().into()).ok();
    }
    object
}
