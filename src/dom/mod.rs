//! The browser, and nothing else: the only place that touches web-sys. Knows no run.

pub mod address;
pub mod automation;
pub mod canvas;
pub mod clipboard;
pub mod clock;
pub mod fetch;
pub mod file;
pub mod frame;
mod hub;
pub mod icon;
pub mod keys;
pub mod listen;
pub mod page;
pub mod storage;
pub mod stream;
pub mod timer;
pub mod xterm;

/// The window; there always is one, as the app runs in no worker.
pub(crate) fn window() -> Option<web_sys::Window> {
    web_sys::window()
}
