//! xterm.js, fetched when a terminal is first shown, through `xterm-js-rs`.

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;
use xterm_js_rs::{Terminal, TerminalOptions};

#[wasm_bindgen(module = "xterm")]
extern "C" {
    /// Our stand-in's own exports (see public/vendor/terminal.js): this fetches the real modules, once.
    #[wasm_bindgen(catch)]
    async fn load() -> Result<(), JsValue>;
    /// And these are of public/vendor/terminal-state.js.
    #[wasm_bindgen(catch)]
    fn observe(terminal: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(catch)]
    fn parse(terminal: &JsValue, bytes: &Uint8Array) -> Result<(), JsValue>;
    #[wasm_bindgen(js_name = isBetweenSequences)]
    fn is_between_sequences(terminal: &JsValue) -> bool;
    #[wasm_bindgen(catch, js_name = takeState)]
    fn take_state(terminal: &JsValue) -> Result<JsState, JsValue>;
    #[wasm_bindgen(catch, js_name = putState)]
    fn put_state(terminal: &JsValue, state: &JsState, keeps: bool) -> Result<(), JsValue>;
    #[wasm_bindgen(js_name = paintNow)]
    fn paint_now(terminal: &JsValue, jumped: bool);
    #[wasm_bindgen(js_name = isInUse)]
    fn is_in_use(terminal: &JsValue) -> bool;
    /// What `takeState` returns.
    #[derive(Clone, Debug)]
    type JsState;
    #[wasm_bindgen(method, getter)]
    fn weight(this: &JsState) -> f64;
}

#[wasm_bindgen]
extern "C" {
    /// What `xterm-js-rs` lacks.
    type Optioned;
    #[wasm_bindgen(method, getter)]
    fn options(this: &Optioned) -> Object;
}

/// Lines above the screen that a terminal keeps.
const SCROLLBACK: u32 = 10_000;

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

/// All that a terminal is at a place in its output, but for the lines above the screen.
#[derive(Clone, Debug)]
pub struct ScreenState(JsState);

impl ScreenState {
    /// About how many bytes it takes.
    pub fn weight(&self) -> usize {
        self.0.weight() as usize
    }
}

/// What becomes of the lines above the screen when another state is put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Above {
    /// They go.
    Cleared,
    /// They stay.
    Kept,
}

/// A terminal, shown or not; read only. Dropping it disposes of it.
///
/// Everything happens at once: what is painted next is what it came to. The errors say what broke
/// within xterm.js.
pub struct Screen {
    terminal: Terminal,
}

impl Screen {
    /// Fetches xterm.js if need be and opens a terminal in `parent`.
    pub async fn open(parent: HtmlElement, theme: &Theme) -> Result<Self, String> {
        load().await.map_err(|error| {
            let why = message(&error);
            format!("the terminal could not be loaded: {why}")
        })?;
        let screen = Self::make(Some(theme))?;
        screen.terminal.open(parent);
        Ok(screen)
    }

    /// A terminal that is never shown, for when one has been opened before.
    pub fn hidden() -> Result<Self, String> {
        Self::make(None)
    }

    fn make(theme: Option<&Theme>) -> Result<Self, String> {
        let options: TerminalOptions = Object::new().unchecked_into();
        options.set_disable_stdin(true);
        options.set_scrollback(SCROLLBACK);
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
        if let Some(theme) = theme {
            Reflect::set(&options, &"theme".into(), &theme_object(theme)).ok();
        }
        let terminal = Terminal::construct(Some(&options));
        observe(terminal.as_ref()).map_err(broken)?;
        Ok(Self { terminal })
    }

    /// Writes bytes as the process wrote them.
    pub fn write(&self, bytes: &[u8]) -> Result<(), String> {
        parse(self.terminal.as_ref(), &Uint8Array::from(bytes)).map_err(broken)
    }

    /// As many columns and rows as the recording had from here on.
    pub fn resize(&self, columns: u16, rows: u16) {
        let (columns, rows) = (u32::from(columns), u32::from(rows));
        if self.terminal.get_cols() != columns || self.terminal.get_rows() != rows {
            self.terminal.resize(columns, rows);
        }
    }

    /// Whether what was written ends neither within an escape sequence nor within a character: only
    /// then [`Self::state`] is all of its state.
    pub fn is_between_sequences(&self) -> bool {
        is_between_sequences(self.terminal.as_ref())
    }

    /// Its state.
    pub fn state(&self) -> Result<ScreenState, String> {
        let state = take_state(self.terminal.as_ref()).map_err(broken)?;
        Ok(ScreenState(state))
    }

    /// Becomes what another terminal was.
    pub fn put(&self, state: &ScreenState, above: Above) -> Result<(), String> {
        let keeps = above == Above::Kept;
        put_state(self.terminal.as_ref(), &state.0, keeps).map_err(broken)
    }

    /// Sees to it that the next frame shows what was written: never a blank screen and, after a
    /// jump, also what the program would hold back until its picture is complete.
    pub fn paint(&self, jumped: bool) {
        paint_now(self.terminal.as_ref(), jumped);
    }

    /// Whether a person selects in it or has scrolled up.
    pub fn is_in_use(&self) -> bool {
        is_in_use(self.terminal.as_ref())
    }

    /// Whether a line feed also returns to the first column, as pipes (unlike terminals) need.
    pub fn set_convert_eol(&self, converts: bool) {
        self.set("convertEol", &converts.into());
    }

    /// Other colours.
    pub fn set_theme(&self, theme: &Theme) {
        self.set("theme", &theme_object(theme));
    }

    fn set(&self, option: &str, value: &JsValue) {
        let terminal: &JsValue = self.terminal.as_ref();
        let options = terminal.unchecked_ref::<Optioned>().options();
        Reflect::set(&options, &option.into(), value).ok();
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.terminal.dispose();
    }
}

/// Milliseconds since the page was opened, to see how long writing took.
pub fn now() -> f64 {
    let performance = crate::dom::window().and_then(|window| window.performance());
    performance.map_or(0.0, |performance| performance.now())
}

fn broken(error: JsValue) -> String {
    format!("xterm.js failed: {}", message(&error))
}

fn message(error: &JsValue) -> String {
    Reflect::get(error, &"message".into())
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
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
