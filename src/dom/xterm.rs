//! xterm.js, fetched when a terminal is first shown, through `xterm-js-rs`.

use js_sys::{Object, Reflect, Uint8Array};
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
    #[wasm_bindgen(method, js_name = write)]
    fn write_bytes(this: &Bytes, bytes: &Uint8Array);
    #[wasm_bindgen(method, js_name = write)]
    fn write_then(this: &Bytes, bytes: &Uint8Array, then: &JsValue);
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
        Ok(Self { terminal })
    }

    /// Bytes as the process wrote them.
    pub fn write(&self, bytes: &[u8]) {
        self.bytes().write_bytes(&Uint8Array::from(bytes));
    }

    /// Bytes, and what to do once they and all before them are on the screen: xterm.js queues what
    /// is written, so whatever must happen in order has to stand in the queue.
    pub fn write_then(&self, bytes: &[u8], then: impl FnOnce() + 'static) {
        let then = Closure::once_into_js(then);
        self.bytes().write_then(&Uint8Array::from(bytes), &then);
    }

    /// Back to an empty screen, in its place among what is written.
    pub fn reset(&self) {
        /// RIS, "reset to initial state".
        const RESET: &[u8] = b"\x1bc";
        self.write(RESET);
    }

    /// As many columns and rows as the recording had, in its place among what is written.
    pub fn resize(&self, columns: u16, rows: u16) {
        let (columns, rows) = (u32::from(columns), u32::from(rows));
        let terminal: &JsValue = self.terminal.as_ref();
        let terminal: Terminal = terminal.clone().unchecked_into();
        self.write_then(&[], move || {
            if terminal.get_cols() != columns || terminal.get_rows() != rows {
                terminal.resize(columns, rows);
            }
        });
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
